//! The task of one connection: brings its bytes to the inbox, as long as there is room.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;

use crate::Config;
use crate::connection::Connection;
use crate::inbox::Inbox;

/// Reads until the peer finishes or fails; then lets the last bytes be taken and answered.
pub(crate) async fn read(connection: Arc<Connection>, inbox: Arc<Inbox>, config: Config) {
    while let Ok(true) = piece(&connection, config.max_unread).await {
        inbox.ready(&connection);
    }
    connection.state().can_read = false;
    inbox.ready(&connection);
    drained(&connection).await;
    linger(&connection, config.linger).await;
    inbox.remove(connection.id);
    tracing::debug!(connection = %connection.id, "connection ended");
}

/// Brings what has come; false at the end of the peer's sending.
async fn piece(connection: &Connection, max_unread: usize) -> io::Result<bool> {
    loop {
        connection.socket.readable().await?;
        let room = max_unread.saturating_sub(connection.state().unread.len());
        if room == 0 {
            connection.room.notified().await;
            continue;
        }
        match read_some(connection, room) {
            Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {}
            outcome => return outcome.map(|count| count > 0),
        }
    }
}

fn read_some(connection: &Connection, room: usize) -> io::Result<usize> {
    let mut piece = BytesMut::with_capacity(room.min(PIECE));
    let count = connection.socket.try_read_buf(&mut piece)?;
    let mut state = connection.state();
    if !state.can_read {
        return Ok(0);
    }
    if state.unread.is_empty() {
        state.unread = piece;
    } else {
        state.unread.extend_from_slice(&piece);
    }
    Ok(count)
}

/// Waits until the last bytes were taken.
async fn drained(connection: &Connection) {
    loop {
        let room = connection.room.notified();
        if connection.state().unread.is_empty() {
            return;
        }
        room.await;
    }
}

/// Leaves time to answer a peer that has finished sending.
async fn linger(connection: &Connection, limit: Duration) {
    let over = async {
        loop {
            let room = connection.room.notified();
            if !connection.facts().can_write {
                return;
            }
            room.await;
        }
    };
    // Either end is fine: the answer was finished, or nobody answered in time.
    let _late = tokio::time::timeout(limit, over).await.is_err();
}

/// The most bytes read at a time.
const PIECE: usize = 64 * 1024;
