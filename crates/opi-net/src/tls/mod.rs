//! TLS questions (whom to trust, who we are) and the client handshake.

mod alert;
mod certificate;
mod certificates;
mod der;
mod explain;
mod facts;
mod identity;
mod layer;
mod pem;
mod pin;
mod provider;
mod roots;
mod server;
mod trust;
mod versions;

use std::sync::{Arc, OnceLock};

use rustls::ClientConfig;
use rustls::sign::SingleCertAndKey;
use rustls_pki_types::ServerName;
use tokio_rustls::TlsConnector;

use crate::{Deadline, Error, ErrorKind, Phase, Stream, Target};

pub use certificate::Certificate;
pub use certificates::Certificates;
pub use identity::{Identity, IdentityFiles};
pub use pin::Pin;
pub use server::{Clients, ServerTls};
pub use trust::Trust;
pub use versions::{Version, Versions};

/// How the encrypted connections of a client are made; one value serves many of them.
///
/// Clones share one configuration, so a session's handshakes can be resumed.
///
/// ```
/// use opi_net::tls::{Certificates, Tls, Trust};
///
/// let everyday = Tls::new(Trust::System);
/// let tests_only = Tls::new(Trust::DangerousAnyone);
/// assert!(!everyday.same_as(&tests_only));
/// assert!(everyday.same_as(&everyday.clone()));
/// assert!(Certificates::from_pem(b"not a certificate").is_err());
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Tls(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    trust: Trust,
    identity: Option<Identity>,
    alpn: Vec<Vec<u8>>,
    config: OnceLock<Arc<ClientConfig>>,
}

impl Tls {
    /// TLS 1.2 and 1.3 with the certificates that `trust` accepts; no client certificate.
    pub fn new(trust: Trust) -> Self {
        Self::from_parts(trust, None, Vec::new())
    }

    /// Shows `identity` to servers that ask for a client certificate. Default: none.
    pub fn identity(self, identity: Identity) -> Self {
        Self::from_parts(self.0.trust.clone(), Some(identity), self.0.alpn.clone())
    }

    /// The application protocols offered, best first (RFC 7301). Default: none.
    pub fn alpn(self, protocols: &[&str]) -> Self {
        let alpn = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        Self::from_parts(self.0.trust.clone(), self.0.identity.clone(), alpn)
    }

    /// Whether both are one configuration, so that connections of one may serve the other.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Makes `stream` an encrypted connection to `target`, whose host is the name that is sent
    /// (SNI, RFC 6066) and that the certificate must have (RFC 9525).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CertificateName`], [`ErrorKind::CertificateTime`],
    /// [`ErrorKind::CertificateUntrusted`], [`ErrorKind::Tls`] with the reason,
    /// [`ErrorKind::Timeout`] or [`ErrorKind::Cancelled`].
    pub async fn handshake(
        &self,
        stream: Stream,
        target: &Target,
        deadline: &Deadline,
    ) -> Result<Stream, Error> {
        let name = ServerName::try_from(target.ascii_host()?.into_owned()).map_err(|cause| {
            let error = Error::new(ErrorKind::Tls).in_phase(Phase::Tls).on(target);
            error.detail("the host is no name a certificate can have").because(cause)
        })?;
        let config = self.config().map_err(|error| error.in_phase(Phase::Tls).on(target))?;
        let asked = match &name {
            ServerName::DnsName(name) => Some(name.as_ref().into()),
            _ => None,
        };
        let shaking = TlsConnector::from(config).connect(name, stream);
        let shaken = deadline.run(Phase::Tls, shaking).await.map_err(|error| error.on(target))?;
        let encrypted = shaken.map_err(|cause| explain::failed(cause, target))?;
        Ok(Stream::layered(layer::TlsLayer::new(encrypted, asked)))
    }

    fn config(&self) -> Result<Arc<ClientConfig>, Error> {
        if let Some(config) = self.0.config.get() {
            return Ok(config.clone());
        }
        let built = Arc::new(self.build()?);
        Ok(self.0.config.get_or_init(|| built).clone())
    }

    fn build(&self) -> Result<ClientConfig, Error> {
        let provider = provider::provider().clone();
        let wants_trust = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|cause| Error::new(ErrorKind::Tls).because(cause))?;
        let wants_identity = self.0.trust.apply(wants_trust, &provider)?;
        let mut config = match &self.0.identity {
            Some(identity) => {
                let shown = SingleCertAndKey::from(identity.certified());
                wants_identity.with_client_cert_resolver(Arc::new(shown))
            }
            None => wants_identity.with_no_client_auth(),
        };
        config.alpn_protocols.clone_from(&self.0.alpn);
        Ok(config)
    }

    fn from_parts(trust: Trust, identity: Option<Identity>, alpn: Vec<Vec<u8>>) -> Self {
        Self(Arc::new(Shared { trust, identity, alpn, config: OnceLock::new() }))
    }
}
