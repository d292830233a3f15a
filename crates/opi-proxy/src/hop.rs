//! One proxy of a route.

use std::fmt;

use opi_net::{Secret, Target};

use crate::encryption::Encryption;

/// One proxy: how it is spoken to, where it is, and the login it asks for.
///
/// ```
/// use opi_proxy::{Hop, LoginBy, Protocol};
///
/// let hop = Hop::new(Protocol::Http, "proxy.test:3128".parse()?)
///     .login("user", "hunter2")
///     .login_by(LoginBy::DigestOnly);
/// assert_eq!(hop.to_string(), "http://user@proxy.test:3128?auth=digest");
/// # Ok::<(), opi_net::ParseTargetError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Hop {
    protocol: Protocol,
    target: Target,
    login: Option<Login>,
    login_by: LoginBy,
    names: Names,
    encryption: Encryption,
}

/// How a proxy is spoken to.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Protocol {
    /// HTTP: CONNECT for tunnels, absolute targets for plain requests.
    Http,
    /// SOCKS4; names are looked up here, and only IPv4 addresses are reached.
    Socks4,
    /// SOCKS4a; the proxy resolves names, and only IPv4 addresses are reached.
    Socks4a,
    /// SOCKS5; the proxy resolves names.
    Socks5,
}

/// A user and a password.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password.
    pub password: Secret,
}

/// By which schemes an HTTP proxy may be shown the login.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum LoginBy {
    /// By Basic with the first request; by Digest when the proxy asks for it. Costs nothing, and
    /// shows the password to whoever can read what goes to the proxy.
    #[default]
    BasicOrDigest,
    /// By Digest only: the password is never sent, and each connection costs one answer more.
    DigestOnly,
}

/// Who looks up the names of targets.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Names {
    /// The proxy, which gets the name as the user wrote it; but SOCKS4 knows no names.
    #[default]
    AtProxy,
    /// We do, and the proxy gets the first address.
    Here,
}

impl Hop {
    /// A proxy at `target` that asks for no login.
    #[must_use]
    pub fn new(protocol: Protocol, target: Target) -> Self {
        let (login_by, names, encryption) = Default::default();
        Self { protocol, target, login: None, login_by, names, encryption }
    }

    /// The login it asks for. Default: none.
    #[must_use]
    pub fn login(self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        let login = Login { user: user.into(), password: password.into() };
        Self { login: Some(login), ..self }
    }

    /// By which schemes an HTTP proxy may be shown the login. Default:
    /// [`LoginBy::BasicOrDigest`].
    #[must_use]
    pub fn login_by(self, login_by: LoginBy) -> Self {
        Self { login_by, ..self }
    }

    /// Who looks up the names of targets. Default: [`Names::AtProxy`].
    #[must_use]
    pub fn names(self, names: Names) -> Self {
        Self { names, ..self }
    }

    /// Speaks to the proxy under TLS: an HTTP proxy becomes an HTTPS proxy. The proxy's host is
    /// the name that is sent and that its certificate must have. Default: no TLS.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(self, tls: opi_net::tls::Tls) -> Self {
        self.encrypted(Encryption::with(tls))
    }

    pub(crate) fn encrypted(self, encryption: Encryption) -> Self {
        Self { encryption, ..self }
    }

    /// How it is spoken to.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Where it is.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The login it asks for.
    #[must_use]
    pub fn credentials(&self) -> Option<&Login> {
        self.login.as_ref()
    }

    /// Whether it is spoken to under TLS.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.encryption.is_on()
    }

    pub(crate) fn encryption(&self) -> &Encryption {
        &self.encryption
    }

    #[cfg_attr(not(feature = "http"), expect(dead_code, reason = "only HTTP has schemes"))]
    pub(crate) fn may_log_in_by(&self) -> LoginBy {
        self.login_by
    }

    pub(crate) fn who_looks_up(&self) -> Names {
        self.names
    }
}

impl Protocol {
    /// The scheme in a route's text, without TLS.
    #[must_use]
    pub const fn scheme(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Socks4 => "socks4",
            Self::Socks4a => "socks4a",
            Self::Socks5 => "socks5",
        }
    }
}

/// Prints the user, never the password; what a URL cannot hold of the user is percent-encoded, so
/// that the text can be read again and stays on its line.
impl fmt::Display for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tls = match (self.is_encrypted(), self.protocol) {
            (false, _) => "",
            (true, Protocol::Http) => "s",
            (true, _) => "+tls",
        };
        write!(f, "{}{tls}://", self.protocol.scheme())?;
        if let Some(login) = &self.login {
            write!(f, "{}@", encoded(&login.user))?;
        }
        write!(f, "{}", self.target)?;
        let auth = (self.login_by == LoginBy::DigestOnly).then_some("auth=digest");
        let names = (self.names == Names::Here).then_some("names=local");
        let options: Vec<_> = auth.into_iter().chain(names).collect();
        if options.is_empty() { Ok(()) } else { write!(f, "?{}", options.join("&")) }
    }
}

fn encoded(user: &str) -> String {
    let odd = |c: char| c.is_control() || c.is_whitespace() || "%/:?#@|".contains(c);
    let encode = |c: char| match odd(c) {
        false => c.to_string(),
        true => c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect(),
    };
    user.chars().map(encode).collect()
}
