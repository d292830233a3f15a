//! Targets from text, and what is wrong with a text that is none.

use std::net::Ipv6Addr;
use std::str::FromStr;
use std::{error, fmt};

use super::Target;
use crate::Advice;

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

/// Digits only: `+80` and ` 80` are typing mistakes, and no one connects to port 0.
fn parse_port(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port != 0)
}

/// The host and its zone, from a host that may stand in brackets.
pub(super) fn host(text: &str) -> Result<(&str, Option<&str>), ParseTargetError> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let (host, zone) = match bare.split_once('%') {
        Some((host, zone)) if host.contains(':') => (host, Some(without_percent(zone))),
        _ => (bare, None),
    };
    let bracketed = text.len() != bare.len();
    let wrong = wrong_in_host(host, bracketed).or_else(|| zone.and_then(wrong_in_zone));
    match wrong {
        Some(wrong) => Err(ParseTargetError::new(text, wrong)),
        None => Ok((host, zone)),
    }
}

/// What follows `%` as written here or, in a URL, `%25` (RFC 6874); `%25` alone is zone 25.
fn without_percent(zone: &str) -> &str {
    zone.strip_prefix("25").filter(|rest| !rest.is_empty()).unwrap_or(zone)
}

fn wrong_in_zone(zone: &str) -> Option<Wrong> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let good = (1..=LONGEST_ZONE).contains(&zone.len()) && zone.bytes().all(allowed);
    (!good).then_some(Wrong::BadZone)
}

fn wrong_in_host(host: &str, bracketed: bool) -> Option<Wrong> {
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "/\\?#@[]<>\"%".contains(c);
    if host.is_empty() {
        Some(Wrong::NoHost)
    } else if host.len() > LONGEST_HOST {
        Some(Wrong::LongHost)
    } else if (bracketed || host.contains(':')) && host.parse::<Ipv6Addr>().is_err() {
        Some(Wrong::BadIpv6)
    } else if host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')) {
        // Most hosts: what follows is for the others.
        None
    } else {
        host.chars().find(|c| forbidden(*c)).map(Wrong::BadCharacter)
    }
}

const LONGEST_HOST: usize = 255;

/// Longer than the name of an interface on any system.
const LONGEST_ZONE: usize = 64;

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
    BadZone,
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
            Wrong::BadZone => f.write_str("what follows % is no zone of an IPv6 address"),
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

    #[track_caller]
    fn zoned(text: &str, zone: &str, shown: &str) {
        let target: Target = text.parse().unwrap();
        assert_eq!((target.host(), target.zone()), ("fe80::1", Some(zone)), "{text:?}");
        assert_eq!(target.to_string(), shown);
        assert_eq!(shown.parse::<Target>().unwrap(), target, "{shown:?}");
    }

    #[test]
    fn a_zone_is_set_apart_and_shown() {
        zoned("[fe80::1%eth0]:80", "eth0", "[fe80::1%eth0]:80");
        zoned("[fe80::1%25eth0]:80", "eth0", "[fe80::1%eth0]:80");
        zoned("[fe80::1%eth0.100]:80", "eth0.100", "[fe80::1%eth0.100]:80");
        zoned("[fe80::1%3]:80", "3", "[fe80::1%3]:80");
        zoned("[fe80::1%25]:80", "25", "[fe80::1%2525]:80");
        zoned("[fe80::1%2525]:80", "25", "[fe80::1%2525]:80");
        zoned("[fe80::1%25251]:80", "251", "[fe80::1%25251]:80");
        let address: std::net::SocketAddr = "[fe80::1%7]:80".parse().unwrap();
        assert_eq!(Target::from(address).to_string(), "[fe80::1%7]:80");
        assert_eq!(Target::from(address).address(), Some(address));
    }

    #[test]
    fn targets_of_two_zones_are_two() {
        let zone = |text: &str| text.parse::<Target>().unwrap();
        assert_ne!(zone("[fe80::1%a]:80"), zone("[fe80::1%b]:80"));
        assert_ne!(zone("[fe80::1%a]:80"), zone("[fe80::1]:80"));
    }

    #[test]
    fn a_wrong_zone_is_told() {
        bad("[fe80::1%]:80", "no zone");
        bad("[fe80::1%a b]:80", "no zone");
        bad("[fe80::1%a%62]:80", "no zone");
        bad("[fe80::1%../x]:80", "no zone");
        bad(&format!("[fe80::1%{}]:80", "a".repeat(65)), "no zone");
        assert!(format!("[fe80::1%{}]:80", "a".repeat(64)).parse::<Target>().is_ok());
        bad("[127.0.0.1%eth0]:80", "no IPv6 address");
        bad("db.test%eth0:80", "'%'");
        bad("db%2etest:80", "'%'");
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
