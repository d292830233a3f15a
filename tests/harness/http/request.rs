//! A request as it came.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::head::{Head, Headers};

/// A request that a server of the harness has read whole.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Request {
    /// The body, without its chunks.
    pub body: Vec<u8>,
    /// The number of the connection it came on, from 0: equal numbers show reuse.
    pub connection: usize,
    /// The header fields in order, with their letters as sent.
    pub headers: Headers,
    /// The method.
    pub method: String,
    /// The head's bytes, from the request line to the empty line.
    pub raw_head: Vec<u8>,
    /// Whether it came under TLS.
    pub secure: bool,
    /// The request target as sent.
    pub target: String,
    /// `HTTP/1.0` or `HTTP/1.1`.
    pub version: String,
}

impl Request {
    pub(crate) fn new(head: Head, body: Vec<u8>, connection: usize, secure: bool) -> Self {
        let Head { method, target, version, headers, raw } = head;
        Self { body, connection, headers, method, raw_head: raw, secure, target, version }
    }

    /// The value of the first header field with this name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.value(name)
    }

    /// The target up to the question mark, as sent.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query parameters in order, decoded as forms are.
    #[must_use]
    pub fn query(&self) -> Vec<(String, String)> {
        self.target.split_once('?').map(|(_, query)| decode_form(query)).unwrap_or_default()
    }

    /// The fields of a form in the body, in order, decoded.
    #[must_use]
    pub fn form(&self) -> Vec<(String, String)> {
        decode_form(&self.text())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The cookies of the request, in order.
    #[must_use]
    pub fn cookies(&self) -> Vec<(String, String)> {
        let pairs = self.headers.values("cookie").flat_map(|value| value.split("; "));
        pairs.filter_map(|pair| pair.split_once('=')).map(owned).collect()
    }
}

fn decode_form(text: &str) -> Vec<(String, String)> {
    let decode = |part: &str| {
        let spaced = part.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
