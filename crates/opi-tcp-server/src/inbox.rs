//! The connections of a server, and the queue of those that have something to take.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::connection::Connection;
use crate::meter::Meter;
use crate::{ConnectionId, Message};

/// Connections by number, and those ready, in the order in which they became so.
///
/// The queue names each connection once at most, and forgets those that have gone.
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
    /// The same, to be found at once.
    found: HashMap<ConnectionId, Arc<Connection>, BuildHasherDefault<Spread>>,
    ready: VecDeque<ConnectionId>,
    /// Those whose peer has finished and whose bytes were all taken.
    over: BTreeSet<ConnectionId>,
    /// The newest connection that was told as new; numbers grow, so those above it were not.
    told: ConnectionId,
}

impl Inbox {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the connection that `make` makes with the next number.
    pub(crate) fn insert(
        &self,
        make: impl FnOnce(ConnectionId) -> Arc<Connection>,
    ) -> Arc<Connection> {
        let mut tables = self.tables();
        let connection = make(ConnectionId(NUMBER.fetch_add(1, Relaxed)));
        tables.connections.insert(connection.id, connection.clone());
        tables.found.insert(connection.id, connection.clone());
        drop(tables);
        self.admitted.notify_one();
        connection
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
        let mut tables = self.tables();
        tables.over.remove(&id);
        tables.found.remove(&id);
        let removed = tables.connections.remove(&id);
        if tables.ready.len() > 2 * tables.connections.len() + SLACK {
            let Tables { ready, connections, .. } = &mut *tables;
            ready.retain(|id| connections.contains_key(id));
        }
        removed
    }

    pub(crate) fn get(&self, id: ConnectionId) -> Option<Arc<Connection>> {
        self.tables().found.get(&id).cloned()
    }

    pub(crate) fn all(&self) -> Vec<Arc<Connection>> {
        self.tables().connections.values().cloned().collect()
    }

    /// How many connections the queue names, those that have gone included.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.tables().ready.len()
    }

    pub(crate) fn len(&self) -> usize {
        self.tables().connections.len()
    }

    /// Marks a connection as one that keeps no place from a new one.
    pub(crate) fn over(&self, id: ConnectionId) {
        let mut tables = self.tables();
        if tables.connections.contains_key(&id) {
            tables.over.insert(id);
        }
    }

    /// The oldest connection that keeps no place from a new one; one whose answer is on its way
    /// does.
    pub(crate) fn oldest_over(&self) -> Option<ConnectionId> {
        let tables = self.tables();
        let answered = |id: &&ConnectionId| {
            tables.connections.get(*id).is_some_and(|connection| !connection.answers())
        };
        tables.over.iter().find(answered).copied()
    }

    /// Puts `connection` at the end of the queue, unless it stands there already.
    pub(crate) fn ready(&self, connection: &Connection) {
        let newly = connection.state().newly_ready();
        if newly {
            self.push(connection.id);
        }
    }

    /// Puts a connection, which has to be marked as queued, at the end of the queue.
    pub(crate) fn push(&self, id: ConnectionId) {
        self.tables().ready.push_back(id);
        self.arrived.notify_one();
    }

    /// The next message of any connection, `limit` bytes at most; connections take turns.
    pub(crate) async fn next(&self, limit: usize, meter: &Meter) -> Message {
        loop {
            let arrived = self.arrived.notified();
            if let Some(message) = self.take_next(limit, meter) {
                return message;
            }
            arrived.await;
        }
    }

    /// The next message of any connection, if there is one.
    pub(crate) fn take_next(&self, limit: usize, meter: &Meter) -> Option<Message> {
        loop {
            let (connection, others) = {
                let mut tables = self.tables();
                let id = tables.ready.pop_front()?;
                (tables.found.get(&id).cloned(), !tables.ready.is_empty())
            };
            // A connection that was closed meanwhile has nothing to give.
            let Some(connection) = connection else { continue };
            let mut state = connection.state();
            let message = connection.take(&mut state, limit);
            state.queued = state.ready();
            let more = state.queued;
            connection.settle(state, meter);
            if more {
                self.push(connection.id);
            }
            if others {
                // Another caller may wait for what is still in the queue.
                self.arrived.notify_one();
            }
            if message.is_some() {
                return message;
            }
        }
    }
}

/// Spreads the numbers of connections, which nobody outside chooses, at little cost.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, number: u64) {
        // By an odd number near the golden section of 2^64, so that the high bits differ too.
        self.0 = (self.0 ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// The number of the next connection. All servers of a process share it, so that a number of one
/// is never mistaken for a connection of another.
static NUMBER: AtomicU64 = AtomicU64::new(1);

/// How many connections that have gone the queue may name.
const SLACK: usize = 16;
