//! Connections that are kept for later requests, and the rules for how many there may be.

mod config;
mod lease;
mod queue;
mod shared;
mod state;
mod stats;

#[cfg(test)]
mod tests;

use std::future::poll_fn;
use std::hash::Hash;
use std::task::{Context, Poll};
use std::time::Duration;

use opi_net::{Deadline, Phase, look, look_anew, timed};
use tokio::time::Instant;

use crate::{Error, ErrorKind};
use shared::{Answer, Place, Shared};

pub use config::PoolConfig;
pub(crate) use lease::{Lease, Slot};
pub use stats::{Closed, PoolStats};

/// What a pool can keep.
pub(crate) trait Pooled: Send {
    /// How it stands now; never waits. `context` is told of nothing that would be of use.
    fn check(&mut self, context: &mut Context<'_>) -> Health;

    /// How it stands right after it has served. By default as at any time.
    fn rest(&mut self, context: &mut Context<'_>) -> Health {
        self.check(context)
    }
}

/// How a connection without a request stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Health {
    /// The peer has closed it, or it has failed.
    Closed,
    /// Bytes have come that nobody asked for: whatever they are, they answer nothing.
    Leftover,
    /// It can take a request.
    Live,
    /// Its last exchange ended so that no other can follow.
    Spent,
}

/// The connections of one session. `K` says which are alike: whatever changes whom one trusts, or
/// whom one is taken for, is part of it.
#[derive(Debug)]
pub(crate) struct Pool<K: Clone + Eq + Hash, C: Pooled>(Shared<K, C>);

impl<K: Clone + Eq + Hash, C: Pooled> Pool<K, C> {
    pub(crate) fn new(config: PoolConfig) -> Self {
        Self(Shared::new(config))
    }

    /// A connection of `key` that lives, or the room to open one.
    ///
    /// It is asked for `now`. Where there is neither, the request waits in the order of coming;
    /// the time of it is added to `queue`.
    ///
    /// # Errors
    ///
    /// The deadline ends in the queue ([`Phase::Queue`]), or the queue is full
    /// ([`ErrorKind::PoolFull`]).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future leaves the queue.
    pub(crate) async fn acquire(
        &self,
        key: &K,
        deadline: &Deadline,
        now: Instant,
        queue: &mut Duration,
    ) -> Result<Slot<K, C>, Error> {
        let (slot, now) = match self.0.ask(key, now) {
            Answer::Full => return Err(Error::new(ErrorKind::PoolFull)),
            Answer::Given(slot) => (slot, now),
            // Apart, because it is large and rare.
            Answer::Wait(place) => (Box::pin(wait(place, deadline, queue)).await?, Instant::now()),
        };
        match slot {
            Slot::Kept(lease) => Ok(self.checked(lease, key, now).await),
            Slot::Room(room) => Ok(Slot::Room(room)),
        }
    }

    /// Closes the idle connections.
    pub(crate) fn close_idle(&self) {
        self.0.close_idle();
    }

    pub(crate) fn stats(&self) -> PoolStats {
        self.0.stats()
    }

    /// `lease`, or another idle connection of `key`, if it lives; the room of it otherwise.
    async fn checked(&self, mut lease: Lease<K, C>, key: &K, now: Instant) -> Slot<K, C> {
        loop {
            let is_stale = lease.may_be_stale(now);
            let health = poll_fn(|context| {
                let check = |context: &mut Context<'_>| lease.check(context);
                Poll::Ready(if is_stale { look_anew(context, check) } else { look(context, check) })
            });
            let health = health.await;
            let Some(reason) = lease.reason_to_close(health, now) else {
                self.0.reused();
                return Slot::Kept(lease);
            };
            tracing::debug!(?reason, "an idle connection is closed");
            let room = lease.close(reason);
            match self.0.take(key) {
                Some(other) => lease = other,
                None => return Slot::Room(room),
            }
        }
    }
}

async fn wait<K: Clone + Eq + Hash, C: Pooled>(
    mut place: Place<K, C>,
    deadline: &Deadline,
    queue: &mut Duration,
) -> Result<Slot<K, C>, Error> {
    let told = timed(queue, deadline.run(Phase::Queue, &mut place.told)).await?;
    // The pool outlives all who wait: it is borrowed.
    told.map_err(|cause| Error::new(ErrorKind::PoolFull).because(cause))
}
