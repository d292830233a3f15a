//! The cookies of a session (RFC 6265).

use std::fmt;
use std::sync::{Mutex, PoisonError};

use cookie_store::CookieStore;
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use url::Url;

/// The cookies of a session.
#[derive(Default)]
pub(crate) struct Jar(Mutex<CookieStore>);

impl Jar {
    /// Keeps what `headers` of an answer from `url` set; what cannot be read is left out.
    pub(crate) fn keep(&self, url: &Url, headers: &HeaderMap) {
        let mut store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for value in headers.get_all(SET_COOKIE) {
            let text = String::from_utf8_lossy(value.as_bytes());
            if let Err(cause) = store.parse(&text, url) {
                tracing::debug!(%cause, "a cookie is left out");
            }
        }
    }

    /// The `Cookie` header for a request to `url`: longer paths first (RFC 6265 section 5.4).
    pub(crate) fn header(&self, url: &Url) -> Option<HeaderValue> {
        let store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = store.matches(url);
        found.sort_by_key(|cookie| std::cmp::Reverse(cookie.path().map_or(0, str::len)));
        let pairs: Vec<_> =
            found.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
        let mut value = HeaderValue::from_str(&pairs.join("; ")).ok()?;
        value.set_sensitive(true);
        (!pairs.is_empty()).then_some(value)
    }
}

/// Cookies are credentials: nothing of them is shown.
impl fmt::Debug for Jar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jar(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jar(url: &str, cookies: &[&str]) -> Jar {
        let jar = Jar::default();
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(SET_COOKIE, HeaderValue::from_bytes(cookie.as_bytes()).unwrap());
        }
        jar.keep(&url.parse().unwrap(), &headers);
        jar
    }

    #[track_caller]
    fn sent(jar: &Jar, url: &str, expected: Option<&str>) {
        let header = jar.header(&url.parse().unwrap());
        let header = header.as_ref().map(|value| value.to_str().unwrap());
        assert_eq!(header, expected, "{url}");
    }

    #[test]
    fn cookies_go_back_to_where_they_came_from() {
        let jar = jar("http://a.test/x/", &["k=v=w", "deep=1; Path=/x/y", "s=1; Secure"]);
        sent(&jar, "http://a.test/x/", Some("k=v=w"));
        sent(&jar, "http://a.test/x/y/z", Some("deep=1; k=v=w"));
        sent(&jar, "http://a.test/", None);
        sent(&jar, "http://b.test/x/", None);
        sent(&jar, "http://sub.a.test/x/", None);
        sent(&jar, "http://evila.test/x/", None);
    }

    #[test]
    fn an_expired_cookie_removes_the_one_before() {
        let jar = jar("http://a.test/", &["k=1", "k=2", "gone=1", "gone=; Max-Age=0"]);
        sent(&jar, "http://a.test/", Some("k=2"));
    }
}
