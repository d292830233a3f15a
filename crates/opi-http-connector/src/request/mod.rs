//! One request, before it is sent.

mod content;
mod header;
mod limits;
mod omitted;
mod options;

use std::ops::RangeInclusive;
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use opi_auth::Authorization;
use opi_net::Secret;
use url::Url;

use crate::address;
use crate::auth::Wanted;
use crate::dial::Detour;
use crate::{Body, Error, ErrorKind, RedirectPolicy, RetryPolicy, Timeouts};

use crate::progress::Report;
pub(crate) use header::{parse_header, set as set_header};

/// One request: method, URL, headers and body.
///
/// ```
/// use opi_http_connector::Request;
///
/// let request = Request::post("http://h.test/orders")?
///     .query("dry", "yes")
///     .header("X-Trace", "7")?
///     .json(&serde_json::json!({"sum": 10}))?;
/// assert_eq!(request.url().as_str(), "http://h.test/orders?dry=yes");
/// # Ok::<(), opi_http_connector::Error>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) omitted: Vec<HeaderName>,
    pub(crate) body: Body,
    pub(crate) redirects: Option<RedirectPolicy>,
    pub(crate) retries: Option<Box<RetryPolicy>>,
    pub(crate) timeouts: Timeouts,
    pub(crate) max_body: Option<usize>,
    pub(crate) detour: Detour,
    pub(crate) auth: Wanted,
    pub(crate) expect_continue: Option<Duration>,
    pub(crate) expect_status: Option<RangeInclusive<u16>>,
    pub(crate) progress: Option<Report>,
    /// The names of headers as they were given, and whether they are to be sent so.
    pub(crate) names: Vec<Box<str>>,
    pub(crate) keep_case: bool,
}

impl Request {
    /// A request of `method`, also one of the user's own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadUrl`] or [`ErrorKind::BadMethod`], saying what was expected.
    pub fn new(method: &str, url: &str) -> Result<Self, Error> {
        let method = Method::from_bytes(method.as_bytes()).map_err(|cause| {
            let detail = format!("method: expected a token such as GET, got {method:?}");
            Error::new(ErrorKind::BadMethod).detail(detail).because(cause)
        })?;
        if method == Method::CONNECT {
            let detail = "method: CONNECT is for proxies; give the session a route";
            return Err(Error::new(ErrorKind::BadMethod).detail(detail));
        }
        let url = address::parse(url)?;
        let mut request = Self {
            method,
            url,
            headers: HeaderMap::new(),
            omitted: Vec::new(),
            body: Body::empty(),
            redirects: None,
            retries: None,
            timeouts: Timeouts::new(),
            max_body: None,
            detour: Detour::default(),
            auth: Wanted::default(),
            expect_continue: None,
            expect_status: None,
            progress: None,
            names: Vec::new(),
            keep_case: false,
        };
        if let Some(login) = address::login(&request.url)? {
            request.auth = Wanted::OfUrl(login.into());
            request.url = address::without_login(request.url);
        }
        Ok(request)
    }

    /// A GET request.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadUrl`], saying what was expected.
    pub fn get(url: &str) -> Result<Self, Error> {
        Self::new("GET", url)
    }

    /// A POST request.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadUrl`], saying what was expected.
    pub fn post(url: &str) -> Result<Self, Error> {
        Self::new("POST", url)
    }

    /// The URL, with the parameters added so far and without a login.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Sets a header, in place of the session's. A request has at most 1,000 headers.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadHeader`], naming the header.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, Error> {
        self.names.push(name.into());
        let (name, value) = parse_header(name, value)?;
        self.wants(&name);
        header::set(&mut self.headers, name, value)?;
        Ok(self)
    }

    /// Adds a header beside those of the same name. Cookies of several lines go out in one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadHeader`], naming the header; a second `Host` is none.
    pub fn append_header(mut self, name: &str, value: &str) -> Result<Self, Error> {
        self.names.push(name.into());
        let (name, value) = parse_header(name, value)?;
        self.wants(&name);
        header::add(&mut self.headers, name, value)?;
        Ok(self)
    }

    /// Sets a header that is a secret: it is shown to the origin of this request and to no other,
    /// and never in `Debug`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadHeader`], naming the header.
    pub fn secret_header(mut self, name: &str, value: &Secret) -> Result<Self, Error> {
        self.names.push(name.into());
        let (name, mut value) = parse_header(name, value.expose())?;
        value.set_sensitive(true);
        self.wants(&name);
        header::set(&mut self.headers, name, value)?;
        Ok(self)
    }

    /// Shows `authorization` to the origin of this request, and to no other.
    pub fn authorize(mut self, authorization: &Authorization) -> Self {
        // An `Authorization` is visible ASCII, which every header value may hold.
        if let Ok(mut value) = HeaderValue::from_str(authorization.expose()) {
            value.set_sensitive(true);
            self.wants(&AUTHORIZATION);
            self.headers.insert(AUTHORIZATION, value);
        }
        self
    }

    /// What is done with redirects of this request. Default: as the session does.
    pub fn redirects(self, redirects: impl Into<RedirectPolicy>) -> Self {
        Self { redirects: Some(redirects.into()), ..self }
    }

    /// When this request is tried again. Default: as the session does.
    pub fn retries(self, retries: RetryPolicy) -> Self {
        Self { retries: Some(Box::new(retries)), ..self }
    }

    /// Adds the headers that the request does not set itself.
    pub(crate) fn add_defaults(&mut self, defaults: &HeaderMap) {
        for name in defaults.keys() {
            if !self.headers.contains_key(name) && !self.omits(name) {
                for value in defaults.get_all(name) {
                    self.headers.append(name, value.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_header_is_named_and_its_value_is_not_shown() {
        let request = || Request::get("http://h.test/").unwrap();
        for (name, value) in [
            ("X y", "v"),
            ("Content-Length", "5"),
            ("transfer-encoding", "x"),
            ("X-Y", "hunter2\r\nZ: 1"),
            ("X-Y", "hunter2\0"),
        ] {
            let error = request().header(name, value).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BadHeader);
            assert!(error.to_string().contains(name), "{error}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn a_login_in_the_url_is_taken_out_of_it_and_not_shown() {
        let request = Request::get("http://user:hunter2@h.test/a").unwrap();
        assert_eq!(request.url().as_str(), "http://h.test/a");
        assert!(format!("{:?}", request.auth).contains("Basic"));
        let shown = format!("{request:?}");
        assert!(!shown.contains("hunter2") && !shown.contains("dXNlcjpodW50ZXIy"), "{shown}");
    }

    #[test]
    fn a_form_is_encoded_and_keeps_the_callers_type() {
        let request = Request::post("http://h.test/").unwrap().form([("a b", "ж"), ("c", "")]);
        assert_eq!(request.body.in_memory().unwrap(), "a+b=%D0%B6&c=");
        let typed = Request::post("http://h.test/").unwrap().header("content-type", "x/y").unwrap();
        assert_eq!(typed.form([("a", "b")]).headers["content-type"], *"x/y");
    }

    #[test]
    fn a_method_is_a_token() {
        assert!(Request::new("PROPFIND", "http://h.test/").is_ok());
        for method in ["GE T", "", "CONNECT", "G\r\nX"] {
            let error = Request::new(method, "http://h.test/").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BadMethod, "{method:?}");
        }
    }
}
