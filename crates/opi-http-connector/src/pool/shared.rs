//! The books under their lock, which is never held while anything waits or is closed.

use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot::{Receiver, Sender, channel};
use tokio::time::Instant;

use super::lease::{Lease, Room, Slot};
use super::state::{Asked, Closing, Given, Member, State};
use super::stats::Reason;
use super::{PoolConfig, PoolStats, Pooled};

type Books<K, C> = State<K, C, Sender<Slot<K, C>>>;

/// The books of a pool; clones are the same books.
#[derive(Debug)]
pub(super) struct Shared<K: Clone + Eq + Hash, C: Pooled>(Arc<Inner<K, C>>);

#[derive(Debug)]
struct Inner<K: Clone + Eq + Hash, C: Pooled> {
    books: Mutex<Books<K, C>>,
    max_age: Duration,
}

/// What came of asking.
pub(super) enum Answer<K: Clone + Eq + Hash, C: Pooled> {
    /// Too many wait already.
    Full,
    Given(Slot<K, C>),
    /// The place in the queue.
    Wait(Place<K, C>),
}

/// A place in the queue, which is left when it is dropped.
pub(super) struct Place<K: Clone + Eq + Hash, C: Pooled> {
    pub(super) told: Receiver<Slot<K, C>>,
    pool: Shared<K, C>,
    number: u64,
}

impl<K: Clone + Eq + Hash, C: Pooled> Drop for Place<K, C> {
    fn drop(&mut self) {
        self.pool.lock().leave(self.number);
        self.told.close();
        // A connection that was given at this moment serves another.
        if let Ok(Slot::Kept(lease)) = self.told.try_recv() {
            lease.keep(Instant::now());
        }
    }
}

impl<K: Clone + Eq + Hash, C: Pooled> Clone for Shared<K, C> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Clone + Eq + Hash, C: Pooled> Shared<K, C> {
    pub(super) fn new(config: PoolConfig) -> Self {
        let books = Mutex::new(State::new(config));
        Self(Arc::new(Inner { books, max_age: config.max_age }))
    }

    /// A connection, the room for one, or a place in the queue.
    pub(super) fn ask(&self, key: &K, now: Instant) -> Answer<K, C> {
        let mut closing = Vec::new();
        let mut books = self.lock();
        let asked = books.ask(key, now, &mut closing);
        let answer = match asked {
            Asked::Given(given) => Ok(given),
            Asked::Busy => {
                let (teller, told) = channel();
                Err(books.wait(key, teller).map(|number| (told, number)))
            }
        };
        drop(books);
        drop(closing);
        match answer {
            Ok(given) => Answer::Given(self.slot(given)),
            Err(Some((told, number))) => Answer::Wait(Place { told, pool: self.clone(), number }),
            Err(None) => Answer::Full,
        }
    }

    /// An idle connection of `key`, if there is one.
    pub(super) fn take(&self, key: &K) -> Option<Lease<K, C>> {
        let taken = self.lock().take(key);
        taken.map(|member| Lease::new(self.clone(), member))
    }

    /// Takes a connection back.
    pub(super) fn put(&self, member: Member<K, C>) {
        self.change(|books, _| books.put(member));
    }

    /// Notes that a connection is closed and its room free.
    pub(super) fn closed(&self, key: &K, reason: Reason) {
        self.change(|books, _| books.closed(key, reason));
    }

    /// Takes a room back that was not used.
    pub(super) fn vacate(&self, key: &K) {
        self.change(|books, _| books.vacate(key));
    }

    /// Notes that a connection is closed whose room is kept.
    pub(super) fn lost(&self, reason: Reason) {
        self.lock().lost(reason);
    }

    pub(super) fn opened(&self) {
        self.lock().opened();
    }

    pub(super) fn reused(&self) {
        self.lock().reused();
    }

    /// Whether a connection of this age may take another request.
    pub(super) fn is_young(&self, opened: Instant, now: Instant) -> bool {
        now.saturating_duration_since(opened) < self.0.max_age
    }

    pub(super) fn close_idle(&self) {
        self.change(State::close_idle);
    }

    pub(super) fn stats(&self) -> PoolStats {
        self.lock().stats()
    }

    /// Changes the books and then gives what is free to those who wait, first come, first served.
    fn change(&self, change: impl FnOnce(&mut Books<K, C>, &mut Closing<K, C>)) {
        let mut closing = Vec::new();
        let mut books = self.lock();
        change(&mut books, &mut closing);
        while let Some((teller, given)) = books.next(&mut closing) {
            drop(books);
            let refused = teller.send(self.slot(given)).err();
            books = self.lock();
            if let Some(slot) = refused {
                // Nobody waits there any more.
                take_back(slot, &mut books);
            }
        }
        books.trim(&mut closing);
        drop(books);
        drop(closing);
    }

    fn slot(&self, given: Given<K, C>) -> Slot<K, C> {
        match given {
            Given::Kept(member) => Slot::Kept(Lease::new(self.clone(), member)),
            Given::Room(key) => Slot::Room(Room::new(self.clone(), key)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Books<K, C>> {
        self.0.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes back what reached nobody; its own drop would want the lock that is held.
fn take_back<K: Clone + Eq + Hash, C: Pooled>(slot: Slot<K, C>, books: &mut Books<K, C>) {
    match slot {
        Slot::Kept(lease) => {
            if let Some(member) = lease.into_member() {
                books.put(member);
            }
        }
        Slot::Room(room) => {
            if let Some(key) = room.into_key() {
                books.vacate(&key);
            }
        }
    }
}
