//! What changes about a connection. Locked for a few instructions only, never while waiting.

use tokio::time::Instant;

use super::bringing::SMALLEST;
use super::hearing::Hearing;
use super::outbox::Outbox;
use super::unread::{Piece, Unread};
use crate::End;
use crate::config::Standing;
use crate::places::Place;

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) hearing: Hearing,
    /// The size of the next read.
    pub(crate) size: usize,
    pub(crate) unread: Unread,
    /// The bytes of `unread` that the server's meter counts.
    pub(crate) charged: usize,
    pub(crate) outbox: Outbox,
    pub(crate) can_read: bool,
    pub(crate) can_write: bool,
    /// Whether not even what is being sent can arrive any more.
    pub(crate) lost: bool,
    /// Whether what comes is thrown away.
    pub(crate) discards: bool,
    /// Whether sending ends when the outbox is empty.
    pub(crate) finishing: bool,
    /// Whether the server's queue of ready connections names this one.
    pub(crate) queued: bool,
    /// Whether the task waits until bytes are taken.
    pub(crate) waits: bool,
    /// Whether the end is still to be told with the messages.
    pub(crate) notice: bool,
    pub(crate) end: Option<End>,
    /// What a write failed of; a read may not be told of it again.
    pub(crate) broken: Option<End>,
    /// Why the task has to end the connection.
    pub(crate) closing: Option<End>,
    pub(crate) tags: Vec<String>,
    pub(crate) received: u64,
    pub(crate) sent: u64,
    /// When a byte came or went.
    pub(crate) active: Instant,
    pub(crate) place: Option<Place>,
}

impl State {
    pub(crate) fn new(unread: Unread, place: Place) -> Self {
        Self {
            hearing: Hearing::default(),
            size: SMALLEST,
            unread,
            charged: 0,
            outbox: Outbox::default(),
            can_read: true,
            can_write: true,
            lost: false,
            discards: false,
            finishing: false,
            queued: false,
            waits: false,
            notice: false,
            end: None,
            broken: None,
            closing: None,
            tags: Vec::new(),
            received: 0,
            sent: 0,
            active: Instant::now(),
            place: Some(place),
        }
    }

    /// Adds what has come.
    pub(crate) fn arrive(&mut self, piece: Piece<'_>) {
        let size = match &piece {
            Piece::Copied(bytes) => bytes.len(),
            Piece::Kept(bytes) => bytes.len(),
        };
        self.received += size as u64;
        self.active = Instant::now();
        if self.can_read && !self.discards {
            self.unread.append(piece);
            self.notice_fault();
        }
    }

    /// Counts what has gone.
    pub(crate) fn went(&mut self, count: usize) {
        self.sent += count as u64;
        self.active = Instant::now();
    }

    /// Records why nothing more comes; a first reason stays.
    pub(crate) fn ended(&mut self, end: End) {
        let half = end == End::PeerFinished;
        self.can_read = false;
        if !half {
            self.can_write = false;
            // A server that stops lets the sends under way end by themselves.
            self.lost |= end != End::Stopped;
        }
        if end.breaks_the_wire() {
            self.outbox.clear();
            // What has come of a message is lost.
            self.notice |= self.unread.partial().is_some();
        }
        if half && !self.discards {
            self.unread.end();
        }
        if self.end.is_none() || self.end == Some(End::PeerFinished) {
            self.notice |= end.loses_a_message();
            self.end = Some(end);
        }
        self.notice_fault();
    }

    /// Turns a fault among the unread bytes into the end of the connection, once every message
    /// before it was taken.
    pub(crate) fn notice_fault(&mut self) {
        if self.unread.ready() || !matches!(self.end, None | Some(End::PeerFinished)) {
            return;
        }
        let Some(fault) = self.unread.fault() else { return };
        let end = End::framing(fault);
        (self.can_read, self.can_write, self.lost, self.notice) = (false, false, true, true);
        self.end = Some(end.clone());
        self.closing.get_or_insert(end);
    }

    /// Whether there is something to hand out.
    pub(crate) fn ready(&self) -> bool {
        self.unread.ready() || self.notice
    }

    /// Whether there is something to hand out that the server's queue does not name; now it does.
    pub(crate) fn newly_ready(&mut self) -> bool {
        self.ready() && !std::mem::replace(&mut self.queued, true)
    }

    /// Whether more may come or be taken.
    pub(crate) fn open(&self) -> bool {
        self.can_read || self.unread.ready()
    }

    pub(crate) fn standing(&self) -> Standing {
        Standing {
            quiet: self.active.elapsed(),
            waiting: self.unread.len() > 0 || !self.outbox.is_empty(),
            partial: self.unread.partial(),
        }
    }
}
