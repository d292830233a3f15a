//! Cookies: to whom they are sent, and when they are gone.

use harness::{Answer, HttpServer};
use opi_http_connector::{Cookies, Request, Session};
use serde_json::json;

use crate::cookie_table::{keep, sent};
use crate::setting::{get, session, soon};

#[track_caller]
fn check(of: &str, line: &str, asked: &str, expected: &str) {
    let jar = Cookies::new();
    keep(&jar, of, &[line]);
    assert_eq!(sent(&jar, asked), expected, "{line:?} of {of} for {asked}");
}

/// Domains and paths matched in the middle of a name, and every domain was taken.
#[test]
fn b07_a_cookie_ends_at_the_borders_of_names_and_folders() {
    let (of, whole) = ("http://example.com/", "k=1; Domain=example.com");
    check(of, whole, "http://evilexample.com/", "");
    check(of, whole, "http://www.example.com/", "k=1");
    check(of, whole, "http://example.com.evil.test/", "");
    check(of, "k=1", "http://www.example.com/", "");
    check(of, "k=1", of, "k=1");
    for domain in ["com", "evil.test", ".com", "other.com", "www.example.com"] {
        check(of, &format!("k=1; Domain={domain}"), of, "");
    }
    check("http://shop.co.uk/", "k=1; Domain=co.uk", "http://bank.co.uk/", "");
    check(of, "k=1; Path=/a", "http://example.com/ab", "");
    check(of, "k=1; Path=/a", "http://example.com/a/b", "k=1");
    check(of, "k=1; Path=/a", "http://example.com/a", "k=1");
    check("https://example.com/", "k=1; Secure", "HTTP://example.com/", "");
    check("https://example.com/", "k=1; Secure", "HTTPS://example.com/", "k=1");
}

/// What the session sends after each of these answers.
async fn left(lines: &[&str]) -> serde_json::Value {
    let server = HttpServer::start().await;
    let session = session();
    for line in lines {
        server.answer(Answer::ok().cookie(line));
        get(&session, &server.url("/")).await;
    }
    left_of(&session, server).await
}

async fn left_of(session: &Session, server: HttpServer) -> serde_json::Value {
    server.answer(Answer::ok());
    get(session, &server.url("/")).await;
    let requests = server.finish().await;
    requests.last().unwrap().header("cookie").map_or(json!(null), |it| json!(it))
}

/// Servers could not delete, dates of two kinds lost their cookie, a `; ` at the end was an error.
#[tokio::test]
async fn b18_a_server_replaces_and_deletes_its_cookies() {
    let past = "k=; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    for (lines, expected) in [
        (&["k=1", past][..], json!(null)),
        (&["k=1", "k=2; Max-Age=0"], json!(null)),
        (&["k=1", "k=2"], json!("k=2")),
        (&["k=1; Expires=Sunday, 06-Nov-44 08:49:37 GMT"], json!("k=1")),
        (&["k=1; Expires=Sun Nov  6 08:49:37 2044"], json!("k=1")),
        (&["k=1; Expires=0"], json!("k=1")),
        (&["k=1; "], json!("k=1")),
        (&["k=a,b"], json!("k=a,b")),
        (&["k=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], json!("k=1")),
    ] {
        assert_eq!(left(lines).await, expected, "{lines:?}");
    }
}

/// The rest of the same defect: one answer with several, and the answer that asks for a login.
#[tokio::test]
async fn cookies_of_one_answer_and_of_a_refusal_are_all_kept() {
    let server = HttpServer::start().await;
    let session = session();
    server.answer(Answer::ok().cookie("a=1; Path=/").cookie("b").cookie("c=3").cookie("a=2"));
    get(&session, &server.url("/")).await;
    assert_eq!(left_of(&session, server).await, json!("a=2; b; c=3"));

    let server = HttpServer::start().await;
    let asks = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";
    server.answer(Answer::status(401).header("WWW-Authenticate", asks).cookie("sid=1"));
    server.answer(Answer::ok());
    let login = opi_auth::Login::digest("user", "hunter2");
    let request = Request::get(&server.url("/")).unwrap().auth(login);
    session.send(request, &soon()).await.unwrap();
    assert_eq!(
        server.finish().await[1].header("cookie").map(|it| it.contains("sid=1")),
        Some(true)
    );
}
