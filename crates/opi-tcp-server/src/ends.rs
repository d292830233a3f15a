//! The connections that have ended and were not told yet.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::ConnectionFacts;

/// A ring of ended connections: the oldest makes room.
#[derive(Debug, Default)]
pub(crate) struct Ends {
    ring: Mutex<Ring>,
    added: Notify,
}

#[derive(Debug, Default)]
struct Ring {
    facts: VecDeque<ConnectionFacts>,
    missed: u64,
}

impl Ends {
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, facts: ConnectionFacts) {
        let mut ring = self.ring();
        if ring.facts.len() == KEPT {
            ring.facts.pop_front();
            ring.missed += 1;
        }
        ring.facts.push_back(facts);
        drop(ring);
        self.added.notify_one();
    }

    /// The next connection that has ended, oldest first.
    pub(crate) async fn next(&self) -> ConnectionFacts {
        loop {
            let added = self.added.notified();
            if let Some(facts) = self.take() {
                return facts;
            }
            added.await;
        }
    }

    fn take(&self) -> Option<ConnectionFacts> {
        let mut ring = self.ring();
        let facts = ring.facts.pop_front();
        if !ring.facts.is_empty() {
            // Another caller may wait for that one.
            self.added.notify_one();
        }
        facts
    }

    /// How many ends nobody was told of because nobody asked in time.
    pub(crate) fn missed(&self) -> u64 {
        self.ring().missed
    }
}

/// The most ends that are kept.
pub(crate) const KEPT: usize = 256;
