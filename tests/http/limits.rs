//! What a server may send: limits of heads, of framing, of interim answers.

use harness::{Peer, Script, told};
use opi_http_connector::{Error, Response};

use crate::setting::{session, try_get};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

async fn answered(bytes: impl Into<Vec<u8>>) -> Result<Response, Error> {
    let peer = Peer::start(Script::new().expect_until("\r\n\r\n").send(bytes).expect_gone()).await;
    let outcome = try_get(&session(), &format!("http://{}/", peer.address())).await;
    peer.finish().await;
    outcome
}

#[track_caller]
fn protocol(outcome: Result<Response, Error>, words: &str) {
    let error = outcome.unwrap_err();
    assert_eq!(error.code(), "http_protocol", "{}", told(&error));
    assert!(told(&error).contains(words), "{}", told(&error));
}

fn headers(count: usize) -> String {
    let headers: String = (1..count).map(|at| format!("X-{at}: v\r\n")).collect();
    format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: 0\r\n\r\n")
}

#[tokio::test]
async fn a_head_has_256_headers_at_most() {
    assert_eq!(answered(headers(256)).await.unwrap().headers().len(), 256);
    protocol(answered(headers(257)).await, "too large");
}

fn head(length: usize) -> String {
    let frame = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: \r\n\r\n".len();
    let filler = "v".repeat(length - frame);
    format!("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: {filler}\r\n\r\n")
}

#[tokio::test]
async fn a_head_has_300_kib_at_most() {
    assert_eq!(answered(head(300 * 1024)).await.unwrap().status(), 200);
    protocol(answered(head(300 * 1024 + 1)).await, "too large");
}

#[tokio::test]
async fn interim_answers_are_passed_over_up_to_a_hundred() {
    let hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    let response = answered(format!("{}{OK}", hints.repeat(100))).await.unwrap();
    assert_eq!((response.status().as_u16(), &*response.text().unwrap()), (200, "ok"));
    assert!(!response.headers().contains_key("link"));
    protocol(answered(format!("{}{OK}", hints.repeat(101))).await, "interim");
}

#[tokio::test]
async fn what_leads_nowhere_ends() {
    let ok = "HTTP/1.1 200 OK\r\n";
    let chunked = format!("{ok}Transfer-Encoding: chunked\r\n\r\n");
    for (start, again, words) in [
        ("", "HTTP/1.1 100 Continue\r\n\r\n", "interim"),
        ("HTTP/1.1 200 ", "A", "too large"),
        (ok, "X-A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n", "too large"),
        (&*format!("{ok}X-A: "), "b", "too large"),
        ("HTTP/1.1 103 Hints\r\n", "X-A: b\r\n", "too large"),
        (&chunked, "0", "512 KiB"),
        (&*format!("{chunked}1;"), "extension", "extension"),
        (&*format!("{chunked}0\r\n"), "X-T: v\r\n", "trailers"),
    ] {
        let again = again.repeat(1000);
        let script = Script::new().expect_until("\r\n\r\n").send(start).send_endlessly(again);
        let peer = Peer::start(script).await;
        let outcome = try_get(&session(), &format!("http://{}/", peer.address())).await;
        protocol(outcome, words);
        peer.finish().await;
    }
}

#[tokio::test]
async fn an_end_that_is_not_clear_is_refused() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for answer in [
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!",
        "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\nok",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nraw",
        &format!("{chunked}-5\r\nhello\r\n0\r\n\r\n"),
        &format!("{chunked}10000000000000000\r\nhello\r\n0\r\n\r\n"),
        &format!("{chunked}\r\nhello\r\n0\r\n\r\n"),
        &format!("{chunked}5\nhello\n0\n\n"),
        &format!("{chunked}5\r\nhelloXX0\r\n\r\n"),
        &format!("{chunked}0\r\nno colon\r\n\r\n"),
    ] {
        protocol(answered(answer).await, "");
    }
}

#[tokio::test]
async fn a_connection_whose_answer_said_two_things_is_not_used_again() {
    let both = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    let first = Script::new().expect_until("\r\n\r\n").send(both).expect_gone();
    let second = Script::new().expect_until("\r\n\r\n").send(OK).close();
    let peer = Peer::start(vec![first, second]).await;
    let (session, url) = (session(), format!("http://{}/", peer.address()));
    for _ in 0..2 {
        assert_eq!(try_get(&session, &url).await.unwrap().text().unwrap(), "ok");
    }
    peer.finish().await;
}

#[tokio::test]
async fn trailers_are_no_headers() {
    let answer =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: v\r\n\r\n";
    let response = answered(answer).await.unwrap();
    assert_eq!(response.text().unwrap(), "hello");
    assert_eq!(response.trailers().unwrap()["x-t"], *"v");
    assert!(!response.headers().contains_key("x-t"));
    assert!(answered(OK).await.unwrap().trailers().is_none());
}
