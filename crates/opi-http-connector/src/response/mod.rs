//! The answer to a request.

mod facts;
mod history;

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

use crate::text::{self, Decoded, Reading};
use crate::{Error, ErrorKind};

pub use facts::{Facts, Timings};
pub use history::{Hop, Reason};

/// The answer to a request, with its body whole and decoded.
#[derive(Clone)]
pub struct Response(pub(crate) Box<Answered>);

/// What an answer tells: in a box, because it is moved from call to call.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) method: Method,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) url: Url,
    /// Nothing until all of it is there.
    pub(crate) body: Bytes,
    pub(crate) history: Vec<Hop>,
    pub(crate) facts: Facts,
    pub(crate) trailers: Option<Box<HeaderMap>>,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Response").field(&self.0).finish()
    }
}

impl Response {
    /// The method that was answered: redirects may have changed the request's own.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.0.method
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The headers as they came; repeated ones are kept in order.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The URL that answered, after redirects; never with a login.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0.url
    }

    /// The requests that were sent before this answer's, in order: redirects, tries, logins.
    #[must_use]
    pub fn history(&self) -> &[Hop] {
        &self.0.history
    }

    /// The trailers (RFC 9110 section 6.5), which are no headers.
    #[must_use]
    pub fn trailers(&self) -> Option<&HeaderMap> {
        self.0.trailers.as_deref()
    }

    /// How the answer came.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.0.facts
    }

    /// The body, with its content coding undone.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// The body as text, in the encoding that it and its headers tell (see [`text`]), without a
    /// byte order mark.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotText`]: bytes are not of the encoding.
    pub fn text(&self) -> Result<Cow<'_, str>, Error> {
        self.text_as(&Reading::new()).map(|read| read.text)
    }

    /// The body as text, in an encoding of the caller's, or with bytes that are not of it replaced.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotText`]: bytes are not of the encoding, and are not to be replaced.
    pub fn text_as(&self, reading: &Reading) -> Result<Decoded<'_>, Error> {
        let content_type = self.0.headers.get(CONTENT_TYPE).map(|it| it.as_bytes());
        let content_type = content_type.map(String::from_utf8_lossy);
        let read = text::decode(&self.0.body, content_type.as_deref(), reading);
        read.map_err(|error| error.on(&self.0.url))
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
        let body = self.0.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.0.body);
        serde_json::from_slice(body).map_err(|cause| {
            let detail = format!(
                "the answer ({}, {}) is no JSON; it begins {:?}",
                self.0.status,
                self.content_type(),
                self.beginning()
            );
            Error::new(ErrorKind::NotJson).on(&self.0.url).detail(detail).because(cause)
        })
    }

    fn content_type(&self) -> &str {
        let value = self.0.headers.get(CONTENT_TYPE);
        value.and_then(|value| value.to_str().ok()).unwrap_or("no content type")
    }

    /// So much of the body as a message may show.
    fn beginning(&self) -> String {
        String::from_utf8_lossy(&self.0.body).chars().take(BEGINNING).collect()
    }
}

/// The characters of a body that an error shows.
const BEGINNING: usize = 200;
