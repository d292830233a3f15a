//! TLS alerts (RFC 8446, section 6) in plain words.

use rustls::AlertDescription;

/// What the sender of `alert` means.
pub(super) fn words(alert: AlertDescription) -> String {
    let words = match alert {
        AlertDescription::CloseNotify => "it closes the connection",
        AlertDescription::UnexpectedMessage => "a message came that it did not expect",
        AlertDescription::HandshakeFailure => {
            "handshake failure: nothing in common with it, for example no cipher suite, or a client certificate it wants"
        }
        AlertDescription::NoCertificate | AlertDescription::CertificateRequired => {
            "it requires a client certificate"
        }
        AlertDescription::BadCertificate => {
            "bad certificate: it cannot accept the client certificate"
        }
        AlertDescription::UnsupportedCertificate => "the certificate is of a kind it does not take",
        AlertDescription::CertificateRevoked => "the certificate is revoked",
        AlertDescription::CertificateExpired => "the certificate is expired or not valid yet",
        AlertDescription::CertificateUnknown => "it refuses the certificate without a reason",
        AlertDescription::UnknownCA => {
            "unknown CA: it does not trust the issuer of the certificate"
        }
        AlertDescription::AccessDenied => "access denied: the certificate is good but has no right",
        AlertDescription::DecryptError => "a signature does not verify",
        AlertDescription::ProtocolVersion => "it speaks no version of TLS that was offered",
        AlertDescription::InsufficientSecurity => "it wants stronger ciphers than were offered",
        AlertDescription::InternalError => "it has an internal error",
        AlertDescription::UserCanceled => "its user cancelled the handshake",
        AlertDescription::UnrecognisedName => "unrecognized name: it has no site of this name",
        AlertDescription::UnknownPSKIdentity => "it does not know the session",
        AlertDescription::NoApplicationProtocol => {
            "it speaks none of the application protocols (ALPN) that were offered"
        }
        other => {
            return format!(
                "alert {}",
                other.as_str().map_or_else(|| u8::from(other).to_string(), str::to_owned)
            );
        }
    };
    words.into()
}
