//! Which certificates clients have to show.

use std::sync::Arc;

use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;

use crate::tls::Certificates;
use crate::tls::provider::provider;
use crate::{Error, ErrorKind};

/// Whether clients have to show a certificate, and issued by whom.
#[non_exhaustive]
#[derive(Clone, Debug, Default)]
pub enum Clients {
    /// Nobody is asked for one.
    #[default]
    Anyone,
    /// Clients are asked; one that shows none is let in, one that shows a wrong one is not.
    Asked(Certificates),
    /// Only clients with a certificate of these issuers are let in.
    Required(Certificates),
}

impl Clients {
    pub(super) fn verifier(&self) -> Result<Option<Arc<dyn ClientCertVerifier>>, Error> {
        let (roots, optional) = match self {
            Self::Anyone => return Ok(None),
            Self::Asked(roots) => (roots, true),
            Self::Required(roots) => (roots, false),
        };
        let roots = Arc::new(roots.store()?);
        let builder = WebPkiClientVerifier::builder_with_provider(roots, provider().clone());
        let builder = if optional { builder.allow_unauthenticated() } else { builder };
        let verifier = builder.build().map_err(|cause| {
            let error = Error::new(ErrorKind::BadCertificate);
            error.detail("the CA certificates cannot be used for clients").because(cause)
        })?;
        Ok(Some(verifier))
    }
}
