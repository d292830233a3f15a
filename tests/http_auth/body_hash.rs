//! Digest with `auth-int`: the answer covers the body, which is read before it is sent.

use std::time::Duration;

use harness::{Answer, HttpProxy, HttpServer, Listen, Proxy, Request as Seen, httpbin, told};
use opi_auth::Login;
use opi_http_connector::{
    Body, Multipart, Request, Response, RetryPause, RetryPolicy, Session, SessionConfig,
};
use opi_net::{Cancel, Deadline, Phase};
use sha2::{Digest, Sha256};

use crate::setting::{send, session, soon, try_send};

fn login() -> Login {
    Login::digest("user", "hunter2")
}

fn sha256(text: &[u8]) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the answer to the challenge is that of RFC 7616 section 3.4 for the body that came.
fn is_right(request: &Seen) -> bool {
    is_right_in(request, "authorization")
}

fn is_right_in(request: &Seen, header: &str) -> bool {
    let Some(shown) = request.header(header) else { return false };
    let after = |name: &str| {
        let value = shown.split_once(name).unwrap().1;
        value.trim_start_matches('"').split(['"', ',']).next().unwrap().to_owned()
    };
    let hash = |parts: &[&str]| sha256(parts.join(":").as_bytes());
    let login = hash(&["user", "r", "hunter2"]);
    let asked = hash(&[&request.method, &request.target, &sha256(&request.body)]);
    let (count, cnonce) = (after(" nc="), after("cnonce="));
    let right = hash(&[&login, "n", &count, &cnonce, "auth-int", &asked]);
    assert!(shown.contains("qop=auth-int"), "{shown}");
    after("response=") == right
}

/// A server that wants `auth-int` for everything, and takes right answers only.
async fn strict() -> HttpServer {
    let handler = |request: &Seen| {
        let challenge = "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\", algorithm=SHA-256";
        match is_right(request) {
            true => Answer::ok(),
            false => Answer::status(401).header("WWW-Authenticate", challenge),
        }
    };
    HttpServer::start_handling(Listen::plain(), handler).await
}

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    file
}

fn put(server: &HttpServer, body: Body) -> Request {
    Request::new("PUT", &server.url("/a?b")).unwrap().body(body).auth(login())
}

fn outcome(response: &Response) -> (u16, usize) {
    (response.status().as_u16(), response.history().len())
}

#[tokio::test]
async fn a_file_is_hashed_before_it_is_sent() {
    let server = strict().await;
    let long: Vec<u8> = (0..300_000_u32).map(|at| (at % 251) as u8).collect();
    for bytes in [&b""[..], b"of a file", &long] {
        let (file, session) = (file(bytes), session());
        let body = || Body::file(file.path()).unwrap();
        for body in [body(), body().then("and more".into())] {
            let first = send(&session, put(&server, body)).await;
            assert_eq!(first.status(), 200, "{}", bytes.len());
        }
        // The nonce serves again, and the file is read anew.
        std::fs::write(file.path(), "changed").unwrap();
        assert_eq!(outcome(&send(&session, put(&server, body())).await), (200, 0));
        assert_eq!(outcome(&send(&session, put(&server, body()).gzip_body()).await), (200, 0));
        let form = Multipart::new().file("f", file.path()).unwrap();
        let form = put(&server, Body::empty()).multipart(form).unwrap();
        assert_eq!(outcome(&send(&session, form).await), (200, 0));
    }
    server.finish().await;
}

#[tokio::test]
async fn memory_is_hashed_and_what_is_read_once_is_refused_in_words() {
    let server = strict().await;
    let session = session();
    assert_eq!(outcome(&send(&session, put(&server, "whole".into())).await), (200, 1));
    let once = Body::reader(&b"once"[..], Some(4));
    let error = try_send(&session, put(&server, once)).await.unwrap_err();
    assert_eq!(error.code(), "auth_body_unknown");
    assert!(error.to_string().contains("auth-int"), "{}", told(&error));
    assert_eq!(server.finish().await.len(), 2);
}

