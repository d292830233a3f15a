//! Which versions of TLS may be spoken.

use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};

/// A version of TLS; older ones are not spoken at all.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Version {
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

/// The lowest and the highest version that may be spoken. Default: 1.2 to 1.3.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Versions {
    lowest: Version,
    highest: Version,
}

impl Versions {
    /// From `lowest` to `highest`; none when there is no version between them.
    ///
    /// ```
    /// use opi_net::tls::{Version, Versions};
    ///
    /// assert_eq!(Versions::between(Version::Tls12, Version::Tls13), Some(Versions::default()));
    /// assert_eq!(Versions::between(Version::Tls13, Version::Tls12), None);
    /// ```
    #[must_use]
    pub fn between(lowest: Version, highest: Version) -> Option<Self> {
        (lowest <= highest).then_some(Self { lowest, highest })
    }

    /// This version and no other.
    #[must_use]
    pub fn only(version: Version) -> Self {
        Self { lowest: version, highest: version }
    }

    pub(super) fn list(self) -> &'static [&'static SupportedProtocolVersion] {
        match (self.lowest, self.highest) {
            (Version::Tls12, Version::Tls12) => ONLY_12,
            (Version::Tls13, _) => ONLY_13,
            (Version::Tls12, Version::Tls13) => BOTH,
        }
    }
}

impl Default for Versions {
    fn default() -> Self {
        Self { lowest: Version::Tls12, highest: Version::Tls13 }
    }
}

static ONLY_12: &[&SupportedProtocolVersion] = &[&TLS12];
static ONLY_13: &[&SupportedProtocolVersion] = &[&TLS13];
static BOTH: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];
