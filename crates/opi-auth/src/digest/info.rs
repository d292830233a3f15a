//! What a server says after it was satisfied: `Authentication-Info` (RFC 7615, RFC 7616 section 3.5).

use super::{Digest, DigestRequest, Protection};
use crate::grammar::Cursor;

/// The value of `Authentication-Info` or `Proxy-Authentication-Info`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AuthenticationInfo {
    /// The nonce to use next; the count begins anew with it.
    pub next_nonce: Option<String>,
    response: Option<String>,
}

/// Whether the server has proved that it knows the password too.
#[must_use]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a proof is there or not, and right or wrong")]
pub enum Proof {
    /// It proved nothing; most servers do not.
    Absent,
    /// It knows the password.
    Right,
    /// It tried and does not know the password: whoever answers is not whom we want.
    Wrong,
}

impl AuthenticationInfo {
    /// Reads a value; what cannot be understood is as if it were not there.
    #[must_use]
    pub fn read(value: &[u8]) -> Self {
        let mut info = Self::default();
        if value.len() > crate::Challenge::LONGEST {
            return info;
        }
        let mut rest = Cursor::new(value);
        loop {
            rest.separators();
            let Some(name) = rest.token() else { return info };
            rest.spaces();
            if !rest.take(b'=') {
                return info;
            }
            rest.spaces();
            let Some(text) = rest.word().and_then(|word| String::from_utf8(word).ok()) else {
                return info;
            };
            match name.to_ascii_lowercase().as_str() {
                "nextnonce" => info.next_nonce = Some(text),
                "rspauth" => info.response = Some(text),
                _ => {}
            }
        }
    }

    /// Checks the proof as soon as the head of the answer is there; one that covers the body
    /// (`auth-int`) cannot be checked yet, and is taken as absent.
    pub(super) fn proof_of_head(
        &self,
        digest: &Digest,
        login: (&str, &str),
        target: &str,
        used: (&str, u32),
    ) -> Proof {
        match digest.protection {
            Protection::RequestAndBody => Proof::Absent,
            Protection::Old | Protection::Request => self.proof(digest, login, target, b"", used),
        }
    }

    /// Checks the server's proof for the answer that `digest` gave with the same arguments.
    ///
    /// `body` is the body of the server's answer, which `auth-int` covers.
    pub fn proof(
        &self,
        digest: &Digest,
        login: (&str, &str),
        target: &str,
        body: &[u8],
        (cnonce, count): (&str, u32),
    ) -> Proof {
        let Some(given) = &self.response else { return Proof::Absent };
        // Servers of RFC 2069 prove nothing.
        if digest.protection == Protection::Old {
            return Proof::Absent;
        }
        let (user, password) = login;
        let request = DigestRequest::new("", target).body(body);
        let expected = digest.hashed(user, password, &request, cnonce, count).response;
        if expected.eq_ignore_ascii_case(given) { Proof::Right } else { Proof::Wrong }
    }
}
