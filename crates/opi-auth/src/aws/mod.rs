//! AWS Signature Version 4, in headers, in URLs and over chunks of a body.
//!
//! What is signed is put together here; the keys and the signatures are those of `aws-sigv4`. Its
//! own reading of requests writes their headers to the log, takes bytes that are no UTF-8 for
//! others, and wants paths of S3 as the server will see them.

mod canonical;
mod chunks;
mod date;
mod presign;
mod request;
mod scheme;
mod scope;
mod sign;

use std::fmt;

use zeroize::Zeroizing;

pub use chunks::AwsChunks;
pub use presign::AwsPresigned;
pub use request::{AwsPayload, AwsRequest};
pub use sign::AwsSigned;

/// The keys of an account and what they sign for: AWS Signature Version 4.
///
/// Region and service are any text, so servers that are not of AWS are signed for as well.
///
/// ```
/// use opi_auth::{AwsPayload, AwsRequest, AwsV4};
/// use std::time::{Duration, UNIX_EPOCH};
///
/// let keys = AwsV4::new("ACCESS_KEY", "SECRET_KEY", "eu-north-1", "sqs");
/// let request = AwsRequest::new("GET", "/123456789101/test")
///     .header("host", b"sqs.eu-north-1.amazonaws.com");
/// let signed = keys.sign(&request, UNIX_EPOCH + Duration::from_secs(1_587_903_600))?;
/// let names: Vec<_> = signed.headers().iter().map(|header| header.name()).collect();
/// assert_eq!(names, ["x-amz-date", "x-amz-content-sha256", "authorization"]);
/// # Ok::<(), opi_auth::Error>(())
/// ```
///
/// A session of `opi-http-connector` that is told that its clock is wrong signs once more by the
/// clock of the server. Over plain HTTP whoever is in between can tell it so, and have requests
/// signed for a time of theirs; TLS is what keeps them from it.
#[must_use]
#[derive(Clone)]
pub struct AwsV4 {
    access_key: String,
    secret_key: Zeroizing<String>,
    token: Option<Zeroizing<String>>,
    token_is: AwsToken,
    region: String,
    service: String,
    rules: AwsRules,
    headers: AwsHeaders,
    hash: AwsHash,
    streams: AwsStreams,
}

/// How the path is written into what is signed.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AwsRules {
    /// All services but S3: without `.`, `..` and empty segments, and encoded once more.
    General,
    /// S3 and servers like it: as the key is named, encoded once.
    S3,
}

/// Which headers are signed besides `host`.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AwsHeaders {
    /// All that are there but those that proxies change: `accept-encoding`, `authorization`,
    /// `connection`, `expect`, `keep-alive`, `te`, `trailer`, `transfer-encoding`, `upgrade`,
    /// `user-agent`, `x-amzn-trace-id` and the names that begin with `proxy-`.
    All,
    /// `content-md5`, `content-type`, `date`, `range` and those that begin with `x-amz-` but
    /// `x-amz-client-context`.
    Usual,
}

/// Whether the hash of the body goes with the request.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AwsHash {
    /// It is signed and not sent; S3 refuses that.
    Hidden,
    /// As `x-amz-content-sha256`.
    Sent,
}

/// How a body is signed that is read as it is sent: of files and streams.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AwsStreams {
    /// Chunk by chunk, each signature over the one before (`STREAMING-AWS4-HMAC-SHA256-PAYLOAD`),
    /// with and without TLS. S3 and servers like it alone read such bodies, and the length must be
    /// known before the first byte.
    Signed,
    /// Not at all (`UNSIGNED-PAYLOAD`), and so under TLS only.
    Unsigned,
}

/// How the session token takes part.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AwsToken {
    /// It is added after signing, as few services want it.
    Added,
    /// It is signed.
    Signed,
}

impl AwsV4 {
    /// Keys for a service in a region; the rules are those of S3 when the service's name is `s3`
    /// or begins with `s3-` or `s3express`.
    pub fn new(
        access_key: impl Into<String>,
        secret_key: impl Into<String>,
        region: impl Into<String>,
        service: impl Into<String>,
    ) -> Self {
        let service = service.into();
        let of_s3 = service == "s3" || service.starts_with("s3-") || service == "s3express";
        Self {
            access_key: access_key.into(),
            secret_key: Zeroizing::new(secret_key.into()),
            token: None,
            token_is: AwsToken::Signed,
            region: region.into(),
            service,
            rules: if of_s3 { AwsRules::S3 } else { AwsRules::General },
            headers: AwsHeaders::Usual,
            hash: AwsHash::Sent,
            streams: AwsStreams::Unsigned,
        }
    }

    /// The token of temporary keys. Default: none.
    pub fn session_token(self, token: impl Into<String>) -> Self {
        Self { token: Some(Zeroizing::new(token.into())), ..self }
    }

    /// How the session token takes part. Default: [`AwsToken::Signed`].
    pub fn token_is(self, token_is: AwsToken) -> Self {
        Self { token_is, ..self }
    }

    /// How the path is written into what is signed. Default: by the name of the service.
    pub fn rules(self, rules: AwsRules) -> Self {
        Self { rules, ..self }
    }

    /// Which headers are signed. Default: [`AwsHeaders::Usual`].
    pub fn headers(self, headers: AwsHeaders) -> Self {
        Self { headers, ..self }
    }

    /// Whether the hash of the body goes with the request. Default: [`AwsHash::Sent`].
    pub fn hash(self, hash: AwsHash) -> Self {
        Self { hash, ..self }
    }

    /// How a body is signed that is read as it is sent. Default: [`AwsStreams::Unsigned`].
    pub fn streams(self, streams: AwsStreams) -> Self {
        Self { streams, ..self }
    }
}

/// Shows neither key nor token.
impl fmt::Debug for AwsV4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { region, service, .. } = self;
        write!(f, "AwsV4({region}/{service}, ..)")
    }
}

#[cfg(test)]
mod tests;
