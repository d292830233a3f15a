//! Logins, signatures, certificates of clients.

use harness::{Answer, Ca, HttpServer, Listen, httpbin};
use opi_auth::{AwsV4, Bearer, Login};
use opi_http_connector::{Auth, Request, Session, SessionConfig};
use opi_net::tls::Identity;

use crate::setting::{get, session, soon, trusting};

const STAMP: &str = "20200426T122000Z";

/// The login that would be sent for `url`, signed at the time of the vectors.
fn signed(url: &str) -> (String, Option<String>) {
    let keys = AwsV4::new("ACCESS_KEY", "SECRET_KEY", "eu-north-1", "sqs");
    let request = Request::get(url).unwrap().header("x-amz-date", STAMP).unwrap().auth(keys);
    let prepared = session().prepare(&request).unwrap();
    let text =
        |name: &str| prepared.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    (text("authorization").unwrap(), text("x-amz-date"))
}

const QUEUE: &str = "https://sqs.eu-north-1.amazonaws.com/123456789101/test";

#[test]
fn n31_the_date_of_a_signature_may_be_given() {
    let (login, date) = signed(QUEUE);
    assert_eq!(date.as_deref(), Some(STAMP));
    assert_eq!(
        login,
        "AWS4-HMAC-SHA256 Credential=ACCESS_KEY/20200426/eu-north-1/sqs/aws4_request, \
         SignedHeaders=host;x-amz-content-sha256;x-amz-date, \
         Signature=ad98a02ef5df6b5337128ccdac1e5a279846c0d1c4b409e713a75dae0c9e4cb3"
    );
}

#[test]
fn n37_a_port_that_is_not_the_schemes_own_is_signed() {
    let at = |port: &str| signed(&QUEUE.replace(".com/", &format!(".com:{port}/"))).0;
    assert_eq!(at("443"), signed(QUEUE).0);
    let other = "Signature=96df4fab493e08b8a72965acf7a6d2fd651a883a2766a2b0e4c0cd113dea7d8c";
    assert!(at("444").ends_with(other), "{}", at("444"));
}

#[tokio::test]
async fn n53_a_user_without_a_password_logs_in() {
    for login in ["user", "user:"] {
        let server = HttpServer::start().await;
        server.answer(Answer::ok());
        let url = server.url("/").replace("http://", &format!("http://{login}@"));
        get(&session(), &url).await;
        let sent = &server.finish().await[0];
        assert_eq!(sent.header("authorization"), Some("Basic dXNlcjo="));
    }
}

async fn asks_for_certificates(ca: &Ca) -> HttpServer {
    let required = ca.issue(&["localhost"]).server_config_requiring(ca);
    HttpServer::start_handling(Listen::tls(required), httpbin).await
}

fn identity(ca: &Ca) -> Identity {
    let own = ca.issue_client("client");
    Identity::from_pem(own.chain_pem().as_bytes(), own.key_pem().as_bytes()).unwrap()
}

#[tokio::test]
async fn n67_a_request_shows_its_certificate() {
    let ca = Ca::new();
    let server = asks_for_certificates(&ca).await;
    let request = Request::get(&server.url_as("localhost", "/get")).unwrap();
    let with = request.clone().tls(trusting(&ca).identity(identity(&ca)));
    assert_eq!(session().send(with, &soon()).await.unwrap().status(), 200);
    let without = request.tls(trusting(&ca));
    assert!(session().send(without, &soon()).await.is_err(), "nobody showed a certificate");
    server.handshake_failure().await;
    server.finish().await;
}

#[tokio::test]
async fn n74_a_session_shows_its_certificate_every_time() {
    let ca = Ca::new();
    let server = asks_for_certificates(&ca).await;
    let session = Session::new(SessionConfig::new().tls(trusting(&ca).identity(identity(&ca))));
    for _ in 0..3 {
        assert_eq!(get(&session, &server.url_as("localhost", "/get")).await.status(), 200);
        session.close_idle();
    }
    assert_eq!(server.connections(), 3);
    server.finish().await;
}

#[tokio::test]
async fn n101_each_way_to_log_in_has_its_value() {
    for (auth, expected) in [
        (Auth::from(Login::basic("user", "pass")), Some("Basic dXNlcjpwYXNz")),
        (Auth::from(Bearer::new("t0ken").unwrap()), Some("Bearer t0ken")),
        (Auth::from(Login::digest("user", "pass")), None),
        (Auth::none(), None),
    ] {
        let server = HttpServer::start().await;
        server.answer(Answer::ok());
        let request = Request::get(&server.url("/")).unwrap().auth(auth);
        session().send(request, &soon()).await.unwrap();
        assert_eq!(server.finish().await[0].header("authorization"), expected);
    }
    let keys = AwsV4::new("AK", "SK", "r", "s3");
    let request = Request::get("http://h.test/").unwrap().auth(keys);
    let prepared = session().prepare(&request).unwrap();
    assert!(prepared.headers["authorization"].to_str().unwrap().starts_with("AWS4-HMAC-SHA256 "));
}

#[tokio::test]
async fn n152_a_signature_is_over_the_path_as_it_is_sent() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    let keys = AwsV4::new("AK", "SK", "r", "s3");
    let request = Request::new("PUT", &server.url("/bucket/файл 1.txt")).unwrap();
    let request = request.header("x-amz-date", STAMP).unwrap().auth(keys.clone());
    session().send(request, &soon()).await.unwrap();
    let sent = &server.finish().await[0];
    assert_eq!(sent.target, "/bucket/%D1%84%D0%B0%D0%B9%D0%BB%201.txt");
    // The same key, written the way a server sees it, has the same signature.
    let host = sent.header("host").unwrap();
    let seen = Request::new("PUT", &format!("http://{host}{}", sent.target)).unwrap();
    let seen = seen.header("x-amz-date", STAMP).unwrap().auth(keys);
    let prepared = session().prepare(&seen).unwrap();
    assert_eq!(prepared.headers["authorization"], *sent.header("authorization").unwrap());
}
