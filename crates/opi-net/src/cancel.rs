//! Ending a wait from elsewhere.

use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::watch;

/// A switch that ends every wait under the [`Deadline`](crate::Deadline)s it was given to.
///
/// Clones are the same switch. Once thrown it stays thrown.
///
/// ```
/// use opi_net::{Cancel, Deadline, ErrorKind, Phase};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let cancel = Cancel::new();
/// let deadline = Deadline::after(Duration::from_secs(60)).or_cancelled(&cancel);
/// cancel.cancel();
/// let error = deadline.run(Phase::Idle, std::future::pending::<()>()).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Cancelled);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Cancel {
    /// A switch that is not thrown yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Throws the switch; may be called from any thread, any number of times.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether the switch was thrown.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Runs `step` to its end, or drops it and returns nothing when the switch is thrown; a step
    /// does not begin when it is thrown already.
    pub async fn unless<F: Future>(&self, step: F) -> Option<F::Output> {
        let mut step = pin!(step);
        let mut cancelled = pin!(self.cancelled());
        std::future::poll_fn(|context| {
            if cancelled.as_mut().poll(context).is_ready() {
                return Poll::Ready(None);
            }
            step.as_mut().poll(context).map(Some)
        })
        .await
    }

    /// Completes when the switch is thrown.
    pub async fn cancelled(&self) {
        let mut thrown = self.0.subscribe();
        // The sender lives in `self`, so waiting cannot fail before the switch is thrown.
        let _closed = thrown.wait_for(|thrown| *thrown).await.is_err();
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}
