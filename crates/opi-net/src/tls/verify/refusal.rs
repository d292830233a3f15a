//! Refusals of our own, which rustls has no words for.

use std::sync::Arc;
use std::{error, fmt};

use rustls::{CertificateError, OtherError};

use crate::tls::Pin;

/// Why a certificate is refused that may be good otherwise.
#[derive(Debug)]
pub(in crate::tls) enum Refusal {
    /// It is none of those that are trusted.
    Another,
    /// Its key has this pin, which is none of those given.
    Pin(Pin),
}

impl From<Refusal> for rustls::Error {
    fn from(refusal: Refusal) -> Self {
        CertificateError::Other(OtherError(Arc::new(refusal))).into()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Another => f.write_str("the certificate is none of those that are trusted"),
            Self::Pin(pin) => write!(f, "the certificate's key has the pin {pin}"),
        }
    }
}

impl error::Error for Refusal {}
