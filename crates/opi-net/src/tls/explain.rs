//! Why a handshake failed, in words a person can act on.

use std::io;
use std::time::{Duration, UNIX_EPOCH};

use rustls::{AlertDescription, CertificateError};

use super::certificate::date;
use crate::{Error, ErrorKind, Phase, Target};

/// The error of a handshake that failed with `cause`.
pub(super) fn failed(cause: io::Error, target: &Target) -> Error {
    let error = match cause.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(refused) => {
            let (kind, detail) = explain(refused, target);
            Error::new(kind).detail(detail)
        }
        None if cause.kind() == io::ErrorKind::UnexpectedEof => {
            Error::new(ErrorKind::Tls).detail("the peer closed the connection in the handshake")
        }
        None => Error::new(ErrorKind::Tls),
    };
    error.in_phase(Phase::Tls).on(target).because(cause)
}

fn explain(refused: &rustls::Error, target: &Target) -> (ErrorKind, String) {
    match refused {
        rustls::Error::InvalidCertificate(wrong) => certificate(wrong, target),
        rustls::Error::InvalidMessage(_) => {
            (ErrorKind::Tls, "the peer does not speak TLS on this port".into())
        }
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => {
            (ErrorKind::Tls, "the server demands a client certificate".into())
        }
        rustls::Error::AlertReceived(alert) => {
            (ErrorKind::Tls, format!("the server refused the handshake: {alert:?}"))
        }
        rustls::Error::PeerIncompatible(why) => {
            (ErrorKind::Tls, format!("no TLS version or cipher in common: {why:?}"))
        }
        _ => (ErrorKind::Tls, "the TLS handshake failed".into()),
    }
}

fn certificate(wrong: &CertificateError, target: &Target) -> (ErrorKind, String) {
    let host = target.host();
    match wrong {
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names: Vec<_> = presented.iter().map(|name| bare(name)).collect();
            let names = if names.is_empty() { "no name".to_owned() } else { names.join(", ") };
            (ErrorKind::CertificateName, format!("the certificate is for {names}, not for {host}"))
        }
        CertificateError::NotValidForName => {
            (ErrorKind::CertificateName, format!("the certificate is not for {host}"))
        }
        CertificateError::ExpiredContext { not_after, .. } => {
            let day = date(UNIX_EPOCH + Duration::from_secs(not_after.as_secs()));
            (ErrorKind::CertificateTime, format!("the certificate expired on {day}"))
        }
        CertificateError::Expired => {
            (ErrorKind::CertificateTime, "the certificate has expired".into())
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            let day = date(UNIX_EPOCH + Duration::from_secs(not_before.as_secs()));
            (ErrorKind::CertificateTime, format!("the certificate is not valid before {day}"))
        }
        CertificateError::NotValidYet => {
            (ErrorKind::CertificateTime, "the certificate is not valid yet".into())
        }
        CertificateError::UnknownIssuer => {
            (ErrorKind::CertificateUntrusted, "no trusted root issued the certificate".into())
        }
        other => {
            (ErrorKind::CertificateUntrusted, format!("the certificate is refused: {other:?}"))
        }
    }
}

/// The name inside rustls's notation `DnsName("other.test")`.
fn bare(name: &str) -> &str {
    name.split_once('(').map_or(name, |(_, rest)| rest.trim_end_matches(')').trim_matches('"'))
}
