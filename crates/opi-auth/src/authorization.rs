//! The value of an `Authorization` or `Proxy-Authorization` header, and of others that prove who asks.

use std::borrow::Cow;
use std::fmt;

use zeroize::Zeroizing;

use crate::grammar::is_token;
use crate::{Error, ErrorKind};

/// The value of a header that proves who asks: visible ASCII and spaces, and in a Digest answer
/// also UTF-8 in quotes.
///
/// Hidden in `Debug`, wiped from memory when dropped.
#[derive(Clone, Eq, PartialEq)]
pub struct Authorization(Zeroizing<String>);

impl Authorization {
    pub(crate) fn new(value: String) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value of a scheme of your own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadValue`]: it holds a control character.
    pub fn from_text(value: impl Into<String>) -> Result<Self, Error> {
        let value = Self::new(value.into());
        if value.expose().chars().any(char::is_control) {
            return Err(Error::new(ErrorKind::BadValue));
        }
        Ok(value)
    }

    /// The value itself; each use is a place to review.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authorization(..)")
    }
}

/// A header that proves who asks: its name, and the value that is shown to nobody else.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Credential {
    name: Cow<'static, str>,
    value: Authorization,
}

impl Credential {
    /// A header of a scheme of your own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadValue`]: the name is no token (RFC 9110 section 5.6.2).
    pub fn new(name: impl Into<Cow<'static, str>>, value: Authorization) -> Result<Self, Error> {
        let name = name.into();
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err(Error::new(ErrorKind::BadValue));
        }
        Ok(Self { name, value })
    }

    pub(crate) fn of(name: &'static str, value: Authorization) -> Self {
        Self { name: Cow::Borrowed(name), value }
    }

    /// The header's name; its case means nothing.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The header's value.
    #[must_use]
    pub fn value(&self) -> &Authorization {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_of_ones_own_is_checked_and_not_shown() {
        let value = Authorization::from_text("Own hunter2 ф").unwrap();
        let credential = Credential::new("X-Own", value.clone()).unwrap();
        assert_eq!((credential.name(), credential.value()), ("X-Own", &value));
        assert!(!format!("{credential:?}").contains("hunter2"));
        for text in ["a\r\nb", "a\0"] {
            assert_eq!(Authorization::from_text(text).unwrap_err().kind(), ErrorKind::BadValue);
        }
        for name in ["", "X Own", "X-Own:", "ф"] {
            let error = Credential::new(name, value.clone()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BadValue, "{name}");
        }
    }
}
