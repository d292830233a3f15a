//! What a request carries, and its type.

use http::HeaderValue;
#[cfg(feature = "gzip")]
use http::header::CONTENT_ENCODING;
use http::header::CONTENT_TYPE;
use serde::Serialize;

use crate::text::Charset;
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

    /// Sends `text` in `charset`, `Content-Type: text/plain` with its name unless it was set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotEncodable`]: `charset` does not have a character; nothing is replaced.
    pub fn text_in(self, text: &str, charset: Charset) -> Result<Self, Error> {
        let body = charset.encode(text)?.into_owned();
        Ok(self.typed_in("text/plain", charset).body(body))
    }

    /// Sends `fields` as an HTML form, URL-encoded in `charset`; UTF-16, which no form has, is sent
    /// in UTF-8.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotEncodable`]: `charset` does not have a character; nothing is replaced.
    pub fn form_in<'a>(
        self,
        fields: impl IntoIterator<Item = (&'a str, &'a str)>,
        charset: Charset,
    ) -> Result<Self, Error> {
        let charset = charset.of_forms();
        let mut body = String::new();
        for (name, value) in fields {
            for (before, text) in [("&", name), ("=", value)] {
                body.push_str(before);
                body.extend(url::form_urlencoded::byte_serialize(&charset.encode(text)?));
            }
        }
        let body = body.strip_prefix('&').map(str::to_owned).unwrap_or_default();
        Ok(self.typed_in("application/x-www-form-urlencoded", charset).body(body))
    }

    /// Sends the body in gzip, with `Content-Encoding: gzip`.
    ///
    /// A body in memory is compressed now, and its length is announced; any other is compressed
    /// while it is sent, in chunks. An empty body is compressed too. What is set as the body later is
    /// sent as it is, but under the same header.
    #[cfg(feature = "gzip")]
    pub fn gzip_body(mut self) -> Self {
        self.body = self.body.packed();
        self.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        self
    }

    fn typed_in(self, kind: &str, charset: Charset) -> Self {
        let value = HeaderValue::from_str(&format!("{kind}; charset={}", charset.name()));
        let value = value.unwrap_or_else(|_| HeaderValue::from_static("text/plain"));
        self.typed_as(value)
    }

    pub(crate) fn typed(self, content_type: &'static str) -> Self {
        self.typed_as(HeaderValue::from_static(content_type))
    }

    fn typed_as(mut self, value: HeaderValue) -> Self {
        self.headers.entry(CONTENT_TYPE).or_insert(value);
        self
    }
}
