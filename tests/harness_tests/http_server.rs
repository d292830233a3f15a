//! The HTTP server reads strictly, answers as told, and writes down what it was asked.

use std::io::ErrorKind;

use harness::{Answer, Gate, HttpServer, Listen};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    task::JoinSet,
};

use crate::client::{connect, exact, read_all, talk};

const GET: &str = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";

/// Answers GET with `answer`, and returns what came until the connection's end.
async fn answered(answer: Answer) -> String {
    let server = HttpServer::start().await;
    server.answer(answer.close());
    let bytes = talk(server.address(), GET).await;
    server.finish().await;
    String::from_utf8(bytes).expect("the answer is text")
}

/// Sends `request` to a server that would answer it, and returns the failure of the server.
async fn failure(request: &str) -> String {
    let server = HttpServer::start_handling(Listen::plain(), |_| Answer::ok().close()).await;
    talk(server.address(), request).await;
    let mut finishing = JoinSet::new();
    finishing.spawn(server.finish());
    match finishing.join_next().await.expect("there is a task") {
        Ok(_) => String::new(),
        Err(panic) => *panic.into_panic().downcast().expect("the panic has a text"),
    }
}

#[tokio::test]
async fn bodies_are_framed_as_told() {
    let ten = || Answer::ok().body("0123456789");
    for (answer, expected) in [
        (ten(), "Content-Length: 10\r\nConnection: close\r\n\r\n0123456789"),
        (
            ten().chunked(4),
            "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\n0123\r\n4\r\n4567\r\n2\r\n89\r\n0\r\n\r\n",
        ),
        (ten().until_close(), "Connection: close\r\n\r\n0123456789"),
        (ten().pieces(1), "Content-Length: 10\r\nConnection: close\r\n\r\n0123456789"),
        (ten().cut_after(3), "Content-Length: 10\r\nConnection: close\r\n\r\n012"),
        (
            ten().header("X", "1").header("x", "2").body(""),
            "X: 1\r\nx: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        ),
    ] {
        assert_eq!(answered(answer).await, format!("HTTP/1.1 200 OK\r\n{expected}"));
    }
    assert_eq!(answered(Answer::raw("\0garbage")).await, "\0garbage");
    let moved =
        answered(Answer::redirect(307, "/b").cookie("k=v; Path=/").reason("Gone Fishing")).await;
    assert!(
        moved.starts_with(
            "HTTP/1.1 307 Gone Fishing\r\nLocation: /b\r\nSet-Cookie: k=v; Path=/\r\n"
        )
    );
    let early = answered(Answer::status(204).interim("HTTP/1.1 103 Early Hints\r\n\r\n")).await;
    assert_eq!(
        early,
        "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
    );
}

#[tokio::test]
async fn answers_break_off_stall_and_reset() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok().body("0123").reset_after(0));
    let mut client = connect(server.address()).await;
    client.write_all(GET.as_bytes()).await.expect("the server reads");
    let reset = client.read_to_end(&mut Vec::new()).await.expect_err("the connection is reset");
    assert_eq!(reset.kind(), ErrorKind::ConnectionReset);

    server.answer(Answer::ok().body("0123").stall_after(2));
    server.answer(Answer::never());
    let mut stalled = connect(server.address()).await;
    stalled.write_all(GET.as_bytes()).await.expect("the server reads");
    server.wait_requests(2).await;
    let mut unanswered = connect(server.address()).await;
    unanswered.write_all(GET.as_bytes()).await.expect("the server reads");
    server.wait_requests(3).await;
    server.finish().await;
    assert!(read_all(&mut stalled).await.ends_with(b"\r\n\r\n01"));
    assert_eq!(read_all(&mut unanswered).await, b"");
}

