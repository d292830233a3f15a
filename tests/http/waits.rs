//! Each wait has its limit, and the error names the one that ended.

use std::time::Duration;

use harness::{Answer, HttpServer, HungPort, Peer, Script, told};
use opi_http_connector::{Body, Error, Request, Session, SessionConfig, Timeouts};
use opi_net::{Deadline, Phase};

use crate::setting::{get, session, soon};

const SHORT: Duration = Duration::from_millis(250);

async fn ended(request: Request, deadline: &Deadline) -> (&'static str, Option<Phase>, Error) {
    let error = session().send(request, deadline).await.unwrap_err();
    (error.code(), error.phase(), error)
}

#[track_caller]
fn check(outcome: (&'static str, Option<Phase>, Error), phase: Phase) {
    let (code, named, error) = outcome;
    assert_eq!((code, named), ("timeout", Some(phase)), "{}", told(&error));
    assert_eq!(error.limit(), Some(SHORT), "{error:?}");
    assert!(error.elapsed().unwrap() >= SHORT, "{error:?}");
}

/// More than sockets take in between.
fn large() -> Body {
    vec![b'x'; 32 << 20].into()
}

/// How the limit of a phase is set.
type Set = fn(Timeouts, Duration) -> Timeouts;

/// Each way to set the limit of `phase` has to end `request`: on the request, on the session, and
/// on both, where the request's holds.
async fn hold(phase: Phase, set: Set, config: SessionConfig, request: Request) {
    let of = |limit: Option<Duration>| {
        limit.map_or_else(Timeouts::new, |limit| set(Timeouts::new(), limit))
    };
    for (session, asked) in [
        (None, Some(SHORT)),
        (Some(SHORT), None),
        (Some(SHORT / 10), Some(SHORT)),
        (Some(Duration::from_secs(60)), Some(SHORT)),
    ] {
        let session = Session::new(config.clone().timeouts(of(session)));
        let request = request.clone().timeouts(of(asked));
        let error = session.send(request, &soon()).await.unwrap_err();
        check((error.code(), error.phase(), error), phase);
    }
}

#[tokio::test]
async fn each_phase_has_a_limit_of_its_own() {
    let (hung, silent, server) =
        (HungPort::start().await, Peer::silent().await, HttpServer::start().await);
    // One for each way to set the limit.
    (0..4).for_each(|_| server.answer(Answer::ok().body(vec![0; 1000]).stall_after(500)));
    let plain = SessionConfig::new;
    let get = |url: String| Request::get(&url).unwrap();
    let to_silent = format!("http://{}/", silent.address());
    let tls = format!("https://localhost:{}/", silent.address().port());
    let proxy = plain().route(format!("socks5://{}", silent.address()).parse().unwrap());
    let sending = Request::post(&to_silent).unwrap().body(large());
    tokio::join!(
        hold(
            Phase::Connect,
            Timeouts::connect,
            plain(),
            get(format!("http://{}/", hung.address()))
        ),
        hold(Phase::Proxy, Timeouts::proxy, proxy, get("http://origin.test/".to_owned())),
        hold(Phase::Tls, Timeouts::tls, plain(), get(tls)),
        hold(Phase::Send, Timeouts::send, plain(), sending),
        hold(Phase::FirstByte, Timeouts::first_byte, plain(), get(to_silent.clone())),
        hold(Phase::Idle, Timeouts::idle, plain(), get(server.url("/"))),
    );
    silent.finish().await;
    server.finish().await;
}

/// Names are looked up on a thread of the runtime; here the only one has other things to do.
#[test]
fn looking_up_a_name_has_a_limit() {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.max_blocking_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let (done, until_done) = std::sync::mpsc::channel::<()>();
        let busy = tokio::task::spawn_blocking(move || until_done.recv());
        let request = Request::get("http://localhost:9/").unwrap();
        hold(Phase::Resolve, Timeouts::resolve, SessionConfig::new(), request).await;
        drop(done);
        busy.await.unwrap().unwrap_err();
    });
}

