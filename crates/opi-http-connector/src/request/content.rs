//! What a request carries, and its type.

use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde::Serialize;

use crate::{Body, Error, ErrorKind, Request};

impl Request {
    /// Sends `body`; its `Content-Type` is the caller's to set.
    pub fn body(self, body: impl Into<Body>) -> Self {
        Self { body: body.into(), ..self }
    }

    /// Sends `value` as JSON, `Content-Type: application/json` unless it was set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadJson`]: `value` cannot be written as JSON.
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Result<Self, Error> {
        let body = serde_json::to_vec(value).map_err(|cause| {
            Error::new(ErrorKind::BadJson).detail("the value cannot be written").because(cause)
        })?;
        Ok(self.typed("application/json; charset=utf-8").body(body))
    }

    /// Sends `fields` as an HTML form, URL-encoded in UTF-8.
    pub fn form<'a>(self, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut encoded = url::form_urlencoded::Serializer::new(String::new());
        let body = encoded.extend_pairs(fields).finish();
        self.typed("application/x-www-form-urlencoded; charset=utf-8").body(body)
    }

    /// Sends `text` in UTF-8, `Content-Type: text/plain` unless it was set.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.typed("text/plain; charset=utf-8").body(text.into())
    }

    fn typed(mut self, content_type: &'static str) -> Self {
        let value = HeaderValue::from_static(content_type);
        self.headers.entry(CONTENT_TYPE).or_insert(value);
        self
    }
}
