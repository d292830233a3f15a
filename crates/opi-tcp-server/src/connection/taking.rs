//! Taking what has come from a connection.

use std::sync::MutexGuard;

use bytes::Bytes;

use super::Connection;
use super::state::State;
use crate::hub::Hub;
use crate::meter::Meter;
use crate::{Message, Reason, Until};

impl Connection {
    /// Takes a message, or at most `limit` unread bytes, if there are any; or the end, when it is
    /// to be told with the messages.
    pub(crate) fn take(&self, state: &mut State, limit: usize) -> Option<Message> {
        match state.unread.take(limit) {
            Some((data, reason)) => {
                state.notice_fault();
                Some(self.message(state, data, reason))
            }
            None if state.notice => {
                state.notice = false;
                Some(self.message(state, Bytes::new(), Reason::Closed))
            }
            None => None,
        }
    }

    /// Takes what `until` asks for; once nothing more comes, what is left. `mark` is the number of
    /// bytes that were taken before `until` was asked first.
    pub(crate) fn take_until(
        &self,
        state: &mut State,
        until: &mut Until,
        mark: &mut u64,
    ) -> Option<Message> {
        if std::mem::replace(mark, state.unread.taken()) != *mark {
            until.restart();
        }
        let mut taken = state.unread.take_until(until);
        if taken.is_none() && !state.can_read {
            taken = state.unread.take(usize::MAX).map(|(data, _)| (data, Reason::Closed));
        }
        let (data, reason) = taken?;
        Some(self.message(state, data, reason))
    }

    /// That nothing more comes, when that is so and everything was taken.
    pub(crate) fn over(&self, state: &mut State) -> Option<Message> {
        if state.open() {
            return None;
        }
        state.notice = false;
        Some(self.message(state, Bytes::new(), Reason::Closed))
    }

    fn message(&self, state: &State, data: Bytes, reason: Reason) -> Message {
        let open = state.open();
        let end = if open { None } else { state.end.clone() };
        Message { connection: self.id, peer: self.origin.peer, data, open, reason, end }
    }

    /// Tells those who wait that the task has brought something.
    pub(crate) fn arrived(&self, mut state: MutexGuard<'_, State>, hub: &Hub) {
        let (newly, reader) = (state.newly_ready(), state.hearing.call());
        self.settle(state, &hub.meter);
        if newly {
            hub.inbox.push(self.id);
        }
        if let Some(reader) = reader {
            reader.wake();
        }
        self.arrived.notify_waiters();
    }

    /// What `take` takes, once the room of it was given back.
    pub(crate) fn settled(
        &self,
        meter: &Meter,
        take: impl FnOnce(&mut State) -> Option<Message>,
    ) -> Option<Message> {
        let mut state = self.state();
        let message = take(&mut state)?;
        self.settle(state, meter);
        Some(message)
    }

    /// Gives back the room of what was taken, and tells those who wait for it.
    pub(crate) fn settle(&self, mut state: MutexGuard<'_, State>, meter: &Meter) {
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
