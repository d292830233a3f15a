//! The way to a target.

use std::fmt;
use std::sync::Arc;

use crate::{Hop, Protocol};

/// The way bytes take to the target: through no proxy, one, or several in a row.
///
/// Its text form is `direct`, or the proxies' URLs in order, separated by spaces; it is printed
/// without passwords.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct Route {
    hops: Arc<[Hop]>,
}

impl Route {
    /// Straight to the target.
    #[must_use]
    pub fn direct() -> Self {
        Self::default()
    }

    /// Through one proxy.
    #[must_use]
    pub fn through(hop: Hop) -> Self {
        Self { hops: [hop].into() }
    }

    /// Adds a proxy behind those there are; it is reached through them.
    #[must_use]
    pub fn then(self, hop: Hop) -> Self {
        self.hops.iter().cloned().chain([hop]).collect()
    }

    /// The proxies in the order in which bytes meet them.
    #[must_use]
    pub fn hops(&self) -> &[Hop] {
        &self.hops
    }

    /// Whether there is no proxy.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        self.hops.is_empty()
    }

    /// The route to the last proxy and that proxy, when it takes plain HTTP requests for others
    /// (RFC 9112 section 3.2.2) and no tunnel is needed.
    #[must_use]
    pub fn forwarding(&self) -> Option<(Self, &Hop)> {
        let (last, before) = self.hops.split_last()?;
        (last.protocol() == Protocol::Http).then(|| (before.iter().cloned().collect(), last))
    }
}

impl FromIterator<Hop> for Route {
    fn from_iter<I: IntoIterator<Item = Hop>>(hops: I) -> Self {
        Self { hops: hops.into_iter().collect() }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, rest)) = self.hops.split_first() else { return f.write_str("direct") };
        write!(f, "{first}")?;
        rest.iter().try_for_each(|hop| write!(f, " {hop}"))
    }
}
