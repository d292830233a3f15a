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

    /// Both moments as people write them, in UTC: `2026-01-31T23:59:59Z`.
    #[must_use]
    pub fn validity(&self) -> [String; 2] {
        [self.validity.0, self.validity.1].map(time::moment)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Vec<u8> {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["a.test".into()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2020, 2, 29);
        params.not_after = rcgen::date_time_ymd(2120, 1, 1);
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn a_certificate_says_what_it_was_made_of() {
        let der = one();
        let read = Certificate::from_der(&der).unwrap();
        assert_eq!(read.subject(), "CN=rcgen self signed cert");
        assert!(read.is_self_issued());
        assert_eq!((read.names(), read.key()), (&["a.test".to_owned()][..], "ECDSA P-256"));
        assert_eq!(date(read.not_before()), "2020-02-29");
        assert_eq!(date(read.not_after()), "2120-01-01");
        assert_eq!(read.validity(), ["2020-02-29T00:00:00Z", "2120-01-01T00:00:00Z"]);
        assert_eq!(read.der(), der);
    }

    /// Peers send these bytes: whatever they are, reading them ends without a panic.
    #[test]
    fn no_broken_certificate_breaks_the_reader() {
        let der = one();
        for end in 0..der.len() {
            assert!(Certificate::from_der(&der[..end]).is_err(), "cut at {end}");
        }
        for place in 0..der.len() {
            for value in [0, 1, 0x7f, 0x80, 0x82, 0x84, 0xff, !der[place]] {
                let mut broken = der.clone();
                broken[place] = value;
                let _any = Certificate::from_der(&broken).is_ok();
            }
        }
    }
}
