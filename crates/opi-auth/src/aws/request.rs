//! A request as it is signed: what is on the wire, and how its body is known.

use std::fmt;

/// A request to sign.
#[must_use]
#[derive(Clone)]
pub struct AwsRequest<'a> {
    pub(super) method: &'a str,
    pub(super) target: &'a str,
    pub(super) headers: Vec<(&'a str, &'a [u8])>,
    pub(super) payload: AwsPayload<'a>,
}

/// How the body is known to who signs.
#[non_exhaustive]
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum AwsPayload<'a> {
    /// The body itself.
    Bytes(&'a [u8]),
    /// So many bytes that are signed as they are sent, chunk by chunk (S3 only); see
    /// [`AwsSigned::chunks`](super::AwsSigned::chunks).
    Chunks(u64),
    /// The SHA-256 of the body in lower-case hex, computed before.
    Hash(&'a str),
    /// Nothing of it is signed: whoever is in the way can change it, so only under TLS.
    Unsigned,
}

impl<'a> AwsRequest<'a> {
    /// A request of `method` for `target`, the path and query exactly as they are sent. Its body
    /// is empty.
    pub fn new(method: &'a str, target: &'a str) -> Self {
        Self { method, target, headers: Vec::new(), payload: AwsPayload::Bytes(b"") }
    }

    /// Adds a header as it is sent; `host` must be among them.
    ///
    /// Three of them are obeyed when they are there: `x-amz-date` is the time of the signature,
    /// `x-amz-content-sha256` the hash of the body, `x-amz-security-token` the session token.
    pub fn header(mut self, name: &'a str, value: &'a [u8]) -> Self {
        self.headers.push((name, value));
        self
    }

    /// How the body is known. Default: it is empty.
    pub fn payload(self, payload: AwsPayload<'a>) -> Self {
        Self { payload, ..self }
    }

    /// The value of the first header of a name.
    pub(super) fn value(&self, name: &str) -> Option<&'a [u8]> {
        let mut found = self.headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| *value)
    }
}

/// Shows the method and how many headers there are.
impl fmt::Debug for AwsRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AwsRequest({}, {} headers, ..)", self.method, self.headers.len())
    }
}

/// Never shows the body.
impl fmt::Debug for AwsPayload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(body) => write!(f, "Bytes({} bytes)", body.len()),
            Self::Chunks(length) => write!(f, "Chunks({length} bytes)"),
            Self::Hash(_) => f.write_str("Hash(..)"),
            Self::Unsigned => f.write_str("Unsigned"),
        }
    }
}
