//! Addresses without a scheme, as people write them.

use std::borrow::Cow;

/// `text` with `http://` before it where it names no scheme: `host`, `host:8080/path`, `//host`.
///
/// A scheme is what stands before `://`, so `localhost:8080` is a host and its port. Wrong schemes
/// stay, and so does a path without a host (`/x`): they are refused where the URL is read.
///
/// ```
/// use opi_http_connector::assume_http;
///
/// assert_eq!(assume_http("127.0.0.1:18080/get"), "http://127.0.0.1:18080/get");
/// assert_eq!(assume_http("https://h.test/?u=x"), "https://h.test/?u=x");
/// ```
#[must_use]
pub fn assume_http(text: &str) -> Cow<'_, str> {
    let text = text.trim_start();
    match text.strip_prefix("//") {
        // A slash more would be taken for none: the path for the host.
        Some(rest) if !is_path(rest) => return format!("http:{text}").into(),
        None if !is_path(text) => {}
        _ => return text.into(),
    }
    match text.split_once("://") {
        Some((scheme, _)) if is_scheme(scheme) => text.into(),
        _ => format!("http://{text}").into(),
    }
}

/// Whether a path begins here; URLs of `http` take a backslash for a slash.
fn is_path(text: &str) -> bool {
    text.starts_with(['/', '\\'])
}

/// RFC 3986 section 3.1.
fn is_scheme(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic());
    let goes_on = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    begins && text.bytes().all(goes_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(assume_http(text), expected);
    }

    #[test]
    fn what_names_no_scheme_is_http() {
        check("h.test", "http://h.test");
        check(" h.test/a?b#c", "http://h.test/a?b#c");
        check("localhost:8080", "http://localhost:8080");
        check("user:pass@h.test:1", "http://user:pass@h.test:1");
        check("[::1]:80/x", "http://[::1]:80/x");
        check("//h.test/x", "http://h.test/x");
        check("h.test/x?u=http://y", "http://h.test/x?u=http://y");
        check("сайт.рф", "http://сайт.рф");
        check("1http://h", "http://1http://h");
        check("", "http://");
    }

    #[test]
    fn a_path_is_no_host() {
        for text in ["/x", "/", "/x?u=http://y", "///x", "//\\x", "\\x", "\\\\h\\x"] {
            check(text, text);
        }
    }

    #[test]
    fn what_names_a_scheme_stays() {
        for text in ["http://h.test", "HTTPS://h.test", "ftp://h.test/x", "a+b-c.d://x", "x://"] {
            check(text, text);
        }
    }
}
