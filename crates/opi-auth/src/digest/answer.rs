//! The hash that proves the password without showing it.

use std::borrow::Cow;
use std::fmt;

use digest_auth::{AuthContext, AuthorizationHeader, HttpMethod, Qop};

use super::{Digest, Protection, User, body, header};
use crate::{Authorization, BodyHash, Error, ErrorKind};

/// The request that an answer is for.
#[must_use]
#[derive(Clone, Copy)]
pub struct DigestRequest<'a> {
    pub(super) method: &'a str,
    pub(super) target: &'a str,
    pub(super) body: Option<&'a [u8]>,
    pub(super) hash: Option<&'a str>,
}

impl<'a> DigestRequest<'a> {
    /// A request of `method` for `target`, both as they are on the request line.
    pub fn new(method: &'a str, target: &'a str) -> Self {
        Self { method, target, body: None, hash: None }
    }

    /// The whole body, which `auth-int` covers. Default: not known.
    pub fn body(self, body: &'a [u8]) -> Self {
        Self { body: Some(body), ..self }
    }

    /// What the body adds up to by [`Digest::hash_of_body`], where the body itself is not at hand.
    /// Default: not known.
    pub fn hash_of_body(self, hash: &'a str) -> Self {
        Self { hash: Some(hash), ..self }
    }
}

/// Says how long the body is and never shows it.
impl fmt::Debug for DigestRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({:?} bytes)", self.method, self.target, self.body.map(<[u8]>::len))
    }
}

impl Digest {
    /// What adds up a body for [`DigestRequest::hash_of_body`]; none when this challenge does not
    /// cover bodies.
    #[must_use]
    pub fn hash_of_body(&self) -> Option<Box<dyn BodyHash>> {
        (self.protection == Protection::RequestAndBody).then(|| body::hash(self.algorithm.hash))
    }

    /// The value that answers this challenge for `request`.
    ///
    /// `cnonce` is a fresh random text of visible ASCII; `count` says how many requests have used
    /// the nonce, this one included (`nc`). A user that is not ASCII goes as `username*` when the
    /// server speaks of UTF-8, and else as UTF-8 in quotes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ControlCharacter`]: user or password hold a control character.
    /// [`ErrorKind::BadDigest`]: method, target or cnonce cannot be sent.
    /// [`ErrorKind::BodyUnknown`]: the server wants `auth-int`, and the body is not known.
    pub fn answer(
        &self,
        user: &str,
        password: &str,
        request: &DigestRequest<'_>,
        cnonce: &str,
        count: u32,
    ) -> Result<Authorization, Error> {
        self.check(user, password, request, cnonce)?;
        let hashed = self.hashed(user, password, request, cnonce, count);
        Ok(Authorization::new(header::value(self, &hashed, user, cnonce)))
    }

    fn check(
        &self,
        user: &str,
        password: &str,
        request: &DigestRequest<'_>,
        cnonce: &str,
    ) -> Result<(), Error> {
        let sendable = |text: &str| {
            let visible = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
            !text.is_empty() && text.bytes().all(visible)
        };
        if user.chars().chain(password.chars()).any(char::is_control) {
            return Err(Error::new(ErrorKind::ControlCharacter));
        }
        if ![request.method, request.target, cnonce].into_iter().all(sendable) {
            return Err(Error::new(ErrorKind::BadDigest));
        }
        if self.protection == Protection::RequestAndBody
            && request.body.is_none()
            && request.hash.is_none()
        {
            return Err(Error::detailed(ErrorKind::BodyUnknown, ONCE));
        }
        Ok(())
    }

    /// Has the library hash; it sees a clean literal and never parses.
    pub(super) fn hashed(
        &self,
        user: &str,
        password: &str,
        request: &DigestRequest<'_>,
        cnonce: &str,
        count: u32,
    ) -> AuthorizationHeader {
        let qop = match self.protection {
            Protection::Old => None,
            Protection::Request => Some(Qop::AUTH),
            Protection::RequestAndBody => Some(Qop::AUTH_INT),
        };
        let mut header = AuthorizationHeader {
            realm: self.realm.clone(),
            nonce: self.nonce.clone(),
            opaque: None,
            userhash: self.user == User::Hashed,
            algorithm: self.algorithm.library(),
            response: String::new(),
            username: String::new(),
            uri: request.target.to_owned(),
            qop,
            cnonce: Some(cnonce.to_owned()),
            nc: count,
        };
        header.digest(&AuthContext {
            username: user.into(),
            password: password.into(),
            uri: request.target.into(),
            body: request.body.map(Cow::Borrowed),
            method: HttpMethod(request.method.into()),
            cnonce: None,
        });
        if let (None, Some(hash)) = (request.body, request.hash) {
            header.response = self.over_hash((user, password), request, hash, (cnonce, count));
        }
        header
    }

    /// The proof of RFC 7616 section 3.4.1 for `auth-int`, where the body is known by its hash
    /// alone: the library hashes bodies itself.
    fn over_hash(
        &self,
        (user, password): (&str, &str),
        request: &DigestRequest<'_>,
        hash: &str,
        (cnonce, count): (&str, u32),
    ) -> String {
        let library = self.algorithm.library();
        let hashed = |parts: &[&str]| library.hash_str(&parts.join(":"));
        let login = hashed(&[user, &self.realm, password]);
        let login = match self.algorithm.session {
            true => hashed(&[&login, &self.nonce, cnonce]),
            false => login,
        };
        let asked = hashed(&[request.method, request.target, hash]);
        hashed(&[&login, &self.nonce, &format!("{count:08x}"), cnonce, "auth-int", &asked])
    }
}

const ONCE: &str = "the server wants the body's hash before the body (auth-int), and this one is read as it is sent";
