//! The count of the requests that used a nonce.

use super::{AuthenticationInfo, Digest, DigestRequest};
use crate::{Authorization, Error};

/// A challenge in use: counts the requests that its nonce has served.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DigestSession {
    digest: Digest,
    count: u32,
}

impl DigestSession {
    /// Begins to use a challenge.
    #[must_use]
    pub fn new(digest: Digest) -> Self {
        Self { digest, count: 0 }
    }

    /// The challenge in use.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// How many requests the nonce has served.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The value for the next request; see [`Digest::answer`].
    ///
    /// # Errors
    ///
    /// Those of [`Digest::answer`]; the request is not counted then.
    pub fn answer(
        &mut self,
        user: &str,
        password: &str,
        request: &DigestRequest<'_>,
        cnonce: &str,
    ) -> Result<Authorization, Error> {
        let count = self.count.saturating_add(1);
        let answer = self.digest.answer(user, password, request, cnonce, count)?;
        self.count = count;
        Ok(answer)
    }

    /// Takes over the nonce that the server wants to see next, if it named one.
    pub fn renew(&mut self, info: &AuthenticationInfo) {
        if let Some(nonce) = &info.next_nonce {
            self.digest.nonce.clone_from(nonce);
            self.count = 0;
        }
    }
}
