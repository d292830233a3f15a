//! The table of what is tried again.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderValue, Method, StatusCode};
use opi_net::ErrorKind as Net;
use opi_proxy::ErrorKind as Proxy;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// 3 retries after exactly 1, 2 and 4 seconds.
fn policy() -> RetryPolicy {
    RetryPolicy::new().pause(RetryPause::Exact { first: SECOND })
}

fn tried(outcome: Outcome) -> Try<'static> {
    Try {
        method: &Method::GET,
        outcome,
        body: Replay::Yes,
        retries: 0,
        elapsed: Duration::ZERO,
        left: Duration::MAX,
        retry_after: None,
    }
}

fn answered(status: u16) -> Try<'static> {
    tried(Outcome::Answered(StatusCode::from_u16(status).unwrap()))
}

#[track_caller]
fn check(policy: &RetryPolicy, done: &Try<'_>, seconds: Option<u32>) {
    let expected = seconds.map_or(Next::Stop, |seconds| Next::After(seconds * SECOND));
    assert_eq!(next(policy, done, u64::MAX / 2), expected, "{done:?}");
}

#[test]
fn statuses_that_may_pass_are_tried_again() {
    for status in [408, 425, 429, 500, 502, 503, 504] {
        check(&policy(), &answered(status), Some(1));
    }
    for status in [200, 204, 301, 304, 400, 401, 403, 404, 407, 409, 412, 413, 501, 505, 599] {
        check(&policy(), &answered(status), None);
    }
    check(&policy(), &Try { retry_after: Some(3 * SECOND), ..answered(413) }, Some(3));
    check(&policy(), &Try { retry_after: Some(3 * SECOND), ..answered(404) }, None);
}

#[test]
fn server_errors_and_lists_are_the_callers_choice() {
    let errors = policy().statuses(RetryStatuses::ServerErrors);
    for (status, seconds) in [(500, Some(1)), (501, Some(1)), (599, Some(1)), (429, None)] {
        check(&errors, &answered(status), seconds);
    }
    let listed = policy().statuses(RetryStatuses::Listed(vec![StatusCode::BAD_GATEWAY]));
    for (status, plain, with_retry_after) in
        [(502, Some(1), Some(2)), (503, None, Some(2)), (413, None, Some(2)), (500, None, None)]
    {
        check(&listed, &answered(status), plain);
        check(
            &listed,
            &Try { retry_after: Some(2 * SECOND), ..answered(status) },
            with_retry_after,
        );
    }
}

#[test]
fn only_methods_that_may_be_repeated_are() {
    let (all, posts) = (
        policy().methods(RetryMethods::All),
        policy().methods(RetryMethods::Only(vec![Method::POST])),
    );
    for (method, idempotent) in [
        ("GET", true),
        ("HEAD", true),
        ("OPTIONS", true),
        ("TRACE", true),
        ("PUT", true),
        ("DELETE", true),
        ("POST", false),
        ("PATCH", false),
        ("CONNECT", false),
        ("PROPFIND", false),
    ] {
        let method: Method = method.parse().unwrap();
        for done in [answered(503), failed(Net::Closed.into(), Sent::Maybe)] {
            let done = Try { method: &method, ..done };
            check(&policy(), &done, idempotent.then_some(1));
            check(&all, &done, Some(1));
            check(&posts, &done, (method == Method::POST).then_some(1));
        }
    }
}

fn failed(kind: ErrorKind, sent: Sent) -> Try<'static> {
    tried(Outcome::Failed(kind, sent))
}

/// Shorter to write than `ErrorKind::Net(..)`.
impl From<Net> for ErrorKind {
    fn from(kind: Net) -> Self {
        Self::Net(kind)
    }
}

#[test]
fn what_was_never_sent_is_tried_again_whatever_its_method() {
    let post = |sent| Try { method: &Method::POST, ..failed(Net::Refused.into(), sent) };
    check(&policy(), &post(Sent::Never), Some(1));
    check(&policy(), &post(Sent::Maybe), None);
}

#[test]
fn failures_that_stay_are_not_tried_again() {
    let again = [
        Net::Closed,
        Net::Connect,
        Net::Io,
        Net::Refused,
        Net::Resolve,
        Net::Timeout,
        Net::Truncated,
    ];
    for kind in again {
        check(&policy(), &failed(kind.into(), Sent::Never), Some(1));
    }
    let never = [
        Net::BadCertificate,
        Net::BadHost,
        Net::Cancelled,
        Net::CertificateName,
        Net::CertificatePin,
        Net::CertificateTime,
        Net::CertificateUntrusted,
        Net::ClientCertificate,
        Net::Tls,
        Net::Unsupported,
    ];
    for kind in never {
        check(&policy(), &failed(kind.into(), Sent::Never), None);
    }
    for kind in [Proxy::Auth, Proxy::BadRequest, Proxy::Protocol] {
        check(&policy(), &failed(ErrorKind::Proxy(kind), Sent::Never), None);
    }
    check(&policy(), &failed(ErrorKind::Proxy(Proxy::Refused), Sent::Never), Some(1));
    for kind in [
        ErrorKind::BadUrl,
        ErrorKind::BadHeader,
        ErrorKind::BadRedirect,
        ErrorKind::BodyCoding,
        ErrorKind::BodyTooLong,
        ErrorKind::Protocol,
        ErrorKind::TooManyRedirects,
        ErrorKind::Unsupported,
    ] {
        check(&policy(), &failed(kind, Sent::Never), None);
    }
}

