//! Bearer tokens (RFC 6750).

use std::fmt;

use crate::{Asked, Authorization, Credential, Error, ErrorKind, Memories, Scheme, Surroundings};

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

/// A bearer token, shown with every request.
#[must_use]
#[derive(Clone)]
pub struct Bearer(Authorization);

impl Bearer {
    /// The scheme that shows `token`.
    ///
    /// # Errors
    ///
    /// Those of [`bearer`].
    pub fn new(token: &str) -> Result<Self, Error> {
        bearer(token).map(Self)
    }
}

/// Never shows the token.
impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer(..)")
    }
}

impl Scheme for Bearer {
    fn authorize(
        &self,
        asked: &Asked<'_>,
        _memories: &mut Memories<'_>,
        _around: &Surroundings,
    ) -> Result<Vec<Credential>, Error> {
        Ok(vec![Credential::of(asked.side().header(), self.0.clone())])
    }
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
