//! Who gets which connection: the books of a pool. Decides; opens, waits for and closes nothing.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::time::Duration;

use tokio::time::Instant;

use super::queue::Queue;
use super::stats::Reason;
use super::{PoolConfig, PoolStats};

/// The books of a pool: `K` says which connections are alike, `C` is a connection, `W` is how one
/// that waits is told.
#[derive(Debug)]
pub(super) struct State<K, C, W> {
    config: PoolConfig,
    /// Ordered by the moment they came back, the oldest first.
    idle: VecDeque<Member<K, C>>,
    /// How many are open, by key.
    open: HashMap<K, usize>,
    stats: PoolStats,
    waiting: Queue<K, W>,
}

/// A connection in the books.
#[derive(Debug)]
pub(super) struct Member<K, C> {
    pub(super) key: K,
    pub(super) held: Box<Held<C>>,
}

/// A connection, its age, and since when it has been idle.
#[derive(Debug)]
pub(super) struct Held<C> {
    pub(super) connection: C,
    pub(super) opened: Instant,
    pub(super) returned: Instant,
}

/// What is given to one that asks.
#[derive(Debug)]
pub(super) enum Given<K, C> {
    /// A connection that was idle.
    Kept(Member<K, C>),
    /// The right to open one.
    Room(K),
}

/// What comes of asking.
#[derive(Debug)]
pub(super) enum Asked<K, C> {
    /// Nothing is free: wait, or be turned away.
    Busy,
    Given(Given<K, C>),
}

/// Connections that are to be closed, once the books are put away.
pub(super) type Closing<K, C> = Vec<Member<K, C>>;

impl<K: Clone + Eq + Hash, C, W> State<K, C, W> {
    pub(super) fn new(config: PoolConfig) -> Self {
        Self {
            config,
            idle: VecDeque::new(),
            open: HashMap::new(),
            stats: PoolStats::default(),
            waiting: Queue::new(),
        }
    }

    /// A connection or the room for one. Those who wait are never passed: what is free now is
    /// nothing that one of them could take.
    pub(super) fn ask(
        &mut self,
        key: &K,
        now: Instant,
        closing: &mut Closing<K, C>,
    ) -> Asked<K, C> {
        self.expire(now, closing);
        match self.give(key, closing) {
            Some(given) => Asked::Given(given),
            None => Asked::Busy,
        }
    }

    /// An idle connection of `key`, the one used last.
    pub(super) fn take(&mut self, key: &K) -> Option<Member<K, C>> {
        let at = self.idle.iter().rposition(|member| member.key == *key)?;
        let taken = self.idle.remove(at);
        self.review(key);
        taken
    }

    /// Puts one that asked into the queue, unless that is full; the number is its own.
    pub(super) fn wait(&mut self, key: &K, told: W) -> Option<u64> {
        if self.waiting.len() >= self.config.max_waiting {
            return None;
        }
        let number = self.waiting.join(key.clone(), told);
        self.review(key);
        Some(number)
    }

    /// Takes one that waits no longer out of the queue.
    pub(super) fn leave(&mut self, number: u64) {
        drop(self.waiting.leave(number));
    }

    /// The first that waits for what is free now, and what it gets.
    pub(super) fn next(&mut self, closing: &mut Closing<K, C>) -> Option<(W, Given<K, C>)> {
        if self.waiting.is_empty() || !self.has_room() {
            return None;
        }
        let (number, key) = self.waiting.first()?;
        let given = self.give(&key.clone(), closing)?;
        Some((self.waiting.leave(number)?, given))
    }

    /// Takes a connection back for later requests.
    pub(super) fn put(&mut self, member: Member<K, C>) {
        self.waiting.set_open(&member.key, true);
        self.idle.push_back(member);
    }

    /// Closes what is idle beyond the limit; called when nobody that waits can take it.
    pub(super) fn trim(&mut self, closing: &mut Closing<K, C>) {
        while self.idle.len() > self.config.max_idle {
            self.close_oldest(Reason::Crowded, closing);
        }
    }

    /// Strikes a connection of `key` out of the books.
    pub(super) fn closed(&mut self, key: &K, reason: Reason) {
        self.stats.closed.count(reason);
        self.vacate(key);
    }

    /// Gives a room back that was not used.
    pub(super) fn vacate(&mut self, key: &K) {
        self.stats.open = self.stats.open.saturating_sub(1);
        if let Some(count) = self.open.get_mut(key) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.open.remove(key);
            }
        }
        self.review(key);
    }

    /// Notes that a connection which was counted was closed and its room is kept.
    pub(super) fn lost(&mut self, reason: Reason) {
        self.stats.closed.count(reason);
    }

    pub(super) fn opened(&mut self) {
        self.stats.opened += 1;
    }

    pub(super) fn reused(&mut self) {
        self.stats.reused += 1;
    }

    pub(super) fn close_idle(&mut self, closing: &mut Closing<K, C>) {
        while !self.idle.is_empty() {
            self.close_oldest(Reason::OnRequest, closing);
        }
    }

    pub(super) fn stats(&self) -> PoolStats {
        PoolStats { idle: self.idle.len(), waiting: self.waiting.len(), ..self.stats }
    }

    /// Closes what was idle for too long. What is too old otherwise is found when it is taken.
    fn expire(&mut self, now: Instant, closing: &mut Closing<K, C>) {
        let limit: Duration = self.config.idle_limit;
        let stale =
            |member: &Member<K, C>| now.saturating_duration_since(member.held.returned) >= limit;
        while self.idle.front().is_some_and(stale) {
            self.close_oldest(Reason::Idle, closing);
        }
    }

    fn give(&mut self, key: &K, closing: &mut Closing<K, C>) -> Option<Given<K, C>> {
        if let Some(member) = self.take(key) {
            return Some(Given::Kept(member));
        }
        if !self.has_room_for(key) || !self.has_room() {
            return None;
        }
        if self.stats.open >= self.config.max_open.get() {
            // Idle ones of others give way.
            self.close_oldest(Reason::Crowded, closing);
        }
        *self.open.entry(key.clone()).or_default() += 1;
        self.stats.open += 1;
        self.review(key);
        Some(Given::Room(key.clone()))
    }

    /// Whether the limit of all lets one of any key have something.
    fn has_room(&self) -> bool {
        self.stats.open < self.config.max_open.get() || !self.idle.is_empty()
    }

    /// Whether the limit of a host lets `key` have one more.
    fn has_room_for(&self, key: &K) -> bool {
        self.open.get(key).is_none_or(|open| *open < self.config.max_open_per_host.get())
    }

    /// Opens the line of those who wait for `key` when one of them could have something, were there
    /// room for all, and closes it otherwise. Whatever of `key` changes has it reviewed.
    fn review(&mut self, key: &K) {
        if self.waiting.has_line(key) {
            let is_idle = self.idle.iter().any(|member| member.key == *key);
            self.waiting.set_open(key, is_idle || self.has_room_for(key));
        }
    }

    fn close_oldest(&mut self, reason: Reason, closing: &mut Closing<K, C>) {
        if let Some(member) = self.idle.pop_front() {
            self.closed(&member.key, reason);
            closing.push(member);
        }
    }
}
