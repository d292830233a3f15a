//! Whom to talk to: a host as the user wrote it, and a port.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::{error, fmt};

use crate::Advice;

/// A host, kept as it was written, and a port.
///
/// The name is never replaced by an address: SNI, certificates and proxies need it.
///
/// ```
/// use opi_net::Target;
///
/// let target: Target = "db.test:5432".parse()?;
/// assert_eq!((target.host(), target.port()), ("db.test", 5432));
/// assert_eq!("[::1]:80".parse::<Target>()?.host(), "::1");
/// # Ok::<(), opi_net::ParseTargetError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Target {
    host: Box<str>,
    port: u16,
}

impl Target {
    /// A target from its parts; brackets around an IPv6 address are taken off.
    ///
    /// # Errors
    ///
    /// The host is empty, longer than 255 bytes, or holds a character no host may hold.
    pub fn new(host: &str, port: u16) -> Result<Self, ParseTargetError> {
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        match wrong_in_host(bare, host.len() != bare.len()) {
            Some(wrong) => Err(ParseTargetError::new(host, wrong)),
            None => Ok(Self { host: bare.into(), port }),
        }
    }

    /// The host, without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address, when the host is one and no name has to be looked up.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        let ip: IpAddr = self.host.parse().ok()?;
        Some(SocketAddr::new(ip, self.port))
    }
}

impl From<SocketAddr> for Target {
    fn from(address: SocketAddr) -> Self {
        Self { host: address.ip().to_string().into(), port: address.port() }
    }
}

impl FromStr for Target {
    type Err = ParseTargetError;

    fn from_str(text: &str) -> Result<Self, ParseTargetError> {
        let fail = |wrong| Err(ParseTargetError::new(text, wrong));
        if let Some((scheme, _)) = text.split_once("://") {
            return fail(Wrong::Scheme(scheme.into()));
        }
        let Some((host, port)) = text.rsplit_once(':') else { return fail(Wrong::NoPort) };
        if text.starts_with('[') && text.ends_with(']') {
            return fail(Wrong::NoPort);
        }
        if host.contains(':') && !host.starts_with('[') {
            return fail(Wrong::Unbracketed);
        }
        let Some(port) = parse_port(port) else { return fail(Wrong::BadPort) };
        Self::new(host, port).map_err(|error| ParseTargetError::new(text, error.wrong))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Digits only: `+80` and ` 80` are typing mistakes, and no one connects to port 0.
fn parse_port(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port != 0)
}

fn wrong_in_host(host: &str, bracketed: bool) -> Option<Wrong> {
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "/\\?#@[]<>\"%".contains(c);
    if host.is_empty() {
        Some(Wrong::NoHost)
    } else if host.len() > LONGEST_HOST {
        Some(Wrong::LongHost)
    } else if (bracketed || host.contains(':')) && host.parse::<std::net::Ipv6Addr>().is_err() {
        Some(Wrong::BadIpv6)
    } else {
        host.chars().find(|c| forbidden(*c)).map(Wrong::BadCharacter)
    }
}

const LONGEST_HOST: usize = 255;

/// Why a text is not a [`Target`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ParseTargetError {
    text: Box<str>,
    wrong: Wrong,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Wrong {
    BadCharacter(char),
    BadIpv6,
    BadPort,
    LongHost,
    NoHost,
    NoPort,
    Scheme(Box<str>),
    Unbracketed,
}

impl ParseTargetError {
    /// The row of this error: its code, who must act, and the cure.
    pub const ADVICE: Advice = Advice::new([
        "bad_address",
        "caller",
        "Write the address as host:port, for example db.example:5432 or [::1]:80.",
        "Укажите адрес в виде узел:порт, например db.example:5432 или [::1]:80.",
    ]);

    /// The code that programs compare: `bad_address`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        Self::ADVICE.code
    }

    /// Keeps `text` for the message, unless it may carry a password.
    fn new(text: &str, wrong: Wrong) -> Self {
        let error = Self { text: text.into(), wrong };
        if text.contains('@') { error.hidden() } else { error }
    }

    /// The same error, without the text it is about, which may carry a password.
    #[must_use]
    pub fn hidden(self) -> Self {
        let wrong = match self.wrong {
            Wrong::Scheme(_) => Wrong::Scheme("(hidden)".into()),
            wrong => wrong,
        };
        Self { text: "(hidden)".into(), wrong }
    }
}

impl fmt::Display for ParseTargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "address {:?}: expected host:port, ", self.text)?;
        match &self.wrong {
            Wrong::BadCharacter(c) => write!(f, "the character {c:?} cannot stand in a host"),
            Wrong::BadIpv6 => f.write_str("what stands in brackets is no IPv6 address"),
            Wrong::BadPort => f.write_str("the port is not a number from 1 to 65535"),
            Wrong::LongHost => f.write_str("the host is longer than 255 bytes"),
            Wrong::NoHost => f.write_str("the host is empty"),
            Wrong::NoPort => f.write_str("the port is missing"),
            Wrong::Scheme(scheme) => write!(f, "without the scheme {scheme:?}"),
            Wrong::Unbracketed => f.write_str("write an IPv6 address in brackets: [::1]:80"),
        }
    }
}

impl error::Error for ParseTargetError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn good(text: &str, host: &str, port: u16) {
        let target: Target = text.parse().unwrap();
        assert_eq!((target.host(), target.port()), (host, port), "{text:?}");
        assert_eq!(target.to_string(), text);
    }

    #[track_caller]
    fn bad(text: &str, expected: &str) {
        let error = text.parse::<Target>().unwrap_err().to_string();
        assert!(error.contains(expected), "{text:?}: {error}");
        assert_eq!(text.parse::<Target>().unwrap_err().code(), "bad_address");
    }

    #[test]
    fn host_and_port_are_kept_as_written() {
        good("db.test:5432", "db.test", 5432);
        good("DB.Test:1", "DB.Test", 1);
        good("127.0.0.1:65535", "127.0.0.1", 65535);
        good("[::1]:80", "::1", 80);
        good("сервер.рф:80", "сервер.рф", 80);
    }

    #[test]
    fn a_wrong_address_says_what_is_wrong() {
        bad("", "the port is missing");
        bad("db.test", "the port is missing");
        bad("[::1]", "the port is missing");
        bad("db.test:", "not a number from 1 to 65535");
        bad("db.test:+80", "not a number from 1 to 65535");
        bad("db.test:0", "not a number from 1 to 65535");
        bad("db.test:65536", "not a number from 1 to 65535");
        bad("db.test:http", "not a number from 1 to 65535");
        bad(":80", "the host is empty");
        bad("::1:80", "in brackets");
        bad("[db]:80", "no IPv6 address");
        bad("http://db.test:80", "without the scheme \"http\"");
        bad("db test:80", "' '");
        bad("db/test:80", "'/'");
        bad(&format!("{}:80", "a".repeat(256)), "longer than 255 bytes");
    }

    #[test]
    fn a_password_in_a_wrong_address_is_not_repeated() {
        for text in ["http://user:hunter2@db.test:80", "user:hunter2@db.test", "u:hunter2@db://x"] {
            let error = text.parse::<Target>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }
}
