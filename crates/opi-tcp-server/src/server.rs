//! The server as its owner sees it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use opi_net::{Cancel, Deadline, ErrorKind as NetErrorKind, Phase};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::accept::accept;
use crate::connection::Connection;
use crate::inbox::Inbox;
use crate::{Config, ConnectionFacts, ConnectionId, Error, ErrorKind, Message};

/// A listening server. Dropping it ends every connection; [`Self::stop`] waits for that.
///
/// Every method takes `&self`: several callers may wait at the same time.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    inbox: Arc<Inbox>,
    stopped: Cancel,
    tasks: Mutex<JoinSet<()>>,
}

impl Server {
    /// Listens as `config` says.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Bind`], or [`ErrorKind::NoRuntime`] outside a tokio runtime.
    pub fn start(config: Config) -> Result<Self, Error> {
        let Ok(runtime) = Handle::try_current() else {
            return Err(Error::new(ErrorKind::NoRuntime));
        };
        let bind = |cause| Error::bind(config.address, cause);
        let socket = std::net::TcpListener::bind(config.address).map_err(bind)?;
        socket.set_nonblocking(true).map_err(bind)?;
        let listener = TcpListener::from_std(socket).map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let inbox = Arc::new(Inbox::default());
        let mut tasks = JoinSet::new();
        tasks.spawn_on(accept(listener, inbox.clone(), config), &runtime);
        tracing::debug!(%address, "listening");
        Ok(Self { address, inbox, stopped: Cancel::new(), tasks: Mutex::new(tasks) })
    }

    /// The address it listens on, with the port the system chose.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next connection that was accepted and not told by this method before, oldest first;
    /// nothing when the deadline passes first. One that has gone meanwhile is left out.
    ///
    /// Servers that give each connection a task of its own wait here and then by [`Self::next_of`];
    /// those that take bytes from anyone need only [`Self::next`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Stopped`], or the wait was cancelled.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no connection.
    pub async fn accept(&self, deadline: &Deadline) -> Result<Option<ConnectionFacts>, Error> {
        let connection = self.wait(self.inbox.newcomer(), deadline).await?;
        Ok(connection.map(|connection| connection.facts()))
    }

    /// The next bytes of any connection, `limit` at most (the rest stays for the next call);
    /// nothing when the deadline passes first. Connections take turns.
    ///
    /// That a peer has finished is told with its last bytes, or by [`Self::next_of`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Stopped`], or the wait was cancelled.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no message.
    pub async fn next(&self, limit: usize, deadline: &Deadline) -> Result<Option<Message>, Error> {
        self.wait(self.inbox.next(limit.max(1)), deadline).await
    }

    /// The next bytes of one connection, as [`Self::next`]; a message without bytes says that the
    /// peer has finished.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownConnection`], [`ErrorKind::Stopped`], or the wait was cancelled.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no message.
    pub async fn next_of(
        &self,
        id: ConnectionId,
        limit: usize,
        deadline: &Deadline,
    ) -> Result<Option<Message>, Error> {
        let connection = self.connection(id)?;
        let waiting = async {
            loop {
                let arrived = connection.arrived.notified();
                if self.inbox.get(id).is_none() {
                    return Err(Error::unknown(id));
                }
                if let Some(message) = connection.take_or_end(limit.max(1)) {
                    return Ok(message);
                }
                arrived.await;
            }
        };
        self.wait(waiting, deadline).await?.transpose()
    }

    /// Sends all of `data` on a connection, after the sends that came before.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownConnection`], or the connection failed or the deadline passed;
    /// [`Error::sent`] says how many bytes had gone.
    pub async fn send(
        &self,
        id: ConnectionId,
        data: &[u8],
        deadline: &Deadline,
    ) -> Result<(), Error> {
        self.connection(id)?.send(data, deadline).await
    }

    /// Tells the peer of a connection that nothing more will be sent; receiving goes on.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownConnection`], or the connection failed.
    pub fn finish_sending(&self, id: ConnectionId) -> Result<(), Error> {
        self.connection(id)?.finish_sending()
    }

    /// Closes a connection; what it had sent and nobody took is dropped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownConnection`].
    pub fn close(&self, id: ConnectionId) -> Result<(), Error> {
        let connection = self.inbox.remove(id).ok_or_else(|| Error::unknown(id))?;
        connection.close();
        Ok(())
    }

    /// The connections there are, oldest first.
    #[must_use]
    pub fn connections(&self) -> Vec<ConnectionFacts> {
        self.inbox.all().iter().map(|connection| connection.facts()).collect()
    }

    /// Stops listening and closes every connection; when it returns, no task is left. Calls that
    /// wait end with [`ErrorKind::Stopped`].
    pub async fn stop(&self) {
        self.stopped.cancel();
        for connection in self.inbox.all() {
            self.inbox.remove(connection.id);
            connection.close();
        }
        let mut tasks =
            std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        tasks.shutdown().await;
        tracing::debug!(address = %self.address, "stopped");
    }

    fn connection(&self, id: ConnectionId) -> Result<Arc<Connection>, Error> {
        if self.stopped.is_cancelled() {
            return Err(Error::new(ErrorKind::Stopped));
        }
        self.inbox.get(id).ok_or_else(|| Error::unknown(id))
    }

    /// Waits for `event`; nothing when the deadline passes first.
    async fn wait<T>(
        &self,
        event: impl Future<Output = T>,
        deadline: &Deadline,
    ) -> Result<Option<T>, Error> {
        match deadline.run(Phase::Idle, self.stopped.unless(event)).await {
            Ok(Some(event)) => Ok(Some(event)),
            Ok(None) => Err(Error::new(ErrorKind::Stopped)),
            Err(error) if error.kind() == NetErrorKind::Timeout => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
