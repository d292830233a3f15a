//! One proxy of a route.

use std::fmt;

use opi_net::{Secret, Target};

/// One proxy: how it is spoken to, where it is, and the login it asks for.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Hop {
    protocol: Protocol,
    target: Target,
    login: Option<Login>,
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

impl Hop {
    /// A proxy at `target` that asks for no login.
    #[must_use]
    pub fn new(protocol: Protocol, target: Target) -> Self {
        Self { protocol, target, login: None }
    }

    /// The login it asks for. Default: none.
    #[must_use]
    pub fn login(self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        let login = Login { user: user.into(), password: password.into() };
        Self { login: Some(login), ..self }
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
}

impl Protocol {
    /// The scheme in a route's text.
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

/// Prints the user, never the password.
impl fmt::Display for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.protocol.scheme())?;
        if let Some(login) = &self.login {
            write!(f, "{}@", login.user)?;
        }
        write!(f, "{}", self.target)
    }
}
