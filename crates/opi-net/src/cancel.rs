//! Ending a wait from elsewhere.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::direct::{note_cancel, trusting};

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
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<Switch>);

#[derive(Debug, Default)]
struct Switch {
    thrown: AtomicBool,
    told: Notify,
}

impl Cancel {
    /// A switch that is not thrown yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Throws the switch; may be called from any thread, any number of times.
    pub fn cancel(&self) {
        self.0.thrown.store(true, Ordering::SeqCst);
        self.0.told.notify_waiters();
    }

    /// Whether the switch was thrown.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.thrown.load(Ordering::SeqCst)
    }

    /// Runs `step` to its end, or drops it and returns nothing when the switch is thrown; a step
    /// does not begin when it is thrown already.
    pub fn unless<F: Future>(&self, step: F) -> impl Future<Output = Option<F::Output>> {
        Unless { step, cancel: self, waiting: None }
    }

    /// Completes when the switch is thrown.
    pub async fn cancelled(&self) {
        let mut waiting = std::pin::pin!(None);
        std::future::poll_fn(|context| self.poll_cancelled(waiting.as_mut(), context)).await;
    }

    /// Ready when the switch is thrown; `waiting` is what this call keeps until the next one.
    pub(crate) fn poll_cancelled<'a>(
        &'a self,
        mut waiting: Pin<&mut Option<Notified<'a>>>,
        context: &mut Context<'_>,
    ) -> Poll<()> {
        if note_cancel(context, self) {
            waiting.set(None);
            return if self.is_cancelled() { Poll::Ready(()) } else { Poll::Pending };
        }
        if waiting.is_none() {
            // It hears of a throw from here on, so none is missed by looking after it.
            waiting.set(Some(self.0.told.notified()));
        }
        if self.is_cancelled() {
            return Poll::Ready(());
        }
        let Some(told) = waiting.as_pin_mut() else { return Poll::Pending };
        trusting(context, |context| told.poll(context))
    }

    /// Whether both are one switch.
    #[cfg_attr(not(feature = "blocking"), expect(dead_code, reason = "for callers that block"))]
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

pin_project! {
    /// A step that a switch may end. Nothing waits for the switch before the step has to wait.
    struct Unless<'a, F> {
        #[pin]
        step: F,
        cancel: &'a Cancel,
        #[pin]
        waiting: Option<Notified<'a>>,
    }
}

impl<F: Future> Future for Unless<'_, F> {
    type Output = Option<F::Output>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if this.cancel.is_cancelled() {
            return Poll::Ready(None);
        }
        if let Poll::Ready(output) = this.step.poll(context) {
            return Poll::Ready(Some(output));
        }
        this.cancel.poll_cancelled(this.waiting, context).map(|()| None)
    }
}
