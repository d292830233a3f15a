//! Endings: retries that pause, servers that would have one ask for ever, errors that are told.

use std::time::Duration;

use harness::{Answer, HttpServer, Peer, RefusingPort, Script, told};
use opi_auth::Login;
use opi_http_connector::{Reason, Request, RetryPause, RetryPolicy, Session, SessionConfig};
use opi_net::Deadline;

use crate::setting::{bin, get, session, soon, try_get};

fn retrying(retries: u32) -> Session {
    let pause = RetryPause::Exact { first: Duration::from_millis(1) };
    Session::new(SessionConfig::new().retries(RetryPolicy::new().retries(retries).pause(pause)))
}

/// A pause was a connection to an address where nobody was to listen.
#[tokio::test]
async fn b09_a_pause_asks_no_network() {
    let server = HttpServer::start().await;
    for status in [502, 503, 504, 200] {
        server.answer(Answer::status(status));
    }
    let response = get(&retrying(3), &server.url("/")).await;
    assert_eq!(response.status(), 200);
    let reasons: Vec<_> = response.history().iter().map(|hop| hop.reason).collect();
    assert_eq!(reasons, [Reason::Retry; 3]);
    assert_eq!((server.connections(), server.finish().await.len()), (1, 4));
}

/// These answers made an endless loop or an endless list.
#[tokio::test]
async fn b10_no_answer_makes_one_ask_for_ever() {
    for location in ["", "http://", "://", "x://", "https://:80/", "http:///"] {
        let server = HttpServer::start().await;
        for _ in 0..31 {
            server.answer(Answer::redirect(302, location));
        }
        let error = try_get(&session(), &server.url("/")).await.unwrap_err();
        let known = ["http_bad_redirect", "http_too_many_redirects"];
        assert!(known.contains(&error.code()), "{location:?} {}", told(&error));
    }
    for (challenge, requests) in [
        ("Digest", 1),
        ("Digest ", 1),
        ("Digest realm=\"r\", nonce=\"n\", ", 2),
        ("Digest realm=\"r\", nonce=\"n\", qop=\"auth\"", 2),
        ("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", stale=true", 3),
        (", , ,", 1),
        ("Digest realm=\"r", 1),
    ] {
        let server = HttpServer::start().await;
        for _ in 0..9 {
            server.answer(Answer::status(401).header("WWW-Authenticate", challenge));
        }
        let login = Login::digest("user", "wrong");
        let request = Request::get(&server.url("/")).unwrap().auth(login);
        assert_eq!(session().send(request, &soon()).await.unwrap().status(), 401, "{challenge}");
        assert!(server.requests().len() <= requests, "{challenge}: {}", server.requests().len());
    }
}

/// The list of errors was filled and then dropped: an exception never told of the network. Here
/// the errors of the tries stand in the answer, and in the error when no answer came.
#[tokio::test]
async fn b16_the_errors_of_all_tries_are_told() {
    let whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let asked = || Script::new().expect_until("\r\n\r\n");
    let peer = Peer::start(vec![asked().close(), asked().send(whole).expect_gone()]).await;
    let url = format!("http://{}/", peer.address());
    {
        let response = get(&retrying(1), &url).await;
        let [hop] = response.history() else { panic!("{:?}", response.history()) };
        assert_eq!((hop.reason, hop.status, hop.error), (Reason::Retry, None, Some("closed")));
    }
    peer.finish().await;

    let refusing = RefusingPort::new();
    let url = format!("http://{}/", refusing.address());
    let error = try_get(&retrying(2), &url).await.unwrap_err();
    let codes: Vec<_> = error.history().iter().map(|hop| hop.error).collect();
    assert_eq!(codes, [Some(error.code()); 2]);
    assert!(!error.to_string().is_empty());
}

/// POST was repeated after every failure, wrong URLs too, and a pause outlasted the time there was.
#[tokio::test]
async fn b28_what_may_have_been_done_is_not_done_again() {
    for (method, requests) in [("POST", 1), ("PATCH", 1), ("GET", 3), ("PUT", 3), ("DELETE", 3)] {
        let server = HttpServer::start().await;
        for _ in 0..3 {
            server.answer(Answer::status(503));
        }
        let request = Request::new(method, &server.url("/")).unwrap();
        assert_eq!(retrying(2).send(request, &soon()).await.unwrap().status(), 503);
        assert_eq!(server.requests().len(), requests, "{method}");
    }
    let server = HttpServer::start().await;
    server.answer(Answer::status(503).header("Retry-After", "3600"));
    let limit = Deadline::after(Duration::from_secs(30));
    let request = Request::get(&server.url("/")).unwrap();
    let response = retrying(2).send(request, &limit).await.unwrap();
    assert_eq!((response.status().as_u16(), response.history().len()), (503, 0));
    server.finish().await;
    assert_eq!(Request::get("http://").unwrap_err().code(), "http_bad_url");
}

/// Four tests passed when nothing failed. Each of these fails unless the error comes.
#[tokio::test]
async fn b30_what_has_to_fail_fails() {
    let server = HttpServer::start().await;
    server.answer(Answer::never());
    let short = Deadline::after(Duration::from_millis(50));
    let request = Request::get(&server.url("/")).unwrap();
    assert_eq!(session().send(request, &short).await.unwrap_err().code(), "timeout");
    server.finish().await;

    let server = bin().await;
    let error = try_get(&session(), &server.url("/redirect/31")).await.unwrap_err();
    assert_eq!(error.code(), "http_too_many_redirects");
    let page = get(&session(), &server.url("/html")).await;
    assert_eq!(page.json().unwrap_err().code(), "http_not_json");
    server.finish().await;

    use opi::http::connector::{Language, presentation};
    let unknown = presentation(488, Language::Russian);
    assert_eq!(unknown, "488: Неизвестный код состояния HTTP");
}
