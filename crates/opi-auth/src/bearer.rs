//! Bearer tokens (RFC 6750).

use crate::{Authorization, Error, ErrorKind};

/// The value for `token`.
///
/// # Errors
///
/// [`ErrorKind::BadToken`]: the token is empty or holds anything but visible ASCII.
pub fn bearer(token: &str) -> Result<Authorization, Error> {
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::new(ErrorKind::BadToken));
    }
    Ok(Authorization::new(format!("Bearer {token}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_sent_as_it_is() {
        assert_eq!(bearer("mF_9.B5f-4.1JqM").unwrap().expose(), "Bearer mF_9.B5f-4.1JqM");
    }

    #[test]
    fn what_no_header_carries_is_refused() {
        for token in ["", "a b", "a\r\nb", "тайна"] {
            assert_eq!(bearer(token).unwrap_err().kind(), ErrorKind::BadToken, "{token:?}");
        }
    }

    #[test]
    fn neither_value_nor_error_shows_the_token() {
        let shown = format!("{:?} {:?}", bearer("hunter2"), bearer("hunter2\n").unwrap_err());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
