//! Digest authentication (RFC 7616), from a challenge to the value that answers it.

mod algorithm;
mod answer;
mod body;
mod header;
mod info;
mod rounds;
mod session;

use crate::Challenge;

use algorithm::algorithm;

pub use answer::DigestRequest;
pub use info::{AuthenticationInfo, Proof};
pub(crate) use rounds::Rounds;
pub use session::DigestSession;

/// A Digest challenge that can be answered: MD5, SHA-256 or SHA-512-256, each also as `-sess`.
///
/// SHA-512-256 is that of FIPS 180-4; the values printed in RFC 7616 section 3.9.2 were made with
/// another hash.
///
/// ```
/// use opi_auth::{Challenge, Digest, DigestRequest};
///
/// let value = br#"Digest realm="files", nonce="abc", qop="auth", algorithm=SHA-256"#;
/// let digest = Digest::choose(&Challenge::read([&value[..]])).expect("it can be answered");
/// let request = DigestRequest::new("GET", "/list");
/// let answer = digest.answer("user", "hunter2", &request, "0a4f113b", 1)?;
/// assert!(answer.expose().starts_with(r#"Digest username="user", realm="files", nonce="abc""#));
/// # Ok::<(), opi_auth::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Digest {
    algorithm: Algorithm,
    charset: Charset,
    nonce: String,
    opaque: Option<String>,
    protection: Protection,
    realm: String,
    stale: bool,
    user: User,
}

/// How the hash is made; the order is that of strength.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Algorithm {
    hash: Hash,
    session: bool,
    /// Whether the challenge named it; those of RFC 2069 do not.
    named: bool,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Hash {
    Md5,
    Sha256,
    Sha512Trunc256,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Charset {
    Unsaid,
    Utf8,
}

/// What the hash covers (`qop`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Protection {
    /// RFC 2069: neither count nor cnonce.
    Old,
    /// `auth`: method and target.
    Request,
    /// `auth-int`: the body too.
    RequestAndBody,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum User {
    Hashed,
    Plain,
}

impl Digest {
    /// The strongest challenge that can be answered; the first of equals.
    ///
    /// Left out are challenges without realm or nonce, of an unknown algorithm, with no known
    /// `qop`, and whose realm or nonce is not UTF-8. `auth` is preferred to `auth-int`.
    #[must_use]
    pub fn choose(challenges: &[Challenge]) -> Option<Self> {
        let usable = challenges.iter().filter_map(Self::from_challenge);
        usable.reduce(
            |best, next| if next.algorithm.hash > best.algorithm.hash { next } else { best },
        )
    }

    fn from_challenge(challenge: &Challenge) -> Option<Self> {
        if !challenge.is("digest") {
            return None;
        }
        let says = |name, wanted: &str| {
            let value = challenge.parameter(name);
            value.is_some_and(|value| value.eq_ignore_ascii_case(wanted.as_bytes()))
        };
        Some(Self {
            algorithm: algorithm(challenge.parameter("algorithm"))?,
            charset: if says("charset", "utf-8") { Charset::Utf8 } else { Charset::Unsaid },
            nonce: text(challenge, "nonce")?,
            opaque: match challenge.parameter("opaque") {
                Some(_) => Some(text(challenge, "opaque")?),
                None => None,
            },
            protection: protection(challenge.parameter("qop"))?,
            realm: text(challenge, "realm")?,
            stale: says("stale", "true"),
            user: if says("userhash", "true") { User::Hashed } else { User::Plain },
        })
    }

    /// The name of what is protected.
    #[must_use]
    pub fn realm(&self) -> &str {
        &self.realm
    }

    /// The server's number used once, or a few times.
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Whether the answer before this challenge was right but for its old nonce.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.stale
    }
}

fn text(challenge: &Challenge, name: &str) -> Option<String> {
    String::from_utf8(challenge.parameter(name)?.to_vec()).ok()
}

/// The `qop` to use; nothing when none of those offered is known.
fn protection(offered: Option<&[u8]>) -> Option<Protection> {
    let Some(offered) = offered else { return Some(Protection::Old) };
    let offers = |wanted: &[u8]| {
        let mut words = offered.split(|byte| *byte == b',');
        words.any(|word| word.trim_ascii().eq_ignore_ascii_case(wanted))
    };
    if offers(b"auth") {
        Some(Protection::Request)
    } else if offers(b"auth-int") {
        Some(Protection::RequestAndBody)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
