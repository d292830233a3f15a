//! The newest entries, in memory.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use super::Entry;

/// The newest entries, up to a number of them.
pub(super) struct Ring {
    most: NonZeroUsize,
    entries: Mutex<VecDeque<Entry>>,
}

impl Ring {
    pub(super) fn new(most: NonZeroUsize) -> Self {
        Self { most, entries: Mutex::new(VecDeque::new()) }
    }

    pub(super) fn push(&self, entry: Entry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.most.get() {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// The newest `count`, or all, oldest first.
    pub(super) fn newest(&self, count: Option<NonZeroUsize>) -> Vec<Entry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let older = count.map_or(0, |count| entries.len().saturating_sub(count.get()));
        entries.iter().skip(older).cloned().collect()
    }
}
