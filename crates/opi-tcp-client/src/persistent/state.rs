//! What a persistent connection is doing, as a value and as events.

use std::fmt;
use std::time::Instant;

use tokio::sync::watch;

/// What a persistent connection is doing.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// It is connected, and greeted where there is a greeting.
    Connected,
    /// It is connecting, or greeting.
    Connecting {
        /// The number of the try, from 1.
        attempt: u32,
    },
    /// The tries failed; the next call begins anew.
    GivenUp {
        /// The code of the last error.
        code: &'static str,
    },
    /// It was not asked for anything yet, or was closed; the next call connects.
    Idle,
    /// It lost the connection, or a try failed. No task runs: the next try is made by a call that
    /// is waiting then, or by the next call after.
    Waiting {
        /// The number of the next try, from 1.
        attempt: u32,
        /// When it may be made.
        until: Instant,
        /// The code of the last error.
        code: &'static str,
    },
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connected => f.write_str("connected"),
            Self::Connecting { attempt } => write!(f, "connecting, try {attempt}"),
            Self::GivenUp { code } => write!(f, "given up after {code}"),
            Self::Idle => f.write_str("idle"),
            Self::Waiting { attempt, code, .. } => {
                write!(f, "waiting for try {attempt} after {code}")
            }
        }
    }
}

/// The states as they come; from [`Persistent::watch`](crate::Persistent::watch).
#[derive(Clone, Debug)]
pub struct Watch(pub(super) watch::Receiver<State>);

impl Watch {
    /// The state now.
    #[must_use]
    pub fn state(&self) -> State {
        *self.0.borrow()
    }

    /// Waits until the state has changed since this was called last, and returns the newest;
    /// nothing when the connection is gone for good. States in between may be skipped.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no change.
    pub async fn changed(&mut self) -> Option<State> {
        self.0.changed().await.ok()?;
        Some(*self.0.borrow_and_update())
    }
}
