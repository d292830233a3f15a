//! Why a client's handshake failed, in words a person can act on.

use std::io;

use rustls::{AlertDescription, CertificateError, PeerIncompatible};

use crate::tls::alert;
use crate::{Error, ErrorKind};

/// The error of a handshake that failed with `cause`.
pub(super) fn failed(cause: io::Error) -> Error {
    let refused = cause.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let (kind, words) = match refused {
        Some(refused) => explain(refused),
        None if cause.kind() == io::ErrorKind::UnexpectedEof => {
            (ErrorKind::Tls, "the client closed the connection in the handshake".into())
        }
        None => (ErrorKind::Tls, "the connection broke in the handshake".into()),
    };
    Error::new(kind).detail(words).because(cause)
}

fn explain(refused: &rustls::Error) -> (ErrorKind, String) {
    match refused {
        rustls::Error::NoCertificatesPresented => {
            (ErrorKind::ClientCertificate, "the client showed no certificate".into())
        }
        rustls::Error::InvalidCertificate(wrong) => {
            (ErrorKind::ClientCertificate, certificate(wrong))
        }
        rustls::Error::AlertReceived(received) => (ErrorKind::Tls, refusal(*received)),
        rustls::Error::PeerIncompatible(why) => (ErrorKind::Tls, incompatible(why)),
        rustls::Error::NoApplicationProtocol => {
            let words = "the client offers only application protocols (ALPN) that are not served";
            (ErrorKind::Tls, words.into())
        }
        other => (ErrorKind::Tls, format!("the TLS handshake failed: {other}")),
    }
}

fn certificate(wrong: &CertificateError) -> String {
    match wrong {
        CertificateError::UnknownIssuer => "the client's certificate is of an unknown issuer",
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the client's certificate has expired"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the client's certificate is not valid yet"
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "the client's certificate is not made for clients"
        }
        other => return format!("the client's certificate is refused: {other}"),
    }
    .into()
}

fn refusal(received: AlertDescription) -> String {
    match received {
        AlertDescription::UnknownCA | AlertDescription::CertificateUnknown => {
            "the client does not trust our certificate".into()
        }
        AlertDescription::BadCertificate => "the client refuses our certificate".into(),
        AlertDescription::CertificateExpired => {
            "the client finds our certificate expired or not valid yet".into()
        }
        other => format!("the client broke off: {}", alert::words(other)),
    }
}

fn incompatible(why: &PeerIncompatible) -> String {
    match why {
        PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled
        | PeerIncompatible::SupportedVersionsExtensionRequired => {
            "the client offers no version of TLS that is spoken here".into()
        }
        PeerIncompatible::NoCipherSuitesInCommon => "no cipher suite in common".into(),
        PeerIncompatible::NoKxGroupsInCommon => "no key exchange in common".into(),
        other => format!("the client cannot be spoken to: {other:?}"),
    }
}
