//! Every case, in every way of writing, by every road.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use harness::{Ca, told};
use opi_http_connector::{Error, Request, Response, SessionConfig};
use opi_net::Secret;
use opi_net::tls::{Certificates, Tls, Trust};
use rustls::ServerConfig;
use tokio::task::JoinSet;

use crate::case::{self, Case};
use crate::client::{CANARY, Client};
use crate::expected::{ASKED_AGAIN, Outcome, TABLE};
use crate::measures::{Measures, alone};
use crate::road::Road;
use crate::server::{HONEST, Server};
use crate::writing::Writing;

/// What all runs of one road share.
#[derive(Clone)]
struct Setting {
    road: Road,
    server: Arc<ServerConfig>,
    trust: Tls,
}

impl Setting {
    fn new(road: Road) -> Self {
        let ca = Ca::new();
        let server = ca.issue(&["127.0.0.1"]).server_config();
        let trust = Trust::Only(Certificates::from_pem(ca.pem().as_bytes()).unwrap());
        Self { road, server, trust: Tls::new(trust) }
    }

    /// A client whose body limit is far below what endless bodies bring.
    fn client(&self, server: &Server) -> Client {
        let route = self.road.route(server.address).parse().unwrap();
        let config = SessionConfig::new().route(route).tls(self.trust.clone());
        Client::new(config.max_body(1024 * 1024))
    }

    fn request(&self, server: &Server, case: &Case, path: &str) -> Request {
        let scheme = if self.road.is_encrypted() { "https" } else { "http" };
        let url = format!("{scheme}://{}/{path}", self.road.server(server.address));
        let request = Request::new(&case.method, &url).unwrap();
        let request = request.secret_header("Authorization", &Secret::new(CANARY)).unwrap();
        let request = request.body(body(case.body));
        match case.id.as_str() {
            "I05" => request.expect_continue(Duration::from_millis(100)),
            _ => request,
        }
    }
}

/// A body of this length. All of them share one memory, which is nobody's growth.
fn body(length: usize) -> Bytes {
    static LONGEST: OnceLock<Bytes> = OnceLock::new();
    let longest = || case::all().iter().map(|case| case.body).max();
    LONGEST.get_or_init(|| vec![b'x'; longest().unwrap_or_default()].into()).slice(..length)
}

/// Runs `case` once; says what is wrong, if anything is.
async fn run(setting: &Setting, case: &Case, writing: Writing) -> Result<(), String> {
    let server = Server::start(case, setting.road, writing, &setting.server).await;
    let client = setting.client(&server);
    let wanted = wanted(case, setting.road);
    let slow = matches!(wanted, Outcome::Fails(["timeout"]));
    let limit = if slow { Duration::from_millis(400) } else { LIMIT };
    let outcome = client.send(setting.request(&server, case, "first"), limit).await?;
    let mut wrong = judge(&outcome, wanted);
    if ASKED_AGAIN.contains(&case.id.as_str()) {
        server.played().await;
        client.turn().await;
        let again = Case::new("again", Vec::new());
        let second = client.send(setting.request(&server, &again, "again"), LIMIT).await?;
        wrong = wrong.and_then(|()| judge(&second, Outcome::Answer(200, HONEST)));
    }
    drop(outcome);
    let ended = client.end();
    let came = server.finish().await;
    wrong.and(ended).and_then(|()| sent_well(case, &came))
}

/// What is wanted of `case`. To whom R07 leads depends on the road: nobody is at port 1, a SOCKS
/// proxy brings every name to the honest server, and in the place of the HTTP proxy stands one
/// that opens tunnels and forwards nothing.
fn wanted(case: &Case, road: Road) -> Outcome {
    match (case.id.as_str(), road) {
        ("R07", Road::Connect) => Outcome::Fails(&["timeout"]),
        ("R07", Road::Socks4a | Road::Socks5) => Outcome::Answer(200, HONEST),
        (id, _) => TABLE.iter().find(|row| row.0 == id).unwrap().1,
    }
}

fn judge(outcome: &Result<Response, Error>, wanted: Outcome) -> Result<(), String> {
    let as_wanted = match (outcome, wanted) {
        (Ok(answer), Outcome::Answer(status, body)) => {
            answer.status() == status && answer.body().starts_with(body.as_bytes())
        }
        (Err(error), Outcome::Fails(codes)) => codes.contains(&error.code()),
        _ => false,
    };
    let found = match outcome {
        Ok(answer) => {
            let begin = &answer.body()[..answer.body().len().min(20)];
            format!("{} {:?}", answer.status(), String::from_utf8_lossy(begin))
        }
        Err(error) => format!("{} {}", error.code(), told(error)),
    };
    let shown = outcome.as_ref().err().map(|error| format!("{error:?} {found}"));
    if shown.is_some_and(|shown| shown.contains(CANARY)) {
        return Err("the error shows the canary".to_owned());
    }
    if as_wanted { Ok(()) } else { Err(format!("wanted {wanted:?}, got {found}")) }
}

