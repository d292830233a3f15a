//! The value of an `Authorization` or `Proxy-Authorization` header.

use std::fmt;

use zeroize::Zeroizing;

/// The value of an `Authorization` or `Proxy-Authorization` header: visible ASCII and spaces, and in a
/// Digest answer also UTF-8 in quotes.
///
/// Hidden in `Debug`, wiped from memory when dropped.
#[derive(Clone, Eq, PartialEq)]
pub struct Authorization(Zeroizing<String>);

impl Authorization {
    pub(crate) fn new(value: String) -> Self {
        Self(Zeroizing::new(value))
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