#[tokio::test]
async fn a_send_that_hangs_is_no_missing_answer() {
    let silent = Peer::silent().await;
    let url = format!("http://{}/", silent.address());
    let request = Request::post(&url).unwrap().body(large());
    check(ended(request, &Deadline::after(SHORT)).await, Phase::Send);
    // A reader that gives nothing hangs the request too.
    let (reader, _writer) = tokio::io::duplex(1);
    let request = Request::post(&url).unwrap().body(Body::reader(reader, None));
    check(ended(request, &Deadline::after(SHORT)).await, Phase::Send);
    silent.finish().await;
}

#[tokio::test]
async fn the_wait_for_an_answer_begins_when_the_body_is_gone() {
    let script = Script::new().expect_until("\r\n\r\n").read(1 << 20).hold();
    let peer = Peer::start(script).await;
    let body = Body::reader(
        tokio::io::AsyncReadExt::take(tokio::io::repeat(b'x'), 1 << 20),
        Some(1 << 20),
    );
    let request = Request::post(&format!("http://{}/", peer.address())).unwrap().body(body);
    let timeouts = Timeouts::new().send(Duration::from_secs(15)).first_byte(SHORT);
    check(ended(request.timeouts(timeouts), &soon()).await, Phase::FirstByte);
    peer.finish().await;
}

#[tokio::test]
async fn a_limit_of_sending_bears_a_server_that_takes_its_time() {
    let peer = Script::new().expect_until("\r\n\r\n").read(32 << 20);
    let peer = Peer::start(peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").close()).await;
    let url = format!("http://{}/", peer.address());
    let timeouts =
        Timeouts::new().send(Duration::from_secs(10)).first_byte(Duration::from_secs(10));
    let request = Request::post(&url).unwrap().body(large()).timeouts(timeouts);
    assert_eq!(session().send(request, &soon()).await.unwrap().status(), 200);
    peer.finish().await;
}

/// A peer that sends `start`, and then `again` without end.
async fn endless(start: &str, again: &str) -> Peer {
    let script = Script::new().expect_until("\r\n\r\n").send(start).send_endlessly(again);
    Peer::start(script).await
}

#[tokio::test]
async fn a_deadline_holds_against_a_server_that_never_stops() {
    let ok = "HTTP/1.1 200 OK\r\n";
    for (start, again) in [
        (format!("{ok}\r\n"), "x".repeat(1 << 16)),
        (format!("{ok}Transfer-Encoding: chunked\r\n\r\n"), "1\r\nx\r\n".repeat(1000)),
    ] {
        let peer = endless(&start, &again).await;
        let request = Request::get(&format!("http://{}/", peer.address())).unwrap();
        let deadline = Deadline::after(Duration::from_millis(200));
        let mut incoming = session().open(request, &deadline).await.unwrap();
        let error = loop {
            match incoming.chunk().await {
                Ok(piece) => assert!(piece.is_some()),
                Err(error) => break error,
            }
        };
        assert_eq!((error.code(), error.phase()), ("timeout", Some(Phase::Idle)));
        drop(incoming);
        peer.finish().await;
    }
    // A head that drips is late as a whole.
    let drip = Script::new().send(ok).drip("X: y\r\n", Duration::from_millis(10));
    let peer = Peer::start(drip).await;
    let request = Request::get(&format!("http://{}/", peer.address())).unwrap();
    let request = request.timeouts(Timeouts::new().first_byte(SHORT));
    check(ended(request, &soon()).await, Phase::FirstByte);
    peer.finish().await;
}

#[tokio::test]
async fn what_begins_after_its_deadline_is_not_sent() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    server.answer(Answer::ok());
    let session = session();
    get(&session, &server.url("/")).await;
    let late = Deadline::after(Duration::ZERO);
    for _ in 0..3 {
        let request = Request::post(&server.url("/")).unwrap().text("never");
        let error = session.send(request, &late).await.unwrap_err();
        assert_eq!((error.code(), error.phase()), ("timeout", Some(Phase::Send)));
        assert_eq!(error.facts().unwrap().sent, 0);
    }
    assert_eq!(get(&session, &server.url("/")).await.facts().id, 1);
    let methods: Vec<_> = server.finish().await.into_iter().map(|it| it.method).collect();
    assert_eq!(methods, ["GET", "GET"]);
}
