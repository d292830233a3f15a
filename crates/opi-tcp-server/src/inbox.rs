//! The connections of a server, and the queue of those that have something to take.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::connection::Connection;
use crate::{ConnectionId, Message};

/// Connections by number, and those ready, in the order in which they became so.
///
/// The queue names each connection once at most, so it is bounded by their number.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    tables: Mutex<Tables>,
    /// Told when a connection becomes ready.
    arrived: Notify,
    /// Told when a connection is new.
    admitted: Notify,
}

#[derive(Debug, Default)]
struct Tables {
    connections: BTreeMap<ConnectionId, Arc<Connection>>,
    ready: VecDeque<ConnectionId>,
    last: u64,
    /// The newest connection that was told as new; numbers grow, so those above it were not.
    told: ConnectionId,
}

impl Inbox {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number for the next connection.
    pub(crate) fn number(&self) -> ConnectionId {
        let mut tables = self.tables();
        tables.last += 1;
        ConnectionId(tables.last)
    }

    pub(crate) fn insert(&self, connection: Arc<Connection>) {
        self.tables().connections.insert(connection.id, connection);
        self.admitted.notify_one();
    }

    /// The next connection that was not told yet, oldest first.
    pub(crate) async fn newcomer(&self) -> Arc<Connection> {
        loop {
            let admitted = self.admitted.notified();
            if let Some(connection) = self.take_newcomer() {
                return connection;
            }
            admitted.await;
        }
    }

    fn take_newcomer(&self) -> Option<Arc<Connection>> {
        let mut tables = self.tables();
        let mut above = tables.connections.range((Excluded(tables.told), Unbounded));
        let connection = above.next().map(|(_, connection)| connection.clone())?;
        if above.next().is_some() {
            // Another caller may wait for that one.
            self.admitted.notify_one();
        }
        tables.told = connection.id;
        Some(connection)
    }

    pub(crate) fn remove(&self, id: ConnectionId) -> Option<Arc<Connection>> {
        self.tables().connections.remove(&id)
    }

    pub(crate) fn get(&self, id: ConnectionId) -> Option<Arc<Connection>> {
        self.tables().connections.get(&id).cloned()
    }

    pub(crate) fn all(&self) -> Vec<Arc<Connection>> {
        self.tables().connections.values().cloned().collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.tables().connections.len()
    }

    /// Lets go of the oldest connection whose peer has finished and whose bytes were all taken, so
    /// that it keeps no place from a new one; false when there is none.
    pub(crate) fn make_room(&self) -> bool {
        let over = |it: &Arc<Connection>| !it.facts().can_read && it.facts().unread == 0;
        let Some(oldest) = self.all().into_iter().find(over) else { return false };
        self.remove(oldest.id);
        oldest.close();
        true
    }

    /// Puts `connection` at the end of the queue, unless it stands there already.
    pub(crate) fn ready(&self, connection: &Connection) {
        let queued = std::mem::replace(&mut connection.state().queued, true);
        if !queued {
            self.tables().ready.push_back(connection.id);
            self.arrived.notify_one();
        }
        connection.arrived.notify_waiters();
    }

    /// The next message of any connection, `limit` bytes at most; connections take turns.
    pub(crate) async fn next(&self, limit: usize) -> Message {
        loop {
            let arrived = self.arrived.notified();
            if let Some(message) = self.take_next(limit) {
                return message;
            }
            arrived.await;
        }
    }

    fn take_next(&self, limit: usize) -> Option<Message> {
        loop {
            let connection = {
                let mut tables = self.tables();
                let id = tables.ready.pop_front()?;
                tables.connections.get(&id).cloned()
            };
            // A connection that was closed meanwhile has nothing to give.
            let Some(connection) = connection else { continue };
            connection.state().queued = false;
            let message = connection.take(limit);
            if connection.facts().unread > 0 {
                self.ready(&connection);
            } else if !self.tables().ready.is_empty() {
                // Another caller may wait for what is still in the queue.
                self.arrived.notify_one();
            }
            if message.is_some() {
                return message;
            }
        }
    }
}
