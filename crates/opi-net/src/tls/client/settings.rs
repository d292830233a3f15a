//! What a client's TLS was asked to be, and the rustls configuration that follows from it.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::sign::SingleCertAndKey;

use super::{KeyLog, Name, Sni, Trust};
use crate::tls::provider::provider;
use crate::tls::verify::Verifier;
use crate::tls::{Identity, Pin, Versions, alpn};
use crate::{Error, ErrorKind};

#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) trust: Trust,
    pub(super) name: Name,
    pub(super) sni: Sni,
    pub(super) pins: Vec<Pin>,
    pub(super) identity: Option<Identity>,
    pub(super) alpn: Vec<Vec<u8>>,
    pub(super) versions: Versions,
    pub(super) key_log: Option<KeyLog>,
}

impl Settings {
    pub(super) fn new(trust: Trust) -> Self {
        Self {
            trust,
            name: Name::default(),
            sni: Sni::default(),
            pins: Vec::new(),
            identity: None,
            alpn: Vec::new(),
            versions: Versions::default(),
            key_log: None,
        }
    }

    /// Reads no roots yet: the first certificate that is to be verified does.
    pub(super) fn config(&self) -> Result<ClientConfig, Error> {
        alpn::check(&self.alpn)?;
        self.warn();
        let verifier = Verifier::new(&self.trust, &self.name, self.pins.clone());
        let builder = ClientConfig::builder_with_provider(provider().clone())
            .with_protocol_versions(self.versions.list())
            .map_err(|cause| Error::new(ErrorKind::Tls).because(cause))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match &self.identity {
            Some(identity) => {
                let shown = SingleCertAndKey::from(identity.certified());
                builder.with_client_cert_resolver(Arc::new(shown))
            }
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols.clone_from(&self.alpn);
        config.enable_sni = self.sni == Sni::Sent;
        if let Some(log) = self.key_log.as_ref().map(KeyLog::open).transpose()?.flatten() {
            config.key_log = log;
        }
        Ok(config)
    }

    fn warn(&self) {
        if matches!(self.trust, Trust::DangerousAnyone) {
            tracing::warn!("certificates are not checked: anyone in the middle can read along");
        } else if self.name == Name::DangerousAny {
            tracing::warn!(
                "names in certificates are not checked: any site's owner in the middle can read along"
            );
        }
    }
}
