//! Signatures in URLs, which whoever has the URL may use until it expires.

use std::fmt;
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

use super::canonical::{self, Headers};
use super::scope::{ALGORITHM, Scope, sha256};
use super::sign::{UNSIGNED, date};
use super::{AwsPayload, AwsRequest, AwsRules, AwsToken, AwsV4};
use crate::{Error, ErrorKind};

/// A signed target, which is a secret itself until it expires.
#[must_use]
#[derive(Clone)]
pub struct AwsPresigned {
    target: Zeroizing<String>,
    canonical: Vec<u8>,
    string_to_sign: String,
    signature: String,
}

impl AwsPresigned {
    /// Path and query with the signature; each use is a place to review.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The text that was hashed and signed; it holds the session token.
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
}

/// Shows nothing of it.
impl fmt::Debug for AwsPresigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwsPresigned(..)")
    }
}

impl AwsV4 {
    /// The longest time that a signed URL may live: 7 days.
    pub const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

    /// Signs the URL of `request`, to be used from `time` on for the time `expires` (whole seconds,
    /// 1 second to 7 days). Who uses it must send the signed headers as they are in `request`,
    /// usually only `host`.
    ///
    /// For S3 the body is not signed, unless its hash is given.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadExpiry`]: the time is too short or too long. Besides, those of
    /// [`AwsV4::sign`]; a body by chunks is [`ErrorKind::BadRequest`].
    pub fn presign(
        &self,
        request: &AwsRequest<'_>,
        expires: Duration,
        time: SystemTime,
    ) -> Result<AwsPresigned, Error> {
        let (path, query) = self.parts(request)?;
        if expires.as_secs() == 0 || expires > Self::LONGEST {
            return Err(Error::new(ErrorKind::BadExpiry));
        }
        let date = date(request, time)?;
        let hash = self.hash_in_url(request)?;
        let scope = Scope::new(self, &date);
        let theirs =
            self.signed(request).filter(|(name, _)| !name.eq_ignore_ascii_case("x-amz-date"));
        let headers = Headers::new(theirs);
        let names = headers.names();
        let credential = format!("{}/{}", self.access_key, scope.text());
        let seconds = expires.as_secs().to_string();
        let mut added = vec![
            ("X-Amz-Algorithm", ALGORITHM),
            ("X-Amz-Credential", &credential),
            ("X-Amz-Date", date.text()),
            ("X-Amz-SignedHeaders", &names),
            ("X-Amz-Expires", &seconds),
        ];
        let token = self.token.as_ref().map(|token| ("X-Amz-Security-Token", token.as_str()));
        let signed_token = token.filter(|_| self.token_is == AwsToken::Signed);
        let signed = canonical::query(query, added.iter().copied().chain(signed_token));
        let path_signed = canonical::path(path, self.rules);
        let canonical = headers.canonical(request.method, &path_signed, &signed, &hash);
        let string_to_sign = scope.string_to_sign(ALGORITHM, &sha256(&canonical));
        let signature = scope.signature(&string_to_sign);
        added.extend(token);
        added.push(("X-Amz-Signature", &signature));
        let target = Zeroizing::new(target(path, query, &added));
        Ok(AwsPresigned { target, canonical, string_to_sign, signature })
    }

    fn hash_in_url(&self, request: &AwsRequest<'_>) -> Result<String, Error> {
        match request.payload {
            AwsPayload::Bytes(_) if self.rules == AwsRules::S3 => Ok(UNSIGNED.to_owned()),
            AwsPayload::Bytes(body) => Ok(sha256(body)),
            AwsPayload::Chunks(_) => Err(Error::new(ErrorKind::BadRequest)),
            AwsPayload::Hash(hash) => Ok(hash.to_owned()),
            AwsPayload::Unsigned => Ok(UNSIGNED.to_owned()),
        }
    }
}

/// The target as it is sent: what was there stays as it was.
fn target(path: &str, query: &str, added: &[(&str, &str)]) -> String {
    let encoded =
        added.iter().map(|(name, value)| format!("{name}={}", canonical::parameter(value)));
    let given = (!query.is_empty()).then(|| query.to_owned());
    let pairs: Vec<_> = given.into_iter().chain(encoded).collect();
    format!("{path}?{}", pairs.join("&"))
}
