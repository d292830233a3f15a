//! Answers that come before the body was sent, and bodies that wait for leave.

use std::time::Duration;

use harness::{Answer, Gate, HttpServer, Peer, Script, told};
use opi_http_connector::{Body, Reason, Request};

use crate::setting::{get, session, soon, try_get};

const TOO_LARGE: &str = "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno";
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";

fn posting(peer: &Peer, body: impl Into<Body>) -> Request {
    Request::post(&format!("http://{}/", peer.address())).unwrap().body(body)
}

fn large() -> Vec<u8> {
    vec![b'x'; 32 << 20]
}

#[tokio::test]
async fn an_answer_is_delivered_while_the_upload_is_stuck() {
    for answer in [TOO_LARGE, OK] {
        let gate = Gate::new("the answer was delivered");
        let first = Script::new().expect_until("\r\n\r\n").send(answer).wait(&gate).cut();
        let second = Script::new().expect_until("\r\n\r\n").send(OK).close();
        let peer = Peer::start(vec![first, second]).await;
        let session = session();
        let response = session.send(posting(&peer, large()), &soon()).await.unwrap();
        assert_eq!(response.status().is_success(), answer == OK);
        // The upload is not finished: this connection serves nobody.
        let again = get(&session, &format!("http://{}/", peer.address())).await;
        assert!(!again.facts().reused);
        gate.open();
        peer.finish().await;
    }
}

#[tokio::test]
async fn an_answer_before_a_reset_is_delivered() {
    // Closing with unread bytes sends a reset behind the answer.
    let peer = Peer::start(Script::new().expect_until("\r\n\r\n").send(TOO_LARGE).cut()).await;
    let response = session().send(posting(&peer, large()), &soon()).await.unwrap();
    assert_eq!((response.status().as_u16(), &*response.text().unwrap()), (413, "no"));
    peer.finish().await;
}

#[tokio::test]
async fn a_body_waits_for_leave() {
    let script = Script::new().expect_until("\r\n\r\n").send(CONTINUE).expect("body").send(OK);
    let peer = Peer::start(script.close()).await;
    let request = posting(&peer, "body").expect_continue(Duration::from_secs(60));
    assert_eq!(session().send(request, &soon()).await.unwrap().status(), 200);
    let sent = String::from_utf8(peer.finish().await.remove(0)).unwrap();
    assert!(sent.contains("Expect: 100-continue\r\n"), "{sent}");
    assert!(sent.contains("Content-Length: 4\r\n"), "{sent}");
}

#[tokio::test]
async fn a_body_goes_out_when_no_word_comes() {
    let script = Script::new().expect_until("\r\n\r\n").expect("body").send(OK).close();
    let peer = Peer::start(script).await;
    let request = posting(&peer, "body").expect_continue(Duration::from_millis(20));
    assert_eq!(session().send(request, &soon()).await.unwrap().status(), 200);
    peer.finish().await;
}

#[tokio::test]
async fn a_server_that_refuses_gets_no_body() {
    let script = Script::new().expect_until("\r\n\r\n").send(TOO_LARGE).expect_close();
    let peer = Peer::start(script).await;
    let body = Body::reader(&b"once"[..], Some(4));
    let request = posting(&peer, body).expect_continue(Duration::from_secs(60));
    assert_eq!(session().send(request, &soon()).await.unwrap().status(), 413);
    peer.finish().await;
}

#[tokio::test]
async fn a_server_that_knows_no_expectation_is_asked_without() {
    let refusal = "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n";
    let first = Script::new().expect_until("\r\n\r\n").send(refusal).expect_close();
    let second = Script::new().expect_until("\r\n\r\nonce").send(OK).close();
    let peer = Peer::start(vec![first, second]).await;
    // Nothing of the reader was taken by the first try.
    let request = posting(&peer, Body::reader(&b"once"[..], Some(4)));
    let request = request.expect_continue(Duration::from_secs(60));
    let response = session().send(request, &soon()).await.unwrap();
    let [hop] = response.history() else { panic!("{:?}", response.history()) };
    assert_eq!((hop.status.unwrap().as_u16(), hop.reason), (417, Reason::Expectation));
    let sent = peer.finish().await;
    let expected = sent.iter().map(|it| String::from_utf8_lossy(it).contains("Expect:"));
    assert_eq!(expected.collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn an_empty_body_expects_nothing() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    let request = Request::post(&server.url("/")).unwrap();
    let request = request.expect_continue(Duration::from_secs(60));
    session().send(request, &soon()).await.unwrap();
    assert_eq!(server.finish().await[0].header("expect"), None);
}

#[tokio::test]
async fn a_kept_connection_that_is_reset_is_replaced_for_a_get_only() {
    let head = || Script::new().expect_until("\r\n\r\n");
    let dying = || head().send(OK).expect_until("\r\n\r\n").reset();
    let peer = Peer::start(vec![dying(), head().send(OK).close()]).await;
    let (one, url) = (session(), format!("http://{}/", peer.address()));
    get(&one, &url).await;
    let response = try_get(&one, &url).await.unwrap();
    assert_eq!((response.status().as_u16(), response.facts().reused), (200, false));
    peer.finish().await;

    let peer = Peer::start(vec![dying()]).await;
    let (one, url) = (session(), format!("http://{}/", peer.address()));
    get(&one, &url).await;
    let error = one.send(posting(&peer, "x"), &soon()).await.unwrap_err();
    assert_eq!(error.code(), "closed", "{}", told(&error));
    assert_eq!(peer.finish().await.len(), 1);
}

#[tokio::test]
async fn nothing_is_sent_again_once_an_answer_has_begun() {
    let head = || Script::new().expect_until("\r\n\r\n");
    for last in [Script::cut as fn(Script) -> Script, Script::reset] {
        let dying = last(head().send(OK).expect_until("\r\n\r\n").send("H"));
        let peer = Peer::start(vec![dying]).await;
        let (one, url) = (session(), format!("http://{}/", peer.address()));
        get(&one, &url).await;
        let error = try_get(&one, &url).await.unwrap_err();
        assert!(["closed", "truncated"].contains(&error.code()), "{}", told(&error));
        assert_eq!(peer.finish().await.len(), 1);
    }
}