#[test]
fn a_body_that_is_read_once_is_sent_once() {
    check(&policy(), &Try { body: Replay::No, ..answered(503) }, None);
    check(&policy(), &Try { body: Replay::No, ..failed(Net::Refused.into(), Sent::Never) }, None);
}

#[test]
fn pauses_double_and_tries_have_a_number() {
    for (retries, seconds) in [(0, Some(1)), (1, Some(2)), (2, Some(4)), (3, None), (4, None)] {
        check(&policy(), &Try { retries, ..answered(503) }, seconds);
    }
    check(&RetryPolicy::never(), &answered(503), None);
    check(&policy().retries(1), &Try { retries: 1, ..answered(503) }, None);
}

#[test]
fn no_try_begins_after_its_time() {
    let limited = policy().within(10 * SECOND);
    check(&limited, &Try { elapsed: 9 * SECOND, ..answered(503) }, Some(1));
    check(&limited, &Try { elapsed: 9 * SECOND + Duration::from_nanos(1), ..answered(503) }, None);
    check(&limited, &Try { elapsed: Duration::MAX, ..answered(503) }, None);
    check(&policy(), &Try { left: SECOND, ..answered(503) }, None);
    let more = SECOND + Duration::from_nanos(1);
    check(&policy(), &Try { left: more, ..answered(503) }, Some(1));
}

#[test]
fn retry_after_makes_pauses_longer_up_to_its_cap() {
    let asked = |seconds| Try { retry_after: Some(seconds * SECOND), ..answered(503) };
    let capped = policy().longest_retry_after(60 * SECOND);
    for (seconds, pause) in [(0, 1), (1, 1), (2, 2), (60, 60), (61, 60), (u32::MAX, 60)] {
        check(&capped, &asked(seconds), Some(pause));
    }
    check(&policy(), &Try { retries: 2, ..asked(3) }, Some(4));
    check(&policy().within(30 * SECOND), &asked(31), None);
}

#[test]
fn jitter_is_spread_from_nothing_to_the_bound() {
    let pause = RetryPause::FullJitter { first: SECOND, most: 5 * SECOND };
    for (retries, bound) in [(0, 1), (1, 2), (2, 4), (3, 5), (31, 5), (32, 5), (u32::MAX, 5)] {
        assert_eq!(pause.before(retries, 0), Duration::ZERO);
        assert_eq!(pause.before(retries, 1 << 63), bound * SECOND / 2);
        let most = pause.before(retries, u64::MAX);
        assert!(most < bound * SECOND && bound * SECOND - most <= Duration::from_nanos(1));
    }
    let endless = RetryPause::FullJitter { first: Duration::MAX, most: Duration::MAX };
    assert!(endless.before(u32::MAX, u64::MAX) > Duration::from_secs(u32::MAX.into()));
}

#[test]
fn exact_pauses_do_not_overflow() {
    let pause = RetryPause::Exact { first: SECOND };
    assert_eq!(pause.before(31, 7), (1_u32 << 31) * SECOND);
    assert_eq!(pause.before(32, 7), u32::MAX * SECOND);
    assert_eq!(RetryPause::Exact { first: Duration::MAX }.before(9, 7), Duration::MAX);
}

#[test]
fn retry_after_stands_once() {
    let mut headers = HeaderMap::new();
    let now = SystemTime::UNIX_EPOCH;
    assert_eq!(retry_after(&headers, now), None);
    headers.append("retry-after", HeaderValue::from_static("7"));
    assert_eq!(retry_after(&headers, now), Some(7 * SECOND));
    headers.append("retry-after", HeaderValue::from_static("7"));
    assert_eq!(retry_after(&headers, now), None);
}

#[test]
fn what_was_sent_may_be_repeated_where_the_policy_has_a_try_for_its_method() {
    let policy = RetryPolicy::new();
    let never = RetryPolicy::never().methods(RetryMethods::All);
    let only = RetryPolicy::new().methods(RetryMethods::Only(vec![Method::POST]));
    for (policy, get, post) in
        [(&policy, true, false), (&never, false, false), (&only, false, true)]
    {
        assert_eq!(may_repeat(policy, &Method::GET), get, "{policy:?}");
        assert_eq!(may_repeat(policy, &Method::POST), post, "{policy:?}");
    }
}
