//! One accepted connection: its wire, its unread and unsent bytes, and what is told about it.

mod bell;
mod bringing;
mod facts;
mod hearing;
mod id;
mod outbox;
mod sending;
mod state;
mod taking;
mod unread;
mod waiting;
mod wire;

use std::net::SocketAddr;
use std::sync::{Arc, MutexGuard};
use std::task::Waker;
use std::time::SystemTime;

use opi_framing::Codec;
use opi_net::TlsFacts;
use tokio::sync::Notify;

use self::bell::Bell;
pub(crate) use self::bringing::{Brought, reserve};
pub use self::facts::ConnectionFacts;
pub(crate) use self::hearing::Ring;
pub use self::id::ConnectionId;
pub(crate) use self::state::State;
pub(crate) use self::unread::Piece;
use self::unread::Unread;
pub(crate) use self::waiting::{Outcome, Waiting};
pub(crate) use self::wire::{Wire, layered, plain};
use crate::End;
use crate::places::Place;

/// An accepted connection.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) id: ConnectionId,
    pub(crate) origin: Origin,
    pub(crate) since: SystemTime,
    pub(crate) wire: Wire,
    /// Told when bytes are taken, or the end is told, and the task waits for that.
    pub(crate) room: Notify,
    /// Told when bytes come or the connection ends, for those who wait for this connection only.
    pub(crate) arrived: Notify,
    /// Told when bytes are queued, or sending is finished.
    pub(crate) outgoing: Notify,
    /// Told when the connection is to be closed.
    closing: Notify,
    /// Told when nothing can be sent any more.
    gone: Notify,
    /// Held by the one who writes.
    turn: tokio::sync::Mutex<()>,
    bell: Arc<Bell>,
    /// The bell, as the socket knows it.
    ringer: Waker,
}

/// Where a connection comes from.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) peer: SocketAddr,
    pub(crate) via: Option<SocketAddr>,
    pub(crate) local: SocketAddr,
    pub(crate) tls: Option<Box<TlsFacts>>,
}

impl Connection {
    pub(crate) fn new(
        id: ConnectionId,
        origin: Origin,
        wire: Wire,
        codec: Option<&Codec>,
        place: Place,
    ) -> Self {
        let bell = Bell::new(State::new(Unread::new(codec), place));
        Self {
            id,
            origin,
            since: SystemTime::now(),
            wire,
            room: Notify::new(),
            arrived: Notify::new(),
            outgoing: Notify::new(),
            closing: Notify::new(),
            gone: Notify::new(),
            turn: tokio::sync::Mutex::new(()),
            ringer: Waker::from(bell.clone()),
            bell,
        }
    }

    /// The state; nobody panics while holding it, so a poisoned lock is as good as any.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.bell.state()
    }

    /// Records why nothing more comes, and tells everybody who waits.
    pub(crate) fn ended(&self, end: End) {
        self.state().ended(end);
        self.tell();
    }

    /// Has the task end the connection; what was not taken is dropped, what is queued still goes.
    pub(crate) fn close(&self, end: End) {
        self.shut(self.state(), end);
    }

    /// The same, unless bytes wait to be taken or sent; none can come in between.
    pub(crate) fn close_idle(&self, end: End) -> bool {
        let state = self.state();
        let idle = !state.standing().waiting && !self.sends();
        if idle {
            self.shut(state, end);
        }
        idle
    }

    fn shut(&self, mut state: MutexGuard<'_, State>, end: End) {
        state.unread.clear();
        state.notice = false;
        state.ended(end.clone());
        state.notice = false;
        state.closing.get_or_insert(end);
        let now = state.outbox.is_empty() && !self.wire.is_layered();
        drop(state);
        if now && self.turn.try_lock().is_ok() {
            self.wire.close();
        }
        self.tell();
    }

    /// Throws away what still comes.
    pub(crate) fn finish_receiving(&self) {
        let mut state = self.state();
        (state.can_read, state.discards) = (false, true);
        drop(state);
        self.tell();
    }

    /// Completes with the reason when the connection is to be closed.
    pub(crate) async fn closing(&self) -> End {
        loop {
            if let Some(end) = self.state().closing.clone() {
                return end;
            }
            self.closing.notified().await;
        }
    }

    /// Wakes whoever has to know of a change.
    pub(crate) fn tell(&self) {
        let mut state = self.state();
        let (closing, lost) = (state.closing.is_some(), state.lost);
        let reader = state.hearing.call();
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
        self.arrived.notify_waiters();
        self.room.notify_one();
        if closing {
            self.closing.notify_one();
        }
        if lost {
            self.gone.notify_waiters();
        }
    }
}
