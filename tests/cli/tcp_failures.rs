//! `opi tcp request` against peers that misbehave: each failure has its exit code.

use std::net::SocketAddr;

use harness::{Ca, HungPort, Listen, Peer, RefusingPort, Script};
use serde_json::{Value, json};

use crate::command::opi;

/// The error of a request for `address`, once as an envelope, after a look at the plain form.
async fn error(address: &str, options: &[&str], exit: i32) -> Value {
    let line = [&["tcp", "request", address, "x"], options].concat();
    opi(&line).await.failed(exit);
    opi(&[&line[..], &["--json"]].concat()).await.error(exit)
}

#[track_caller]
fn check(error: &Value, code: &str, phase: &str, retryable: bool) {
    let found = json!([error["code"], error["phase"], error["retryable"]]);
    assert_eq!(found, json!([code, phase, retryable]), "{error}");
}

#[tokio::test]
async fn a_name_without_an_address() {
    // No resolver is asked: a label of 64 bytes is no name.
    let name = format!("{}.test:1", "a".repeat(64));
    check(&error(&name, &[], 10).await, "resolve_failed", "resolve", true);
}

#[tokio::test]
async fn a_refused_connection() {
    let port = RefusingPort::new();
    let address = port.address().to_string();
    let found = error(&address, &[], 11).await;
    check(&found, "connect_refused", "connect", true);
    assert!(found["causes"][0].as_str().unwrap().starts_with(&address), "{found}");
    assert!(found["hint"].as_str().unwrap().starts_with("Nothing listens there"));
}

/// The error of a TLS request for `localhost` against a server with this identity.
async fn tls_error(identity: &harness::Identity, ca: &Ca, options: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let listen = Listen::tls(identity.server_config());
    let refused = vec![Script::refused_handshake(), Script::refused_handshake()];
    let peer = Peer::start_on(listen, refused).await;
    let address = format!("localhost:{}", peer.address().port());
    let file = ca.write_to(&folder);
    let options = [&["--tls", "--ca", file.to_str().unwrap()], options].concat();
    let found = error(&address, &options, 12).await;
    peer.finish().await;
    found
}

#[tokio::test]
async fn a_certificate_that_is_not_good() {
    let ca = Ca::new();
    let found = tls_error(&ca.issue(&["other.test"]), &ca, &[]).await;
    check(&found, "tls_certificate_name", "tls", false);
    let found = tls_error(&ca.issue_expired(&["localhost"]), &ca, &[]).await;
    check(&found, "tls_certificate_time", "tls", false);
    let found = tls_error(&Ca::new().issue(&["localhost"]), &ca, &[]).await;
    check(&found, "tls_certificate_untrusted", "tls", false);
}

#[tokio::test]
async fn a_peer_that_speaks_no_tls() {
    let script = || Script::new().send("220 plain\r\n").expect_gone();
    let peer = Peer::start(vec![script(), script()]).await;
    let found = error(&peer.address().to_string(), &["--tls", "--insecure"], 12).await;
    check(&found, "tls_handshake", "tls", false);
    peer.finish().await;
}

#[tokio::test]
async fn a_timeout_names_its_phase() {
    let port = HungPort::start().await;
    let limit = ["--timeout", "0.2"];
    check(&error(&port.address().to_string(), &limit, 14).await, "timeout", "connect", true);
    let silent = Peer::silent().await;
    let address = silent.address().to_string();
    let found = error(&address, &limit, 14).await;
    check(&found, "timeout", "first_byte", true);
    assert!(found["message"].as_str().unwrap().contains("within 200 ms"), "{found}");
    let options = ["--timeout", "0.2", "--tls", "--insecure"];
    check(&error(&address, &options, 14).await, "timeout", "tls", true);
    silent.finish().await;
}

