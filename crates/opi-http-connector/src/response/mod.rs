//! The answer to a request.

mod facts;
mod history;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

use crate::{Error, ErrorKind};

pub use facts::{Facts, Timings};
pub use history::{Hop, Reason};

/// The answer to a request, with its body whole and decoded.
#[derive(Clone, Debug)]
pub struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) url: Url,
    pub(crate) body: Bytes,
    pub(crate) history: Vec<Hop>,
    pub(crate) facts: Facts,
    pub(crate) trailers: Option<HeaderMap>,
}

impl Response {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers as they came; repeated ones are kept in order.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The URL that answered, after redirects; never with a login.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The requests that were sent before this answer's, in order: redirects, tries, logins.
    #[must_use]
    pub fn history(&self) -> &[Hop] {
        &self.history
    }

    /// The trailers (RFC 9110 section 6.5), which are no headers.
    #[must_use]
    pub fn trailers(&self) -> Option<&HeaderMap> {
        self.trailers.as_ref()
    }

    /// How the answer came.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The body, with its content coding undone.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as text in UTF-8; a byte order mark is left out.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotText`], naming the first byte that is no UTF-8.
    pub fn text(&self) -> Result<&str, Error> {
        let body = self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body);
        std::str::from_utf8(body).map_err(|cause| {
            let detail = format!("byte {} of the body is no UTF-8", cause.valid_up_to());
            Error::new(ErrorKind::NotText).on(&self.url).detail(detail).because(cause)
        })
    }

    /// The body as a JSON value, whatever the status.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotJson`], with the status, the content type, the place and the beginning of
    /// the body.
    pub fn json(&self) -> Result<serde_json::Value, Error> {
        self.json_as()
    }

    /// The body as a value read from JSON, whatever the status.
    ///
    /// # Errors
    ///
    /// As [`Self::json`].
    pub fn json_as<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let body = self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body);
        serde_json::from_slice(body).map_err(|cause| {
            let detail = format!(
                "the answer ({}, {}) is no JSON; it begins {:?}",
                self.status,
                self.content_type(),
                self.beginning()
            );
            Error::new(ErrorKind::NotJson).on(&self.url).detail(detail).because(cause)
        })
    }

    fn content_type(&self) -> &str {
        let value = self.headers.get(http::header::CONTENT_TYPE);
        value.and_then(|value| value.to_str().ok()).unwrap_or("no content type")
    }

    /// So much of the body as a message may show.
    fn beginning(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(BEGINNING).collect()
    }
}

/// The characters of a body that an error shows.
const BEGINNING: usize = 200;
