//! The proxies there are: how each is spoken to, its logins, and where it differs from the rule.

use opi_proxy::{Hop, Route};

use crate::cells::{FAILS, To};
use crate::servers::{port, tls};

/// One proxy.
pub(crate) struct Proxy {
    pub(crate) scheme: &'static str,
    pub(crate) endpoint: &'static str,
    /// What follows its address in the route's text.
    pub(crate) options: &'static str,
    /// The login it takes; empty when it asks for none.
    pub(crate) login: &'static str,
    /// Logins that it refuses, with the code that tells so.
    pub(crate) refused: Refused,
    /// Targets that end otherwise than the rule says, with the right login.
    pub(crate) odd: Odds,
}

type Refused = &'static [(&'static str, &'static str)];

/// The target, its outcome, and why it is no other.
type Odd = (To, &'static str, &'static str);
type Odds = &'static [Odd];

impl Proxy {
    const fn new(scheme: &'static str, endpoint: &'static str) -> Self {
        Self { scheme, endpoint, options: "", login: "", refused: &[], odd: &[] }
    }

    const fn login(self, login: &'static str, refused: Refused) -> Self {
        Self { login, refused, ..self }
    }

    const fn options(self, options: &'static str) -> Self {
        Self { options, ..self }
    }

    const fn odd(self, odd: Odds) -> Self {
        Self { odd, ..self }
    }

    /// The route through it with `login`.
    pub(crate) fn route(&self, login: &str) -> Route {
        let host = if self.endpoint.ends_with("ipv6") { "[::1]" } else { "localhost" };
        let at = if login.is_empty() { "" } else { "@" };
        let (scheme, port, options) = (self.scheme, port(self.endpoint), self.options);
        trusting(&format!("{scheme}://{login}{at}{host}:{port}{options}"))
    }
}

/// The route, with the CA of the servers for its proxies.
pub(crate) fn trusting(text: &str) -> Route {
    let route: Route = text.parse().unwrap();
    let trust = |hop: &Hop| if hop.is_encrypted() { hop.clone().tls(tls()) } else { hop.clone() };
    route.hops().iter().map(trust).collect()
}

pub(crate) const PROXIES: &[Proxy] = &[
    Proxy::new("http", "squid-open"),
    Proxy::new("http", "squid-basic").login("user:pass", SECOND),
    Proxy::new("http", "squid-digest").login("user:pass", SECOND),
    Proxy::new("http", "squid-digest").options("?auth=digest").login("user:pass", SECOND),
    Proxy::new("https", "squid-basic-tls").login("user:pass", SECOND),
    Proxy::new("http", "apache-basic").login("user:pass", PASSWORD),
    Proxy::new("http", "apache-digest").login("user:pass", PASSWORD),
    Proxy::new("http", "apache-digest").options("?auth=digest").login("user:pass", PASSWORD),
    Proxy::new("http", "tinyproxy").login("user:pass", PASSWORD),
    Proxy::new("http", "pproxy-http").login("user:pass", PASSWORD).odd(&[
        (To::Nobody, "closed", "pproxy closes when it cannot connect"),
        (To::NoName, "closed", "pproxy closes when it cannot connect"),
    ]),
    Proxy::new("http", "tiny-http").login("user:pass", PASSWORD).odd(&[
        (To::Ipv6, "proxy_refused", "tiny-proxy knows no [::1] and answers 400"),
        (To::TlsByIpv6, "proxy_refused", "tiny-proxy knows no [::1] and answers 400"),
    ]),
    Proxy::new("socks4", "dante"),
    Proxy::new("socks4", "ssh-socks").odd(&[SSH_NOBODY]),
    Proxy::new("socks4", "pproxy-socks4").odd(&[PPROXY_NOBODY]),
    Proxy::new("socks4", "pproxy-socks4-user").login("user", USER_CLOSED).odd(&[PPROXY_NOBODY]),
    Proxy::new("socks4", "tiny-socks4a").odd(&[TINY_NOBODY]),
    Proxy::new("socks4a", "dante").odd(&[
        (To::Name, "proxy_target", "dante has no SOCKS4a and tries 0.0.0.1"),
        (To::TlsByName, "proxy_target", "dante has no SOCKS4a and tries 0.0.0.1"),
    ]),
    Proxy::new("socks4a", "pproxy-socks4").odd(&[
        (To::Name, FAILS, "pproxy has no SOCKS4a: the name becomes data"),
        (To::TlsByName, FAILS, "pproxy has no SOCKS4a: the name becomes data"),
        (To::NoName, FAILS, "pproxy has no SOCKS4a: the name becomes data"),
        PPROXY_NOBODY,
    ]),
    Proxy::new("socks4a", "ssh-socks").odd(&[SSH_NOBODY, SSH_NO_NAME]),
    Proxy::new("socks4a", "tiny-socks4a").odd(&[TINY_NOBODY, TINY_NO_NAME]),
    Proxy::new("socks4a", "tiny-socks4a-user")
        .login("user", USER)
        .odd(&[TINY_NOBODY, TINY_NO_NAME]),
    Proxy::new("socks5", "dante"),
    Proxy::new("socks5", "microsocks"),
    Proxy::new("socks5", "microsocks-ipv6"),
    Proxy::new("socks5", "microsocks-password").login("user:pass", PASSWORD),
    Proxy::new("socks5", "microsocks-password")
        .options("?names=local")
        .login("user:pass", PASSWORD),
    Proxy::new("socks5+tls", "haproxy-socks-tls").login("user:pass", PASSWORD),
    Proxy::new("socks5", "ssh-socks").odd(&[SSH_NOBODY, SSH_NO_NAME]),
    Proxy::new("socks5", "pproxy-socks5")
        .login("user:pass", PASSWORD_CLOSED)
        .odd(&[PPROXY_NOBODY, (To::NoName, FAILS, "pproxy grants before it connects")]),
    Proxy::new("socks5", "tiny-socks5").login("user:pass", PASSWORD),
];

const PASSWORD: Refused =
    &[("", "proxy_auth"), ("user:wrong", "proxy_auth"), ("nobody:pass", "proxy_auth")];
/// squid mixes up the passwords of one user who logs in rightly and wrongly at the same time, also
/// for other clients than ours: the second user's password is never right.
const SECOND: Refused =
    &[("", "proxy_auth"), ("second:wrong", "proxy_auth"), ("nobody:pass", "proxy_auth")];
const USER: Refused = &[("", "proxy_auth"), ("other", "proxy_auth")];

// pproxy closes the connection instead of answering.
const PASSWORD_CLOSED: Refused =
    &[("", "closed"), ("user:wrong", "closed"), ("nobody:pass", "closed")];
const USER_CLOSED: Refused = &[("", "closed"), ("other", "closed")];

const PPROXY_NOBODY: Odd = (To::Nobody, FAILS, "pproxy grants before it connects");
const SSH_NOBODY: Odd = (To::Nobody, "closed", "OpenSSH closes without a reply");
const SSH_NO_NAME: Odd = (To::NoName, "closed", "OpenSSH closes without a reply");
const TINY_NOBODY: Odd = (To::Nobody, "proxy_auth", "tiny-proxy replies 92 when it cannot connect");
const TINY_NO_NAME: Odd =
    (To::NoName, "proxy_auth", "tiny-proxy replies 92 when it cannot connect");
