//! Tries that are made again, over the wire.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use harness::{Answer, Ca, HttpServer, Listen};
use opi_http_connector::{
    Body, Reason, Request, Response, RetryBudget, RetryMethods, RetryPause, RetryPolicy, Session,
    SessionConfig,
};
use opi_net::Deadline;

use crate::setting::{session, soon};

/// Tries again at once, as often as it is told to.
fn at_once(retries: u32) -> RetryPolicy {
    RetryPolicy::new().retries(retries).pause(RetryPause::Exact { first: Duration::ZERO })
}

fn retrying(policy: RetryPolicy) -> Session {
    Session::new(SessionConfig::new().retries(policy))
}

async fn start(
    handler: impl Fn(&harness::Request) -> Answer + Send + Sync + 'static,
) -> HttpServer {
    HttpServer::start_handling(Listen::plain(), handler).await
}

/// Answers `status` so many times, then 200 with the number of the try.
async fn failing(times: usize, status: u16) -> HttpServer {
    let asked = AtomicUsize::new(0);
    start(move |request| {
        let try_number = asked.fetch_add(1, Ordering::SeqCst) + 1;
        let status = if try_number <= times { status } else { 200 };
        Answer::status(status).text(&format!("{try_number} {}", request.text()))
    })
    .await
}

async fn get(session: &Session, server: &HttpServer) -> Response {
    session.send(Request::get(&server.url("/")).unwrap(), &soon()).await.unwrap()
}

#[tokio::test]
async fn nothing_is_tried_again_unless_asked() {
    let server = failing(1, 503).await;
    assert_eq!(get(&session(), &server).await.status(), 503);
}

#[tokio::test]
async fn a_failure_that_passes_is_tried_again_and_told() {
    let server = failing(2, 502).await;
    let response = get(&retrying(at_once(3)), &server).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.text().unwrap(), "3 ");
    let history = response.history();
    assert_eq!(history.len(), 2);
    for hop in history {
        assert_eq!((hop.reason, hop.error), (Reason::Retry, None));
        assert_eq!(hop.status.unwrap(), 502);
    }
}

#[tokio::test]
async fn tries_end_with_the_last_answer() {
    let server = failing(9, 503).await;
    let response = get(&retrying(at_once(2)), &server).await;
    assert_eq!((response.status().as_u16(), response.history().len()), (503, 2));
    let once = Request::get(&server.url("/")).unwrap().retries(RetryPolicy::never());
    let response = retrying(at_once(2)).send(once, &soon()).await.unwrap();
    assert!(response.history().is_empty(), "a request goes before its session");
}

#[tokio::test]
async fn a_post_is_sent_once_unless_the_caller_allows_more() {
    let post = |server: &HttpServer| Request::post(&server.url("/")).unwrap().body("again");
    let server = failing(1, 503).await;
    let response = retrying(at_once(3)).send(post(&server), &soon()).await.unwrap();
    assert_eq!(response.status(), 503);
    let server = failing(1, 503).await;
    let all = retrying(at_once(3).methods(RetryMethods::All));
    let response = all.send(post(&server), &soon()).await.unwrap();
    assert_eq!(response.text().unwrap(), "2 again");
}

#[tokio::test]
async fn a_body_that_is_read_once_is_sent_once() {
    let server = failing(1, 503).await;
    let body = Body::reader(&b"once"[..], Some(4));
    let request = Request::new("PUT", &server.url("/")).unwrap().body(body);
    let response = retrying(at_once(3)).send(request, &soon()).await.unwrap();
    assert_eq!(response.status(), 503);
}

#[tokio::test]
async fn what_was_never_sent_is_tried_again_and_the_error_tells_how_often() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let post = Request::post(&format!("http://{closed}/")).unwrap();
    let error = retrying(at_once(2)).send(post, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "connect_refused");
    let codes: Vec<_> = error.history().iter().map(|hop| hop.error.unwrap()).collect();
    assert_eq!(codes, ["connect_refused"; 2]);
}

