//! The task that accepts connections and owns theirs.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::Config;
use crate::connection::Connection;
use crate::inbox::Inbox;
use crate::reading::read;

/// Accepts until it is aborted; the tasks of the connections end with it.
pub(crate) async fn accept(listener: TcpListener, inbox: Arc<Inbox>, config: Config) {
    let mut tasks = JoinSet::new();
    loop {
        // Ended tasks are reaped, so that they take no memory.
        while tasks.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((socket, peer)) if inbox.len() < config.max_connections || inbox.make_room() => {
                let connection = admit(&inbox, socket, peer);
                tasks.spawn(read(connection, inbox.clone(), config.clone()));
            }
            Ok((socket, peer)) => {
                drop(socket);
                tracing::warn!(%peer, limit = config.max_connections, "connection refused: full");
            }
            Err(cause) => {
                // Out of descriptors: trying at once would only burn time.
                tracing::warn!(%cause, "cannot accept");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn admit(inbox: &Inbox, socket: TcpStream, peer: SocketAddr) -> Arc<Connection> {
    if let Err(cause) = socket.set_nodelay(true) {
        tracing::debug!(%cause, "cannot set TCP_NODELAY");
    }
    let connection = Arc::new(Connection::new(inbox.number(), peer, socket));
    inbox.insert(connection.clone());
    tracing::debug!(connection = %connection.id, %peer, "connection accepted");
    connection
}

/// The pause after a failed accept.
const PAUSE: Duration = Duration::from_millis(100);
