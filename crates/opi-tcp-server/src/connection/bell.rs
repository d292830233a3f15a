//! The bell of a connection: what its socket rings when bytes have come.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Wake;

use super::state::State;

/// Wakes whoever is to read, and only them: a message costs one wake-up.
///
/// It holds the state and not the connection, because the socket holds the bell.
#[derive(Debug)]
pub(super) struct Bell(Mutex<State>);

impl Bell {
    pub(super) fn new(state: State) -> Arc<Self> {
        Arc::new(Self(Mutex::new(state)))
    }

    /// The state; nobody panics while holding it, so a poisoned lock is as good as any.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let woken = self.state().hearing.ring();
        if let Some(woken) = woken {
            woken.wake();
        }
    }
}
