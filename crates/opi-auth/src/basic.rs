//! Basic authentication (RFC 7617), in UTF-8.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::{Authorization, Error, ErrorKind};

/// The value for `user` and `password`, sent in UTF-8; either may be empty.
///
/// # Errors
///
/// [`ErrorKind::UserColon`]: the user holds a colon, which would end it on the wire.
/// [`ErrorKind::ControlCharacter`]: RFC 7617 section 2 forbids control characters in both.
pub fn basic(user: &str, password: &str) -> Result<Authorization, Error> {
    if user.contains(':') {
        return Err(Error::new(ErrorKind::UserColon));
    }
    if user.chars().chain(password.chars()).any(char::is_control) {
        return Err(Error::new(ErrorKind::ControlCharacter));
    }
    let pair = Zeroizing::new(format!("{user}:{password}"));
    Ok(Authorization::new(format!("Basic {}", STANDARD.encode(pair.as_bytes()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(user: &str, password: &str, expected: Result<&str, ErrorKind>) {
        let value = basic(user, password);
        let value = value.as_ref().map(Authorization::expose).map_err(|error| error.kind());
        assert_eq!(value, expected);
    }

    #[test]
    fn values_are_those_of_the_rfc() {
        check("Aladdin", "open sesame", Ok("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
        check("test", "123\u{a3}", Ok("Basic dGVzdDoxMjPCow=="));
    }

    #[test]
    fn empty_parts_and_colons_in_the_password_are_kept() {
        check("", "", Ok("Basic Og=="));
        check("u", "a:b", Ok("Basic dTphOmI="));
        check("юзер", "п", Ok("Basic 0Y7Qt9C10YA60L8="));
    }

    #[test]
    fn what_the_wire_cannot_carry_is_refused() {
        check("a:b", "c", Err(ErrorKind::UserColon));
        check("a", "b\r\nX: y", Err(ErrorKind::ControlCharacter));
        check("a\0", "b", Err(ErrorKind::ControlCharacter));
    }
}
