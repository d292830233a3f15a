//! Events between a test and its peers: a gate opens once, a meter hands out permissions one by one.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

use crate::watch as bounded;

/// Something that happens once, and can be waited for by anyone, before or after it happened.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let read = harness::Gate::new("the client has read the greeting");
/// read.open();
/// read.wait().await;
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Gate {
    name: Arc<str>,
    state: watch::Sender<bool>,
}

impl Gate {
    /// Makes a closed gate; `name` says what it stands for, and is shown when the wait for it fails.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.into(), state: watch::Sender::new(false) }
    }

    /// Opens the gate for all who wait now or later.
    pub fn open(&self) {
        self.state.send_replace(true);
    }

    /// Whether the gate has been opened.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self.state.borrow()
    }

    /// Waits until the gate is open.
    ///
    /// # Panics
    ///
    /// The gate stays closed for [`WATCHDOG`](crate::WATCHDOG).
    pub async fn wait(&self) {
        bounded(&self.name, self.opened()).await;
    }

    pub(crate) async fn opened(&self) {
        let mut state = self.state.subscribe();
        // The sender lives in `self`, so the wait ends by the value and never by an error.
        state.wait_for(|open| *open).await.ok();
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// A number of bytes that may be read: the test grants them, the peer uses them up.
#[derive(Clone, Debug)]
pub struct Meter(Arc<Semaphore>);

impl Meter {
    /// Makes a meter that has granted nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }

    /// Allows `bytes` more to be read.
    pub fn grant(&self, bytes: usize) {
        self.0.add_permits(bytes);
    }

    /// Waits for at least one granted byte, and takes up to `limit` of them.
    pub(crate) async fn take(&self, limit: usize) -> usize {
        let first = self.0.acquire().await.expect("a meter is never closed");
        first.forget();
        let mut taken = 1;
        while taken < limit {
            let Ok(next) = self.0.try_acquire() else { break };
            next.forget();
            taken += 1;
        }
        taken
    }
}

impl Default for Meter {
    fn default() -> Self {
        Self::new()
    }
}
