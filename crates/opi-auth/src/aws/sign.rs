//! Signatures in headers.

use std::borrow::Cow;
use std::fmt;
use std::time::SystemTime;

use super::canonical::{self, Headers};
use super::chunks::AwsChunks;
use super::date::Date;
use super::scope::{ALGORITHM, Scope, sha256};
use super::{AwsHash, AwsHeaders, AwsPayload, AwsRequest, AwsToken, AwsV4};
use crate::{Authorization, Credential, Error, ErrorKind};

/// A signature in headers, and what it was made of.
#[must_use]
#[derive(Clone)]
pub struct AwsSigned {
    headers: Vec<Credential>,
    canonical: Vec<u8>,
    string_to_sign: String,
    signature: String,
    scope: Scope,
    chunked: bool,
}

impl AwsSigned {
    /// The headers to set on the request, in the place of those of the same names:
    /// `x-amz-date`, `x-amz-content-sha256`, `x-amz-security-token`, `x-amz-decoded-content-length`,
    /// `content-encoding` and `authorization`, as far as there is need of them.
    #[must_use]
    pub fn headers(&self) -> &[Credential] {
        &self.headers
    }

    /// The text that was hashed and signed, to compare with what a server says it has seen. It
    /// holds the values of the signed headers, the session token among them.
    #[must_use]
    pub fn canonical_request(&self) -> &[u8] {
        &self.canonical
    }

    /// What the key has signed.
    #[must_use]
    pub fn string_to_sign(&self) -> &str {
        &self.string_to_sign
    }

    /// The signature, 64 hexadecimal digits.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// What signs the chunks of the body, when the request was signed with
    /// [`AwsPayload::Chunks`]; none otherwise.
    #[must_use]
    pub fn chunks(&self) -> Option<AwsChunks> {
        self.chunked.then(|| AwsChunks::new(self.scope.clone(), self.signature.clone()))
    }
}

/// Shows neither headers nor what was signed.
impl fmt::Debug for AwsSigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwsSigned(..)")
    }
}

impl AwsV4 {
    /// Signs `request` at `time`, unless the request has an `x-amz-date` of its own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadKeys`]: a key, the token, the region or the service cannot be sent.
    /// [`ErrorKind::BadRequest`]: there is no host, or the target is no path.
    /// [`ErrorKind::BadDate`]: the time is not in the years 1970 to 9999, or not a time.
    pub fn sign(&self, request: &AwsRequest<'_>, time: SystemTime) -> Result<AwsSigned, Error> {
        let (path, query) = self.parts(request)?;
        let date = date(request, time)?;
        let hash = hash(request);
        let added = self.added(request, &date, &hash)?;
        let token = |it: &&Credential| {
            self.token_is == AwsToken::Signed || it.name() != "x-amz-security-token"
        };
        let ours = added.iter().filter(token).map(|it| (it.name(), bytes(it.value())));
        // What is added replaces what was there.
        let replaced = |name: &str| added.iter().any(|it| it.name().eq_ignore_ascii_case(name));
        let theirs = self.signed(request).filter(|(name, _)| !replaced(name));
        let headers = Headers::new(theirs.chain(ours.filter(|(name, _)| self.signs(name))));
        let path = canonical::path(path, self.rules);
        let canonical =
            headers.canonical(request.method, &path, &canonical::query(query, []), &hash);
        let scope = Scope::new(self, &date);
        let string_to_sign = scope.string_to_sign(ALGORITHM, &sha256(&canonical));
        let signature = scope.signature(&string_to_sign);
        let value = format!(
            "{ALGORITHM} Credential={}/{}, SignedHeaders={}, Signature={signature}",
            self.access_key,
            scope.text(),
            headers.names()
        );
        let mut headers = added;
        headers.push(Credential::of("authorization", Authorization::new(value)));
        let chunked = matches!(request.payload, AwsPayload::Chunks(_));
        Ok(AwsSigned { headers, canonical, string_to_sign, signature, scope, chunked })
    }

