//! Routes from text.

use std::str::FromStr;
use std::{error, fmt};

use opi_net::{Advice, ParseTargetError, Target};
use percent_encoding::percent_decode_str;

use crate::encryption::Encryption;
use crate::{Hop, LoginBy, Names, Protocol, Route};

impl FromStr for Route {
    type Err = ParseRouteError;

    fn from_str(text: &str) -> Result<Self, ParseRouteError> {
        match text.trim() {
            "" | "direct" => Ok(Self::direct()),
            urls => urls.split_whitespace().map(str::parse).collect(),
        }
    }
}

impl FromStr for Hop {
    type Err = ParseRouteError;

    /// Reads `scheme://[user[:password]@]host:port[?option=value[&..]]`; user and password are
    /// percent-decoded.
    ///
    /// Schemes are `http`, `https`, `socks4`, `socks4a`, `socks5` and `socks5h`, which is the same
    /// as `socks5`; `+tls` behind a SOCKS scheme puts TLS around it. Options are `auth=any` or
    /// `auth=digest` ([`LoginBy`]), and `names=proxy` or `names=local` ([`Names`]).
    fn from_str(text: &str) -> Result<Self, ParseRouteError> {
        let fail = |what| Err(wrong(what));
        let Some((scheme, rest)) = text.split_once("://") else { return fail(Wrong::NoScheme) };
        let (protocol, encryption) = read_scheme(scheme)?;
        // A password may hold an unescaped ?, a host and options cannot hold an @.
        let host = rest.rfind('@').unwrap_or(0);
        let (rest, options) = match rest[host..].find('?') {
            Some(at) => (&rest[..host + at], &rest[host + at + 1..]),
            None => (rest, ""),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        // A password may hold an unescaped @, a host cannot.
        let (login, address) = match rest.rsplit_once('@') {
            Some((login, address)) => (Some(login), address),
            None => (None, rest),
        };
        let target: Target = address.parse().map_err(|error: ParseTargetError| {
            // A login without its @, or cut by a space, looks like an address.
            wrong(Wrong::Address(error.hidden()))
        })?;
        let hop = with_options(Self::new(protocol, target).encrypted(encryption), options)?;
        let Some(login) = login else { return Ok(hop) };
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        Ok(hop.login(decoded(user)?, decoded(password)?))
    }
}

fn wrong(wrong: Wrong) -> ParseRouteError {
    ParseRouteError { wrong, variable: None }
}

fn read_scheme(scheme: &str) -> Result<(Protocol, Encryption), ParseRouteError> {
    let lower = scheme.to_ascii_lowercase();
    let (base, encrypted) = match (lower.as_str(), lower.strip_suffix("+tls")) {
        ("https", _) => ("http", true),
        (_, Some("http")) => (lower.as_str(), false),
        (_, Some(base)) => (base, true),
        (base, None) => (base, false),
    };
    let protocol = match base {
        "http" => Protocol::Http,
        "socks4" => Protocol::Socks4,
        "socks4a" => Protocol::Socks4a,
        "socks5" | "socks5h" => Protocol::Socks5,
        // What stands before may be a login that was put in the wrong place.
        _ if scheme.contains(['@', ':']) => {
            return Err(wrong(Wrong::Scheme("(hidden)".into())));
        }
        _ => return Err(wrong(Wrong::Scheme(scheme.into()))),
    };
    let encryption = if encrypted { Encryption::system() } else { Some(Encryption::default()) };
    encryption.map(|it| (protocol, it)).ok_or_else(|| wrong(Wrong::NoTls))
}

fn with_options(hop: Hop, options: &str) -> Result<Hop, ParseRouteError> {
    options.split('&').filter(|option| !option.is_empty()).try_fold(hop, |hop, option| {
        match option.to_ascii_lowercase().as_str() {
            "auth=any" => Ok(hop.login_by(LoginBy::BasicOrDigest)),
            "auth=digest" => Ok(hop.login_by(LoginBy::DigestOnly)),
            "names=local" => Ok(hop.names(Names::Here)),
            "names=proxy" => Ok(hop.names(Names::AtProxy)),
            // It may be a part of a password.
            _ => Err(wrong(Wrong::Option)),
        }
    })
}

fn decoded(text: &str) -> Result<String, ParseRouteError> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(Into::into).map_err(|_| wrong(Wrong::Login))
}

/// Why a text is not a [`Route`]; never repeats the password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ParseRouteError {
    wrong: Wrong,
    variable: Option<&'static str>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Wrong {
    Address(ParseTargetError),
    Count,
    Login,
    NoScheme,
    NoTls,
    Option,
    Scheme(Box<str>),
}

