//! Counts the unread bytes of all connections together, and keeps them under their limit.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use tokio::sync::Notify;

/// Counts the unread bytes of all connections, but for the first few of each.
#[derive(Debug)]
pub(crate) struct Meter {
    used: AtomicUsize,
    limit: usize,
    waited_for: AtomicBool,
    /// Told when there is room again.
    pub(crate) room: Notify,
}

impl Meter {
    pub(crate) fn new(limit: usize) -> Self {
        let (used, waited_for) = (AtomicUsize::new(0), AtomicBool::new(false));
        Self { used, limit, waited_for, room: Notify::new() }
    }

    /// How many bytes count when a connection has `unread` of them.
    pub(crate) const fn charge(unread: usize) -> usize {
        unread.saturating_sub(FREE)
    }

    /// Reserves as many of `count` bytes as there is room for.
    pub(crate) fn reserve(&self, count: usize) -> usize {
        if count == 0 {
            return 0;
        }
        let mut granted = 0;
        let _infallible = self.used.fetch_update(SeqCst, SeqCst, |used| {
            granted = count.min(self.limit.saturating_sub(used));
            Some(used + granted)
        });
        if granted < count {
            self.waited_for.store(true, SeqCst);
            // Room that was given back in between is told to nobody else.
            if granted == 0 && self.used.load(SeqCst) < self.limit {
                self.told();
            }
        }
        granted
    }

    pub(crate) fn release(&self, count: usize) {
        if count > 0 {
            self.used.fetch_sub(count, SeqCst);
            self.told();
        }
    }

    fn told(&self) {
        if self.waited_for.swap(false, SeqCst) {
            self.room.notify_waiters();
        }
    }
}

/// The bytes of each connection that do not count, so that each can always be heard.
const FREE: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_exact_and_the_first_bytes_are_free() {
        assert_eq!([4095, 4096, 4097].map(Meter::charge), [0, 0, 1]);
        let meter = Meter::new(10);
        assert_eq!(meter.reserve(7), 7);
        assert_eq!(meter.reserve(7), 3);
        assert_eq!(meter.reserve(1), 0);
        meter.release(1);
        assert_eq!(meter.reserve(2), 1);
    }
}
