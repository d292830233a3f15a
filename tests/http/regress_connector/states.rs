//! What is kept from one request to the next: cookies, sessions, tries, limits.

use std::time::{Duration, SystemTime};

use harness::{Answer, Gate, HttpServer};
use opi_http_connector::{
    Cookies, HeaderMap, HeaderValue, Request, RetryPause, RetryPolicy, Session, SessionConfig,
    Timeouts, dates, retry_after,
};
use opi_net::Deadline;
use serde_json::json;

use crate::cookie_table::{keep, now, sent};
use crate::setting::{bin, get, session, soon};

#[track_caller]
fn kept(url: &str, line: &str, asked: &str, expected: &str) {
    let jar = Cookies::new();
    keep(&jar, url, &[line]);
    assert_eq!(sent(&jar, asked), expected, "{line}");
}

#[test]
fn n22_a_cookie_without_a_path_is_of_its_folder() {
    kept("http://h.test/a/b", "k=1", "http://h.test/a/c", "k=1");
    kept("http://h.test/a/b", "k=1", "http://h.test/", "");
    kept("http://h.test/a", "k=1", "http://h.test/b/c", "k=1");
}

#[test]
fn n23_a_cookie_ends_at_its_date() {
    let url = "http://h.test/";
    kept(url, "k=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT", url, "");
    kept(url, "k=1; Expires=Thu, 01 Jan 2026 00:00:01 GMT", url, "k=1");
    kept(url, "k=1; Expires=Thursday, 01-Jan-26 00:00:01 GMT", url, "k=1");
}

#[test]
fn n24_a_cookie_ends_after_its_age() {
    let url = "http://h.test/";
    kept(url, "k=1; Max-Age=0", url, "");
    kept(url, "k=1; Max-Age=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", url, "k=1");
    let jar = Cookies::new();
    keep(&jar, url, &["k=1; Max-Age=10"]);
    let later = now() + Duration::from_secs(10);
    assert!(jar.header(&url.parse().unwrap(), later).is_none());
}

#[tokio::test]
async fn n34_a_session_keeps_headers_login_and_cookies() {
    let server = bin().await;
    let config = SessionConfig::new().header("X-Own", "1").unwrap();
    let session = Session::new(config.auth(opi_auth::Bearer::new("t0ken").unwrap()));
    get(&session, &server.url("/cookies/set?k=v")).await;
    get(&session, &server.url("/get")).await;
    let requests = server.finish().await;
    let last = requests.last().unwrap();
    assert_eq!(last.header("x-own"), Some("1"));
    assert_eq!(last.header("authorization"), Some("Bearer t0ken"));
    assert_eq!(last.header("cookie"), Some("k=v"));
    assert!(requests.iter().all(|request| request.connection == 0));
}

fn trying(retries: u32) -> Session {
    let pause = RetryPause::Exact { first: Duration::ZERO };
    Session::new(SessionConfig::new().retries(RetryPolicy::new().retries(retries).pause(pause)))
}

#[tokio::test]
async fn n35_a_failure_that_passes_is_tried_again() {
    let server = HttpServer::start().await;
    for status in [500, 502, 200] {
        server.answer(Answer::status(status));
    }
    let response = get(&trying(5), &server.url("/")).await;
    assert_eq!((response.status().as_u16(), response.history().len()), (200, 2));
    server.finish().await;
}

#[tokio::test]
async fn n105_sending_a_request_does_not_change_it() {
    let server = bin().await;
    let session = session();
    let request = Request::post(&server.url("/anything")).unwrap().query("q", "1");
    let request = request.header("X-Own", "1").unwrap().json(&json!({"k": "v"})).unwrap();
    let before = format!("{request:?}");
    let mut seen = Vec::new();
    for _ in 0..3 {
        session.send(request.clone(), &soon()).await.unwrap();
        assert_eq!(format!("{request:?}"), before);
    }
    for sent in server.finish().await {
        seen.push((sent.raw_head, sent.body));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
}

#[tokio::test]
async fn n109_n110_a_redirect_sets_replaces_and_deletes_cookies() {
    let server = HttpServer::start().await;
    server.answer(Answer::redirect(302, "/b").cookie("k=1").cookie("old=1"));
    server.answer(Answer::redirect(302, "c/d").cookie("k=2").cookie("old=; Max-Age=0"));
    server.answer(Answer::ok());
    get(&session(), &server.url("/a")).await;
    let sent = server.finish().await;
    let seen: Vec<_> = sent.iter().map(|it| (&*it.target, it.header("cookie"))).collect();
    assert_eq!(seen, [("/a", None), ("/b", Some("k=1; old=1")), ("/c/d", Some("k=2"))]);
}

#[test]
fn n113_a_value_keeps_its_equals_signs() {
    let url = "http://h.test/";
    kept(url, "k=a=b==; Path=/", url, "k=a=b==");
    kept(url, "k==; Path=/", url, "k==");
}

#[tokio::test]
async fn n127_no_limit_is_a_limit_that_is_never_reached() {
    let (server, gate) = (HttpServer::start().await, Gate::new("the answer may go"));
    server.answer(Answer::ok().after(&gate));
    let session = Session::new(SessionConfig::new().timeouts(Timeouts::new()));
    let request = Request::get(&server.url("/")).unwrap();
    let never = Deadline::after(Duration::MAX);
    let answering = async {
        server.wait_requests(1).await;
        gate.open();
    };
    let (response, ()) = tokio::join!(session.send(request, &never), answering);
    assert_eq!(response.unwrap().status(), 200);
    server.finish().await;
}

#[tokio::test]
async fn n141_each_try_is_made_from_the_request_as_it_was_given() {
    let server = HttpServer::start().await;
    for status in [503, 503, 200] {
        server.answer(Answer::status(status));
    }
    let request = Request::new("PUT", &server.url("/?a=b")).unwrap().header("X-Own", "1").unwrap();
    trying(3).send(request.text("body").gzip_body(), &soon()).await.unwrap();
    let sent = server.finish().await;
    assert_eq!(sent.len(), 3);
    for again in &sent[1..] {
        assert_eq!((&again.raw_head, &again.body), (&sent[0].raw_head, &sent[0].body));
    }
}

fn asked(value: &str) -> Option<u64> {
    let mut headers = HeaderMap::new();
    headers.append("retry-after", HeaderValue::from_str(value).unwrap());
    retry_after(&headers, now()).map(|pause| pause.as_secs())
}

#[tokio::test]
async fn an_empty_retry_after_asks_for_nothing() {
    for value in ["", " ", "soon", "-1", "1.5"] {
        assert_eq!(asked(value), None, "{value:?}");
    }
    let server = HttpServer::start().await;
    server.answer(Answer::status(503).header("Retry-After", ""));
    server.answer(Answer::ok());
    assert_eq!(get(&trying(1), &server.url("/")).await.status(), 200);
    server.finish().await;
}

#[test]
fn dates_of_rfc_7231_are_read_in_their_three_forms() {
    for text in [
        "Thu, 01 Jan 2026 00:00:05 GMT",
        "Thursday, 01-Jan-26 00:00:05 GMT",
        "Thu Jan  1 00:00:05 2026",
    ] {
        assert_eq!(dates::read(text, now()), Some(now() + Duration::from_secs(5)), "{text}");
        assert_eq!(asked(text), Some(5), "{text}");
    }
    assert_eq!(dates::read("", SystemTime::now()), None);
}
