//! What a connection's socket, its outgoing body and its user tell each other.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use opi_net::Phase;

/// What a connection's socket, its outgoing body and its user tell each other. All of them run in
/// turn, inside the calls of one user; nothing here orders anything.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    sent: AtomicU64,
    received: AtomicU64,
    /// The bytes received since the user last saw something of them.
    unseen: AtomicU64,
    /// Whether the peer did not take the last bytes offered.
    blocked: AtomicBool,
    /// Whether the head of an answer is awaited.
    heading: AtomicBool,
    /// Whether a body is being read and sent.
    uploading: AtomicBool,
    /// Whether the body has to wait.
    held: AtomicBool,
    /// Whether the body may go on when what was read of it has been sent.
    waiting: AtomicBool,
    broken: Mutex<Option<Broken>>,
    /// Whether the next head is to be written with the names below.
    cased: AtomicBool,
    names: Mutex<Vec<Box<str>>>,
}

/// Why a connection cannot go on.
#[derive(Debug)]
pub(super) enum Broken {
    /// The peer does not keep to the protocol.
    Protocol(&'static str),
    /// The socket failed.
    Socket(io::Error),
}

impl Meter {
    /// A request begins; its body is read while it is sent, or waits for a word of the server.
    pub(super) fn begin(&self, uploading: bool, held: bool) {
        self.heading.store(true, Relaxed);
        self.uploading.store(uploading, Relaxed);
        self.held.store(held, Relaxed);
        self.see();
    }

    /// The bytes sent so far, over all requests.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Relaxed)
    }

    /// The bytes received so far, over all answers.
    pub(crate) fn received(&self) -> u64 {
        self.received.load(Relaxed)
    }

    /// Whether bytes wait that the peer does not take.
    pub(super) fn is_blocked(&self) -> bool {
        self.blocked.load(Relaxed)
    }

    /// Whether the head of an answer is awaited.
    pub(super) fn is_heading(&self) -> bool {
        self.heading.load(Relaxed)
    }

    /// Whether the body has to wait.
    pub(crate) fn is_held(&self) -> bool {
        self.held.load(Relaxed)
    }

    /// The phase in which a request that waits for its answer is.
    pub(crate) fn phase(&self) -> Phase {
        let uploading = self.uploading.load(Relaxed) && !self.is_held();
        if uploading || self.is_blocked() { Phase::Send } else { Phase::FirstByte }
    }

    /// All of the body was handed out.
    pub(crate) fn upload_ends(&self) {
        self.uploading.store(false, Relaxed);
    }

    /// The body has nothing now, perhaps because what was read of it waits to be sent.
    pub(crate) fn awaits_room(&self) {
        self.waiting.store(true, Relaxed);
    }

    /// Whether the body waits so; it is asked once.
    pub(super) fn take_waiting(&self) -> bool {
        let waiting = self.waiting.load(Relaxed);
        if waiting {
            self.waiting.store(false, Relaxed);
        }
        waiting
    }

    /// Whether all of the body was handed out.
    pub(super) fn is_uploaded(&self) -> bool {
        !self.uploading.load(Relaxed)
    }

    /// From now on the body goes out.
    pub(super) fn release(&self) {
        self.held.store(false, Relaxed);
    }

    /// From now on nothing more of the body goes out.
    pub(super) fn hold(&self) {
        self.held.store(true, Relaxed);
    }

    /// The user saw something of the answer.
    pub(super) fn see(&self) {
        self.unseen.store(0, Relaxed);
    }

    /// The head of the answer has begun.
    pub(super) fn heads(&self) {
        self.heading.store(false, Relaxed);
    }

    pub(super) fn count_sent(&self, bytes: usize) {
        self.blocked.store(false, Relaxed);
        self.sent.store(self.sent() + bytes as u64, Relaxed);
    }

    /// Counts bytes received; those that the user has seen nothing of yet.
    pub(super) fn count_received(&self, bytes: usize) -> u64 {
        self.received.store(self.received() + bytes as u64, Relaxed);
        let unseen = self.unseen.load(Relaxed) + bytes as u64;
        self.unseen.store(unseen, Relaxed);
        unseen
    }

    pub(super) fn block(&self) {
        self.blocked.store(true, Relaxed);
    }

    /// Keeps why the connection cannot go on; the first reason counts.
    pub(super) fn breaks(&self, broken: Broken) {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(broken);
    }

    /// Has the next head written with `names` as they are.
    pub(crate) fn keep_case(&self, names: Vec<Box<str>>) {
        *self.names.lock().unwrap_or_else(PoisonError::into_inner) = names;
        self.cased.store(true, Relaxed);
    }

    /// The names for the head that is written now, if it is to have them.
    pub(super) fn take_names(&self) -> Option<Vec<Box<str>>> {
        if !self.cased.load(Relaxed) {
            return None;
        }
        self.cased.store(false, Relaxed);
        Some(std::mem::take(&mut *self.names.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Why the connection cannot go on.
    pub(super) fn take_broken(&self) -> Option<Broken> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
