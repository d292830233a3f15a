//! The client's side of TLS: its settings and the handshake.

mod explain;
mod key_log;
mod reason;
mod settings;
mod trust;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio_rustls::TlsConnector;

use super::ahead::Ahead;
use super::layer::TlsLayer;
use super::verify::watched;
use super::{Certificate, Identity, Pin, Versions, alpn, roots};
use crate::{Deadline, Error, ErrorKind, Phase, Stream, Target};

pub(crate) use explain::refused_later;
pub use key_log::KeyLog;
use settings::Settings;
pub use trust::{Name, Sni, Trust};

/// How the encrypted connections of a client are made; one value serves many of them.
///
/// Clones share one configuration, so a session's handshakes can be resumed; what differs in any
/// setting never resumes a session of another.
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
    settings: Settings,
    config: Mutex<Option<Arc<ClientConfig>>>,
}

impl Tls {
    /// TLS 1.2 and 1.3 with the certificates that `trust` accepts; no client certificate.
    pub fn new(trust: Trust) -> Self {
        Self::from_settings(Settings::new(trust))
    }

    /// Shows `identity` to servers that ask for a client certificate. Default: none.
    pub fn identity(self, identity: Identity) -> Self {
        self.with(|settings| settings.identity = Some(identity))
    }

    /// The same without a client certificate.
    pub fn without_identity(self) -> Self {
        if self.0.settings.identity.is_none() {
            return self;
        }
        self.with(|settings| settings.identity = None)
    }

    /// The application protocols offered, best first (RFC 7301). Default: none. Each has 1 to 255
    /// bytes, all together have 8 KiB at most; a handshake with others fails.
    pub fn alpn(self, protocols: &[&str]) -> Self {
        let alpn = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        self.with(|settings| settings.alpn = alpn)
    }

    /// The versions that are spoken. Default: 1.2 and 1.3.
    pub fn versions(self, versions: Versions) -> Self {
        self.with(|settings| settings.versions = versions)
    }

    /// The name the certificate must have. Default: the target's host.
    pub fn name(self, name: Name) -> Self {
        self.with(|settings| settings.name = name)
    }

    /// Whether the name is sent. Default: yes.
    pub fn sni(self, sni: Sni) -> Self {
        self.with(|settings| settings.sni = sni)
    }

    /// The key of the server's own certificate must have one of these pins, besides all that is
    /// checked otherwise. Default: none, and any key will do.
    pub fn pins(self, pins: &[Pin]) -> Self {
        self.with(|settings| settings.pins = pins.to_vec())
    }

    /// Writes the secrets of every session down. Default: nowhere.
    pub fn key_log(self, key_log: KeyLog) -> Self {
        self.with(|settings| settings.key_log = Some(key_log))
    }

    /// Whether both are one configuration, so that connections of one may serve the other.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Makes `stream` an encrypted connection to `target`, whose host is the name that is sent
    /// (SNI, RFC 6066) and that the certificate must have (RFC 9525), unless told otherwise.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadHost`], [`ErrorKind::CertificateName`], [`ErrorKind::CertificatePin`],
    /// [`ErrorKind::CertificateTime`], [`ErrorKind::CertificateUntrusted`],
    /// [`ErrorKind::ClientCertificate`], [`ErrorKind::Tls`] with the reason,
    /// [`ErrorKind::Io`] when the key log cannot be opened, [`ErrorKind::Timeout`] or
    /// [`ErrorKind::Cancelled`].
    ///
    /// # Cancel safety
    ///
    /// The connection is closed when the future is dropped.
    pub async fn handshake(
        &self,
        stream: Stream,
        target: &Target,
        deadline: &Deadline,
    ) -> Result<Stream, Error> {
        self.shake(stream, target, None, deadline).await
    }

    /// As [`Self::handshake`], with `protocols` in the place of those of [`Self::alpn`]. What is
    /// trusted and which sessions may be resumed stays that of this configuration.
    ///
    /// # Errors
    ///
    /// As [`Self::handshake`].
    ///
    /// # Cancel safety
    ///
    /// The connection is closed when the future is dropped.
    pub async fn handshake_offering(
        &self,
        stream: Stream,
        target: &Target,
        protocols: &[&str],
        deadline: &Deadline,
    ) -> Result<Stream, Error> {
        let offered: Vec<_> = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        alpn::check(&offered).map_err(|error| error.in_phase(Phase::Tls).on(target))?;
        self.shake(stream, target, Some(offered), deadline).await
    }

    async fn shake(
        &self,
        stream: Stream,
        target: &Target,
        offered: Option<Vec<Vec<u8>>>,
        deadline: &Deadline,
    ) -> Result<Stream, Error> {
        let name = self.server_name(target)?;
        let config = self.config().map_err(|error| error.in_phase(Phase::Tls).on(target))?;
        let asked = match &name {
            ServerName::DnsName(name) if config.enable_sni => Some(name.as_ref().into()),
            _ => None,
        };
        let wanted = name.to_str().into_owned();
        let offered = offered.unwrap_or_else(|| config.alpn_protocols.clone());
        let connector = TlsConnector::from(config);
        let shaking = watched(connector.with_alpn(offered).connect(name, Ahead::new(stream)));
        let shaken = deadline.run(Phase::Tls, shaking).await.map_err(|error| error.on(target))?;
        let (outcome, shown) = shaken;
        let encrypted = outcome.map_err(|cause| self.failed(cause, &shown, &wanted).on(target))?;
        Ok(Stream::layered(TlsLayer::new(encrypted, asked)))
    }

    /// An issuer that is unknown may be known to a store that was named and not found.
    fn failed(&self, cause: io::Error, shown: &[Certificate], name: &str) -> Error {
        let asked = matches!(self.0.settings.trust, Trust::System | Trust::SystemAnd(_));
        explain::failed(cause, shown, name, if asked { roots::why_built_in() } else { None })
    }

    fn server_name(&self, target: &Target) -> Result<ServerName<'static>, Error> {
        let bad = || {
            let error = Error::new(ErrorKind::BadHost).in_phase(Phase::Tls).on(target);
            error.detail("this is no name that a certificate can have")
        };
        let name = match &self.0.settings.name {
            Name::Other(name) => {
                let named =
                    Target::new(name, target.port()).map_err(|wrong| bad().because(wrong))?;
                named.ascii_host()?.into_owned()
            }
            _ => target.ascii_host()?.into_owned(),
        };
        ServerName::try_from(name).map_err(|cause| bad().because(cause))
    }

    fn config(&self) -> Result<Arc<ClientConfig>, Error> {
        let mut config = self.0.config.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = &*config {
            return Ok(config.clone());
        }
        Ok(config.insert(Arc::new(self.0.settings.config()?)).clone())
    }

    fn with(self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.0.settings.clone();
        change(&mut settings);
        Self::from_settings(settings)
    }

    fn from_settings(settings: Settings) -> Self {
        Self(Arc::new(Shared { settings, config: Mutex::new(None) }))
    }
}
