//! Logins by user and password: Basic and Digest as schemes, and when to show which.

use std::fmt;

use zeroize::Zeroizing;

use crate::{Asked, Credential, Error, Memories, Scheme, Surroundings, basic};
#[cfg(feature = "digest")]
use crate::{BodyHash, Challenge, Next, digest::Rounds};

/// A user and a password.
///
/// ```
/// use opi_auth::{Asked, Login, Memories, Scheme, Surroundings};
/// use std::time::UNIX_EPOCH;
///
/// let login = Login::basic("Aladdin", "open sesame");
/// let (mut server, mut request) = Default::default();
/// let mut memories = Memories { server: &mut server, request: &mut request };
/// let around = Surroundings { time: UNIX_EPOCH, random: [0; 16] };
/// let headers = login.authorize(&Asked::new("GET", "/"), &mut memories, &around)?;
/// assert_eq!(headers[0].value().expose(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
/// # Ok::<(), opi_auth::Error>(())
/// ```
#[must_use]
#[derive(Clone, Eq, PartialEq)]
pub struct Login {
    user: String,
    password: Zeroizing<String>,
    by: LoginBy,
}

/// When the password is shown, and how.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LoginBy {
    /// By Basic, with the first request.
    Basic,
    /// By Basic with the first request, and by Digest when that is asked for.
    #[cfg(feature = "digest")]
    BasicOrDigest,
    /// By Digest when it is asked for, and never else: the password itself is never sent.
    #[cfg(feature = "digest")]
    Digest,
    /// By nothing at first; then by Digest when it is offered, and else by Basic.
    #[cfg(feature = "digest")]
    Strongest,
}

impl Login {
    /// A login that is shown as `by` says.
    pub fn new(user: impl Into<String>, password: impl Into<String>, by: LoginBy) -> Self {
        Self { user: user.into(), password: Zeroizing::new(password.into()), by }
    }

    /// A login that is shown with the first request.
    pub fn basic(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self::new(user, password, LoginBy::Basic)
    }

    /// A login whose password is never sent.
    #[cfg(feature = "digest")]
    pub fn digest(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self::new(user, password, LoginBy::Digest)
    }

    /// When the password is shown, and how.
    #[must_use]
    pub fn by(&self) -> LoginBy {
        self.by
    }

    #[cfg(feature = "digest")]
    pub(crate) fn parts(&self) -> (&str, &str) {
        (&self.user, &self.password)
    }

    pub(crate) fn as_basic(&self, asked: &Asked<'_>) -> Result<Vec<Credential>, Error> {
        let value = basic(&self.user, &self.password)?;
        Ok(vec![Credential::of(asked.side().header(), value)])
    }
}

/// Shows neither the password nor the user.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Login(.., {:?})", self.by)
    }
}

#[cfg(feature = "digest")]
impl Scheme for Login {
    fn authorize(
        &self,
        asked: &Asked<'_>,
        memories: &mut Memories<'_>,
        around: &Surroundings,
    ) -> Result<Vec<Credential>, Error> {
        match self.by {
            LoginBy::Basic => self.as_basic(asked),
            _ => Rounds { login: self, memories }.authorize(asked, around),
        }
    }

    fn hash_of_body(&self, memories: &mut Memories<'_>) -> Option<Box<dyn BodyHash>> {
        match self.by {
            LoginBy::Basic => None,
            _ => Rounds { login: self, memories }.hash_of_body(),
        }
    }

    fn challenged(&self, challenges: &[Challenge], memories: &mut Memories<'_>) -> Next {
        match self.by {
            LoginBy::Basic => Next::GiveUp,
            _ => Rounds { login: self, memories }.challenged(challenges),
        }
    }

    fn answered(
        &self,
        asked: &Asked<'_>,
        info: &[u8],
        memories: &mut Memories<'_>,
    ) -> Result<(), Error> {
        match self.by {
            LoginBy::Basic => Ok(()),
            _ => Rounds { login: self, memories }.answered(asked, info),
        }
    }
}

#[cfg(not(feature = "digest"))]
impl Scheme for Login {
    fn authorize(
        &self,
        asked: &Asked<'_>,
        _memories: &mut Memories<'_>,
        _around: &Surroundings,
    ) -> Result<Vec<Credential>, Error> {
        self.as_basic(asked)
    }
}
