//! Whom credentials are shown to when a server points elsewhere: nobody but their origin.

use harness::{Answer, Ca, HttpServer, Listen, Proxy, Request as Seen, Socks5};
use opi_auth::{AwsV4, Bearer, Login};
use opi_http_connector::{Request, Session, SessionConfig};
use opi_net::Secret;
use opi_net::tls::{Certificates, Tls, Trust};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::setting::{asks, get, send};

/// Servers for every name, behind a proxy that knows where they are.
struct World {
    plain: HttpServer,
    secure: HttpServer,
    proxy: Proxy<Socks5>,
    session: Session,
}

const NAMES: &[&str] = &["a.test", "sub.a.test", "b.test", "a.test.", "127.0.0.1"];

impl World {
    async fn start() -> Self {
        let ca = Ca::new();
        let names = ["a.test", "sub.a.test", "b.test"];
        let plain = HttpServer::start_handling(Listen::plain(), answer).await;
        let listen = Listen::tls(ca.issue(&names).server_config());
        let secure = HttpServer::start_handling(listen, answer).await;
        let proxy = Proxy::start(Socks5::new()).await;
        for name in NAMES {
            proxy.map(&format!("{name}:80"), plain.address());
            proxy.map(&format!("{name}:8080"), plain.address());
            proxy.map(&format!("{name}:443"), secure.address());
        }
        let tls = Tls::new(Trust::Only(Certificates::from_pem(ca.pem().as_bytes()).unwrap()));
        let route: opi_proxy::Route = format!("socks5://{}", proxy.address()).parse().unwrap();
        let session = Session::new(SessionConfig::new().route(route).tls(tls));
        Self { plain, secure, proxy, session }
    }

    /// The requests for the last place, of the plain server and of the other.
    fn ends(&self) -> [Vec<Seen>; 2] {
        [&self.plain, &self.secure].map(|server| {
            server.requests().into_iter().filter(|request| request.path() == "/end").collect()
        })
    }

    async fn finish(self) -> Vec<Seen> {
        drop(self.session);
        let mut seen = self.plain.finish().await;
        seen.extend(self.secure.finish().await);
        self.proxy.finish().await;
        seen
    }
}

/// Points to where the query says, one step after another; `digest` asks for a login first.
fn answer(request: &Seen) -> Answer {
    let to = request.query().into_iter().find(|(name, _)| name == "to");
    let login = request.header("authorization").unwrap_or_default();
    if request.path() == "/digest" && !login.starts_with("Digest") {
        return asks("n", "");
    }
    match to {
        Some((_, to)) => Answer::redirect(307, &to),
        None => Answer::ok(),
    }
}

/// `url`, which points to `to`.
fn pointing(url: &str, to: &str) -> String {
    format!("{url}?to={}", utf8_percent_encode(to, NON_ALPHANUMERIC))
}

/// A credential: what carries it, and how a request gets it.
struct Slot {
    header: &'static str,
    path: &'static str,
    set: fn(Request) -> Request,
}

fn slot(header: &'static str, set: fn(Request) -> Request) -> Slot {
    Slot { header, path: "/start", set }
}

fn slots() -> Vec<Slot> {
    let digest = slot("authorization", |it| it.auth(Login::digest("hunter2", "hunter2")));
    vec![
        slot("authorization", |it| it.auth(Login::basic("u", "hunter2"))),
        Slot { path: "/digest", ..digest },
        slot("authorization", |it| it.auth(AwsV4::new("hunter2", "hunter2", "r", "s3"))),
        slot("x-amz-security-token", |it| {
            it.auth(AwsV4::new("k", "s", "r", "s3").session_token("hunter2"))
        }),
        slot("authorization", |it| it.auth(Bearer::new("hunter2").unwrap())),
        slot("authorization", |it| it.authorize(&opi_auth::bearer("hunter2").unwrap())),
        slot("authorization", |it| it.header("AUTHORIZATION", "hunter2").unwrap()),
        slot("authorization", |it| it.header("aUthorization", "hunter2").unwrap()),
        slot("proxy-authorization", |it| it.header("Proxy-Authorization", "hunter2").unwrap()),
        slot("cookie", |it| it.header("COOKIE", "k=hunter2").unwrap()),
        slot("x-api-key", |it| it.secret_header("X-Api-Key", &Secret::new("hunter2")).unwrap()),
    ]
}

/// Where a redirect leads from `http://a.test` or another place, and whether that is the same origin.
const ROWS: &[(&str, &str, bool)] = &[
    ("http://a.test", "/end", true),
    ("http://a.test", "http://A.TEST:80/end", true),
    ("http://a.test", "http://evil:hunter3@a.test/end", true),
    ("http://a.test", "http://b.test/end", false),
    ("http://a.test", "http://evil:hunter3@b.test/end", false),
    ("http://a.test", "//b.test/end", false),
    ("http://a.test", "http://sub.a.test/end", false),
    ("http://sub.a.test", "http://a.test/end", false),
    ("http://a.test", "http://a.test:8080/end", false),
    ("http://a.test", "https://a.test/end", false),
    ("https://a.test", "http://a.test/end", false),
    ("https://a.test", "https://b.test/end", false),
    ("http://a.test", "http://127.0.0.1/end", false),
    ("http://127.0.0.1", "http://a.test/end", false),
    ("http://a.test", "http://a.test./end", false),
];

