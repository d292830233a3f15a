//! The server's side of TLS: who we are, whom we let in, and the handshake.

mod clients;
mod explain;
mod greeting;

use std::fmt;
use std::sync::{Arc, RwLock};

use rustls::ServerConfig;
use rustls::crypto::ring::Ticketer;
use rustls::server::NoServerSessionStorage;
use rustls::sign::SingleCertAndKey;
use tokio_rustls::TlsAcceptor;

use super::ahead::Ahead;
use super::layer::TlsLayer;
use super::provider::provider;
use super::{Identity, IdentityFiles, Versions, alpn};
use crate::{Deadline, Error, ErrorKind, Phase, Stream};

pub use clients::Clients;

/// How a server speaks TLS. Clones share one identity, which can be replaced while serving.
///
/// Nothing is kept in memory for a client that left: sessions are resumed by tickets (RFC 8446,
/// section 4.6.1; RFC 5077), and not at all where clients show certificates, so that each
/// handshake checks them anew. A handshake takes 64 KiB of a client's greeting at most; an idle
/// connection holds about 8 KiB.
///
/// ```no_run
/// use opi_net::tls::{IdentityFiles, ServerTls};
///
/// let tls = ServerTls::from_files(IdentityFiles::pem("server.pem", "server.key"))?;
/// tls.reload()?; // the certificate was renewed
/// # Ok::<(), opi_net::Error>(())
/// ```
#[must_use]
#[derive(Clone)]
pub struct ServerTls(Arc<Shared>);

struct Shared {
    settings: Settings,
    files: Option<IdentityFiles>,
    current: RwLock<Current>,
}

#[derive(Clone)]
struct Current {
    identity: Identity,
    config: Arc<ServerConfig>,
}

#[derive(Clone, Debug, Default)]
struct Settings {
    clients: Clients,
    alpn: Vec<Vec<u8>>,
    versions: Versions,
}

impl ServerTls {
    /// TLS 1.2 and 1.3 as `identity`; clients are not asked for a certificate.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Tls`]: the system gives no random numbers.
    pub fn new(identity: Identity) -> Result<Self, Error> {
        Self::build(Settings::default(), None, identity)
    }

    /// As [`new`](Self::new), with an identity that [`reload`](Self::reload) reads again.
    ///
    /// # Errors
    ///
    /// As [`Identity::from_files`] and [`new`](Self::new).
    pub fn from_files(files: IdentityFiles) -> Result<Self, Error> {
        let identity = Identity::from_files(&files)?;
        Self::build(Settings::default(), Some(files), identity)
    }

    /// Whether clients have to show a certificate. Default: [`Clients::Anyone`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadCertificate`]: the certificates cannot be used for clients.
    pub fn clients(self, clients: Clients) -> Result<Self, Error> {
        let settings = Settings { clients, ..self.0.settings.clone() };
        self.with(settings)
    }

    /// The application protocols that are accepted, best first (RFC 7301); a client that offers
    /// others only is refused. Default: none, and offers are ignored. Each has 1 to 255 bytes, all
    /// together have 8 KiB at most.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Tls`]: a name is too short or too long, or as [`new`](Self::new).
    pub fn alpn(self, protocols: &[&str]) -> Result<Self, Error> {
        let alpn = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let settings = Settings { alpn, ..self.0.settings.clone() };
        self.with(settings)
    }

    /// The versions that are spoken. Default: 1.2 and 1.3.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn versions(self, versions: Versions) -> Result<Self, Error> {
        let settings = Settings { versions, ..self.0.settings.clone() };
        self.with(settings)
    }

    /// Takes `identity` for every later handshake, of all clones; open connections stay.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); the old identity stays then.
    pub fn replace(&self, identity: Identity) -> Result<(), Error> {
        let config = self.0.settings.config(&identity)?;
        let mut current = self.0.current.write().unwrap_or_else(|broken| broken.into_inner());
        *current = Current { identity, config };
        Ok(())
    }

    /// Reads the files again and [replaces](Self::replace) the identity.
    ///
    /// # Errors
    ///
    /// As [`Identity::from_files`], and [`ErrorKind::BadCertificate`] when there are no files;
    /// the old identity stays then.
    pub fn reload(&self) -> Result<(), Error> {
        let Some(files) = &self.0.files else {
            let error = Error::new(ErrorKind::BadCertificate);
            return Err(error.detail("there are no files to read the identity from again"));
        };
        self.replace(Identity::from_files(files)?)
    }

    /// The identity of the next handshake.
    #[must_use]
    pub fn identity(&self) -> Identity {
        self.current().identity
    }

    /// Makes `stream`, just accepted, an encrypted connection: the handshake, and nothing more.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Closed`]: the client left before it said anything.
    /// [`ErrorKind::ClientCertificate`]: it has none, or one that is not accepted.
    /// [`ErrorKind::Tls`] with the reason, [`ErrorKind::Timeout`] or [`ErrorKind::Cancelled`].
    ///
    /// # Cancel safety
    ///
    /// The connection is closed when the future is dropped.
    pub async fn accept(&self, stream: Stream, deadline: &Deadline) -> Result<Stream, Error> {
        let peer = stream.peer();
        let shaken = deadline.run(Phase::Tls, self.shake(stream)).await;
        shaken.and_then(|outcome| outcome).map_err(|error| match peer {
            Some(peer) => error.in_phase(Phase::Tls).on(&peer.into()),
            None => error.in_phase(Phase::Tls),
        })
    }

    async fn shake(&self, stream: Stream) -> Result<Stream, Error> {
        let stream = greeting::check(stream).await?;
        let acceptor = TlsAcceptor::from(self.current().config);
        let encrypted = acceptor.accept(Ahead::new(stream)).await.map_err(explain::failed)?;
        Ok(Stream::layered(TlsLayer::new(encrypted, None)))
    }

    fn current(&self) -> Current {
        self.0.current.read().unwrap_or_else(|broken| broken.into_inner()).clone()
    }

    fn with(&self, settings: Settings) -> Result<Self, Error> {
        Self::build(settings, self.0.files.clone(), self.current().identity)
    }

    fn build(
        settings: Settings,
        files: Option<IdentityFiles>,
        identity: Identity,
    ) -> Result<Self, Error> {
        let config = settings.config(&identity)?;
        let current = RwLock::new(Current { identity, config });
        Ok(Self(Arc::new(Shared { settings, files, current })))
    }
}

impl Settings {
    fn config(&self, identity: &Identity) -> Result<Arc<ServerConfig>, Error> {
        alpn::check(&self.alpn)?;
        let failed = |cause| Error::new(ErrorKind::Tls).because(cause);
        let builder = ServerConfig::builder_with_provider(provider().clone())
            .with_protocol_versions(self.versions.list())
            .map_err(failed)?;
        let builder = match self.clients.verifier()? {
            Some(verifier) => builder.with_client_cert_verifier(verifier),
            None => builder.with_no_client_auth(),
        };
        let shown = SingleCertAndKey::from(identity.certified());
        let mut config = builder.with_cert_resolver(Arc::new(shown));
        config.alpn_protocols.clone_from(&self.alpn);
        config.session_storage = Arc::new(NoServerSessionStorage {});
        match &self.clients {
            Clients::Anyone => config.ticketer = Ticketer::new().map_err(failed)?,
            _ => config.send_tls13_tickets = 0,
        }
        Ok(Arc::new(config))
    }
}

impl fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerTls")
            .field("identity", &self.current().identity)
            .field("settings", &self.0.settings)
            .finish_non_exhaustive()
    }
}
