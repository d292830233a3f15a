//! Signatures over the chunks of a body that is sent as it comes
//! (`STREAMING-AWS4-HMAC-SHA256-PAYLOAD`).

use std::fmt;

use super::scope::{Scope, sha256};

/// Signs the chunks of a body, each over the one before.
///
/// A body is sent as its chunks, each behind the line of [`AwsChunks::line`] and before a line end;
/// the last chunk is empty. All but the last two must have at least 8 KiB.
///
/// ```
/// use opi_auth::{AwsChunks, AwsPayload, AwsRequest, AwsV4};
/// use std::time::{Duration, UNIX_EPOCH};
///
/// let keys = AwsV4::new("AKIAIOSFODNN7EXAMPLE", "hunter2", "us-east-1", "s3");
/// let request = AwsRequest::new("PUT", "/bucket/key")
///     .header("host", b"s3.amazonaws.com")
///     .payload(AwsPayload::Chunks(5));
/// let signed = keys.sign(&request, UNIX_EPOCH + Duration::from_secs(1_369_353_600))?;
/// let mut chunks = signed.chunks().expect("the payload is one of chunks");
/// let body = format!("{}hello\r\n{}\r\n", chunks.line(b"hello"), chunks.line(b""));
/// assert_eq!(body.len() as u64, AwsChunks::length(5, 64 * 1024));
/// # Ok::<(), opi_auth::Error>(())
/// ```
#[must_use]
#[derive(Clone)]
pub struct AwsChunks {
    scope: Scope,
    before: String,
}

impl AwsChunks {
    pub(super) fn new(scope: Scope, before: String) -> Self {
        Self { scope, before }
    }

    /// Signs the next chunk: the line in front of it, its end included.
    pub fn line(&mut self, data: &[u8]) -> String {
        let rest = format!("{}\n{}\n{}", self.before, sha256(b""), sha256(data));
        self.before = self.scope.signature(&self.scope.string_to_sign(PAYLOAD, &rest));
        format!("{:x};chunk-signature={}\r\n", data.len(), self.before)
    }

    /// How many bytes a body of `length` bytes has on the wire, in chunks of `chunk` bytes: the
    /// `Content-Length`. No chunks of 0 bytes are made; they are taken for 1.
    #[must_use]
    pub fn length(length: u64, chunk: u64) -> u64 {
        let chunk = chunk.max(1);
        let framed = |data: u64| {
            let digits = u64::from((u64::BITS - data.leading_zeros()).div_ceil(4).max(1));
            // The size, `;chunk-signature=`, the signature and two line ends.
            (digits + 17 + 64 + 4).saturating_add(data)
        };
        let rest = length % chunk;
        let last = if rest == 0 { 0 } else { framed(rest) };
        (length / chunk)
            .saturating_mul(framed(chunk))
            .saturating_add(last.saturating_add(framed(0)))
    }
}

/// Shows nothing of it.
impl fmt::Debug for AwsChunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwsChunks(..)")
    }
}

/// The name of the algorithm for chunks.
const PAYLOAD: &str = "AWS4-HMAC-SHA256-PAYLOAD";