#[tokio::test]
async fn credentials_stay_with_their_origin() {
    let world = World::start().await;
    for slot in slots() {
        for (from, to, same) in ROWS {
            let url = pointing(&format!("{from}{}", slot.path), to);
            let before = world.ends().map(|ends| ends.len());
            let response = send(&world.session, (slot.set)(get(&url))).await;
            assert_eq!(response.url().path(), "/end", "{url}");
            let now = world.ends().into_iter().zip(before);
            let new: Vec<_> = now.flat_map(|(ends, before)| ends[before..].to_vec()).collect();
            let [end] = &new[..] else { panic!("{} ends of {url}", new.len()) };
            assert!(end.header("host").is_some_and(|host| !host.contains('@')));
            let raw = String::from_utf8_lossy(&end.raw_head);
            if *same {
                assert!(end.header(slot.header).is_some(), "{url}: {raw}");
            } else {
                assert!(clean(end, slot.header), "{url}: {raw}");
            }
            assert!(!raw.contains("hunter3") && !raw.contains("ZXZpbDpodW50ZXIz"), "{url}: {raw}");
        }
    }
    world.finish().await;
}

#[tokio::test]
async fn what_was_dropped_does_not_come_back() {
    for slot in slots() {
        let world = World::start().await;
        let home = "http://a.test/home".to_owned();
        let away = pointing("http://b.test/1", &pointing("http://b.test/2", &home));
        let url = pointing(&format!("http://a.test{}", slot.path), &away);
        send(&world.session, (slot.set)(get(&url))).await;
        for request in world.finish().await {
            let known = ["/start", "/digest"].contains(&request.path());
            assert!(known || clean(&request, slot.header), "{}", request.path());
        }
    }
}

/// Whether nothing of a credential is in a request.
fn clean(request: &Seen, header: &str) -> bool {
    let raw = String::from_utf8_lossy(&request.raw_head).to_lowercase();
    request.header(header).is_none() && !raw.contains("hunter") && !raw.contains("signature")
}

#[tokio::test]
async fn a_login_of_the_session_does_not_follow_either() {
    let world = World::start().await;
    let config = SessionConfig::new().auth(Login::basic("u", "hunter2"));
    let route: opi_proxy::Route = format!("socks5://{}", world.proxy.address()).parse().unwrap();
    let session = Session::new(config.route(route));
    let url = pointing("http://a.test/start", &pointing("http://b.test/1", "http://a.test/home"));
    send(&session, get(&url)).await;
    // Asked by the caller, another origin is shown it: that is what the session was told.
    send(&session, get("http://b.test/asked")).await;
    drop(session);
    let shown: Vec<_> = world.finish().await.iter().map(|it| !clean(it, "authorization")).collect();
    assert_eq!(shown, [true, false, false, true]);
}

#[tokio::test]
async fn the_userinfo_of_a_url_is_a_login_and_nothing_else() {
    let world = World::start().await;
    for (url, host, login) in [
        ("http://u:p@b.test/", "b.test", Some(("u", "p"))),
        ("http://u:p@a@b.test/", "b.test", Some(("u", "p@a"))),
        ("http://u:p%40x@b.test/", "b.test", Some(("u", "p@x"))),
        ("http://u:a:b:c@b.test/", "b.test", Some(("u", "a:b:c"))),
        ("http://u@b.test/", "b.test", Some(("u", ""))),
        ("http://:p@b.test/", "b.test", Some(("", "p"))),
        ("http://@b.test/", "b.test", None),
        ("http://:@b.test/", "b.test", None),
        ("http://%D1%8E:%D0%BF@b.test/", "b.test", Some(("ю", "п"))),
        ("http://u:p%2F@b.test:8080/", "b.test:8080", Some(("u", "p/"))),
    ] {
        let response = send(&world.session, get(url)).await;
        assert!(!format!("{response:?} {}", response.url()).contains('@'), "{url}");
        let seen = world.plain.requests().pop().unwrap();
        let expected = login.map(|(user, password)| opi_auth::basic(user, password).unwrap());
        assert_eq!(seen.header("authorization"), expected.as_ref().map(|it| it.expose()), "{url}");
        assert_eq!(seen.header("host"), Some(host), "{url}");
        assert!(seen.header("referer").is_none());
    }
    // The names that were looked up, and nothing else.
    let World { plain, secure, proxy, session } = world;
    drop(session);
    plain.finish().await;
    secure.finish().await;
    for asked in proxy.finish().await {
        assert!(
            ["name b.test:80", "name b.test:8080"].contains(&asked.asked().as_str()),
            "{asked:?}"
        );
    }
}
