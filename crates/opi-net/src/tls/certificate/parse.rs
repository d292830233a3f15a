//! The parts of a certificate (RFC 5280, section 4.1), found without copying.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::SystemTime;

use super::time;
use crate::tls::der::{BIT_STRING, BOOLEAN, Elements, INTEGER, OCTET_STRING, OID, SEQUENCE};

/// Where the parts lie. Names are the contents of their sequence, as webpki compares them.
#[derive(Clone, Copy, Debug)]
pub(in crate::tls) struct Parts<'a> {
    pub(in crate::tls) subject: &'a [u8],
    pub(in crate::tls) issuer: &'a [u8],
    /// The whole SubjectPublicKeyInfo.
    pub(in crate::tls) key_info: &'a [u8],
    validity: &'a [u8],
    extensions: &'a [u8],
}

impl<'a> Parts<'a> {
    pub(in crate::tls) fn of(der: &'a [u8]) -> Option<Self> {
        let mut signed = Elements::of(Elements::of(der).read(SEQUENCE)?);
        let mut body = Elements::of(signed.read(SEQUENCE)?);
        body.read_if(VERSION);
        body.read(INTEGER)?;
        body.read(SEQUENCE)?;
        let issuer = body.read(SEQUENCE)?;
        let validity = body.read(SEQUENCE)?;
        let subject = body.read(SEQUENCE)?;
        let key_info = body.read_whole(SEQUENCE)?.whole;
        let extensions = body.find(|element| element.tag == EXTENSIONS);
        let extensions = extensions.and_then(|tagged| Elements::of(tagged.contents).read(SEQUENCE));
        Some(Self { subject, issuer, key_info, validity, extensions: extensions.unwrap_or(&[]) })
    }

    pub(in crate::tls) fn validity(&self) -> Option<(SystemTime, SystemTime)> {
        let mut times = Elements::of(self.validity);
        Some((time::read(times.next()?)?, time::read(times.next()?)?))
    }

    /// The host names and addresses of the subject alternative name (section 4.2.1.6).
    pub(in crate::tls) fn names(&self) -> Vec<String> {
        let names =
            self.extension(ALTERNATIVE_NAME).and_then(|list| Elements::of(list).read(SEQUENCE));
        let names = Elements::of(names.unwrap_or(&[]));
        names.filter_map(|name| written(name.tag, name.contents)).take(MOST_NAMES).collect()
    }

    pub(in crate::tls) fn key(&self) -> Key {
        self.find_key().unwrap_or(Key::Unknown)
    }

    fn find_key(&self) -> Option<Key> {
        let mut info = Elements::of(Elements::of(self.key_info).read(SEQUENCE)?);
        let mut algorithm = Elements::of(info.read(SEQUENCE)?);
        let kind = algorithm.read(OID)?;
        Some(match kind {
            RSA => Key::Rsa(rsa_bits(info.read(BIT_STRING)?)?),
            ELLIPTIC => match algorithm.read(OID)? {
                P256 => Key::Named("ECDSA P-256"),
                P384 => Key::Named("ECDSA P-384"),
                P521 => Key::Named("ECDSA P-521"),
                _ => Key::Named("ECDSA"),
            },
            ED25519 => Key::Named("Ed25519"),
            _ => Key::Unknown,
        })
    }

    fn extension(&self, wanted: &[u8]) -> Option<&'a [u8]> {
        let mut all = Elements::of(self.extensions);
        all.find_map(|extension| {
            let mut fields = Elements::of(extension.contents);
            let found = fields.read(OID)? == wanted;
            fields.read_if(BOOLEAN);
            fields.read(OCTET_STRING).filter(|_| found)
        })
    }
}

/// What kind of public key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::tls) enum Key {
    Named(&'static str),
    Rsa(usize),
    Unknown,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Rsa(bits) => write!(f, "RSA {bits}"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

fn rsa_bits(bit_string: &[u8]) -> Option<usize> {
    let modulus = Elements::of(Elements::of(bit_string.get(1..)?).read(SEQUENCE)?).read(INTEGER)?;
    let leading = modulus.iter().take_while(|byte| **byte == 0).count();
    let first = modulus.get(leading)?;
    Some((modulus.len() - leading) * 8 - usize::try_from(first.leading_zeros()).ok()?)
}

fn written(tag: u8, name: &[u8]) -> Option<String> {
    match tag {
        DNS_NAME => Some(super::name::shown(&String::from_utf8_lossy(name))),
        IP_ADDRESS if name.len() == 4 => {
            Some(Ipv4Addr::from(<[u8; 4]>::try_from(name).ok()?).to_string())
        }
        IP_ADDRESS => Some(Ipv6Addr::from(<[u8; 16]>::try_from(name).ok()?).to_string()),
        _ => None,
    }
}

const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;
/// 2.5.29.17
const ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];
/// 1.2.840.113549.1.1.1
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// 1.2.840.10045.2.1
const ELLIPTIC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// 1.2.840.10045.3.1.7
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// 1.3.132.0.34
const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
/// 1.3.132.0.35
const P521: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];
/// 1.3.101.112
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const MOST_NAMES: usize = 64;
