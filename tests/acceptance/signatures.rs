//! signatures of AWS, as they would be sent.

use opi_auth::AwsV4;
use opi_http_connector::{Request, Session, SessionConfig};

/// What would be sent: the hash of the body and the signature.
fn signed(url: &str) -> (String, String) {
    let keys = AwsV4::new("ACCESS_KEY", "SECRET_KEY", "eu-north-1", "sqs");
    let session = SessionConfig::new().header("x-amz-date", "20200426T122000Z").unwrap();
    let request = Request::get(url).unwrap().auth(keys);
    let prepared = Session::new(session).prepare(&request).unwrap();
    let value = |name: &str| prepared.headers[name].to_str().unwrap().to_owned();
    (value("x-amz-content-sha256"), value("authorization"))
}

#[track_caller]
fn check(authority: &str, signature: &str) {
    let (hash, authorization) = signed(&format!("https://{authority}/123456789101/test"));
    assert_eq!(hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let expected = format!(
        "AWS4-HMAC-SHA256 Credential=ACCESS_KEY/20200426/eu-north-1/sqs/aws4_request, \
         SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={signature}"
    );
    assert_eq!(authorization, expected);
}

const PLAIN: &str = "ad98a02ef5df6b5337128ccdac1e5a279846c0d1c4b409e713a75dae0c9e4cb3";

#[test]
fn a_016_a_request_is_signed_as_amazon_does() {
    check("sqs.eu-north-1.amazonaws.com", PLAIN);
}

#[test]
fn a_017_the_port_of_the_scheme_changes_no_signature() {
    check("sqs.eu-north-1.amazonaws.com:443", PLAIN);
}

#[test]
fn a_018_another_port_is_signed() {
    let other = "96df4fab493e08b8a72965acf7a6d2fd651a883a2766a2b0e4c0cd113dea7d8c";
    check("sqs.eu-north-1.amazonaws.com:444", other);
}
