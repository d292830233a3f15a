//! TLS to the proxy itself.

use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use opi_net::tls::{Tls, Trust};
use opi_net::{Deadline, Error, Stream, Target};

/// Whether a proxy is spoken to under TLS, and whom to trust.
#[derive(Clone, Debug, Default)]
pub(crate) struct Encryption(Option<Tls>);

impl Encryption {
    /// Under TLS with the system's roots; all of them share one configuration.
    pub(crate) fn system() -> Option<Self> {
        static SYSTEM: OnceLock<Tls> = OnceLock::new();
        Some(Self(Some(SYSTEM.get_or_init(|| Tls::new(Trust::System)).clone())))
    }

    pub(crate) fn with(tls: Tls) -> Self {
        Self(Some(tls))
    }

    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Shakes hands with the proxy, if it wants to; its name is the one in the route.
    pub(crate) async fn apply(
        &self,
        stream: Stream,
        proxy: &Target,
        deadline: &Deadline,
    ) -> Result<Stream, Error> {
        match &self.0 {
            Some(tls) => tls.handshake(stream, proxy, deadline).await,
            None => Ok(stream),
        }
    }
}

impl Eq for Encryption {}

impl PartialEq for Encryption {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => one.same_as(other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}

impl Hash for Encryption {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.is_on().hash(state);
    }
}
