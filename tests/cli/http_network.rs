//! How servers are reached by requests: addresses, local address, certificates, times of each step,
//! bodies that wait for leave, cookies that stay.

use std::net::SocketAddr;

use harness::{Answer, Ca, HttpServer, HungPort, Listen, httpbin};
use serde_json::{Value, json};

use crate::command::{Opi, Outcome, opi};

async fn bin() -> HttpServer {
    HttpServer::start_handling(Listen::plain(), httpbin).await
}

#[tokio::test]
async fn hosts_are_found_where_options_say() {
    let server = bin().await;
    let address: SocketAddr = server.address();
    let port = address.port();
    let resolve = format!("api.test:{port}:127.0.0.1");
    let url = format!("http://api.test:{port}/get");
    let got = opi(&["get", &url, "--resolve", &resolve, "--json"]).await.result();
    assert_eq!(got["json"]["headers"]["Host"], format!("api.test:{port}"));
    let connect = format!("api.test:80={address}");
    let got = opi(&["get", "api.test/get", "--connect-to", &connect, "-4"]).await;
    let got: Value = serde_json::from_slice(got.good()).unwrap();
    assert_eq!(got["headers"]["Host"], "api.test");
    opi(&["get", &url, "--resolve", "nonsense"]).await.failed(2);
    // The whole network 127.0.0.0/8 is this machine here.
    #[cfg(target_os = "linux")]
    {
        let line = ["get", &server.url("/get"), "--local-address", "127.0.0.2", "--json"];
        let local = opi(&line).await.result()["local"].take();
        assert!(local.as_str().unwrap().starts_with("127.0.0.2:"), "{local}");
    }
    server.finish().await;
}

#[tokio::test]
async fn a_client_certificate_is_shown() {
    let (ca, folder) = (Ca::new(), tempfile::tempdir().unwrap());
    let listen = Listen::tls(ca.issue(&["localhost"]).server_config_requiring(&ca));
    let server = HttpServer::start_handling(listen, httpbin).await;
    let (trusted, url) = (ca.write_to(&folder), server.url_as("localhost", "/get"));
    let ours = ca.issue_client("ann").write_to(&folder, "ann");
    let line = ["get", &url, "--ca", trusted.to_str().unwrap()];
    opi(&line).await.failed(12);
    let shown = ["--cert", ours.chain.to_str().unwrap(), "--key", ours.key.to_str().unwrap()];
    opi(&[&line[..], &shown].concat()).await.good();
    server.finish().await;
}

/// The error of a request whose step takes longer than its option allows.
async fn late(line: &[&str], phase: &str) {
    let outcome = opi(&[line, &["--json"]].concat()).await;
    let error = outcome.error(14);
    assert_eq!((&error["code"], &error["phase"]), (&"timeout".into(), &phase.into()), "{outcome}");
    assert!(error["message"].as_str().unwrap().contains("100 ms"), "{outcome}");
}

#[tokio::test]
async fn each_step_has_its_time() {
    let hung = HungPort::start().await;
    let url = format!("http://{}/", hung.address());
    late(&["get", &url, "--connect-timeout", "0.1"], "connect").await;
    let server = HttpServer::start().await;
    server.answer(Answer::never());
    late(&["get", &server.url("/"), "--first-byte-timeout", "0.1"], "first_byte").await;
    server.answer(Answer::ok().text("0123456789").stall_after(4));
    late(&["get", &server.url("/"), "--idle-timeout", "0.1"], "idle").await;
    server.finish().await;
}

#[tokio::test]
async fn a_body_waits_for_leave() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok().interim("HTTP/1.1 100 Continue\r\n\r\n"));
    server.answer(Answer::ok());
    let line = ["post", &server.url("/"), "a=1"];
    opi(&[&line[..], &["--expect-continue"]].concat()).await.good();
    opi(&line).await.good();
    let requests = server.finish().await;
    let asked: Vec<_> = requests.iter().map(|it| it.header("expect")).collect();
    assert_eq!(asked, [Some("100-continue"), None]);
    assert!(requests.iter().all(|it| it.text() == r#"{"a":"1"}"#));
}

/// Sets a cookie by one command and tells what the next one sends.
async fn kept(name: &str) -> (Value, Vec<u8>) {
    let (server, folder) = (bin().await, tempfile::tempdir().unwrap());
    let path = folder.path().join(name);
    let file = path.to_str().unwrap();
    opi(&["get", &server.url("/cookies/set?id=hunter2"), "--cookies", file]).await.good();
    let written = std::fs::read(&path).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let outcome = opi(&["get", &server.url("/cookies"), "--cookies", file]).await;
    server.finish().await;
    (serde_json::from_slice(outcome.good()).unwrap(), written)
}

#[tokio::test]
async fn cookies_stay_in_a_file_of_their_owner() {
    let expected = json!({"cookies": {"id": "hunter2"}});
    let (got, written) = kept("jar.json").await;
    assert_eq!(got, expected);
    assert!(serde_json::from_slice::<Value>(&written).is_ok());
    let (got, written) = kept("jar.txt").await;
    assert_eq!(got, expected);
    assert!(written.starts_with(b"# Netscape HTTP Cookie File"), "{}", written.escape_ascii());
}

#[tokio::test]
async fn cookies_of_an_answer_that_is_no_success_stay_too() {
    let (server, folder) = (HttpServer::start().await, tempfile::tempdir().unwrap());
    let path = folder.path().join("jar");
    server.answer(Answer::status(401).cookie("id=1"));
    let line = ["get", &server.url("/"), "--cookies", path.to_str().unwrap()];
    assert_eq!(opi(&line).await.code, 4);
    assert!(std::fs::read_to_string(&path).unwrap().contains("\tid\t1"));
    server.finish().await;
}

#[tokio::test]
async fn a_file_that_holds_no_cookies_is_told_before_anything_is_sent() {
    let (server, folder) = (HttpServer::start().await, tempfile::tempdir().unwrap());
    let path = folder.path().join("jar.json");
    std::fs::write(&path, "no cookies").unwrap();
    for file in [path.to_str().unwrap(), "no/such/folder/jar"] {
        opi(&["get", &server.url("/"), "--cookies", file]).await.failed(2);
    }
    assert_eq!(server.connections(), 0);
    server.finish().await;
}

async fn text(kind: &str, body: &[u8], options: &[&str]) -> Outcome {
    let server = HttpServer::start().await;
    server.answer(Answer::ok().header("Content-Type", kind).body(body));
    let outcome = opi(&[&["get", &server.url("/")], options].concat()).await;
    server.finish().await;
    outcome
}

#[tokio::test]
async fn text_is_read_in_the_encoding_that_is_told_or_asked_for() {
    let (body, kind) = (b"\xf2\xe5\xf1\xf2", "text/plain; charset=windows-1251");
    assert_eq!(text(kind, body, &[]).await.good(), body);
    assert_eq!(text(kind, body, &["--json"]).await.result()["text"], "тест");
    assert_eq!(text("text/plain", body, &["--json"]).await.result()["base64"], "8uXx8g==");
    let asked = text("text/plain", body, &["--charset", "cp1251"]).await;
    assert_eq!(asked.good(), "тест".as_bytes());
    let json = text("application/json", b"\"\xf2\"", &["--charset", "cp1251", "--json"]).await;
    assert_eq!(json.result()["json"], "т");
    text(kind, body, &["--charset", "utf-8"]).await.failed(15);
    let wrong = Opi::new(&["get", "http://h.test/", "--charset", "nonsense"]).run().await;
    wrong.failed(2);
}
