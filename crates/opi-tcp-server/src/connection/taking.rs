//! Taking what has come from a connection.

use bytes::Bytes;

use super::Connection;
use super::state::State;
use crate::meter::Meter;
use crate::{Message, Reason, Until};

impl Connection {
    /// Takes a message, or at most `limit` unread bytes, if there are any; or the end, when it is
    /// to be told with the messages.
    pub(crate) fn take(&self, limit: usize, meter: &Meter) -> Option<Message> {
        let mut state = self.state();
        let taken = state.unread.take(limit);
        let message = match taken {
            Some((data, reason)) => {
                state.notice_fault();
                self.message(&state, data, reason)
            }
            None if state.notice => {
                state.notice = false;
                self.message(&state, Bytes::new(), Reason::Closed)
            }
            None => return None,
        };
        self.settle(state, meter);
        Some(message)
    }

    /// Takes what `until` asks for; once nothing more comes, what is left. `mark` is the number of
    /// bytes that were taken before `until` was asked first.
    pub(crate) fn take_until(
        &self,
        until: &mut Until,
        mark: &mut u64,
        meter: &Meter,
    ) -> Option<Message> {
        let mut state = self.state();
        if std::mem::replace(mark, state.unread.taken()) != *mark {
            until.restart();
        }
        let mut taken = state.unread.take_until(until);
        if taken.is_none() && !state.can_read {
            taken = state.unread.take(usize::MAX).map(|(data, _)| (data, Reason::Closed));
        }
        let (data, reason) = taken?;
        let message = self.message(&state, data, reason);
        self.settle(state, meter);
        Some(message)
    }

    /// That nothing more comes, when that is so and everything was taken.
    pub(crate) fn over(&self) -> Option<Message> {
        let mut state = self.state();
        if state.open() {
            return None;
        }
        state.notice = false;
        let message = self.message(&state, Bytes::new(), Reason::Closed);
        drop(state);
        self.room.notify_one();
        Some(message)
    }

    fn message(&self, state: &State, data: Bytes, reason: Reason) -> Message {
        let open = state.open();
        let end = if open { None } else { state.end.clone() };
        Message { connection: self.id, peer: self.origin.peer, data, open, reason, end }
    }

    /// Gives back the room of what was taken, and tells those who wait for it.
    pub(crate) fn settle(&self, mut state: std::sync::MutexGuard<'_, State>, meter: &Meter) {
        let charge = Meter::charge(state.unread.len());
        let free = state.charged.saturating_sub(charge);
        state.charged -= free;
        let waits = std::mem::take(&mut state.waits);
        let closing = state.closing.is_some();
        drop(state);
        meter.release(free);
        if waits {
            self.room.notify_one();
        }
        if closing {
            self.tell();
        }
    }
}