    /// The headers that a signature brings besides itself.
    fn added(
        &self,
        request: &AwsRequest<'_>,
        date: &Date,
        hash: &str,
    ) -> Result<Vec<Credential>, Error> {
        let mut added = Vec::new();
        let mut add = |name: &'static str, value: &str| {
            added.push(Credential::of(name, Authorization::new(value.to_owned())));
        };
        if request.value("x-amz-date").is_none() {
            add("x-amz-date", date.text());
        }
        if self.hash == AwsHash::Sent && request.value("x-amz-content-sha256").is_none() {
            add("x-amz-content-sha256", hash);
        }
        if let (Some(token), None) = (&self.token, request.value("x-amz-security-token")) {
            add("x-amz-security-token", token);
        }
        if let AwsPayload::Chunks(length) = request.payload {
            add("x-amz-decoded-content-length", &length.to_string());
            add("content-encoding", &chunked(request)?);
        }
        Ok(added)
    }

    /// Checks what cannot be signed, and gives path and query.
    pub(super) fn parts<'a>(&self, request: &AwsRequest<'a>) -> Result<(&'a str, &'a str), Error> {
        let visible = |text: &str| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',')
        };
        let token = self.token.as_ref().map_or("-", |token| token.as_str());
        if ![self.access_key.as_str(), token, &self.region, &self.service].into_iter().all(visible)
        {
            return Err(Error::new(ErrorKind::BadKeys));
        }
        let broken = |byte: &u8| matches!(byte, 0 | b'\r' | b'\n' | b'#');
        let target = request.target;
        if !target.starts_with('/')
            || target.as_bytes().iter().any(broken)
            || !visible(request.method)
            || request.value("host").is_none()
        {
            return Err(Error::new(ErrorKind::BadRequest));
        }
        Ok(target.split_once('?').unwrap_or((target, "")))
    }

    /// The headers of the request that are signed.
    pub(super) fn signed<'a>(
        &self,
        request: &AwsRequest<'a>,
    ) -> impl Iterator<Item = (&'a str, Cow<'a, [u8]>)> {
        let signed = request.headers.iter().filter(|(name, _)| self.signs(name));
        signed.map(|(name, value)| (*name, Cow::Borrowed(*value)))
    }

    fn signs(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        match self.headers {
            AwsHeaders::All => !CHANGED.contains(&name.as_str()) && !name.starts_with("proxy-"),
            AwsHeaders::Usual => {
                let usual = name.starts_with("x-amz-") || USUAL.contains(&name.as_str());
                usual && name != "x-amz-client-context"
            }
        }
    }
}

/// The time of the signature.
pub(super) fn date(request: &AwsRequest<'_>, time: SystemTime) -> Result<Date, Error> {
    match request.value("x-amz-date") {
        Some(given) => Date::read(given),
        None => Date::new(time),
    }
}

/// The hash of the body, or the word that stands for it.
fn hash<'a>(request: &AwsRequest<'a>) -> Cow<'a, str> {
    let given = request.value("x-amz-content-sha256").and_then(|it| str::from_utf8(it).ok());
    match (given, request.payload) {
        (Some(given), _) => Cow::Borrowed(given.trim()),
        (None, AwsPayload::Bytes(body)) => Cow::Owned(sha256(body)),
        (None, AwsPayload::Chunks(_)) => Cow::Borrowed("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
        (None, AwsPayload::Hash(hash)) => Cow::Borrowed(hash),
        (None, AwsPayload::Unsigned) => Cow::Borrowed(UNSIGNED),
    }
}

/// `aws-chunked`, in front of the codings that are there.
fn chunked(request: &AwsRequest<'_>) -> Result<String, Error> {
    let bad = |_other| Error::new(ErrorKind::BadRequest);
    let given = request.value("content-encoding").unwrap_or_default();
    let given = str::from_utf8(given).map_err(bad)?.trim();
    Ok(if given.is_empty() { "aws-chunked".to_owned() } else { format!("aws-chunked,{given}") })
}

fn bytes(value: &Authorization) -> Cow<'_, [u8]> {
    Cow::Borrowed(value.expose().as_bytes())
}

/// Stands for the hash of a body that is not signed.
pub(super) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// What is signed of the headers whose names do not begin with `x-amz-`.
const USUAL: &[&str] = &["content-md5", "content-type", "date", "host", "range"];

/// What may change on the way.
const CHANGED: &[&str] = &[
    "accept-encoding",
    "authorization",
    "connection",
    "expect",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];
