//! How requests prove who asks: by which scheme, and what is remembered of each server.

#[cfg(feature = "aws")]
mod aws;
#[cfg(not(feature = "aws"))]
#[path = "no_aws.rs"]
mod aws;
mod memories;
mod turn;

use std::fmt;
use std::sync::Arc;

use http::header::AUTHORIZATION;
#[cfg(feature = "aws")]
use opi_auth::AwsV4;
use opi_auth::{Bearer, Login, LoginBy, Scheme};

use crate::{Request, SessionConfig};

pub(crate) use memories::Remembered;
pub(crate) use turn::{Next, Turn};

/// How a request proves who asks; it is shown to the origin of the request and to no other.
///
/// ```
/// use opi_auth::{Bearer, Login};
/// use opi_http_connector::{Auth, Request, SessionConfig};
///
/// let config = SessionConfig::new().auth(Login::digest("user", "hunter2"));
/// let request = Request::get("http://h.test/private")?.auth(Bearer::new("t0ken")?);
/// let public = Request::get("http://h.test/")?.auth(Auth::none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Auth(Kind);

#[derive(Clone, Default)]
enum Kind {
    #[cfg(feature = "aws")]
    Aws(Arc<AwsV4>),
    Bearer(Bearer),
    Login(Arc<Login>),
    #[default]
    Nobody,
    Own(Arc<dyn Scheme>),
}

impl Auth {
    /// Nothing is shown, whatever the session would show.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// A scheme of your own; clones of one value remember servers together. One that always asks
    /// again is stopped after 16 times: the answer is the caller's then.
    #[must_use]
    pub fn scheme(scheme: Arc<dyn Scheme>) -> Self {
        Self(Kind::Own(scheme))
    }

    fn get(&self) -> Option<&dyn Scheme> {
        match &self.0 {
            #[cfg(feature = "aws")]
            Kind::Aws(keys) => Some(&**keys),
            Kind::Bearer(token) => Some(token),
            Kind::Login(login) => Some(&**login),
            Kind::Nobody => None,
            Kind::Own(scheme) => Some(&**scheme),
        }
    }

    /// Whether it has anything to remember of a server.
    fn remembers(&self) -> bool {
        match &self.0 {
            // The clock of the server.
            #[cfg(feature = "aws")]
            Kind::Aws(_) => true,
            Kind::Login(login) => login.by() != LoginBy::Basic,
            Kind::Own(_) => true,
            _ => false,
        }
    }

    /// Whether both show the same, so that they may share what they remember.
    fn same_as(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            // A clock is the server's own, whoever asks.
            #[cfg(feature = "aws")]
            (Kind::Aws(_), Kind::Aws(_)) => true,
            (Kind::Login(one), Kind::Login(other)) => one == other,
            (Kind::Own(one), Kind::Own(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

/// Shows the scheme and no secret.
impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.get() {
            Some(scheme) => scheme.fmt(f),
            None => f.write_str("none"),
        }
    }
}

/// A body that is read as it is sent goes in signed chunks when the keys ask for that.
///
/// A server that refuses with 400 or 403 and whose `Date` is more than 4 minutes from our clock is
/// asked once more, with a signature by its own clock, which the session remembers for its origin.
/// A body that can be read once is not sent again; the next request is right then. A request with
/// an `x-amz-date` of its own keeps it.
#[cfg(feature = "aws")]
impl From<AwsV4> for Auth {
    fn from(keys: AwsV4) -> Self {
        Self(Kind::Aws(Arc::new(keys)))
    }
}

impl From<Bearer> for Auth {
    fn from(token: Bearer) -> Self {
        Self(Kind::Bearer(token))
    }
}

impl From<Login> for Auth {
    fn from(login: Login) -> Self {
        Self(Kind::Login(Arc::new(login)))
    }
}

/// What a request says about it.
#[derive(Clone, Debug, Default)]
pub(crate) enum Wanted {
    /// What the session does.
    #[default]
    AsSession,
    /// The login that stands in the URL.
    OfUrl(Auth),
    This(Auth),
}

/// How requests prove who asks.
impl SessionConfig {
    /// How requests prove who asks, unless they say it themselves: by [`Request::auth`], by a
    /// header `Authorization`, or by a login in the URL. A redirect to another origin takes nothing
    /// of it along. Default: not at all.
    pub fn auth(self, auth: impl Into<Auth>) -> Self {
        Self { auth: auth.into(), ..self }
    }
}

/// How the request proves who asks.
impl Request {
    /// How this request proves who asks; it goes before a header `Authorization`, a login in the
    /// URL (which is shown by Basic) and what the session does. It is shown again, and made anew,
    /// with every try and every redirect within the origin; a redirect elsewhere drops it for good.
    pub fn auth(self, auth: impl Into<Auth>) -> Self {
        Self { auth: Wanted::This(auth.into()), ..self }
    }

    /// Decides who shows what.
    pub(crate) fn take_auth_of(&mut self, config: &SessionConfig) {
        let by_hand = self.headers.contains_key(AUTHORIZATION) || self.omits(&AUTHORIZATION);
        let auth = match std::mem::take(&mut self.auth) {
            Wanted::This(auth) => auth,
            _ if by_hand => Auth::none(),
            Wanted::OfUrl(auth) => auth,
            Wanted::AsSession => config.auth.clone(),
        };
        self.auth = Wanted::This(auth);
    }

    /// For another origin, which a redirect named: it is shown nothing.
    pub(crate) fn without_auth(self) -> Self {
        self.auth(Auth::none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shown(mut request: Request, expected: &str) {
        let config = SessionConfig::new().auth(Login::digest("session", "hunter2"));
        request.take_auth_of(&config);
        let Wanted::This(auth) = request.auth else { panic!("undecided") };
        let shown = format!("{auth:?}");
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_request_goes_before_its_url_and_the_session() {
        let request = |url| Request::get(url).unwrap();
        let by_hand = |request: Request| request.header("authorization", "x hunter2").unwrap();
        shown(request("http://h.test/"), "Login(.., Digest)");
        shown(request("http://u:hunter2@h.test/"), "Login(.., Basic)");
        shown(by_hand(request("http://u:hunter2@h.test/")), "none");
        shown(
            by_hand(request("http://h.test/")).auth(Bearer::new("hunter2").unwrap()),
            "Bearer(..)",
        );
        shown(request("http://u@h.test/").auth(Auth::none()), "none");
        shown(request("http://h.test/").without_auth(), "none");
    }
}
