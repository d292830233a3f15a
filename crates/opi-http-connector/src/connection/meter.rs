//! What a connection's socket and its user tell each other.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

/// What a connection's socket and its user tell each other: counts, and why the socket failed.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    sent: AtomicU64,
    received: AtomicU64,
    /// Whether the peer did not take the last bytes offered.
    blocked: AtomicBool,
    broken: Mutex<Option<io::Error>>,
}

impl Meter {
    /// The bytes sent so far, over all requests.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Relaxed)
    }

    /// The bytes received so far, over all answers.
    pub(crate) fn received(&self) -> u64 {
        self.received.load(Relaxed)
    }

    /// Whether bytes wait that the peer does not take.
    pub(crate) fn is_blocked(&self) -> bool {
        self.blocked.load(Relaxed)
    }

    /// Why the socket failed, if it did.
    pub(crate) fn take_broken(&self) -> Option<io::Error> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn count_sent(&self, bytes: usize) {
        self.blocked.store(false, Relaxed);
        self.sent.store(self.sent() + bytes as u64, Relaxed);
    }

    pub(super) fn count_received(&self, bytes: usize) {
        self.received.store(self.received() + bytes as u64, Relaxed);
    }

    pub(super) fn block(&self) {
        self.blocked.store(true, Relaxed);
    }

    /// Keeps `cause` and gives hyper one of the same kind.
    pub(super) fn breaks(&self, cause: io::Error) -> io::Error {
        let copy = io::Error::from(cause.kind());
        *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = Some(cause);
        copy
    }
}
