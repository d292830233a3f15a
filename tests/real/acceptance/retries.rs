//! Retries. The server tells when each try came; only that none came too early is asserted.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use opi_http_connector::{
    Reason, Request, Response, RetryPause, RetryPolicy, RetryStatuses, StatusCode,
};

use super::setting::{get, sent, session};
use crate::servers::{port, soon, url};

/// The first pause; each later one is twice as long.
const FIRST: Duration = Duration::from_millis(40);

fn policy() -> RetryPolicy {
    RetryPolicy::new().retries(5).pause(RetryPause::Exact { first: FIRST })
}

/// A request whose story nobody else continues.
fn ask(path: &str) -> Request {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let started = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    let id = format!("{}-{started}-{number}", std::process::id());
    get(&url("http", "retry", path)).header("X-ID", &id).unwrap()
}

/// When each try came and when the next was allowed, in seconds of the server's clock.
fn tries(answer: &Response) -> Vec<(f64, f64)> {
    let told = answer.json().unwrap();
    let tries = told["tries"].as_array().unwrap().iter();
    tries.map(|it| (it["came"].as_f64().unwrap(), it["not_before"].as_f64().unwrap())).collect()
}

/// So many tries until the answer, none sooner than the server allowed.
#[track_caller]
fn patient(answer: &Response, count: usize) -> Vec<(f64, f64)> {
    assert_eq!(answer.status(), 200);
    let tries = tries(answer);
    assert_eq!((tries.len(), answer.history().len()), (count, count - 1));
    assert!(answer.history().iter().all(|hop| hop.reason == Reason::Retry));
    for pair in tries.windows(2) {
        assert!(pair[1].0 >= pair[0].1, "a try came before it was allowed: {tries:?}");
    }
    tries
}

#[tokio::test]
async fn a_075_retry_after_seconds_is_waited_for() {
    let answer = sent(ask("/retry_after_duration?seconds=1").retries(policy())).await;
    patient(&answer, 3);
    // Without a policy the first answer is the caller's.
    let answer = sent(ask("/retry_after_duration")).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["retry-after"]),
        (503, &"1".parse().unwrap())
    );
}

#[tokio::test]
async fn a_076_retry_after_a_date_is_waited_for() {
    patient(&sent(ask("/retry_after_date?seconds=2").retries(policy())).await, 2);
}

#[tokio::test]
async fn a_077_pauses_double_and_the_listed_status_is_tried_again() {
    let listed = |status: u16| {
        let status = StatusCode::from_u16(status).unwrap();
        policy().statuses(RetryStatuses::Listed(vec![status]))
    };
    let tries = patient(&sent(ask("/retry_502").retries(listed(502))).await, 4);
    for (pair, factor) in tries.windows(2).zip([1, 2, 4]) {
        let pause = (FIRST * factor).as_secs_f64();
        assert!(pair[1].0 - pair[0].0 >= pause, "{tries:?}, at least {pause} s");
    }
    let answer = sent(ask("/retry_502").retries(listed(504))).await;
    assert_eq!((answer.status().as_u16(), answer.history().len()), (502, 0));
}

#[tokio::test]
async fn a_078_what_cannot_be_reached_is_an_error_after_the_last_try() {
    let request =
        get(&format!("http://127.0.0.1:{}/", port("nobody"))).retries(policy().retries(2));
    let error = session().send(request, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "connect_refused");
    let hops = error.history().iter().map(|hop| (hop.error, hop.reason));
    assert_eq!(hops.collect::<Vec<_>>(), [(Some("connect_refused"), Reason::Retry); 2]);
    // Both pauses were made.
    assert!(error.facts().unwrap().elapsed >= FIRST * 3, "{error:?}");
}

#[tokio::test]
async fn a_079_what_works_is_asked_once() {
    patient(&sent(ask("/ping").retries(policy())).await, 1);
}
