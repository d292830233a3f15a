//! Why a server's certificate was refused: from what rustls found and what the server showed.

use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::{CertificateError, ExtendedKeyPurpose};

use crate::ErrorKind;
use crate::tls::Certificate;
use crate::tls::certificate::date;
use crate::tls::verify::Refusal;

/// The kind and the words for `wrong`, found in `shown` (the server's own first) by a client that
/// wanted `name`.
pub(super) fn of(
    wrong: &CertificateError,
    shown: &[Certificate],
    name: &str,
) -> (ErrorKind, String) {
    let untrusted = |words: String| (ErrorKind::CertificateUntrusted, words);
    match wrong {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            (ErrorKind::CertificateName, other_name(shown.first(), name))
        }
        CertificateError::ExpiredContext { not_after, .. } => {
            (ErrorKind::CertificateTime, expired(shown, at(not_after.as_secs())))
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            (ErrorKind::CertificateTime, early(shown, at(not_before.as_secs())))
        }
        CertificateError::Expired => {
            let until = shown.first().map_or(UNIX_EPOCH, Certificate::not_after);
            (ErrorKind::CertificateTime, expired(shown, until))
        }
        CertificateError::NotValidYet => {
            let from = shown.first().map_or(UNIX_EPOCH, Certificate::not_before);
            (ErrorKind::CertificateTime, early(shown, from))
        }
        CertificateError::UnknownIssuer => untrusted(unknown_issuer(shown)),
        CertificateError::InvalidPurposeContext { presented, .. } => untrusted(purpose(presented)),
        CertificateError::BadSignature => untrusted(bad_signature(shown)),
        CertificateError::UnsupportedSignatureAlgorithmContext {
            signature_algorithm_id, ..
        } => untrusted(algorithm(signature_algorithm_id)),
        CertificateError::Other(other) => match other.0.downcast_ref::<Refusal>() {
            Some(Refusal::Another) => untrusted(another(shown)),
            Some(pin @ Refusal::Pin(_)) => {
                (ErrorKind::CertificatePin, format!("{pin}, which is not pinned"))
            }
            None => untrusted(path(other.0.downcast_ref::<webpki::Error>(), shown)),
        },
        other => untrusted(format!("the certificate is refused: {other}")),
    }
}

fn other_name(own: Option<&Certificate>, name: &str) -> String {
    let Some(own) = own else { return format!("the certificate is not for {name}") };
    let names = own.names();
    if names.is_empty() {
        let common = own.common_name().unwrap_or("none");
        return format!(
            "the certificate has no alternative name, and its common name ({common}) does not \
             count: it cannot be for {name}"
        );
    }
    if name.parse::<IpAddr>().is_ok() && names.iter().any(|one| one == name) {
        return format!("the certificate has {name} as a host name, not as an address");
    }
    let more = names.len().saturating_sub(MOST_NAMES);
    let listed = names[..names.len() - more].join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("the certificate is for {listed}{more}, not for {name}")
}

fn expired(shown: &[Certificate], until: SystemTime) -> String {
    let whose = whose(shown, |one| one.not_after() == until);
    format!("{whose} expired on {}", date(until))
}

fn early(shown: &[Certificate], from: SystemTime) -> String {
    let whose = whose(shown, |one| one.not_before() == from);
    format!("{whose} is not valid before {}", date(from))
}

/// The server's certificate, or that of one of its issuers, which is named then.
fn whose(shown: &[Certificate], wanted: impl Fn(&Certificate) -> bool) -> String {
    match shown.iter().position(wanted) {
        Some(place) if place > 0 => {
            format!("the certificate of the issuer {}", shown[place].subject())
        }
        _ => "the certificate".into(),
    }
}

fn unknown_issuer(shown: &[Certificate]) -> String {
    let Some(own) = shown.first() else {
        return "no trusted root issued the certificate".into();
    };
    if own.is_self_issued() {
        return self_signed(own);
    }
    let mut last = own;
    for _ in shown {
        match shown.iter().find(|one| one.subject() == last.issuer()) {
            Some(issuer) if issuer.is_self_issued() => {
                let root = issuer.subject();
                return format!("the root {root} that the server sent is not trusted");
            }
            Some(issuer) => last = issuer,
            None => break,
        }
    }
    let issuer = last.issuer();
    format!(
        "the issuer {issuer} is unknown: it is no trusted root, and the server did not send its \
         certificate"
    )
}

fn self_signed(own: &Certificate) -> String {
    format!(
        "the certificate {} is self-signed and not trusted (SHA-256 {})",
        own.subject(),
        own.fingerprint()
    )
}

fn another(shown: &[Certificate]) -> String {
    let print = shown.first().map(Certificate::fingerprint).unwrap_or_default();
    format!("the certificate is none of those that are trusted (its SHA-256 is {print})")
}

fn purpose(presented: &[ExtendedKeyPurpose]) -> String {
    if presented.contains(&ExtendedKeyPurpose::ClientAuth) {
        "the certificate is made for clients, not for servers".into()
    } else {
        "the certificate is not made for servers".into()
    }
}

fn bad_signature(shown: &[Certificate]) -> String {
    let key = shown.first().map_or("", Certificate::key);
    match key.strip_prefix("RSA ").and_then(|bits| bits.parse::<u32>().ok()) {
        Some(bits) if bits < SMALLEST_RSA => {
            format!(
                "the certificate's key is too small: RSA of {bits} bits, {SMALLEST_RSA} are needed"
            )
        }
        _ => "a signature does not verify: the issuer of that name has another key".into(),
    }
}

fn algorithm(id: &[u8]) -> String {
    let weak = WEAK.iter().find(|(oid, _)| id.starts_with(oid));
    match weak {
        Some((_, name)) => format!("the certificate is signed with {name}, which is broken"),
        None => "the certificate is signed with an algorithm that is not supported".into(),
    }
}

fn path(wrong: Option<&webpki::Error>, shown: &[Certificate]) -> String {
    let own = shown.first();
    match wrong {
        Some(webpki::Error::CaUsedAsEndEntity) => match own.filter(|own| own.is_self_issued()) {
            Some(own) => self_signed(own),
            None => "the certificate is that of an issuer, not of a server".into(),
        },
        Some(webpki::Error::EndEntityUsedAsCa) => {
            let issuer = own.map_or("?", Certificate::issuer);
            format!("the certificate is signed by {issuer}, which is no CA")
        }
        Some(webpki::Error::NameConstraintViolation) => {
            let issuer = own.map_or("?", Certificate::issuer);
            format!(
                "the issuer {issuer} may not issue for the certificate's names (name constraint)"
            )
        }
        Some(webpki::Error::PathLenConstraintViolated) => {
            "the chain of issuers is longer than one of them allows".into()
        }
        Some(other) => format!("the certificate is refused: {other}"),
        None => "the certificate is refused".into(),
    }
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

const MOST_NAMES: usize = 10;
const SMALLEST_RSA: u32 = 2048;
/// Broken algorithms by the beginning of their identifiers.
const WEAK: &[(&[u8], &str)] = &[
    // 1.2.840.113549.1.1.5 and 4, 1.2.840.10045.4.1
    (&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5], "SHA-1"),
    (&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4], "MD5"),
    (&[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1], "SHA-1"),
];
