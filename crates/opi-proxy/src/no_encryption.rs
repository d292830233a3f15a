//! Stands in for TLS to proxies in builds without it.

use opi_net::{Deadline, Error, Stream, Target};

/// No proxy is spoken to under TLS.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub(crate) struct Encryption(());

impl Encryption {
    pub(crate) fn system() -> Option<Self> {
        None
    }

    pub(crate) fn is_on(&self) -> bool {
        false
    }

    pub(crate) async fn apply(
        &self,
        stream: Stream,
        _proxy: &Target,
        _deadline: &Deadline,
    ) -> Result<Stream, Error> {
        Ok(stream)
    }
}
