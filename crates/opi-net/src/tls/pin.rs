//! Pins: which public keys are accepted, known by their SHA-256.

use std::fmt;
use std::str::FromStr;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::provider::sha256;
use crate::{Error, ErrorKind};

/// SHA-256 over a certificate's SubjectPublicKeyInfo (RFC 7469, section 2.4).
///
/// The text is curl's: `sha256//` and Base64. It survives a renewal that keeps the key.
///
/// ```
/// use opi_net::tls::Pin;
///
/// let text = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
/// assert_eq!(text.parse::<Pin>()?.to_string(), text);
/// # Ok::<(), opi_net::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Pin([u8; 32]);

impl Pin {
    /// The pin of a public key in DER (SubjectPublicKeyInfo).
    pub(super) fn of_key(key_info: &[u8]) -> Self {
        Self(sha256(key_info))
    }
}

impl From<[u8; 32]> for Pin {
    fn from(digest: [u8; 32]) -> Self {
        Self(digest)
    }
}

impl FromStr for Pin {
    type Err = Error;

    /// # Errors
    ///
    /// [`ErrorKind::BadCertificate`]: the text is not `sha256//` and Base64 of 32 bytes.
    fn from_str(text: &str) -> Result<Self, Error> {
        let digest = text.strip_prefix(PREFIX).and_then(|rest| STANDARD.decode(rest).ok());
        let digest = digest.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        digest.map(Self).ok_or_else(|| {
            Error::new(ErrorKind::BadCertificate)
                .detail("a pin is written sha256// and the Base64 of 32 bytes")
        })
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", STANDARD.encode(self.0))
    }
}

const PREFIX: &str = "sha256//";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_pin_is_refused() {
        for text in ["", "sha256//", "sha256//AAAA", "sha1//47DEQpj8HBSa+/TImW+5JCeuQeQ=", "47DEQ"]
        {
            assert_eq!(text.parse::<Pin>().unwrap_err().kind(), ErrorKind::BadCertificate);
        }
    }

    #[test]
    fn the_pin_of_nothing_is_known() {
        let empty = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        assert_eq!(Pin::of_key(b"").to_string(), empty);
    }
}
