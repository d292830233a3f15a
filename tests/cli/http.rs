//! `opi get`, `opi post` and the other methods against servers that behave.

use harness::{Answer, Ca, HttpServer, Listen, httpbin};
use serde_json::{Value, json};

use crate::command::{Opi, opi};

async fn bin() -> HttpServer {
    HttpServer::start_handling(Listen::plain(), httpbin).await
}

/// What httpbin says it was asked by `opi METHOD URL items`.
async fn asked(method: &str, path: &str, items: &[&str]) -> Value {
    let server = bin().await;
    let outcome = opi(&[&[method, &server.url(path)], items].concat()).await;
    assert_eq!(outcome.stderr, "");
    let value = serde_json::from_slice(outcome.good()).unwrap();
    server.finish().await;
    value
}

#[tokio::test]
async fn the_body_goes_to_standard_output_as_it_came() {
    let server = bin().await;
    let expected: Vec<u8> = (0..=255).cycle().take(1000).collect();
    assert_eq!(opi(&["get", &server.url("/bytes/1000")]).await.good(), expected);
    let unzipped = opi(&["get", &server.url("/gzip")]).await;
    let unzipped: Value = serde_json::from_slice(unzipped.good()).unwrap();
    assert_eq!(unzipped["gzipped"], true);
    server.finish().await;
}

#[tokio::test]
async fn items_become_headers_parameters_and_fields() {
    let items = ["X-A:1", "q==a b", "q==c", "n=tea", "c:=2", "deep:={\"a\":[null]}", "X-Empty;"];
    let got = asked("post", "/post?p=0", &items).await;
    assert_eq!(got["args"], json!({"p": "0", "q": ["a b", "c"]}));
    assert_eq!(got["json"], json!({"n": "tea", "c": 2, "deep": {"a": [null]}}));
    assert_eq!(got["headers"]["X-A"], "1");
    assert_eq!(got["headers"]["X-Empty"], "");
    assert!(got["headers"]["Content-Type"].as_str().unwrap().starts_with("application/json"));
    let got = asked("post", "/post", &["--form", "a b=ж&", "n:=1", "a b=2"]).await;
    assert_eq!(got["form"], json!({"a b": ["ж&", "2"], "n": "1"}));
    let got = asked("post", "/post", &[]).await;
    assert_eq!((&got["data"], &got["headers"]["Content-Length"]), (&"".into(), &"0".into()));
}

#[tokio::test]
async fn every_method_has_its_command() {
    for method in ["get", "post", "put", "patch", "delete", "options"] {
        let got = asked(method, "/anything", &["a=1"]).await;
        assert_eq!(got["method"], method.to_uppercase());
        assert_eq!(got["json"], json!({"a": "1"}));
    }
    let server = bin().await;
    let outcome = opi(&["http", "purge", &server.url("/anything")]).await;
    let got: Value = serde_json::from_slice(outcome.good()).unwrap();
    assert_eq!(got["method"], "PURGE");
    assert_eq!(opi(&["head", &server.url("/get")]).await.good(), b"");
    server.finish().await;
}

#[tokio::test]
async fn logins_come_from_the_command_line_a_file_or_the_environment() {
    let server = bin().await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        format!("@{}", path.display())
    };
    let basic = server.url("/basic-auth/ann/a:b");
    for login in ["ann:a:b", &file("login", "ann:a:b\n"), "env:OPI_TEST_LOGIN"] {
        let outcome = Opi::new(&["get", &basic, "--auth", login]).env("OPI_TEST_LOGIN", "ann:a:b");
        outcome.run().await.good();
    }
    for token in ["t0ken", &file("token", "t0ken\r\n"), "env:OPI_TEST_TOKEN"] {
        let outcome = Opi::new(&["get", &server.url("/bearer"), "--bearer", token]);
        let outcome = outcome.env("OPI_TEST_TOKEN", "t0ken").run().await;
        let got: Value = serde_json::from_slice(outcome.good()).unwrap();
        assert_eq!(got["token"], "t0ken");
    }
    server.finish().await;
}