#[tokio::test]
async fn certificates_that_are_refused_are_not_tried_again() {
    let ca = Ca::new();
    let listen = Listen::tls(ca.issue(&["127.0.0.1"]).server_config());
    let server = HttpServer::start_on(listen).await;
    let request = Request::get(&server.url("/")).unwrap();
    let error = retrying(at_once(5)).send(request, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "tls_certificate_untrusted");
    assert!(error.history().is_empty(), "{:?}", error.history());
}

#[tokio::test]
async fn a_pause_that_outlasts_the_deadline_is_not_begun() {
    let server = failing(1, 503).await;
    let policy = RetryPolicy::new().pause(RetryPause::Exact { first: Duration::from_secs(60) });
    let request = Request::get(&server.url("/")).unwrap();
    let deadline = Deadline::after(Duration::from_secs(20));
    let response = retrying(policy).send(request, &deadline).await.unwrap();
    assert_eq!((response.status().as_u16(), response.history().len()), (503, 0));
}

#[tokio::test]
async fn the_budget_of_a_session_is_spent_by_all_its_requests() {
    let server = failing(99, 503).await;
    let budget = RetryBudget::Share { reserve: 3, percent: 0 };
    let session = Session::new(SessionConfig::new().retries(at_once(2)).retry_budget(budget));
    let mut tries = Vec::new();
    for _ in 0..3 {
        tries.push(get(&session, &server).await.history().len());
    }
    assert_eq!(tries, [2, 1, 0]);
    // Two requests pay for one try.
    let budget = RetryBudget::Share { reserve: 1, percent: 50 };
    let session = Session::new(SessionConfig::new().retries(at_once(1)).retry_budget(budget));
    let mut tries = Vec::new();
    for _ in 0..5 {
        tries.push(get(&session, &server).await.history().len());
    }
    assert_eq!(tries, [1, 0, 1, 0, 1]);
}

#[tokio::test]
async fn each_try_has_its_cookies_anew() {
    let asked = AtomicUsize::new(0);
    let server = start(move |request| {
        let first = asked.fetch_add(1, Ordering::SeqCst) == 0;
        let cookies = format!("{:?}", request.cookies());
        if first { Answer::status(503).cookie("k=1") } else { Answer::ok().text(&cookies) }
    })
    .await;
    let response = get(&retrying(at_once(1)), &server).await;
    assert_eq!(response.text().unwrap(), "[(\"k\", \"1\")]");
}

#[tokio::test]
async fn retries_are_counted_over_redirects() {
    let asked = AtomicUsize::new(0);
    let server = start(move |request| match request.path() {
        "/" => match asked.fetch_add(1, Ordering::SeqCst) {
            0 => Answer::status(503),
            _ => Answer::redirect(302, "/next"),
        },
        _ => Answer::status(503),
    })
    .await;
    let response = get(&retrying(at_once(2)), &server).await;
    let reasons: Vec<_> = response.history().iter().map(|hop| hop.reason).collect();
    assert_eq!(reasons, [Reason::Retry, Reason::Redirect, Reason::Retry]);
    assert_eq!(response.status(), 503);
}

#[tokio::test]
async fn a_post_whose_answer_never_came_is_not_tried_again() {
    let lost = || harness::Script::new().expect_until("\r\n\r\nbody").close();
    let peer = harness::Peer::start(vec![lost(), lost(), lost()]).await;
    let url = format!("http://{}/", peer.address());
    let send = |method| {
        let request = Request::new(method, &url).unwrap().body("body").retries(at_once(1));
        async move { session().send(request, &soon()).await.unwrap_err() }
    };
    let error = send("POST").await;
    assert_eq!((error.code(), error.history().len()), ("closed", 0));
    // What may be repeated is.
    let error = send("PUT").await;
    assert_eq!((error.code(), error.history().len()), ("closed", 1));
    assert_eq!(peer.finish().await.len(), 3);
}
