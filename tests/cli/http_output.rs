//! What is printed: parts, lines and colours, times, and nothing of what is only shown.

use harness::{Answer, HttpServer, Listen, httpbin};
use serde_json::json;

use crate::command::{Opi, opi};

async fn answered(answer: Answer, options: &[&str]) -> String {
    let server = HttpServer::start().await;
    server.answer(answer);
    let outcome = opi(&[&["get", &server.url("/p?q=1")], options].concat()).await;
    server.finish().await;
    String::from_utf8(outcome.good().to_vec()).unwrap()
}

fn page() -> Answer {
    Answer::ok().json(&json!({"a": [1]})).cookie("id=hunter2")
}

#[tokio::test]
async fn the_parts_that_are_asked_for_are_printed() {
    let head = "HTTP/1.1 200 OK\ncontent-type: application/json\nset-cookie: id=(hidden)\n\
                content-length: 9\n\n";
    assert_eq!(answered(page(), &["--print", "h"]).await, head);
    assert_eq!(answered(page(), &["--print", "hb"]).await, format!("{head}{{\"a\":[1]}}"));
    let shown = answered(page(), &["-p", "h", "--show-secrets"]).await;
    assert_eq!(shown, head.replace("(hidden)", "hunter2"));
    assert_eq!(answered(page(), &["--print="]).await, "");
    let request = answered(page(), &["--print", "H", "X-A:1"]).await;
    assert!(request.starts_with("GET /p?q=1 HTTP/1.1\nHost: 127.0.0.1:"), "{request}");
    assert!(request.contains("\nX-A: 1\n") && request.ends_with("\n\n"), "{request}");
    assert_eq!(answered(page(), &["--print", "B", "x=y"]).await, "{\"x\":\"y\"}\n\n");
    let times = answered(page(), &["--print", "m"]).await;
    assert!(times.contains("\nfirst byte ") && times.contains("\nconnection  new, "), "{times}");
}

#[tokio::test]
async fn json_is_pretty_when_asked_and_as_it_came_otherwise() {
    assert_eq!(answered(page(), &[]).await, "{\"a\":[1]}");
    let lines = "{\n    \"a\": [\n        1\n    ]\n}\n";
    assert_eq!(answered(page(), &["--pretty", "format"]).await, lines);
    let colours = answered(page(), &["--pretty", "colors"]).await;
    assert_eq!(colours, "{\x1b[34m\"a\"\x1b[0m:[\x1b[36m1\x1b[0m]}\n");
    let html = Answer::ok().header("Content-Type", "text/html").body("<p>[1]");
    assert_eq!(answered(html, &["--pretty", "all"]).await, "<p>[1]");
}

#[tokio::test]
async fn a_body_goes_out_piece_by_piece() {
    let server = HttpServer::start().await;
    let gate = harness::Gate::new("the first piece was read");
    server.answer(Answer::ok().body("first\nlast\n").pause(6, &gate));
    let mut running = Opi::new(&["get", &server.url("/"), "--stream"]).start();
    assert_eq!(running.first_line().await, "first");
    gate.open();
    assert_eq!(running.end().await.good(), b"last\n");
    server.finish().await;
}

#[tokio::test]
async fn times_stand_on_standard_error() {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    let outcome = opi(&["get", &server.url("/bytes/3"), "--timings"]).await;
    assert_eq!(outcome.good(), [0, 1, 2]);
    for part in ["connect ", "first byte ", "all ", "connection  new, 127.0.0.1:", "traffic "] {
        assert!(outcome.stderr.contains(part), "{part}: {outcome}");
    }
    server.finish().await;
}

#[tokio::test]
async fn a_failure_has_its_times_too() {
    let server = HttpServer::start().await;
    server.answer(Answer::never());
    let line = ["get", &server.url("/"), "--timings", "--first-byte-timeout", "0.1"];
    let outcome = opi(&line).await;
    assert!(outcome.failed(14).contains("\nfirst byte "), "{outcome}");
    server.finish().await;
}

#[tokio::test]
async fn any_status_is_a_success_when_nobody_checks() {
    for (options, code) in [
        (&["--no-check-status"][..], 0),
        (&["--no-check-status", "--check-status"], 4),
        (&["--check-status", "--no-check-status"], 0),
    ] {
        let server = HttpServer::start().await;
        server.answer(Answer::status(404).text("gone"));
        let outcome = opi(&[&["get", &server.url("/")], options].concat()).await;
        assert_eq!((outcome.code, &outcome.stdout[..]), (code, &b"gone"[..]), "{outcome}");
        server.finish().await;
    }
}

#[tokio::test]
async fn redirects_are_followed_or_not_as_the_last_option_says() {
    for (options, code) in [
        (&["--no-follow"][..], 3),
        (&["--no-follow", "--follow"], 0),
        (&["--follow", "--no-follow"], 3),
    ] {
        let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
        let outcome = opi(&[&["get", &server.url("/redirect/1")], options].concat()).await;
        assert_eq!(outcome.code, code, "{outcome}");
        server.finish().await;
    }
}

#[tokio::test]
async fn what_would_be_sent_is_printed_and_not_sent() {
    let server = HttpServer::start().await;
    let url = server.url("/p?token=hunter2");
    let line = ["post", &url, "a=1", "password=hunter2", "X-Api-Key:hunter2", "-a", "ann:hunter2"];
    let offline = opi(&[&line[..], &["--offline"]].concat()).await;
    let text = String::from_utf8(offline.good().to_vec()).unwrap();
    assert!(text.starts_with("POST /p?token=(hidden) HTTP/1.1\nHost: 127.0.0.1:"), "{text}");
    for part in [
        "\nAuthorization: (hidden)\n",
        "\nX-Api-Key: (hidden)\n",
        "\n\n{\"a\":\"1\",\"password\":\"(hidden)\"}",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let shown = opi(&[&line[..], &["--offline", "--show-secrets"]].concat()).await;
    let text = String::from_utf8(shown.good().to_vec()).unwrap();
    assert_eq!(text.matches("hunter2").count(), 3, "{text}");
    assert!(text.contains("\nAuthorization: Basic YW5uOmh1bnRlcjI=\n"), "{text}");
    let result = opi(&[&line[..], &["--offline", "--json"]].concat()).await.result();
    assert_eq!((&result["method"], &result["json"]["a"]), (&"POST".into(), &"1".into()));
    assert_eq!(result["headers"]["authorization"], "(hidden)");
    assert_eq!(server.connections(), 0);
    server.finish().await;
}