impl ParseRouteError {
    /// The row of this error: its code, who must act, and the cure.
    pub const ADVICE: Advice = Advice::new([
        "bad_route",
        "caller",
        "Write a proxy as socks5://host:port or http://user:password@host:port.",
        "Укажите прокси в виде socks5://узел:порт или http://имя:пароль@узел:порт.",
    ]);

    pub(crate) fn wrong_count() -> Self {
        wrong(Wrong::Count)
    }

    /// Names the variable that holds it.
    pub(crate) fn in_variable(self, name: &'static str) -> Self {
        Self { variable: Some(name), ..self }
    }

    /// The code that programs compare: `bad_route`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        Self::ADVICE.code
    }
}

impl fmt::Display for ParseRouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(variable) = self.variable {
            write!(f, "{variable}: ")?;
        }
        f.write_str("proxy: ")?;
        match &self.wrong {
            Wrong::Address(error) => write!(f, "{error}"),
            Wrong::Count => f.write_str("expected 1 to 16 routes"),
            Wrong::Login => f.write_str("user and password: the percent-encoding is no UTF-8"),
            Wrong::NoScheme => f.write_str("expected scheme://host:port, the scheme is missing"),
            Wrong::NoTls => f.write_str("TLS to proxies is left out of this build"),
            Wrong::Option => {
                f.write_str("options: expected auth=any, auth=digest, names=proxy or names=local")
            }
            Wrong::Scheme(scheme) => {
                f.write_str("scheme: expected http, https, socks4, socks4a, socks5 or socks5h, ")?;
                write!(f, "got {scheme:?}")
            }
        }
    }
}

impl error::Error for ParseRouteError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, printed: &str, login: Option<(&str, &str)>) {
        let route: Route = text.parse().unwrap();
        assert_eq!(route.to_string(), printed);
        let found = route.hops().last().and_then(Hop::credentials);
        assert_eq!(found.map(|it| (it.user.as_str(), it.password.expose())), login, "{text}");
    }

    #[test]
    fn a_route_is_read_and_printed_without_its_password() {
        check("", "direct", None);
        check("direct", "direct", None);
        check("socks5://p.test:1080", "socks5://p.test:1080", None);
        check("SOCKS5H://p.test:1080/", "socks5://p.test:1080", None);
        check("http://u:p@[::1]:3128", "http://u@[::1]:3128", Some(("u", "p")));
        check("socks4a://u@p.test:1", "socks4a://u@p.test:1", Some(("u", "")));
        check("http://u@p.test:1", "http://u@p.test:1", Some(("u", "")));
        check("http://u:p%40a:ss@b@p.test:1", "http://u@p.test:1", Some(("u", "p@a:ss@b")));
        check("HTTPS://p.test:443", "https://p.test:443", None);
        check("socks5h+TLS://u:p@p.test:1", "socks5+tls://u@p.test:1", Some(("u", "p")));
        check(
            "http://u:a?b@p.test:1/?auth=digest",
            "http://u@p.test:1?auth=digest",
            Some(("u", "a?b")),
        );
        check("socks5://p.test:1?names=LOCAL&auth=any", "socks5://p.test:1?names=local", None);
        check("socks5://p.test:1/?", "socks5://p.test:1", None);
        check("http://a.test:1 socks5://b.test:2", "http://a.test:1 socks5://b.test:2", None);
        check(
            "http://a%3Ab%40%20%0a%25:p@p.test:1",
            "http://a%3Ab%40%20%0A%25@p.test:1",
            Some(("a:b@ \n%", "p")),
        );
        check("http://юзер@p.test:1", "http://юзер@p.test:1", Some(("юзер", "")));
    }

    #[test]
    fn routes_under_the_same_tls_are_equal() {
        let https: Hop = "https://p.test:1".parse().unwrap();
        assert_eq!(https, "https://p.test:1".parse().unwrap());
        assert_ne!(https, "http://p.test:1".parse().unwrap());
        assert!(https.is_encrypted());
    }

    #[test]
    fn a_wrong_route_says_what_is_wrong() {
        for (text, expected) in [
            ("p.test:1080", "the scheme is missing"),
            ("ftp://p.test:1", "http, https, socks4, socks4a, socks5 or socks5h, got \"ftp\""),
            ("http+tls://p.test:1", "got \"http+tls\""),
            ("https+tls://p.test:1", "got \"https+tls\""),
            ("http://p.test:1?auth=hunter2", "expected auth=any"),
            ("http://u:hunter2@p.test", "the port is missing"),
            ("http://u:hunter2@:80", "the host is empty"),
            ("http://u:%ff@p.test:80", "no UTF-8"),
            ("http://u:hunter2 secret@p.test:1", "(hidden)"),
            ("u:hunter2@http://p.test:1", "(hidden)"),
        ] {
            let error = text.parse::<Route>().unwrap_err();
            assert!(error.to_string().contains(expected), "{text}: {error}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }
}
