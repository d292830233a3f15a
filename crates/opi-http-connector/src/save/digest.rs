//! What a file must add up to: given by the caller, or by the server's headers (RFC 9530, RFC 1864).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use md5::Md5;
use sha2::{Digest, Sha256, Sha512};

use crate::{Error, ErrorKind};

/// Sums of what comes, compared at its end.
#[derive(Debug, Default)]
pub(crate) struct Hashing {
    sums: Vec<Sum>,
}

/// One sum, and what it must be.
#[derive(Clone, Debug)]
enum Sum {
    Md5(Md5, Vec<u8>),
    Sha256(Sha256, Vec<u8>),
    Sha512(Box<Sha512>, Vec<u8>),
}

impl Hashing {
    /// The sum that the caller gives.
    pub(super) fn given(sha256: Option<[u8; 32]>) -> Self {
        Self {
            sums: sha256.map(|it| Sum::Sha256(Sha256::new(), it.to_vec())).into_iter().collect(),
        }
    }

    /// The sums in headers that are of the bytes of this message, as they came.
    pub(super) fn of_message(headers: &HeaderMap) -> Self {
        let mut sums = listed(headers, "content-digest");
        let md5 = headers.get("content-md5").and_then(|it| decoded(it.as_bytes()));
        sums.extend(md5.filter(|it| it.len() == 16).map(|it| Sum::Md5(Md5::new(), it)));
        Self { sums }
    }

    /// The sums in headers that are of the whole file, as the server has it.
    pub(super) fn of_file(headers: &HeaderMap) -> Self {
        Self { sums: listed(headers, "repr-digest") }
    }

    pub(super) fn and(mut self, other: Self) -> Self {
        self.sums.extend(other.sums);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sums.is_empty()
    }

    pub(crate) fn update(&mut self, data: &[u8]) {
        for sum in &mut self.sums {
            match sum {
                Sum::Md5(sum, _) => sum.update(data),
                Sum::Sha256(sum, _) => sum.update(data),
                Sum::Sha512(sum, _) => sum.update(data),
            }
        }
    }

    /// Compares.
    pub(super) fn check(self) -> Result<(), Error> {
        for sum in self.sums {
            let (name, is_right) = match sum {
                Sum::Md5(sum, expected) => ("MD5", sum.finalize()[..] == expected),
                Sum::Sha256(sum, expected) => ("SHA-256", sum.finalize()[..] == expected),
                Sum::Sha512(sum, expected) => ("SHA-512", sum.finalize()[..] == expected),
            };
            if !is_right {
                let detail = format!("the body does not have the {name} that it should have");
                return Err(Error::new(ErrorKind::DigestMismatch).detail(detail));
            }
        }
        Ok(())
    }
}

/// `sha-256=:…:, sha-512=:…:`; other algorithms prove nothing, and what is malformed counts as none.
fn listed(headers: &HeaderMap, name: &str) -> Vec<Sum> {
    let values = headers.get_all(name).iter().filter_map(|it| it.to_str().ok());
    let members = values.flat_map(|it| it.split(','));
    let sum = |member: &str| {
        let (name, value) = member.trim().split_once('=')?;
        let value = value.split(';').next()?.trim().strip_prefix(':')?.strip_suffix(':')?;
        let expected = decoded(value.as_bytes())?;
        match (name.trim(), expected.len()) {
            ("sha-256", 32) => Some(Sum::Sha256(Sha256::new(), expected)),
            ("sha-512", 64) => Some(Sum::Sha512(Box::new(Sha512::new()), expected)),
            _ => None,
        }
    };
    members.filter_map(sum).collect()
}

/// The bytes of base64 (RFC 4648), padded.
fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    STANDARD.decode(text.trim_ascii()).ok()
}

/// The bytes of 64 hexadecimal digits.
pub(super) fn from_hex(text: &str) -> Option<[u8; 32]> {
    let (pairs, rest) = text.trim().as_bytes().as_chunks::<2>();
    let mut bytes = [0; 32];
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        let digit = |it: u8| char::from(it).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    /// Of `hello`.
    const SHA_256: &str = "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:";

    #[track_caller]
    fn check(name: &'static str, value: &str, data: &[u8], expected: Option<bool>) {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
        let mut hashing = Hashing::of_message(&headers).and(Hashing::of_file(&headers));
        let is_checked = !hashing.is_empty();
        data.chunks(2).for_each(|it| hashing.update(it));
        let outcome = hashing.check();
        assert_eq!(is_checked.then_some(outcome.is_ok()), expected, "{name}: {value}");
        assert!(outcome.is_ok_and(|()| true) || expected == Some(false));
    }

    #[test]
    fn sums_of_headers_are_checked_and_what_is_none_is_passed_over() {
        for name in ["content-digest", "repr-digest"] {
            check(name, SHA_256, b"hello", Some(true));
            check(name, SHA_256, b"hellO", Some(false));
            check(name, &format!("md5=:x:, {SHA_256};p=1"), b"hellO", Some(false));
            check(name, "sha-256=:AAAA:", b"hello", None);
            check(name, "sha-256=AAAA, sha=:AAAA:, unixsum=1", b"hello", None);
        }
        check("content-md5", "XUFAKrxLKna5cZ2REBfFkg==", b"hello", Some(true));
        check("content-md5", "XUFAKrxLKna5cZ2REBfFkg==", b"hellO", Some(false));
        check("content-md5", "XUFA", b"hello", None);
        check("content-md5", "=", b"hello", None);
    }

    #[test]
    fn a_sum_of_the_caller_is_hexadecimal() {
        let hex = "2CF24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        let mut hashing = Hashing::given(from_hex(hex));
        hashing.update(b"hello");
        assert!(hashing.check().is_ok());
        for bad in ["", "2cf2", &hex[1..], &format!("{hex}00"), &hex.replace('4', "x")] {
            assert_eq!(from_hex(bad), None, "{bad}");
        }
    }
}