/// The peer plays `script`; what came is written all the same, and stands in the envelope.
async fn partly(script: Script, options: &[&str], exit: i32, code: &str, came: &str) -> Value {
    let peer = Peer::start(vec![script.clone(), script]).await;
    let address: SocketAddr = peer.address();
    let address = address.to_string();
    let line = [&["tcp", "request", &address, "x"], options].concat();
    let plain = opi(&line).await;
    assert_eq!((plain.code, &plain.stdout[..]), (exit, came.as_bytes()), "{plain}");
    assert!(plain.stderr.starts_with("opi: "), "{plain}");
    let outcome = opi(&[&line[..], &["--json"]].concat()).await;
    assert_eq!(outcome.error(exit)["code"], code);
    let envelope = outcome.envelope();
    assert_eq!(envelope["result"]["text"], came, "{outcome}");
    peer.finish().await;
    envelope
}

#[tokio::test]
async fn what_came_before_the_end_is_kept() {
    let begin = || Script::new().expect("x").send("abc");
    let slow = begin().expect_gone();
    let limit = ["--timeout", "0.2"];
    let envelope = partly(slow.clone(), &limit, 14, "timeout", "abc").await;
    assert_eq!(envelope["error"]["phase"], "idle");
    assert_eq!(envelope["result"]["reason"], "timeout");
    let envelope = partly(begin().close(), &[], 16, "truncated", "abc").await;
    assert_eq!(envelope["result"]["reason"], "closed");
    partly(begin().close(), &["--size", "4"], 16, "truncated", "abc").await;
    partly(slow.clone(), &["--max", "2"], 16, "cli_too_long", "ab").await;
    partly(slow, &["--max", "2", "--until-closed"], 16, "cli_too_long", "ab").await;
}

#[tokio::test]
async fn a_reset_connection() {
    let script = || Script::new().expect("x").reset();
    let peer = Peer::start(vec![script(), script()]).await;
    let found = error(&peer.address().to_string(), &["--until-closed"], 15).await;
    check(&found, "closed", "idle", true);
    peer.finish().await;
}

#[tokio::test]
async fn a_cut_under_tls_is_no_end() {
    let (ca, folder) = (Ca::new(), tempfile::tempdir().unwrap());
    let listen = Listen::tls(ca.issue(&["localhost"]).server_config());
    let peer = Peer::start_on(listen, Script::new().expect("x").send("half").cut()).await;
    let address = format!("localhost:{}", peer.address().port());
    let file = ca.write_to(&folder);
    let options = ["--tls", "--ca", file.to_str().unwrap(), "--until-closed", "--json"];
    let outcome = opi(&[&["tcp", "request", &address, "x"], &options[..]].concat()).await;
    check(&outcome.error(16), "truncated", "idle", true);
    assert_eq!(outcome.envelope()["result"]["text"], "half");
    peer.finish().await;
}

#[tokio::test]
async fn a_standard_input_that_does_not_end() {
    let port = RefusingPort::new();
    let line = ["tcp", "request", &port.address().to_string(), "-", "--timeout", "0.2"];
    let mut running = crate::command::Opi::new(&line).start();
    // Standard input stays open until the command has said that it does not end.
    let note = running.first_note().await;
    assert!(note.contains("standard input did not end within 200 ms"), "{note}");
    assert_eq!(running.end().await.code, 14);
}

#[tokio::test]
async fn an_answer_that_came_is_told_although_the_sending_failed() {
    let peer = Peer::start(Script::new().send("answer\n").hold()).await;
    let (address, data) = (peer.address().to_string(), vec![0; 64 * 1024 * 1024]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    std::fs::write(&path, data).unwrap();
    let outcome = tokio::process::Command::new(&*crate::command::BINARY)
        .args(["tcp", "request", &address, "-", "--timeout", "0.5"])
        .stdin(std::fs::File::open(&path).unwrap())
        .output()
        .await
        .unwrap();
    assert_eq!((outcome.status.code(), &outcome.stdout[..]), (Some(14), &b"answer\n"[..]));
    peer.finish().await;
}