#[tokio::test]
async fn the_envelope_has_the_answer_and_its_facts() {
    let server = bin().await;
    server.answer(Answer::redirect(302, "/next?page=2").cookie("a=1").cookie("b=2"));
    server.answer(Answer::ok().json(&json!({"id": 7})).cookie("c=3").cookie("d=4"));
    let outcome = opi(&["get", &server.url("/first"), "--json"]).await;
    assert_eq!(outcome.envelope()["command"], "get");
    let result = outcome.result();
    assert_eq!((&result["status"], &result["json"]), (&200.into(), &json!({"id": 7})));
    assert_eq!(result["url"], server.url("/next?page=2"));
    let hop = &result["history"][0];
    let told = json!([hop["method"], hop["url"], hop["status"], hop["error"], hop["reason"]]);
    assert_eq!(told, json!(["GET", server.url("/first"), 302, null, "redirect"]));
    assert!(hop["elapsed_ms"].is_u64() && result["history"][1].is_null(), "{result}");
    assert_eq!(result["headers"]["content-type"], "application/json");
    assert_eq!(result["headers"]["set-cookie"], json!(["c=(hidden)", "d=(hidden)"]));
    assert_eq!(
        (&result["peer"], &result["tls"]),
        (&server.address().to_string().into(), &Value::Null)
    );
    assert_eq!((&result["reused"], &result["bytes"]), (&false.into(), &8.into()));
    assert_eq!((&result["connection"], &result["protocol"]), (&2.into(), &"HTTP/1.1".into()));
    for phase in ["resolve", "connect", "proxy", "tls", "first_byte", "receive"] {
        assert!(result["timings"][format!("{phase}_ms")].is_u64(), "{result}");
    }
    for number in ["elapsed_ms", "sent", "received"] {
        assert!(result[number].is_u64(), "{result}");
    }
    assert_eq!(outcome.stderr, "");
    server.finish().await;
}

#[tokio::test]
async fn a_body_that_is_not_what_it_says_is_kept_all_the_same() {
    let server = bin().await;
    let no_json = Answer::ok().header("Content-Type", "application/json");
    server.answer(no_json.body("<html>"));
    server.answer(Answer::ok().header("Content-Type", "text/plain").body(b"\xff\x00".to_vec()));
    let result = opi(&["get", &server.url("/"), "--json"]).await.result();
    assert_eq!((&result["text"], result.get("json")), (&"<html>".into(), None));
    let result = opi(&["get", &server.url("/"), "--json"]).await.result();
    assert_eq!(result["base64"], "/wA=");
    server.finish().await;
}

#[tokio::test]
async fn verbose_tells_heads_redirects_connection_and_time() {
    let server = bin().await;
    server.answer(Answer::redirect(302, "/next"));
    server.answer(Answer::ok().text("hello").header("X-Steer", "\u{9b}31m"));
    let outcome = opi(&["get", &server.url("/first"), "X-Mine:1", "q==2", "a=1", "-v"]).await;
    assert_eq!(outcome.good(), b"hello");
    for line in [
        &format!("> GET {}\n", server.url("/first?q=2")),
        "> X-Mine: 1\n",
        "> (9 bytes of body)\n",
        &format!("* GET {} answered 302 Found (redirect)\n", server.url("/first?q=2")),
        "< 200 OK\n",
        "< content-type: text/plain; charset=utf-8\n",
        "< x-steer: \\u{9b}31m\n",
        &format!("connection to {}\n", server.address()),
        " bytes received, ",
    ] {
        assert!(outcome.stderr.contains(line), "{line:?}: {outcome}");
    }
    server.finish().await;
}

#[tokio::test]
async fn https_trusts_the_given_ca_or_anyone() {
    let (ca, folder) = (Ca::new(), tempfile::tempdir().unwrap());
    let listen = Listen::tls(ca.issue(&["localhost"]).server_config());
    let server = HttpServer::start_handling(listen, httpbin).await;
    let url = server.url_as("localhost", "/get");
    let file = ca.write_to(&folder);
    let outcome = opi(&["get", &url, "--ca", file.to_str().unwrap(), "--json", "-v"]).await;
    let result = outcome.result();
    assert_eq!(result["tls"]["alpn"], "http/1.1");
    assert_eq!(result["json"]["url"], url);
    assert!(outcome.stderr.contains("* TLSv1_3 TLS13_"), "{outcome}");
    let outcome = opi(&["get", &server.url_as("127.0.0.1", "/get"), "--insecure"]).await;
    outcome.good();
    assert!(outcome.stderr.starts_with("opi: warning: --insecure"), "{outcome}");
    server.finish().await;
}

#[tokio::test]
async fn a_reader_that_has_gone_ends_it_quietly() {
    let server = bin().await;
    let gate = harness::Gate::new("standard output is closed");
    server.answer(Answer::ok().body(vec![b'x'; 1_000_000]).after(&gate));
    let mut running = Opi::new(&["get", &server.url("/")]).start();
    running.close_stdout();
    gate.open();
    let outcome = running.end().await;
    assert_eq!((outcome.code, outcome.stderr.as_str()), (141, ""));
    server.finish().await;
}
