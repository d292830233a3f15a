//! What is known of a file that broke off, and what an answer means for it (RFC 9110 section 14). Pure.

use std::time::{Duration, SystemTime};

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, DATE, ETAG, LAST_MODIFIED};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::dates;

/// What is known of a file that broke off.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Known {
    pub(super) url: String,
    /// A strong `ETag`, or a date that counts as one: what the file is known by.
    pub(super) validator: String,
    pub(super) length: Option<u64>,
}

/// What an answer means for a file that broke off.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Plan {
    /// It is the whole file: what there is gives way.
    Anew,
    /// It is the rest.
    Append,
    /// It helps nobody: the whole file is to be asked for.
    Ask,
    /// There is no rest: the file is whole.
    Whole,
}

impl Known {
    /// What the headers of a whole answer tell, when they name anything to know the file by.
    pub(super) fn of(url: &Url, headers: &HeaderMap) -> Option<Self> {
        let text = |name| headers.get(name).and_then(|it| it.to_str().ok());
        let etag = text(ETAG).map(str::trim).filter(|it| it.starts_with('"') && it.len() >= 2);
        let validator = etag.or_else(|| dated(text(LAST_MODIFIED)?, text(DATE)?))?;
        let length = text(CONTENT_LENGTH).and_then(|it| it.parse().ok());
        Some(Self { url: url.as_str().to_owned(), validator: validator.to_owned(), length })
    }

    /// What an answer to a request for the bytes from `have` on means.
    pub(super) fn judge(&self, status: StatusCode, headers: &HeaderMap, have: u64) -> Plan {
        let range = headers.get(CONTENT_RANGE).and_then(|it| it.to_str().ok());
        let range = range.and_then(|it| it.trim().strip_prefix("bytes "));
        match status {
            StatusCode::PARTIAL_CONTENT if self.is_rest(headers, range, have) => Plan::Append,
            StatusCode::RANGE_NOT_SATISFIABLE if self.is_at_end(headers, range, have) => {
                Plan::Whole
            }
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => Plan::Ask,
            _ => Plan::Anew,
        }
    }

    fn is_rest(&self, headers: &HeaderMap, range: Option<&str>, have: u64) -> bool {
        let Some((first, last, length)) = range.and_then(read_range) else { return false };
        let reaches_end = last.checked_add(1) == Some(length);
        let fits = first == have && reaches_end && self.length.is_none_or(|it| it == length);
        fits && self.is_same(headers) && !headers.contains_key(CONTENT_ENCODING)
    }

    fn is_at_end(&self, headers: &HeaderMap, range: Option<&str>, have: u64) -> bool {
        let length = range.and_then(|it| it.strip_prefix("*/")).and_then(|it| it.parse().ok());
        length == Some(have) && self.length.is_none_or(|it| it == have) && self.is_same(headers)
    }

    /// Whether the answer does not name another `ETag`.
    fn is_same(&self, headers: &HeaderMap) -> bool {
        let told = headers.get(ETAG).map(|it| it.as_bytes().trim_ascii());
        let is_tag = self.validator.starts_with('"');
        told.is_none_or(|it| !is_tag || it == self.validator.as_bytes())
    }
}

/// `Last-Modified`, where it lies so far before `Date` that a change in the same second would show
/// (RFC 9110 section 8.8.2.2).
fn dated<'a>(modified: &'a str, date: &str) -> Option<&'a str> {
    let now = SystemTime::now();
    let (changed, sent) = (dates::read(modified, now)?, dates::read(date, now)?);
    let lies_back = sent.duration_since(changed).is_ok_and(|it| it >= Duration::from_secs(1));
    lies_back.then_some(modified.trim())
}

/// `0-9/10`; a length that is not told is no help.
fn read_range(text: &str) -> Option<(u64, u64, u64)> {
    let (range, length) = text.trim().split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let number =
        |it: &str| it.bytes().all(|it| it.is_ascii_digit()).then(|| it.parse().ok()).flatten();
    let (first, last, length) = (number(first)?, number(last)?, number(length)?);
    (first <= last).then_some((first, last, length))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::HeaderName;

    use super::*;

    fn headers(rows: &[(&'static str, &'static str)]) -> HeaderMap {
        let row = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        rows.iter().map(row).collect()
    }

    #[track_caller]
    fn known(rows: &[(&'static str, &'static str)], expected: Option<&str>) {
        let url = "http://h.test/f".parse().unwrap();
        let validator = Known::of(&url, &headers(rows)).map(|it| it.validator);
        assert_eq!(validator.as_deref(), expected, "{rows:?}");
    }

    #[test]
    fn a_file_is_known_by_a_strong_tag_or_by_a_date_that_lies_back() {
        const DATED: (&str, &str) = ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT");
        known(&[("etag", "\"a\"")], Some("\"a\""));
        known(&[("etag", "W/\"a\"")], None);
        known(&[("etag", "a")], None);
        known(&[], None);
        known(&[DATED], None);
        known(&[DATED, ("date", "Sun, 06 Nov 1994 08:49:37 GMT")], None);
        known(&[DATED, ("date", "Sun, 06 Nov 1994 08:49:38 GMT")], Some(DATED.1));
        known(
            &[DATED, ("date", "Sun, 06 Nov 1994 08:49:38 GMT"), ("etag", "W/\"a\"")],
            Some(DATED.1),
        );
    }

    #[track_caller]
    fn judged(status: u16, rows: &[(&'static str, &'static str)], expected: Plan) {
        let known = Known { url: String::new(), validator: "\"a\"".into(), length: Some(10) };
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(known.judge(status, &headers(rows), 4), expected, "{status} {rows:?}");
    }

    #[test]
    fn only_the_exact_rest_is_appended() {
        judged(200, &[], Plan::Anew);
        judged(404, &[], Plan::Anew);
        judged(206, &[("content-range", "bytes 4-9/10")], Plan::Append);
        judged(206, &[("content-range", "bytes 4-9/10"), ("etag", "\"a\"")], Plan::Append);
        judged(206, &[("content-range", "bytes 4-9/10"), ("etag", "\"b\"")], Plan::Ask);
        judged(206, &[("content-range", "bytes 4-9/10"), ("content-encoding", "gzip")], Plan::Ask);
        for range in [
            "bytes 3-9/10",
            "bytes 4-8/10",
            "bytes 4-10/11",
            "bytes 4-9/*",
            "bytes 9-4/10",
            "4-9/10",
            "bytes +4-9/10",
            "bytes 4-18446744073709551615/10",
            "",
        ] {
            judged(206, &[("content-range", range)], Plan::Ask);
        }
        judged(206, &[], Plan::Ask);
    }

    #[test]
    fn no_rest_means_whole_only_when_the_length_is_the_same() {
        let known = Known { url: String::new(), validator: "\"a\"".into(), length: None };
        for (range, have, expected) in [
            ("bytes */4", 4, Plan::Whole),
            ("bytes */5", 4, Plan::Ask),
            ("bytes */*", 4, Plan::Ask),
        ] {
            let rows = headers(&[("content-range", range)]);
            let plan = known.judge(StatusCode::RANGE_NOT_SATISFIABLE, &rows, have);
            assert_eq!(plan, expected, "{range}");
        }
    }
}