#[tokio::test]
async fn callers_that_block_hash_too() {
    let server = strict().await;
    let file = file(&[b'x'; 200_000]);
    let request = put(&server, Body::file(file.path()).unwrap());
    let asking = std::thread::spawn(move || {
        let session = session();
        let limit = Duration::from_secs(20);
        opi_net::blocking::block_on(limit, send(&session, request)).unwrap()
    });
    let response = tokio::task::spawn_blocking(move || asking.join().unwrap()).await.unwrap();
    assert_eq!(outcome(&response), (200, 1));
    server.finish().await;
}

#[tokio::test]
async fn each_try_hashes_anew() {
    let server = strict().await;
    let pause = RetryPause::Exact { first: Duration::ZERO };
    let session = Session::new(SessionConfig::new().retries(RetryPolicy::new().pause(pause)));
    let file = file(b"of a file");
    let body = || Body::file(file.path()).unwrap();
    send(&session, put(&server, body())).await;
    server.answer(Answer::status(503));
    assert_eq!(outcome(&send(&session, put(&server, body())).await), (200, 1));
    let seen = server.finish().await;
    assert!(seen.iter().skip(1).all(is_right) && seen.len() == 4);
}

/// A file that nobody hashes in time: most of it is nowhere on the disk.
fn endless() -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(1 << 40).unwrap();
    file
}

#[tokio::test]
async fn hashing_ends_with_the_deadline_and_by_the_switch() {
    let server = strict().await;
    let session = session();
    // The challenge is known before, so that no body goes out in vain.
    send(&session, put(&server, "whole".into())).await;
    let file = endless();
    let request = || put(&server, Body::file(file.path()).unwrap());
    let short = Deadline::after(Duration::from_millis(200));
    let error = session.send(request(), &short).await.unwrap_err();
    assert_eq!((error.code(), error.phase()), ("timeout", Some(Phase::Send)), "{}", told(&error));
    let cancel = Cancel::new();
    let deadline = soon().or_cancelled(&cancel);
    let (outcome, ()) = tokio::join!(session.send(request(), &deadline), async { cancel.cancel() });
    assert_eq!(outcome.unwrap_err().code(), "cancelled");
    assert_eq!(server.finish().await.len(), 2);
}

#[tokio::test]
async fn a_file_that_changes_its_length_is_told() {
    let server = strict().await;
    let session = session();
    send(&session, put(&server, "whole".into())).await;
    let file = file(b"long");
    let request = put(&server, Body::file(file.path()).unwrap());
    std::fs::write(file.path(), "s").unwrap();
    let error = try_send(&session, request).await.unwrap_err();
    assert_eq!(error.code(), "http_body_read", "{}", told(&error));
    assert_eq!(server.finish().await.len(), 2);
}

#[tokio::test]
async fn a_proxy_that_forwards_may_want_the_hash() {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    let challenge = "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\", algorithm=SHA-256";
    let asks = Answer::status(407).header("Proxy-Authenticate", challenge);
    let proxy = Proxy::start(HttpProxy::new().password("user", "hunter2").challenge(asks)).await;
    proxy.map("h.test:80", server.address());
    let address = format!("http://user:hunter2@{}?auth=digest", proxy.address());
    let route: opi_proxy::Route = address.parse().unwrap();
    let session = Session::new(SessionConfig::new().route(route));
    let file = file(b"of a file");
    let request = Request::new("PUT", "http://h.test/put").unwrap();
    let request = request.body(Body::file(file.path()).unwrap());
    // It knows Basic alone and refuses; what it was shown is right.
    assert_eq!(session.send(request, &soon()).await.unwrap_err().code(), "proxy_auth");
    let seen = proxy.finish().await;
    assert!(seen.len() == 2 && is_right_in(&seen[1], "proxy-authorization"), "{seen:?}");
    server.finish().await;
}
