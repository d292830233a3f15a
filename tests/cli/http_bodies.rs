//! Bodies: forms of several parts, compressed ones, and requests that are sent again.

use std::io::Read;

use flate2::read::GzDecoder;
use harness::{Answer, HttpServer, Listen, Request, httpbin};
use serde_json::json;

use crate::command::{Opi, opi};

/// The one request of `opi LINE`, to which 200 is answered.
async fn sent(line: &[&str], stdin: &str) -> Request {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    let line: Vec<_> =
        line.iter().map(|word| word.replace("URL", &server.url("/anything"))).collect();
    Opi::new(&line).stdin(stdin).run().await.good();
    let mut requests = server.finish().await;
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

/// The parts of a form, as they stand between the boundaries.
fn parts(request: &Request) -> Vec<String> {
    let kind = request.header("content-type").unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let text = request.text();
    let text = text.strip_suffix(&format!("--{boundary}--\r\n")).unwrap();
    text.split(&format!("--{boundary}\r\n")).skip(1).map(str::to_owned).collect()
}

#[tokio::test]
async fn files_make_a_form_one_of_several_parts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.png");
    std::fs::write(&path, "pixels").unwrap();
    let file = path.to_str().unwrap();
    let line = ["post", "URL", "--form", "title=Ж", "n:=1", &format!("scan@{file}")];
    let request = sent(&line, "").await;
    let field = |name: &str, value: &str| {
        format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let upload = |name: &str, kind: &str| {
        let head = format!("Content-Disposition: form-data; name=\"scan\"; filename=\"{name}\"");
        format!("{head}\r\nContent-Type: {kind}\r\n\r\npixels\r\n")
    };
    let found = parts(&request);
    assert_eq!(found[..2], [field("title", "Ж"), field("n", "1")]);
    assert_eq!(found[2], upload("page.png", "image/png"));
    let named = format!("scan@{file};type=a/b;filename=x y.bin");
    assert_eq!(
        parts(&sent(&["post", "URL", "--form", &named], "").await),
        [upload("x y.bin", "a/b")]
    );
    let only = sent(&["post", "URL", "--multipart", "a=b"], "").await;
    assert_eq!(parts(&only), [field("a", "b")]);
}

#[tokio::test]
async fn bodies_are_compressed() {
    let unzipped = |request: &Request| {
        assert_eq!(request.header("content-encoding"), Some("gzip"));
        let mut text = String::new();
        GzDecoder::new(&request.body[..]).read_to_string(&mut text).unwrap();
        text
    };
    assert_eq!(unzipped(&sent(&["post", "URL", "a=1", "--compress"], "").await), r#"{"a":"1"}"#);
    assert_eq!(unzipped(&sent(&["post", "URL", "@-", "-x"], "piped").await), "piped");
}

/// What becomes of `opi LINE` when the server fails twice, and how often it was asked.
async fn again(line: &[&str], answers: &[Answer]) -> (i32, usize) {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    answers.iter().for_each(|answer| server.answer(answer.clone()));
    let line: Vec<_> =
        line.iter().map(|word| word.replace("URL", &server.url("/anything"))).collect();
    let code = opi(&line).await.code;
    let asked = server.requests().len();
    (code, asked)
}

#[tokio::test]
async fn what_may_pass_is_tried_again_when_asked() {
    let twice = [Answer::status(503), Answer::status(503).header("Retry-After", "0")];
    let options = ["--retry", "2", "--retry-delay", "0.01"];
    let with = |line: &[&'static str]| [line, &options].concat();
    assert_eq!(again(&with(&["get", "URL"]), &twice).await, (0, 3));
    assert_eq!(again(&with(&["put", "URL", "a=1"]), &twice).await, (0, 3));
    assert_eq!(again(&["get", "URL"], &twice[..1]).await, (5, 1));
    assert_eq!(again(&with(&["post", "URL", "a=1"]), &twice[..1]).await, (5, 1));
    let any = ["post", "URL", "a=1", "--retry-any-method"];
    assert_eq!(again(&with(&any), &twice).await, (0, 3));
    assert_eq!(again(&with(&["get", "URL"]), &[Answer::status(404)]).await, (4, 1));
    let once = ["get", "URL", "--retry", "1", "--retry-delay", "0.01"];
    assert_eq!(again(&once, &twice).await, (5, 2));
    let late = ["get", "URL", "--retry", "5", "--retry-max-time", "0.2"];
    let long = Answer::status(503).header("Retry-After", "60");
    assert_eq!(again(&late, &[long]).await, (5, 1));
}

#[tokio::test]
async fn the_tries_are_told() {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    server.answer(Answer::status(503));
    let url = server.url("/get");
    let line = ["get", &url, "--retry", "1", "--retry-delay", "0.01", "--json", "-v"];
    let outcome = opi(&line).await;
    let hop = outcome.result()["history"][0].take();
    let told = json!([hop["reason"], hop["status"], hop["url"]]);
    assert_eq!(told, json!(["retry", 503, url]));
    assert!(outcome.stderr.contains("answered 503 Service Unavailable (retry)"), "{outcome}");
    server.finish().await;
}