#[tokio::test]
async fn answers_wait_for_gates() {
    let (head, rest) = (Gate::new("the test wants the head"), Gate::new("the test wants the rest"));
    let server = HttpServer::start().await;
    server.answer(Answer::ok().body("0123").after(&head).pause(2, &rest).close());
    let mut client = connect(server.address()).await;
    client.write_all(GET.as_bytes()).await.expect("the server reads");
    server.wait_requests(1).await;
    assert_eq!(client.try_read(&mut [0]).expect_err("nothing yet").kind(), ErrorKind::WouldBlock);
    head.open();
    let start = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n01";
    assert_eq!(exact(&mut client, start.len()).await, start.as_bytes());
    assert_eq!(client.try_read(&mut [0]).expect_err("nothing yet").kind(), ErrorKind::WouldBlock);
    rest.open();
    assert_eq!(read_all(&mut client).await, b"23");
    server.finish().await;
}

#[tokio::test]
async fn requests_are_written_down_with_their_connection() {
    let server = HttpServer::start().await;
    server.answer_at("/b", Answer::ok().text("for b").close());
    server.answer(Answer::ok());
    server.answer(Answer::ok().close());
    let post = "POST /a?x=1&x=%D1%8F+b HTTP/1.1\r\nhOST: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"k\r\n4\r\n\":1}\r\n0\r\n\r\n";
    let get = "GET /b HTTP/1.1\r\nHost: a.test\r\nCookie: a=1; b=2\r\n\r\n";
    assert!(talk(server.address(), format!("{post}{get}")).await.ends_with(b"for b"));
    talk(server.address(), "HEAD /c HTTP/1.0\r\n\r\n").await;

    let requests = server.finish().await;
    let seen: Vec<_> =
        requests.iter().map(|seen| (seen.connection, seen.method.as_str(), seen.path())).collect();
    assert_eq!(seen, [(0, "POST", "/a"), (0, "GET", "/b"), (1, "HEAD", "/c")]);
    assert_eq!(requests[0].query(), [("x".into(), "1".into()), ("x".into(), "я b".into())]);
    assert_eq!(requests[0].json(), json!({"k": 1}));
    assert_eq!(requests[0].headers.iter().next(), Some(("hOST", "a.test")));
    assert_eq!(requests[0].header("Host"), Some("a.test"));
    assert_eq!(requests[1].cookies(), [("a".into(), "1".into()), ("b".into(), "2".into())]);
    assert_eq!(requests[1].raw_head, get.as_bytes());
}

#[tokio::test]
async fn wrong_requests_fail_the_test() {
    for (request, expected) in [
        (GET, ""),
        ("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n", ""),
        ("GET /\r\n\r\n", "has not three parts"),
        ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "has not three parts"),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", "request line is wrong"),
        ("GET /#f HTTP/1.1\r\nHost: a\r\n\r\n", "request line is wrong"),
        ("GET /я HTTP/1.1\r\nHost: a\r\n\r\n", "request line is wrong"),
        ("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "was asked for \"http://a/\""),
        ("GET / HTTP/1.1\r\n\r\n", "needs one Host, and has []"),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "needs one Host"),
        ("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "needs one Host"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n", "header line is wrong: \"X : 1\""),
        ("GET / HTTP/1.1\r\nHost: a\r\n X: 1\r\n\r\n", "header line is wrong"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: 1\n\r\n\r\n", "a control character"),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx", "length is unclear"),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
            "length is unclear",
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "length is unclear",
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
            "a chunk begins with \"-1\"",
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n",
            "does not end with CRLF",
        ),
    ] {
        let failure = failure(request).await;
        assert!(failure.contains(expected), "{request:?}: {failure}");
        assert_eq!(failure.is_empty(), expected.is_empty(), "{request:?}: {failure}");
    }
}

#[tokio::test]
#[should_panic(expected = "there is no answer for GET /")]
async fn a_request_without_an_answer_fails_the_test() {
    let server = HttpServer::start().await;
    talk(server.address(), GET).await;
    server.finish().await;
}

#[tokio::test]
#[should_panic(expected = "1 queued answers were not asked for")]
async fn an_answer_without_a_request_fails_the_test() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    server.finish().await;
}
