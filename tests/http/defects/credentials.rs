//! Certificates that are checked, and credentials that are shown to nobody else.

use harness::{Answer, Ca, HttpServer, Listen, Request as Seen, httpbin, told};
use opi_auth::{AwsPayload, AwsRequest, AwsV4, Login};
use opi_http_connector::{Request, Session, SessionConfig, dates};
use opi_net::tls::{Tls, Trust};

use crate::setting::{session, soon, trusting};

/// The session's trust was ignored, and a request could not change it.
#[tokio::test]
async fn b02_a_request_trusts_as_it_says_or_else_as_its_session() {
    let ca = Ca::new();
    let listen = || Listen::tls(ca.issue(&["localhost"]).server_config());
    let careless = || Tls::new(Trust::DangerousAnyone);
    let strict = || Tls::new(Trust::System);
    for (of_session, of_request, accepted) in [
        (None, None, false),
        (None, Some(careless()), true),
        (None, Some(trusting(&ca)), true),
        (Some(careless()), None, true),
        (Some(careless()), Some(strict()), false),
        (Some(trusting(&ca)), None, true),
        (Some(trusting(&ca)), Some(strict()), false),
        (Some(strict()), Some(trusting(&ca)), true),
    ] {
        let server = HttpServer::start_handling(listen(), httpbin).await;
        let config = SessionConfig::new();
        let config = if let Some(tls) = of_session { config.tls(tls) } else { config };
        let request = Request::get(&server.url_as("localhost", "/get")).unwrap();
        let request = if let Some(tls) = of_request { request.tls(tls) } else { request };
        let outcome = Session::new(config).send(request, &soon()).await;
        match outcome {
            Ok(response) => assert!(accepted && response.status() == 200),
            Err(error) => {
                assert!(!accepted, "{}", told(&error));
                assert_eq!(error.code(), "tls_certificate_untrusted");
                server.handshake_failure().await;
            }
        }
        server.finish().await;
    }
}

/// Logins of every kind and cookies by hand went wherever a redirect led, also from https to http.
#[tokio::test]
async fn b06_no_credential_follows_a_redirect_to_another_origin() {
    let ca = Ca::new();
    let listen = || Listen::tls(ca.issue(&["localhost"]).server_config());
    for status in [301, 302, 303, 307, 308] {
        for slot in 0..6 {
            let other = HttpServer::start().await;
            let server = HttpServer::start_on(listen()).await;
            server.answer(Answer::redirect(status, &other.url("/taken")));
            other.answer(Answer::ok());
            let url = server.url_as("localhost", "/");
            let url = if slot == 0 { url.replace("://", "://user:hunter2@") } else { url };
            let request = with_credential(Request::get(&url).unwrap(), slot);
            let session = Session::new(SessionConfig::new().tls(trusting(&ca)));
            session.send(request, &soon()).await.unwrap();
            let shown = server.finish().await;
            assert!(shows(&shown[0]), "slot {slot} shows nothing to its own server");
            assert!(!shows(&other.finish().await[0]), "slot {slot} of {status}");
        }
    }
}

fn with_credential(request: Request, slot: usize) -> Request {
    match slot {
        1 => request.authorize(&opi_auth::bearer("hunter2").unwrap()),
        2 => request.auth(Login::basic("user", "hunter2")),
        3 => request.header("Cookie", "sid=hunter2").unwrap(),
        4 => request.secret_header("X-Api-Key", &"hunter2".into()).unwrap(),
        5 => request.auth(AwsV4::new("hunter2", "secret", "r", "s3")),
        _ => request,
    }
}

fn shows(request: &Seen) -> bool {
    let names = ["authorization", "cookie", "x-api-key"];
    names.iter().any(|name| request.header(name).is_some())
        || String::from_utf8_lossy(&request.raw_head).contains("hunter2")
}

/// The first request of Digest carried the password as Basic.
#[tokio::test]
async fn b08_digest_shows_no_password_in_any_request() {
    let server = HttpServer::start().await;
    let asks = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";
    server.answer(Answer::status(401).header("WWW-Authenticate", asks));
    server.answer(Answer::ok());
    let request = Request::get(&server.url("/")).unwrap().auth(Login::digest("user", "hunter2"));
    session().send(request, &soon()).await.unwrap();
    let sent = server.finish().await;
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].header("authorization"), None);
    assert!(sent[1].header("authorization").unwrap().starts_with("Digest "));
    for request in sent {
        let head = String::from_utf8_lossy(&request.raw_head).into_owned();
        assert!(!head.contains("Basic") && !head.contains("hunter2"), "{head}");
        assert!(!head.contains("dXNlcjpodW50ZXIy"), "{head}");
    }
}

