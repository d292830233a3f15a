//! A connection on loan, and the room for one: both go back to the pool by themselves.

use std::fmt;
use std::hash::Hash;
use std::ops::{Deref, DerefMut};
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::time::Instant;

use super::shared::Shared;
use super::state::{Held, Member};
use super::stats::Reason;
use super::{Health, Pooled};

/// What a pool gives.
#[derive(Debug)]
pub(crate) enum Slot<K: Clone + Eq + Hash, C: Pooled> {
    /// A connection that has served before and lives.
    Kept(Lease<K, C>),
    /// The room for a new connection.
    Room(Room<K, C>),
}

/// A connection on loan. Dropped, it is closed; [`Self::keep`] lets it serve again.
pub(crate) struct Lease<K: Clone + Eq + Hash, C: Pooled> {
    held: Box<Held<C>>,
    /// Behind the connection, which is closed before its room is free.
    room: Room<K, C>,
}

/// The room for one connection, which is taken until it is dropped.
pub(crate) struct Room<K: Clone + Eq + Hash, C: Pooled> {
    pool: Shared<K, C>,
    key: Option<K>,
    filled: bool,
}

impl<K: Clone + Eq + Hash, C: Pooled> Room<K, C> {
    pub(super) fn new(pool: Shared<K, C>, key: K) -> Self {
        Self { pool, key: Some(key), filled: false }
    }

    /// The connection that was opened.
    pub(crate) fn fill(mut self, connection: C) -> Lease<K, C> {
        self.filled = true;
        self.pool.opened();
        let opened = Instant::now();
        Lease { held: Box::new(Held { connection, opened, returned: opened }), room: self }
    }

    /// The key of a room that is given back by other means than its drop.
    pub(super) fn into_key(mut self) -> Option<K> {
        self.defuse()
    }

    /// Takes the key out, so that the drop does nothing.
    fn defuse(&mut self) -> Option<K> {
        self.key.take()
    }
}

impl<K: Clone + Eq + Hash, C: Pooled> Drop for Room<K, C> {
    fn drop(&mut self) {
        match self.defuse() {
            Some(key) if self.filled => self.pool.closed(&key, Reason::Spent),
            Some(key) => self.pool.vacate(&key),
            None => {}
        }
    }
}

impl<K: Clone + Eq + Hash, C: Pooled> Lease<K, C> {
    pub(super) fn new(pool: Shared<K, C>, member: Member<K, C>) -> Self {
        let mut room = Room::new(pool, member.key);
        room.filled = true;
        Self { held: member.held, room }
    }

    /// Gives the connection back for later requests, when it can serve again.
    pub(crate) fn keep(mut self, now: Instant) {
        let health = self.rest(&mut Context::from_waker(Waker::noop()));
        match self.reason_to_close(health, now) {
            // It has just served: it was not idle when its peer closed it.
            Some(Reason::Dead) => drop(self.close(Reason::Spent)),
            Some(reason) => drop(self.close(reason)),
            None => {
                let Self { mut held, mut room } = self;
                held.returned = now;
                if let Some(key) = room.defuse() {
                    room.pool.put(Member { key, held });
                }
            }
        }
    }

    /// Whether the reactor may have had no turn since the connection was given back: one that is run
    /// inside the caller's calls only has none between them.
    pub(super) fn may_be_stale(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.held.returned) >= TURN
    }

    /// Closes the connection, which had died before it was used, and keeps its room.
    pub(crate) fn into_room(self) -> Room<K, C> {
        self.close(Reason::Dead)
    }

    /// Closes the connection and keeps its room.
    pub(super) fn close(self, reason: Reason) -> Room<K, C> {
        let Self { held, mut room } = self;
        drop(held);
        room.filled = false;
        room.pool.lost(reason);
        room
    }

    /// Why the connection is not to take another request.
    pub(super) fn reason_to_close(&self, health: Health, now: Instant) -> Option<Reason> {
        match health {
            Health::Closed => Some(Reason::Dead),
            Health::Leftover => Some(Reason::Leftover),
            Health::Live if !self.room.pool.is_young(self.held.opened, now) => Some(Reason::Aged),
            Health::Live => None,
            Health::Spent => Some(Reason::Spent),
        }
    }

    pub(super) fn into_member(self) -> Option<Member<K, C>> {
        let Self { mut held, mut room } = self;
        held.returned = Instant::now();
        Some(Member { key: room.defuse()?, held })
    }
}

/// Whoever asks sooner asks at once, and nothing has happened in between.
const TURN: Duration = Duration::from_millis(1);

impl<K: Clone + Eq + Hash, C: Pooled> Deref for Lease<K, C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.held.connection
    }
}

impl<K: Clone + Eq + Hash, C: Pooled> DerefMut for Lease<K, C> {
    fn deref_mut(&mut self) -> &mut C {
        &mut self.held.connection
    }
}

impl<K: Clone + Eq + Hash, C: Pooled + fmt::Debug> fmt::Debug for Lease<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lease").field(&self.held.connection).finish()
    }
}

impl<K: Clone + Eq + Hash, C: Pooled> fmt::Debug for Room<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room").field("filled", &self.filled).finish_non_exhaustive()
    }
}
