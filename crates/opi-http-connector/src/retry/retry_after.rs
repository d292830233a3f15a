//! `Retry-After` (RFC 9110 section 10.2.3).

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::RETRY_AFTER;

use crate::dates;

/// How long an answer asks to wait: seconds, or a date in one of the three forms of HTTP. A date
/// that has passed is no wait, and more seconds than a number holds are the most that one holds;
/// what is neither, or stands there twice, says nothing.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let mut values = headers.get_all(RETRY_AFTER).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let text = value.to_str().ok()?.trim_matches([' ', '\t']);
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = dates::read(text, now)?;
    // A date names whole seconds; the one that runs is not waited for to its end.
    let now = dates::from_unix(dates::unix(now)).unwrap_or(now);
    Some(date.duration_since(now).unwrap_or_default())
}
