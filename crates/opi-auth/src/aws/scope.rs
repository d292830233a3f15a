//! The key of one day, region and service, and what it signs.

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::AwsV4;
use super::date::Date;

/// The key of one day, region and service.
#[derive(Clone)]
pub(super) struct Scope {
    key: Zeroizing<Vec<u8>>,
    date: String,
    text: String,
}

impl Scope {
    pub(super) fn new(keys: &AwsV4, date: &Date) -> Self {
        let AwsV4 { secret_key, region, service, .. } = keys;
        let key = generate_signing_key(secret_key, date.moment(), region, service);
        Self {
            key: Zeroizing::new(key.as_ref().to_vec()),
            date: date.text().to_owned(),
            text: format!("{}/{region}/{service}/aws4_request", date.day()),
        }
    }

    /// `20150830/us-east-1/s3/aws4_request`.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What is signed of a canonical request, or of a chunk.
    pub(super) fn string_to_sign(&self, algorithm: &str, rest: &str) -> String {
        format!("{algorithm}\n{}\n{}\n{rest}", self.date, self.text)
    }

    pub(super) fn signature(&self, string_to_sign: &str) -> String {
        calculate_signature(self.key.as_slice(), string_to_sign.as_bytes())
    }
}

/// The SHA-256 in lower-case hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _always_ok = write!(text, "{byte:02x}");
        text
    })
}

/// The name of the algorithm.
pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";
