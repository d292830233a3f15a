//! Ways to log in: nothing is shown that need not be, and a refused login is not repeated.

use harness::{Answer, HttpServer, Listen, Request, httpbin};

use crate::command::{Opi, opi};

const CHALLENGE: &str =
    "Digest realm=\"r\", nonce=\"n0nce\", qop=\"auth\", algorithm=SHA-256, opaque=\"o\"";

fn asks() -> Answer {
    Answer::status(401).header("WWW-Authenticate", CHALLENGE)
}

/// What `opi get URL LINE` sends, and its exit code, to a server with these answers.
async fn logged_in(answers: &[Answer], line: &[&str]) -> (i32, Vec<Request>) {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    answers.iter().for_each(|answer| server.answer(answer.clone()));
    let url = server.url("/get");
    let line = [&["get", &url], line].concat();
    let outcome = opi(&line).await;
    assert!(!outcome.printed().contains("hunter2"), "{outcome}");
    (outcome.code, server.finish().await)
}

#[tokio::test]
async fn digest_proves_the_password_and_never_shows_it() {
    let login = ["--auth-type", "digest", "--auth", "ann:hunter2"];
    let (code, requests) = logged_in(&[asks()], &login).await;
    assert_eq!((code, requests.len()), (0, 2));
    assert_eq!(requests[0].header("authorization"), None);
    let proof = requests[1].header("authorization").unwrap();
    for part in ["Digest ", "username=\"ann\"", "nonce=\"n0nce\"", "uri=\"/get\"", "nc=00000001"] {
        assert!(proof.contains(part), "{part}: {proof}");
    }
    assert!(requests.iter().all(|it| !String::from_utf8_lossy(&it.raw_head).contains("hunter2")));
}

#[tokio::test]
async fn a_login_that_is_refused_is_not_repeated() {
    let login = ["--auth-type", "digest", "--auth", "ann:hunter2", "-v"];
    let (code, requests) = logged_in(&[asks(), asks()], &login).await;
    assert_eq!((code, requests.len()), (4, 2));
    let (code, requests) = logged_in(&[asks()], &["--auth", "ann:hunter2"]).await;
    assert_eq!((code, requests.len()), (4, 1));
}

#[tokio::test]
async fn digest_takes_the_login_of_the_address() {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    server.answer(asks());
    let url = server.url("/get").replace("http://", "http://ann:hunter2@");
    let outcome = opi(&["get", &url, "--auth-type", "digest", "--json"]).await;
    assert!(!outcome.printed().contains("hunter2"), "{outcome}");
    assert_eq!(outcome.result()["history"][0]["reason"], "authentication");
    let requests = server.finish().await;
    assert_eq!(requests[0].header("authorization"), None);
    assert!(requests[1].header("authorization").unwrap().starts_with("Digest "));
}

#[tokio::test]
async fn requests_are_signed_for_aws() {
    let keys = ["--auth-type", "aws4", "--aws-region", "eu-west-1", "--aws-service", "s3"];
    let login = [&keys[..], &["--auth", "AKID:hunter2hunter2"]].concat();
    let (code, requests) = logged_in(&[], &login).await;
    let value = requests[0].header("authorization").unwrap();
    assert!(value.contains("/eu-west-1/s3/aws4_request") && value.contains("host;"), "{value}");
    assert!(requests[0].header("x-amz-date").is_some() && code == 0);
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    let url = server.url("/get");
    let line = [&["get", &url, "--aws-from-environment"], &keys[..]].concat();
    let outcome = Opi::new(&line)
        .env("AWS_ACCESS_KEY_ID", "AKID")
        .env("AWS_SECRET_ACCESS_KEY", "hunter2hunter2")
        .env("AWS_SESSION_TOKEN", "t0ken");
    outcome.run().await.good();
    assert_eq!(server.finish().await[0].header("x-amz-security-token"), Some("t0ken"));
}

#[tokio::test]
async fn files_are_signed_in_chunks_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("body");
    std::fs::write(&path, "body").unwrap();
    let path = path.to_str().unwrap();
    let keys = ["--auth-type", "aws4", "--aws-region", "eu-west-1", "--aws-service", "s3"];
    let keys = [&keys[..], &["--auth", "AKID:hunter2hunter2"]].concat();
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    let url = server.url("/put");
    let upload = [&["upload", path, &url][..], &keys].concat();
    // Whoever is in the way could change it.
    assert!(opi(&upload).await.failed(2).contains("the body is hashed before it is sent"));
    let chunked = [&upload[..], &["--aws-signed-chunks"]].concat();
    opi(&chunked).await.good();
    let dry = [&chunked[..], &["--curl"]].concat();
    assert!(opi(&dry).await.failed(2).contains("chunks that are signed"));
    let requests = server.finish().await;
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].header("content-encoding"), Some("aws-chunked"));
    let body = requests[0].text();
    assert!(body.starts_with("4;chunk-signature=") && body.contains("\r\nbody\r\n0;"), "{body}");
}

#[tokio::test]
async fn a_token_is_a_type_too() {
    let (code, requests) = logged_in(&[], &["--auth-type", "bearer", "--auth", "t0ken"]).await;
    assert_eq!((code, requests[0].header("authorization")), (0, Some("Bearer t0ken")));
}

#[tokio::test]
async fn options_that_do_not_belong_together_are_told() {
    let check = async |line: &[&str], expected: &str| {
        let line = [&["get", "http://h.test/"], line].concat();
        assert!(opi(&line).await.failed(2).contains(expected), "{line:?}");
    };
    check(&["--aws-region", "x"], "options of AWS need --auth-type=aws4").await;
    check(&["--aws-signed-chunks"], "options of AWS need --auth-type=aws4").await;
    check(&["--auth-type", "aws4"], "--auth is missing").await;
    check(&["--auth-type", "digest"], "--auth: expected user:password").await;
    check(&["--auth-type", "ntlm"], "invalid value 'ntlm'").await;
    check(&["--auth-type", "digest", "--bearer", "t"], "cannot be used with").await;
}
