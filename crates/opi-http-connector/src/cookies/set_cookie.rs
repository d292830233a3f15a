//! Reads one `Set-Cookie` value (RFC 6265bis section 5.6). Knows neither the sender nor the jar.

use std::time::SystemTime;

use super::date;
use crate::dates::unix;

/// What a `Set-Cookie` value says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SetCookie<'a> {
    pub(super) name: &'a [u8],
    pub(super) value: &'a [u8],
    pub(super) domain: Option<&'a [u8]>,
    pub(super) path: Option<&'a [u8]>,
    pub(super) expires: Option<i64>,
    pub(super) max_age: Option<i64>,
    pub(super) secure: bool,
    pub(super) http_only: bool,
}

/// Why a cookie is not kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Refused {
    Control,
    Empty,
    ForeignDomain,
    InsecureOverSecure,
    Prefix,
    PublicSuffix,
    SecureFromPlain,
    TooLong,
}

impl Refused {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Control => "a control character stands in it",
            Self::Empty => "it has neither name nor value",
            Self::ForeignDomain => "its domain is not the server's",
            Self::InsecureOverSecure => "it would hide a secure cookie",
            Self::Prefix => "its name promises what its attributes do not keep",
            Self::PublicSuffix => "its domain is that of a registry",
            Self::SecureFromPlain => "it is for https and came over http",
            Self::TooLong => "its name and value are longer than 4,096 bytes",
        }
    }
}

impl<'a> SetCookie<'a> {
    /// The most bytes of name and value together; one more and the cookie is refused.
    pub(super) const LONGEST: usize = 4096;

    /// The most bytes of an attribute; a longer one is as if it were not there.
    const LONGEST_ATTRIBUTE: usize = 1024;

    /// Reads `line`; the attributes that nobody knows are passed over.
    pub(super) fn read(line: &'a [u8]) -> Result<Self, Refused> {
        if line.iter().any(is_control) {
            return Err(Refused::Control);
        }
        let mut parts = line.split(|byte| *byte == b';');
        let (name, value) = match pair(parts.next().unwrap_or_default()) {
            // Without `=` there is a value and no name.
            (value, None) => (&b""[..], value),
            (name, Some(value)) => (name, value),
        };
        let read = Self { name, value, ..Self::default() }.checked()?;
        Ok(parts.fold(read, Self::attribute))
    }

    /// Refuses what no jar keeps.
    pub(super) fn checked(self) -> Result<Self, Refused> {
        // A tab in a name would break a file of the Netscape form.
        if [self.name, self.value].concat().iter().any(is_control) || self.name.contains(&b'\t') {
            return Err(Refused::Control);
        }
        if self.name.is_empty() && self.value.is_empty() {
            return Err(Refused::Empty);
        }
        if self.name.len() + self.value.len() > Self::LONGEST {
            return Err(Refused::TooLong);
        }
        Ok(self)
    }

    /// When the cookie ends, in seconds since 1970: `Max-Age` wins, no end is later than 400 days
    /// from `now`; none for a cookie of the session.
    pub(super) fn ends(&self, now: SystemTime) -> Option<i64> {
        let wanted = match self.max_age {
            Some(..=0) => i64::MIN,
            Some(seconds) => unix(now).saturating_add(seconds),
            None => self.expires?,
        };
        Some(no_later(wanted, now))
    }

    fn attribute(self, part: &'a [u8]) -> Self {
        let (name, value) = pair(part);
        let value = value.unwrap_or_default();
        if value.len() > Self::LONGEST_ATTRIBUTE {
            return self;
        }
        match name.to_ascii_lowercase().as_slice() {
            b"domain" => Self { domain: Some(value), ..self },
            b"expires" => Self { expires: date::read(value).map(unix).or(self.expires), ..self },
            b"httponly" => Self { http_only: true, ..self },
            b"max-age" => Self { max_age: seconds(value).or(self.max_age), ..self },
            b"path" => Self { path: Some(value), ..self },
            b"secure" => Self { secure: true, ..self },
            _ => self,
        }
    }
}

/// The end of a cookie that wants to end at `wanted`.
pub(super) fn no_later(wanted: i64, now: SystemTime) -> i64 {
    wanted.min(unix(now).saturating_add(LONGEST_LIFE))
}

/// `name=value` or `name`, each without the blanks around it.
fn pair(part: &[u8]) -> (&[u8], Option<&[u8]>) {
    match part.iter().position(|byte| *byte == b'=') {
        Some(at) => {
            let (name, value) = part.split_at(at);
            (blanks_off(name), value.get(1..).map(blanks_off))
        }
        None => (blanks_off(part), None),
    }
}

/// Off come spaces and tabs, and nothing else that Unicode or ASCII calls white.
fn blanks_off(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// Digits with `-` before them or not; too many of them are the most there are.
fn seconds(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let all_digits = digits.iter().all(u8::is_ascii_digit);
    if !all_digits || digits.is_empty() {
        return None;
    }
    let add = |sum: i64, digit: &u8| sum.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
    let sum = digits.iter().fold(0, add);
    Some(if negative { -sum } else { sum })
}

/// The control characters of RFC 6265bis: a tab is none.
fn is_control(byte: &u8) -> bool {
    byte.is_ascii_control() && *byte != b'\t'
}

/// 400 days in seconds (RFC 6265bis section 5.5).
const LONGEST_LIFE: i64 = 400 * 24 * 60 * 60;
