//! `opi sign aws4`: what is printed is what AWS documents, and secrets stay inside.

use serde_json::Value;

use crate::command::{Opi, opi};

const KEYS: [&str; 6] =
    ["-a", "AKIDEXAMPLE:hunter2hunter2", "--aws-region", "us-east-1", "--aws-service", "service"];

/// The time of a signature is the header that the request has.
async fn sign(line: &[&str]) -> Value {
    let line = [&["sign", "aws4"], line, &KEYS, &["--json"]].concat();
    let outcome = opi(&line).await;
    assert!(!outcome.printed().contains("hunter2"), "{outcome}");
    outcome.result()
}

#[tokio::test]
async fn the_headers_of_amazons_example_come_out() {
    // get-vanilla-query-order-key-case of Amazon's suite, with its own keys.
    let line = [
        "sign",
        "aws4",
        "GET",
        "https://example.amazonaws.com/?Param2=value2&Param1=value1",
        "X-Amz-Date:20150830T123600Z",
        "--auth",
        "AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "--aws-region",
        "us-east-1",
        "--aws-service",
        "service",
    ];
    let outcome = opi(&line).await;
    let text = String::from_utf8(outcome.good().to_vec()).unwrap();
    assert!(text.contains("Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"), "{text}");
    assert!(text.contains("X-Amz-Content-Sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"), "{text}");
}

#[tokio::test]
async fn a_url_is_signed_for_a_time() {
    let result = sign(&["get", "https://h.test/a b?x=1", "--presign", "60"]).await;
    let url = result["url"].as_str().unwrap();
    assert!(url.starts_with("https://h.test/a%20b?x=1&X-Amz-Algorithm=AWS4-HMAC-SHA256&"), "{url}");
    for part in ["X-Amz-Expires=60", "X-Amz-SignedHeaders=host", "X-Amz-Signature="] {
        assert!(url.contains(part), "{url}");
    }
    let line = [&["sign", "aws4", "GET", "h.test", "--presign", "604800"], &KEYS[..]].concat();
    let plain = opi(&line).await;
    assert!(plain.good().starts_with(b"https://h.test/?X-Amz-Algorithm="), "{plain}");
}

#[tokio::test]
async fn the_body_is_signed_unless_it_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("body");
    std::fs::write(&path, "abc").unwrap();
    let file = format!("@{}", path.display());
    let hash = async |options: &[&str]| {
        let line = [&["PUT", "https://h.test/x", &file], options].concat();
        sign(&line).await["headers"]["X-Amz-Content-Sha256"].take()
    };
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hash(&[]).await, abc);
    assert_eq!(hash(&["--unsigned-payload"]).await, "UNSIGNED-PAYLOAD");
}

#[tokio::test]
async fn keys_come_from_the_environment_only_when_asked() {
    let line = ["sign", "aws4", "GET", "https://h.test/", "--aws-service", "s3", "--json"];
    let with = |options: &[&str]| {
        Opi::new(&[&line[..], options].concat())
            .env("AWS_ACCESS_KEY_ID", "AKID")
            .env("AWS_SECRET_ACCESS_KEY", "hunter2hunter2")
            .env("AWS_SESSION_TOKEN", "t0ken")
            .env("AWS_REGION", "eu-west-1")
    };
    let asked = with(&["--aws-from-environment"]).run().await.result();
    let value = asked["headers"]["Authorization"].as_str().unwrap();
    assert!(value.contains("Credential=AKID/") && value.contains("/eu-west-1/s3/"), "{value}");
    assert_eq!(asked["headers"]["X-Amz-Security-Token"], "t0ken");
    let unasked = with(&[]).run().await;
    let error = unasked.error(2);
    assert!(error["message"].as_str().unwrap().starts_with("--auth is missing"), "{unasked}");
    let own = with(&["--aws-from-environment", "--auth", "OTHER:secret"]).run().await.result();
    assert_eq!(own["headers"].get("X-Amz-Security-Token"), None);
}

#[tokio::test]
async fn what_is_missing_is_told() {
    let check = async |line: &[&str], expected: &str| {
        let line = [&["sign", "aws4", "GET", "https://h.test/"], line].concat();
        let outcome = opi(&line).await;
        assert!(outcome.failed(2).contains(expected), "{outcome}");
        assert!(!outcome.printed().contains("hunter2"), "{outcome}");
    };
    check(&[], "--auth is missing").await;
    check(&["-a", "hunter2"], "expected ACCESS_KEY:SECRET_KEY").await;
    check(&["-a", "a:hunter2"], "--aws-region is missing").await;
    check(&["-a", "a:hunter2", "--aws-region", "x"], "--aws-service is missing").await;
    check(&[&KEYS[..], &["a=b"]].concat(), "a body to sign is a file").await;
    check(&[&KEYS[..], &["--presign", "0"]].concat(), "expected seconds").await;
}
