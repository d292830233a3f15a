//! Waiting for one connection: the one who waits reads for themselves, so that a message costs one
//! wake-up and no hand-over between tasks.

use std::sync::MutexGuard;
use std::task::{Poll, Waker};

use tokio::time::Instant;

use super::bringing::Brought;
use super::hearing::Ring;
use super::{Connection, State};
use crate::Message;
use crate::hub::Hub;

/// One who waits for a connection; dropped, they leave it to the connection's task.
pub(crate) struct Waiting<'a, T> {
    connection: &'a Connection,
    hub: &'a Hub,
    take: T,
    due: Instant,
    /// Whether the seat of this connection is theirs.
    seated: bool,
    /// Whether bytes came that others may wait for.
    brought: bool,
}

/// How a wait ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    Taken(Message),
    /// Its time is over.
    Late,
    /// Another one reads already, or only the task can.
    Occupied,
}

impl<'a, T: FnMut(&mut State) -> Option<Message>> Waiting<'a, T> {
    pub(crate) fn new(connection: &'a Connection, hub: &'a Hub, take: T, due: Instant) -> Self {
        Self { connection, hub, take, due, seated: false, brought: false }
    }

    /// Ready when `take` has something; `waker` is told when to ask again.
    pub(crate) fn poll(&mut self, waker: &Waker) -> Poll<Outcome> {
        let connection = self.connection;
        let (mut state, mut listened) = (connection.state(), false);
        loop {
            if let Some(message) = (self.take)(&mut state) {
                self.rise(state);
                return Poll::Ready(Outcome::Taken(message));
            }
            if state.hearing.seated && !self.seated || self.hub.config.gap().is_some() {
                return Poll::Ready(Outcome::Occupied);
            }
            if listened || state.hearing.ring == Ring::None {
                return self.sit(state, waker);
            }
            let (found, brought) = connection.bring(state, Ring::Reader, self.hub);
            state = found;
            match brought {
                Brought::Bytes => self.brought = true,
                Brought::Nothing => listened = true,
                Brought::NoRoom | Brought::Over => {
                    listened = true;
                    let task = state.hearing.pass();
                    drop(state);
                    connection.room.notify_one();
                    if let Some(task) = task {
                        task.wake();
                    }
                    state = connection.state();
                }
            }
        }
    }

    /// Waits for the bell, or until it is late.
    fn sit(&mut self, mut state: MutexGuard<'_, State>, waker: &Waker) -> Poll<Outcome> {
        let again = std::mem::replace(&mut self.seated, true);
        let earlier = state.hearing.sit(waker, self.due);
        if (again || earlier) && Instant::now() >= self.due {
            self.show(state);
            return Poll::Ready(Outcome::Late);
        }
        let task = earlier.then(|| state.hearing.task()).flatten();
        self.show(state);
        if let Some(task) = task {
            task.wake();
        }
        Poll::Pending
    }

    /// Leaves with a message; what comes next is the task's, until somebody sits here again.
    fn rise(&mut self, mut state: MutexGuard<'_, State>) {
        let holds = state.hearing.ring == Ring::Reader;
        if holds {
            state.hearing.ring = Ring::None;
        }
        if std::mem::take(&mut self.seated) {
            // The ring is none, so nobody is to be woken.
            let _nobody = state.hearing.leave();
        }
        self.show(state);
        if holds {
            self.connection.listen();
        }
    }

    /// Shows others what has come and was not taken.
    fn show(&mut self, mut state: MutexGuard<'_, State>) {
        let newly = state.newly_ready();
        self.connection.settle(state, &self.hub.meter);
        if newly {
            self.hub.inbox.push(self.connection.id);
        }
        if std::mem::take(&mut self.brought) {
            self.connection.arrived.notify_waiters();
        }
    }
}

impl<T> Drop for Waiting<'_, T> {
    fn drop(&mut self) {
        if self.seated {
            let woken = self.connection.state().hearing.leave();
            if let Some(woken) = woken {
                woken.wake();
            }
        }
    }
}
