//! Why a handshake with a server failed, in words a person can act on.

use std::io;

use rustls::{AlertDescription, InvalidMessage, PeerIncompatible};

use super::reason;
use crate::tls::{Certificate, alert};
use crate::{Error, ErrorKind, Phase};

/// The error of a handshake that failed with `cause` after `shown` was refused; `roots` is what is
/// to be said about the roots that were asked.
pub(super) fn failed(
    cause: io::Error,
    shown: &[Certificate],
    name: &str,
    roots: Option<String>,
) -> Error {
    let refused = cause.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let (kind, words) = match refused {
        Some(rustls::Error::InvalidCertificate(wrong)) => reason::of(wrong, shown, name),
        Some(refused) => explain(refused),
        None if cause.kind() == io::ErrorKind::UnexpectedEof => {
            (ErrorKind::Tls, "the peer closed the connection in the handshake".into())
        }
        None if cause.kind() == io::ErrorKind::ConnectionReset => {
            (ErrorKind::Tls, "the peer reset the connection in the handshake".into())
        }
        None => (ErrorKind::Tls, "the connection broke in the handshake".into()),
    };
    let words = match roots.filter(|_| kind == ErrorKind::CertificateUntrusted) {
        Some(roots) => format!("{words}; {roots}"),
        None => words,
    };
    Error::new(kind).detail(words).in_phase(Phase::Tls).because(cause)
}

/// What a read or a write that failed with `cause` means, when the peer broke TLS off: with
/// TLS 1.3 a server judges the client's certificate after the handshake.
pub(crate) fn refused_later(cause: &io::Error) -> Option<(ErrorKind, String)> {
    match cause.get_ref()?.downcast_ref::<rustls::Error>()? {
        rustls::Error::AlertReceived(received) => {
            let words = format!("the peer broke the connection off: {}", alert::words(*received));
            Some((refusal(*received).0, words))
        }
        _ => None,
    }
}

fn explain(refused: &rustls::Error) -> (ErrorKind, String) {
    match refused {
        rustls::Error::AlertReceived(received) => refusal(*received),
        rustls::Error::InvalidMessage(
            InvalidMessage::InvalidContentType
            | InvalidMessage::MessageTooLarge
            | InvalidMessage::UnknownProtocolVersion,
        ) => (ErrorKind::Tls, "the peer does not speak TLS on this port".into()),
        rustls::Error::PeerIncompatible(why) => (ErrorKind::Tls, incompatible(why)),
        other => (ErrorKind::Tls, format!("the TLS handshake failed: {other}")),
    }
}

fn refusal(received: AlertDescription) -> (ErrorKind, String) {
    let words = alert::words(received);
    match received {
        AlertDescription::CertificateRequired | AlertDescription::NoCertificate => {
            (ErrorKind::ClientCertificate, "the server demands a client certificate".into())
        }
        AlertDescription::AccessDenied
        | AlertDescription::BadCertificate
        | AlertDescription::CertificateExpired
        | AlertDescription::CertificateRevoked
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnknownCA
        | AlertDescription::UnsupportedCertificate => (
            ErrorKind::ClientCertificate,
            format!("the server refused the client certificate: {words}"),
        ),
        _ => (ErrorKind::Tls, format!("the server refused the handshake: {words}")),
    }
}

fn incompatible(why: &PeerIncompatible) -> String {
    match why {
        PeerIncompatible::ServerDoesNotSupportTls12Or13 => {
            "the server speaks only versions of TLS before 1.2".into()
        }
        PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig => {
            "the server chose a version of TLS that is switched off here".into()
        }
        other => format!("no TLS version or cipher in common: {other:?}"),
    }
}