/// Values were cut at `=`, lists split at every comma, and a second challenge mixed in.
#[tokio::test]
async fn b13_challenges_are_read_by_their_grammar() {
    let apache = "AsESxNBgBgA=b49694a0d1b6c3b2";
    for (challenge, nonce, algorithm) in [
        (
            format!("Digest realm=\"r\", nonce=\"{apache}\", algorithm=MD5, qop=\"auth\""),
            apache,
            "MD5",
        ),
        ("Digest realm=\"r\",nonce=\"n\",qop=\"auth,auth-int\"".to_owned(), "n", ""),
        ("Digest realm=\"r\", nonce=\"n\", qop=\"auth-int, auth\"".to_owned(), "n", ""),
        ("Basic realm=\"a, b\", Digest realm=\"r\", nonce=\"n\", qop=auth".to_owned(), "n", ""),
        ("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", Basic realm=\"b\"".to_owned(), "n", ""),
        (
            "digest REALM=\"r\" , Nonce=\"n,=\", qop=\"auth\", algorithm=SHA-256".to_owned(),
            "n,=",
            "SHA-256",
        ),
    ] {
        let server = HttpServer::start().await;
        server.answer(Answer::status(401).header("WWW-Authenticate", &challenge));
        server.answer(Answer::ok());
        let url = server.url("/a?b=c d");
        let request = Request::get(&url).unwrap().auth(Login::digest("user", "hunter2"));
        assert_eq!(session().send(request, &soon()).await.unwrap().status(), 200, "{challenge}");
        let answer = server.finish().await[1].header("authorization").unwrap().to_owned();
        for part in
            [&format!("nonce=\"{nonce}\""), "qop=auth,", "nc=00000001", "uri=\"/a?b=c%20d\""]
        {
            assert!(answer.contains(part), "{challenge}: {part}: {answer}");
        }
        assert!(!answer.contains("algorithm=\""), "{answer}");
        assert!(answer.contains(&format!("algorithm={algorithm}")) || algorithm.is_empty());
    }
}

/// Paths were not encoded, blanks within headers stayed, repeated names of parameters broke.
#[tokio::test]
async fn b14_a_signature_is_over_what_the_server_reads() {
    let keys = AwsV4::new("AK", "SK", "eu-north-1", "s3");
    for (given, path, query) in [
        ("/b/a b.txt", "/b/a%20b.txt", ""),
        ("/b/файл", "/b/%D1%84%D0%B0%D0%B9%D0%BB", ""),
        ("/b/a%252Fb", "/b/a%252Fb", ""),
        ("/b/it's(1)!*", "/b/it%27s%281%29%21%2A", ""),
        ("/b?k=2&k=1&a%20b=%2B&b", "/b", "a%20b=%2B&b=&k=1&k=2"),
        ("/b?B=1&a=2&%D1%8F=3", "/b", "%D1%8F=3&B=1&a=2"),
    ] {
        let server = HttpServer::start().await;
        server.answer(Answer::ok());
        let request = Request::new("PUT", &server.url(given)).unwrap().body("text");
        let request = request.header("x-amz-meta-a", "V   B").unwrap().auth(keys.clone());
        session().send(request, &soon()).await.unwrap();
        let sent = &server.finish().await[0];
        let signed = signed_by_the_server(&keys, sent);
        let canonical = String::from_utf8(signed.canonical_request().to_vec()).unwrap();
        let lines: Vec<&str> = canonical.lines().collect();
        assert_eq!(lines[..3], ["PUT", path, query], "{given}");
        assert!(lines.contains(&"x-amz-meta-a:V B"), "{canonical}");
        let expected = signed.headers().last().unwrap().value().expose().to_owned();
        assert_eq!(sent.header("authorization"), Some(expected.as_str()), "{canonical}");
    }
}

/// What a server signs that has the same keys, from the request as it arrived.
fn signed_by_the_server(keys: &AwsV4, sent: &Seen) -> opi_auth::AwsSigned {
    let mut request = AwsRequest::new(&sent.method, &sent.target);
    for name in ["host", "content-type", "x-amz-content-sha256", "x-amz-date", "x-amz-meta-a"] {
        if let Some(value) = sent.header(name) {
            request = request.header(name, value.as_bytes());
        }
    }
    let time = time_of(sent.header("x-amz-date").unwrap());
    keys.sign(&request.payload(AwsPayload::Bytes(&sent.body)), time).unwrap()
}

/// `20200426T122000Z` as a time.
fn time_of(stamp: &str) -> std::time::SystemTime {
    let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let month: usize = stamp[4..6].parse().unwrap();
    let month = &months[3 * month - 3..3 * month];
    let (year, day) = (&stamp[..4], &stamp[6..8]);
    let (hour, minute, second) = (&stamp[9..11], &stamp[11..13], &stamp[13..15]);
    let text = format!("Mon, {day} {month} {year} {hour}:{minute}:{second} GMT");
    dates::read(&text, std::time::SystemTime::now()).unwrap()
}
