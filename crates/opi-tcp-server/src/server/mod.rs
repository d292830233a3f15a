//! The server as its owner sees it.

mod receiving;
mod sending;
mod stopping;
mod tags;

use std::net::SocketAddr;
use std::sync::Arc;

use opi_net::{Deadline, ErrorKind as NetErrorKind, Phase};
use tokio::runtime::Handle;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

pub use self::sending::{Queued, To};
use crate::accept::accept;
use crate::connection::Connection;
use crate::hub::Hub;
use crate::listen::listen;
use crate::log::Level;
use crate::{Config, ConnectionFacts, ConnectionId, End, Error, ErrorKind};

/// A listening server. Dropping it ends every connection; [`Self::stop`] waits for that.
///
/// Every method takes `&self`: several callers may wait at the same time.
#[derive(Debug)]
pub struct Server {
    addresses: Vec<SocketAddr>,
    hub: Arc<Hub>,
    tasks: Mutex<JoinSet<()>>,
}

/// How many connections a server has and had.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Statistics {
    /// The connections that were let in so far.
    pub accepted: u64,
    /// The connections that were refused so far, or failed in their handshake.
    pub refused: u64,
    /// The connections that are listed now.
    pub connections: usize,
    /// The places taken now: connections, handshakes, and those whose queue still leaves.
    pub places: usize,
    /// The ends that [`Server::ended`] can tell no more, because nobody asked in time.
    pub missed_ends: u64,
}

impl Server {
    /// Listens as `config` says; the same configuration may be used again once the server stopped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadConfig`] for a time of 0 or no room for a message of the codec,
    /// [`ErrorKind::Bind`], or [`ErrorKind::NoRuntime`] outside a tokio runtime.
    pub fn start(config: Config) -> Result<Self, Error> {
        let Ok(runtime) = Handle::try_current() else {
            return Err(Error::new(ErrorKind::NoRuntime));
        };
        let checked = config.check().and_then(|()| listen(&config.listening));
        let listeners = checked.inspect_err(|error| {
            let cause = std::error::Error::source(error);
            let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
            config.log(Level::Error, format_args!("{error}{cause}"));
        })?;
        let hub = Arc::new(Hub::new(config));
        let mut tasks = JoinSet::new();
        let mut addresses = Vec::new();
        for (listener, address) in listeners {
            tracing::debug!(%address, "listening");
            hub.config.log(Level::Info, format_args!("listening on {address}"));
            addresses.push(address);
            tasks.spawn_on(accept(listener, hub.clone()), &runtime);
        }
        Ok(Self { addresses, hub, tasks: Mutex::new(tasks) })
    }

    /// The first address it listens on, with the port the system chose.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.addresses[0]
    }

    /// The addresses it listens on, in the order of the configuration.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Closes a connection: what it had sent and nobody took is dropped, what is queued for it
    /// still goes, within [`Config::write_timeout`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownConnection`].
    pub fn close(&self, id: ConnectionId) -> Result<(), Error> {
        self.hub.close(id, End::ClosedByOwner).ok_or_else(|| Error::unknown(id))
    }

    /// The connections there are, oldest first: those that are open, and those that have ended
    /// and have bytes that were not taken, or can still be answered.
    #[must_use]
    pub fn connections(&self) -> Vec<ConnectionFacts> {
        self.hub.inbox.all().iter().map(|connection| connection.facts()).collect()
    }

    /// What is known about one connection.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownConnection`] or [`ErrorKind::Stopped`].
    pub fn facts(&self, id: ConnectionId) -> Result<ConnectionFacts, Error> {
        Ok(self.connection(id)?.facts())
    }

    /// How many connections there are and were.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        let counts = self.hub.places.counts();
        Statistics {
            accepted: counts.accepted,
            refused: counts.refused,
            connections: self.hub.inbox.len(),
            places: counts.taken,
            missed_ends: self.hub.ends.missed(),
        }
    }

    fn connection(&self, id: ConnectionId) -> Result<Arc<Connection>, Error> {
        if self.hub.stopping.is_cancelled() {
            return Err(Error::new(ErrorKind::Stopped));
        }
        self.hub.inbox.get(id).ok_or_else(|| Error::unknown(id))
    }

    /// Waits for `event`; nothing when the deadline passes first.
    async fn wait<T>(
        &self,
        event: impl Future<Output = T>,
        deadline: &Deadline,
    ) -> Result<Option<T>, Error> {
        match deadline.run(Phase::Idle, self.hub.stopping.unless(event)).await {
            Ok(Some(event)) => Ok(Some(event)),
            Ok(None) => Err(Error::new(ErrorKind::Stopped)),
            Err(error) if error.kind() == NetErrorKind::Timeout => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
