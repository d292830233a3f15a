//! What goes wrong is told by code, phase and URL, within its time, and never with a secret.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use harness::{Answer, HttpServer, HungPort, Listen, LogCapture, Peer, RefusingPort, Script, told};
use opi_http_connector::{Request, Session, SessionConfig};
use opi_net::{Cancel, Deadline, Phase};

use crate::setting::{session, soon, try_get};

/// What a session is told whose time runs out. That is 60 ms, and twice as much again as long as
/// it was over before `is_reached`: a busy machine may use it up on what comes before.
async fn limited(request: Request, is_reached: impl Fn() -> bool) -> (&'static str, Option<Phase>) {
    let mut limit = Duration::from_millis(60);
    loop {
        let error = session().send(request.clone(), &Deadline::after(limit)).await.unwrap_err();
        if is_reached() || limit > Duration::from_secs(10) {
            return (error.code(), error.phase());
        }
        limit *= 2;
    }
}

fn asking(url: &str) -> Request {
    Request::get(url).unwrap()
}

#[tokio::test]
async fn a_time_that_runs_out_names_the_phase() {
    let hung = HungPort::start().await;
    let url = format!("http://{}/", hung.address());
    assert_eq!(limited(asking(&url), || true).await, ("timeout", Some(Phase::Connect)));

    let silent = Peer::silent().await;
    let url = format!("http://{}/", silent.address());
    let late = limited(asking(&url), || silent.connections() > 0).await;
    assert_eq!(late, ("timeout", Some(Phase::FirstByte)));
    let url = format!("https://localhost:{}/", silent.address().port());
    let before = silent.connections();
    let late = limited(asking(&url), || silent.connections() > before).await;
    assert_eq!(late, ("timeout", Some(Phase::Tls)));
    silent.finish().await;

    let stalls = |_: &_| Answer::ok().body(vec![0; 1000]).stall_after(500);
    let server = HttpServer::start_handling(Listen::plain(), stalls).await;
    let came = Arc::new(AtomicU64::new(0));
    let request = asking(&server.url("/")).progress({
        let came = Arc::clone(&came);
        move |progress| came.store(progress.bytes, Ordering::SeqCst)
    });
    let late = limited(request, || came.load(Ordering::SeqCst) > 0).await;
    assert_eq!(late, ("timeout", Some(Phase::Idle)));
    server.finish().await;
}

#[tokio::test]
async fn one_deadline_covers_all_redirects() {
    let answer = |request: &harness::Request| match request.path() {
        "/" => Answer::redirect(302, "/2"),
        _ => Answer::never(),
    };
    let server = HttpServer::start_handling(Listen::plain(), answer).await;
    let is_reached = || server.requests().iter().any(|it| it.path() == "/2");
    let late = limited(asking(&server.url("/")), is_reached).await;
    assert_eq!(late, ("timeout", Some(Phase::FirstByte)));
    server.finish().await;
}

#[tokio::test]
async fn a_request_can_be_cancelled() {
    let server = HttpServer::start().await;
    server.answer(Answer::never());
    let cancel = Cancel::new();
    let deadline = soon().or_cancelled(&cancel);
    let session = session();
    let sending = session.send(Request::get(&server.url("/")).unwrap(), &deadline);
    let cancelling = async {
        server.wait_requests(1).await;
        cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(sending, cancelling);
    assert_eq!(outcome.unwrap_err().code(), "cancelled");
    server.finish().await;
}

#[tokio::test]
async fn a_server_that_is_no_http_server_is_told_so() {
    let peer = Peer::start(Script::new().expect_until("\r\n\r\n").send("SSH-2.0-x\r\n").close());
    let peer = peer.await;
    let error = try_get(&session(), &format!("http://{}/", peer.address())).await.unwrap_err();
    assert_eq!(error.code(), "http_protocol", "{}", told(&error));
    assert!(error.to_string().contains(&peer.address().to_string()), "{error}");
    peer.finish().await;
}

#[tokio::test]
async fn a_server_that_closes_or_refuses_is_told_so() {
    let peer = Peer::start(Script::new().expect_until("\r\n\r\n").cut()).await;
    let error = try_get(&session(), &format!("http://{}/", peer.address())).await.unwrap_err();
    assert_eq!(error.code(), "closed", "{}", told(&error));
    peer.finish().await;
    let free = RefusingPort::new();
    let error = try_get(&session(), &format!("http://{}/", free.address())).await.unwrap_err();
    assert_eq!((error.code(), error.phase()), ("connect_refused", Some(Phase::Connect)));
}

#[tokio::test]
async fn no_secret_shows_in_errors_logs_or_debug() {
    let log = LogCapture::new();
    let server = HttpServer::start().await;
    server.answer(Answer::ok().text("no json").cookie("s=hunter2"));
    server.answer(Answer::never());
    let route = format!("http://user:hunter2@{}", RefusingPort::new().address());
    let shown = log
        .around(async {
            let session = session();
            let url = server.url("/?token=hunter2").replace("http://", "http://u:hunter2@");
            let request = Request::get(&url).unwrap();
            let request = request.authorize(&opi_auth::bearer("hunter2").unwrap());
            let response = session.send(request, &soon()).await.unwrap();
            let no_json = response.json().unwrap_err();
            let limit = Deadline::after(Duration::from_millis(60));
            let late = session.send(Request::get(&url).unwrap(), &limit).await.unwrap_err();
            let config = SessionConfig::new().route(route.parse().unwrap());
            let proxied = Session::new(config.clone());
            let refused = try_get(&proxied, "http://api.test/").await.unwrap_err();
            let errors = [no_json, late, refused].map(|it| format!("{} {it:?}", told(&it)));
            format!("{errors:?} {config:?} {session:?}")
        })
        .await;
    server.finish().await;
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(!log.text().contains("hunter2"), "{}", log.text());
}
