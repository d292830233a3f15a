//! Requests that fail: each failure has its exit code, and standard output stays empty unless an
//! answer came.

use harness::{Answer, Ca, HttpServer, Listen, Peer, RefusingPort, Script};
use serde_json::{Value, json};

use crate::command::opi;

/// The error of `opi get` when the server gives `answer`.
async fn error(answer: Answer, options: &[&str], exit: i32) -> Value {
    let server = HttpServer::start().await;
    server.answer(answer.clone());
    server.answer(answer);
    let url = server.url("/path?token=hunter2");
    let line = [&["get", &url], options].concat();
    let plain = opi(&line).await;
    assert!(!plain.failed(exit).contains("hunter2"), "{plain}");
    let found = opi(&[&line[..], &["--json"]].concat()).await.error(exit);
    server.finish().await;
    found
}

#[track_caller]
fn check(error: &Value, code: &str, phase: Option<&str>, retryable: bool) {
    let found = json!([error["code"], error["phase"], error["retryable"]]);
    assert_eq!(found, json!([code, phase, retryable]), "{error}");
}

/// An answer of `status` goes to standard output, and the exit code tells the status.
async fn refused(status: u16, options: &[&str], exit: i32, retryable: bool) {
    // RFC 9110 section 15.4.5: 304 has no body.
    let body = if status == 304 { "" } else { "sorry" };
    let server = HttpServer::start().await;
    let answer = Answer::status(status).header("Location", "/next").text(body);
    server.answer(answer.clone());
    server.answer(answer);
    let url = server.url("/path?q=1");
    let line = [&["get", &url], options].concat();
    let plain = opi(&line).await;
    assert_eq!((plain.code, &plain.stdout[..]), (exit, body.as_bytes()), "{plain}");
    let message = format!("opi: {}: the server answered {status}", server.url("/path"));
    assert!(plain.stderr.starts_with(&message), "{plain}");
    let outcome = opi(&[&line[..], &["--json"]].concat()).await;
    let found = outcome.error(exit);
    assert_eq!(found["code"], format!("cli_http_{exit}xx"));
    assert_eq!(found["retryable"], retryable, "{status}");
    let result = outcome.envelope()["result"].take();
    assert_eq!((&result["status"], &result["text"]), (&status.into(), &body.into()));
    server.finish().await;
}

#[tokio::test]
async fn a_status_is_an_exit_code() {
    refused(302, &["--no-follow"], 3, false).await;
    refused(304, &[], 3, false).await;
    refused(401, &[], 4, false).await;
    refused(404, &[], 4, false).await;
    refused(429, &[], 4, true).await;
    refused(500, &[], 5, false).await;
    refused(503, &[], 5, true).await;
}

#[tokio::test]
async fn too_many_redirects() {
    let server = HttpServer::start_handling(Listen::plain(), harness::httpbin).await;
    let line = ["get", &server.url("/redirect/3"), "--max-redirects", "2", "--json"];
    check(&opi(&line).await.error(3), "http_too_many_redirects", None, false);
    opi(&["get", &server.url("/redirect/3"), "--max-redirects", "3"]).await.good();
    server.finish().await;
    let answer = Answer::redirect(302, "ftp://h.test/");
    check(&error(answer, &[], 15).await, "http_bad_redirect", None, false);
}

#[tokio::test]
async fn nobody_there() {
    let url = format!("http://{}/", RefusingPort::new().address());
    check(&opi(&["get", &url, "--json"]).await.error(11), "connect_refused", Some("connect"), true);
    let url = format!("http://{}.test/", "a".repeat(64));
    check(&opi(&["get", &url, "--json"]).await.error(10), "resolve_failed", Some("resolve"), true);
}

#[tokio::test]
async fn a_certificate_for_another_name() {
    let (ca, folder) = (Ca::new(), tempfile::tempdir().unwrap());
    let listen = Listen::tls(ca.issue(&["other.test"]).server_config());
    let server = HttpServer::start_on(listen).await;
    let url = server.url_as("localhost", "/");
    let file = ca.write_to(&folder);
    let outcome = opi(&["get", &url, "--ca", file.to_str().unwrap(), "--json"]).await;
    check(&outcome.error(12), "tls_certificate_name", Some("tls"), false);
    opi(&["get", &url, "--ca", file.to_str().unwrap()]).await.failed(12);
    assert_eq!(server.requests().len(), 0);
    server.finish().await;
}

#[tokio::test]
async fn a_slow_server() {
    let limit = ["--timeout", "0.2"];
    let found = error(Answer::never(), &limit, 14).await;
    check(&found, "timeout", Some("first_byte"), true);
    assert!(found["elapsed_ms"].as_u64().unwrap() >= 200, "{found}");
    let found = error(Answer::ok().text("0123456789").stall_after(4), &limit, 14).await;
    check(&found, "timeout", Some("idle"), true);
}

#[tokio::test]
async fn a_body_that_is_not_whole() {
    let found = error(Answer::ok().text("0123456789").cut_after(4), &[], 16).await;
    check(&found, "truncated", Some("idle"), true);
    let found = error(Answer::ok().text("0123456789").chunked(5).cut_after(6), &[], 16).await;
    check(&found, "truncated", Some("idle"), true);
    let found = error(Answer::ok().text("0123456789"), &["--max", "9"], 16).await;
    check(&found, "http_body_too_long", None, false);
    let broken = Answer::ok().header("Content-Encoding", "gzip").body("no gzip at all");
    check(&error(broken, &[], 16).await, "http_body_coding", None, false);
}

#[tokio::test]
async fn a_server_that_breaks_off_or_speaks_no_http() {
    let found = error(Answer::raw("220 ready\r\n"), &[], 15).await;
    check(&found, "http_protocol", None, false);
    let found = error(Answer::raw(""), &[], 15).await;
    check(&found, "closed", Some("first_byte"), true);
    let script = || Script::new().expect_until("\r\n\r\n").reset();
    let peer = Peer::start(vec![script()]).await;
    let outcome = opi(&["get", &format!("http://{}/", peer.address()), "--json"]).await;
    check(&outcome.error(15), "closed", Some("first_byte"), true);
    peer.finish().await;
}
