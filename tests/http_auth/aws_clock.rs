//! Signatures of AWS where our clock is not the server's.

use std::time::{Duration, SystemTime};

use harness::{Answer, HttpServer, Listen, Request as Seen};
use opi_auth::{AwsV4, Login};
use opi_http_connector::{Auth, Body, Reason, Request, Session, dates};

use crate::setting::{get, send, session};

/// A server whose clock is `ahead` minutes ahead of ours, and which bears 15 minutes; it refuses
/// with `status`.
async fn server(ahead: i64, status: u16) -> HttpServer {
    let handler = move |request: &Seen| {
        let now = shifted(ahead);
        let date = dates::write(now).unwrap();
        let signed = request.header("x-amz-date").map(moment);
        let near = signed.is_some_and(|signed| distance(signed, now) < Duration::from_secs(900));
        Answer::status(if near { 200 } else { status }).header("Date", &date)
    };
    HttpServer::start_handling(Listen::plain(), handler).await
}

fn shifted(minutes: i64) -> SystemTime {
    let by = Duration::from_secs(60 * minutes.unsigned_abs());
    let now = SystemTime::now();
    if minutes < 0 { now - by } else { now + by }
}

fn distance(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other).unwrap_or_else(|behind| behind.duration())
}

/// The moment of `20150830T123600Z`, found by the names of days that HTTP writes.
fn moment(text: &str) -> SystemTime {
    let month = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let number: usize = text[4..6].parse().unwrap();
    let date = format!(
        "Mon, {} {} {} {}:{}:{} GMT",
        &text[6..8],
        &month[3 * number - 3..3 * number],
        &text[..4],
        &text[9..11],
        &text[11..13],
        &text[13..15]
    );
    dates::read(&date, SystemTime::now()).unwrap()
}

fn keys(access: &str) -> AwsV4 {
    AwsV4::new(access, "hunter2", "r", "sqs")
}

/// The status, and the reasons of the requests before the last.
async fn ask(session: &Session, request: Request) -> (u16, Vec<Reason>) {
    let response = send(session, request).await;
    let reasons = response.history().iter().map(|hop| hop.reason).collect();
    (response.status().as_u16(), reasons)
}

#[tokio::test]
async fn a_request_is_signed_once_more_by_the_servers_clock() {
    for (ahead, status) in [(60, 403), (-60, 403), (16, 400), (-16, 403), (6_000_000, 403)] {
        let (server, session) = (server(ahead, status).await, session());
        let again = vec![Reason::Authentication];
        let first = ask(&session, get(&server.url("/")).auth(keys("a"))).await;
        assert_eq!(first, (200, again), "{ahead} {status}");
        // The clock is the server's, whoever asks.
        for access in ["a", "b"] {
            let next = ask(&session, get(&server.url("/next")).auth(keys(access))).await;
            assert_eq!(next, (200, Vec::new()), "{ahead} {access}");
        }
        assert_eq!(server.finish().await.len(), 4);
    }
}

#[tokio::test]
async fn what_is_no_fault_of_the_clock_is_not_sent_again() {
    let check = async |request: fn(&str) -> Request, ahead: i64, answer: Answer| {
        let server = HttpServer::start().await;
        let date = dates::write(shifted(ahead)).unwrap();
        server.answer(if ahead == 0 { answer } else { answer.header("Date", &date) });
        ask(&session(), request(&server.url("/"))).await;
        assert_eq!(server.finish().await.len(), 1, "{ahead}");
    };
    let signed = |url: &str| get(url).auth(keys("a"));
    check(signed, 3, Answer::status(403)).await;
    check(signed, -3, Answer::status(400)).await;
    check(signed, 0, Answer::status(403)).await;
    check(signed, 0, Answer::status(403).header("Date", "yesterday")).await;
    for status in [200, 401, 404, 500] {
        check(signed, 60, Answer::status(status)).await;
    }
    check(|url| get(url).auth(Login::basic("u", "p")), 60, Answer::status(403)).await;
    check(|url| get(url).auth(Auth::none()), 60, Answer::status(403)).await;
    let dated =
        |url: &str| get(url).auth(keys("a")).header("x-amz-date", "20200426T122000Z").unwrap();
    check(dated, 60, Answer::status(403)).await;
}

#[tokio::test]
async fn a_refusal_that_stays_is_the_callers() {
    let handler = |_: &Seen| {
        Answer::status(403).header("Date", &dates::write(shifted(60)).unwrap()).text("no")
    };
    let server = HttpServer::start_handling(Listen::plain(), handler).await;
    let (status, before) = ask(&session(), get(&server.url("/")).auth(keys("a"))).await;
    assert_eq!((status, before.len(), server.finish().await.len()), (403, 1, 2));
}

#[tokio::test]
async fn a_clock_that_runs_away_is_followed_once_a_request() {
    let minutes = std::sync::atomic::AtomicI64::new(0);
    let handler = move |_: &Seen| {
        let ahead = minutes.fetch_add(60, std::sync::atomic::Ordering::Relaxed);
        Answer::status(403).header("Date", &dates::write(shifted(60 + ahead)).unwrap())
    };
    let server = HttpServer::start_handling(Listen::plain(), handler).await;
    let session = session();
    for _ in 0..2 {
        let (status, before) = ask(&session, get(&server.url("/")).auth(keys("a"))).await;
        assert_eq!((status, before.len()), (403, 1));
    }
    assert_eq!(server.finish().await.len(), 4);
}

#[tokio::test]
async fn each_origin_has_a_clock_of_its_own() {
    let (late, right, session) = (server(60, 403).await, server(0, 403).await, session());
    assert_eq!(ask(&session, get(&late.url("/")).auth(keys("a"))).await.1.len(), 1);
    assert_eq!(ask(&session, get(&right.url("/")).auth(keys("a"))).await.1.len(), 0);
    assert_eq!(ask(&session, get(&late.url("/")).auth(keys("a"))).await.1.len(), 0);
}

#[tokio::test]
async fn a_body_that_is_read_once_is_not_sent_again_and_the_clock_is_known() {
    let (server, session) = (server(60, 403).await, session());
    let put = || {
        let body = Body::reader(std::io::Cursor::new(b"body"), Some(4));
        let request = Request::new("PUT", &server.url("/")).unwrap().body(body);
        request.auth(keys("a").streams(opi_auth::AwsStreams::Signed))
    };
    assert_eq!(ask(&session, put()).await, (403, Vec::new()));
    assert_eq!(ask(&session, put()).await, (200, Vec::new()));
}