/// What the server saw: no line that a header made, no secret for another origin, nothing twice.
fn sent_well(case: &Case, came: &[Vec<u8>]) -> Result<(), String> {
    let text: Vec<_> = came.iter().map(|bytes| String::from_utf8_lossy(bytes)).collect();
    let all = text.join("");
    if all.to_lowercase().contains("\r\nx-evil") {
        return Err("a header of the server's making was sent".to_owned());
    }
    let posts = all.matches("POST /").count();
    if posts > 1 {
        return Err(format!("a POST was sent {posts} times"));
    }
    let next = match case.id.as_str() {
        "R04" => "GET /a%0d%0aX-Evil:%201 HTTP/1.1\r\n",
        "R06" => "GET /%D0%BF%D1%83%D1%82%D1%8C HTTP/1.1\r\n",
        "R07" if text.iter().skip(1).any(|later| later.contains(CANARY)) => {
            return Err("another origin was shown the secret".to_owned());
        }
        _ => "",
    };
    if all.contains(next) { Ok(()) } else { Err(format!("{next:?} was not asked for in {all:?}")) }
}

/// Runs all cases by `road`; a seed that was printed can be given in `OPI_SEED`.
fn all(road: Road) {
    let given = std::env::var("OPI_SEED").ok().and_then(|text| text.parse().ok());
    let clock = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos() as u64;
    let seed: u64 = given.unwrap_or(clock) | 1;
    let wrong = alone(async {
        let setting = Setting::new(road);
        // What all batches share is there before the first is measured.
        drop((case::all(), body(0)));
        let mut wrong = Vec::new();
        for writing in [Writing::Whole, Writing::Single, Writing::Random(seed), Writing::Lines] {
            wrong.extend(batch(&setting, writing).await);
        }
        wrong
    });
    assert!(wrong.is_empty(), "by {road:?}, OPI_SEED={seed}:\n{}", wrong.join("\n"));
}

/// Runs all cases in one way of writing, and looks at what the process holds before and behind.
async fn batch(setting: &Setting, writing: Writing) -> BTreeSet<String> {
    let begin = Measures::begin();
    let mut wrong = BTreeSet::new();
    let mut runs = JoinSet::new();
    for case in case::all() {
        let setting = setting.clone();
        runs.spawn(async move {
            let outcome = run(&setting, case, writing).await;
            outcome.err().map(|wrong| format!("{} {writing:?}: {wrong}", case.id))
        });
        if runs.len() >= SIDE_BY_SIDE {
            wrong.extend(runs.join_next().await.unwrap().unwrap());
        }
    }
    while let Some(run) = runs.join_next().await {
        wrong.extend(run.unwrap());
    }
    let held = begin.map_or(Ok(()), |begin| begin.end(GROWTH));
    wrong.extend(held.err().map(|held| format!("{writing:?}: {held}")));
    wrong
}

/// Far above what an answer takes; only who waits in vain is told a shorter time.
const LIMIT: Duration = Duration::from_secs(10);

/// So many cases run at the same time.
const SIDE_BY_SIDE: usize = 8;

/// What they may take together beyond what was there: 8 MiB, and as much for their servers.
const GROWTH: u64 = 16 << 20;

#[test]
fn directly() {
    all(Road::Direct);
}

#[test]
fn under_tls() {
    all(Road::Tls);
}

#[test]
fn in_a_tunnel_of_an_http_proxy() {
    all(Road::Connect);
}

#[test]
fn through_socks4a() {
    all(Road::Socks4a);
}

#[test]
fn through_socks5() {
    all(Road::Socks5);
}

#[test]
fn the_table_has_every_case_once() {
    let known: Vec<_> = TABLE.iter().map(|row| row.0.to_owned()).collect();
    let mut cases: Vec<_> = case::all().iter().map(|case| case.id.clone()).collect();
    assert_eq!(known.iter().collect::<BTreeSet<_>>().len(), known.len());
    let own = crate::own::cases().len();
    assert!([own, 102].contains(&cases.len()), "{}", cases.len());
    cases.retain(|id| !known.contains(id));
    assert!(cases.is_empty(), "{cases:?}");
}
