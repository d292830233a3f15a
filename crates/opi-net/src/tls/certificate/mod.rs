//! A certificate as people speak of it: names, times, key, fingerprint.

mod name;
mod parse;
mod time;

use std::fmt;
use std::time::SystemTime;

use super::pin::Pin;
use super::provider::sha256;
use crate::{Error, ErrorKind};

pub(super) use parse::Parts;
pub(super) use time::date;

/// What a certificate (RFC 5280) says, for messages and inspection; nothing is verified here.
///
/// ```
/// use opi_net::tls::Certificate;
///
/// assert!(Certificate::from_der(b"no certificate").is_err());
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct Certificate {
    der: Vec<u8>,
    subject: String,
    issuer: String,
    common_name: Option<String>,
    names: Vec<String>,
    validity: (SystemTime, SystemTime),
    key: String,
    pin: Pin,
}

impl Certificate {
    /// Reads the certificate in `der`; [`TlsFacts::peer_chain`](crate::TlsFacts) holds such bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadCertificate`]: it is none.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let bad = || Error::new(ErrorKind::BadCertificate).detail("the bytes are no certificate");
        let parts = Parts::of(der).ok_or_else(bad)?;
        Ok(Self {
            der: der.to_vec(),
            subject: name::text(parts.subject),
            issuer: name::text(parts.issuer),
            common_name: name::common_name(parts.subject),
            names: parts.names(),
            validity: parts.validity().ok_or_else(bad)?,
            key: parts.key().to_string(),
            pin: Pin::of_key(parts.key_info),
        })
    }

    /// The certificate's bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whom it is for, in the order it is written: `O=Example, CN=example.test`.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Who issued it, written as the subject is.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The common name of the subject, which counts for no verification (RFC 9525, section 2).
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        self.common_name.as_deref()
    }

    /// The host names and addresses it is valid for, 64 at most.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The first moment of its validity.
    #[must_use]
    pub fn not_before(&self) -> SystemTime {
        self.validity.0
    }

    /// The last moment of its validity.
    #[must_use]
    pub fn not_after(&self) -> SystemTime {
        self.validity.1
    }

    /// The kind of its public key: `RSA 2048`, `ECDSA P-256`, `Ed25519`, or the algorithm's number.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The pin of its public key.
    #[must_use]
    pub fn pin(&self) -> Pin {
        self.pin
    }

    /// SHA-256 over the certificate in upper-case hexadecimal pairs, as OpenSSL prints it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        sha256(&self.der).map(|byte| format!("{byte:02X}")).join(":")
    }

    /// Whether subject and issuer are the same.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &self.subject)
            .field("issuer", &self.issuer)
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}
