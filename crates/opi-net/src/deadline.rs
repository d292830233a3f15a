//! One limit for one operation that a user sees.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::sync::futures::Notified;
use tokio::task::coop;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::direct::{note_until, trusting};
use crate::{Cancel, Error, ErrorKind, Phase};

/// The latest moment at which an operation may still be waiting, and what may end it sooner.
///
/// One deadline covers one operation that a user sees; every step inside gets what is left of it.
///
/// ```
/// use opi_net::{Deadline, ErrorKind, Phase};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let deadline = Deadline::after(Duration::from_millis(5));
/// let error = deadline.run(Phase::Connect, std::future::pending::<()>()).await.unwrap_err();
/// assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Some(Phase::Connect)));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Deadline {
    started: Instant,
    limit: Duration,
    cancel: Option<Cancel>,
    /// Shorter limits of single phases.
    phases: Option<Arc<[(Phase, Duration)]>>,
}

impl Deadline {
    /// The longest limit there is: 24 hours. A longer one is cut to it.
    pub const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

    /// Starts now and ends after `limit`, at the latest after [`Self::LONGEST`].
    #[must_use]
    pub fn after(limit: Duration) -> Self {
        Self {
            started: Instant::now(),
            limit: limit.min(Self::LONGEST),
            cancel: None,
            phases: None,
        }
    }

    /// Ends as well when `cancel` is thrown.
    #[must_use]
    pub fn or_cancelled(self, cancel: &Cancel) -> Self {
        Self { cancel: Some(cancel.clone()), ..self }
    }

    /// Limits single phases as well: a step of such a phase ends so long after it began, or with
    /// the whole, whichever is sooner.
    #[must_use]
    pub fn with_phases(self, limits: impl IntoIterator<Item = (Phase, Duration)>) -> Self {
        let mut limits = limits.into_iter().peekable();
        let phases = limits.peek().is_some().then(|| limits.collect());
        Self { phases, ..self }
    }

    /// A deadline for one step: `limit` from now, but never later than this one.
    #[must_use]
    pub fn within(&self, limit: Duration) -> Self {
        if limit < self.remaining() {
            Self { started: Instant::now(), limit, ..self.clone() }
        } else {
            self.clone()
        }
    }

    /// The moment at which it ends.
    #[must_use]
    pub fn moment(&self) -> Instant {
        self.started + self.limit
    }

    /// The whole limit.
    #[must_use]
    pub fn limit(&self) -> Duration {
        self.limit
    }

    /// The moment at which it began.
    #[must_use]
    pub fn started(&self) -> Instant {
        self.started
    }

    /// The time since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// What is left; zero when the deadline has passed.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.limit.saturating_sub(self.elapsed())
    }

    /// Runs `step` until it is done or this deadline ends it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Timeout`] with `phase`, the limit and the elapsed time, or
    /// [`ErrorKind::Cancelled`].
    ///
    /// # Cancel safety
    ///
    /// As that of `step`, which is dropped when the deadline ends it.
    pub fn run<F: Future>(
        &self,
        phase: Phase,
        step: F,
    ) -> impl Future<Output = Result<F::Output, Error>> {
        let shorter = self.of_phase(phase).map(|limit| (Instant::now(), limit));
        Run { step, deadline: self, phase, timed: true, shorter, cancelled: None, timer: None }
    }

    /// Runs `step`, which looks after the limit itself, until it is done or cancelled.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Cancelled`] with `phase`, the limit and the elapsed time.
    ///
    /// # Cancel safety
    ///
    /// As that of `step`, which is dropped when it is cancelled.
    pub fn unless_cancelled<F: Future>(
        &self,
        phase: Phase,
        step: F,
    ) -> impl Future<Output = Result<F::Output, Error>> {
        let shorter = None;
        Run { step, deadline: self, phase, timed: false, shorter, cancelled: None, timer: None }
    }

    /// Whether a switch that ends it was thrown.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(Cancel::is_cancelled)
    }

    fn of_phase(&self, phase: Phase) -> Option<Duration> {
        let limits = self.phases.as_deref()?;
        limits.iter().find(|(limited, _)| *limited == phase).map(|(_, limit)| *limit)
    }

    /// Ready when the limit has passed; `timer` is what this call keeps until the next one.
    fn poll_expired(
        &self,
        shorter: Option<(Instant, Duration)>,
        timer: Pin<&mut Option<Sleep>>,
        context: &mut Context<'_>,
    ) -> Poll<()> {
        let end = shorter.and_then(|(begun, limit)| begun.checked_add(limit));
        let end = end.map_or_else(|| self.moment(), |end| end.min(self.moment()));
        due(end, timer, context)
    }

    /// The error of a wait that this deadline ended in `phase`.
    #[must_use]
    pub fn error(&self, kind: ErrorKind, phase: Phase) -> Error {
        Error::new(kind).in_phase(phase).after(self.limit, self.elapsed())
    }
}

/// Ready when `moment` has come; `timer` is what this wait keeps from call to call, which begins
/// with nothing.
///
/// A timer for [`drive`](crate::drive())n futures: a caller that blocks needs none.
pub fn due(
    moment: Instant,
    mut timer: Pin<&mut Option<Sleep>>,
    context: &mut Context<'_>,
) -> Poll<()> {
    if note_until(context, moment) {
        timer.set(None);
        return Poll::Pending;
    }
    if timer.is_none() {
        if moment <= Instant::now() {
            return Poll::Ready(());
        }
        timer.set(Some(sleep_until(moment)));
    }
    let Some(timer) = timer.as_pin_mut() else { return Poll::Pending };
    trusting(context, |context| {
        if coop::has_budget_remaining() {
            return timer.poll(context);
        }
        // A step that is never out of work must not starve its own limit.
        pin!(coop::unconstrained(timer)).poll(context)
    })
}

pin_project! {
    /// A step under a deadline. Timer and switch cost nothing before the step has to wait.
    struct Run<'a, F> {
        #[pin]
        step: F,
        deadline: &'a Deadline,
        phase: Phase,
        timed: bool,
        // When the step began and its own limit, which may end it before the deadline does.
        shorter: Option<(Instant, Duration)>,
        #[pin]
        cancelled: Option<Notified<'a>>,
        #[pin]
        timer: Option<Sleep>,
    }
}

impl<F: Future> Future for Run<'_, F> {
    type Output = Result<F::Output, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (deadline, phase) = (*this.deadline, *this.phase);
        // The switch is looked at first: a cancelled operation does not begin.
        if deadline.is_cancelled() {
            return Poll::Ready(Err(deadline.error(ErrorKind::Cancelled, phase)));
        }
        if let Poll::Ready(output) = this.step.poll(context) {
            return Poll::Ready(Ok(output));
        }
        if let Some(cancel) = &deadline.cancel {
            let cancelled = cancel.poll_cancelled(this.cancelled, context);
            if cancelled.is_ready() {
                return Poll::Ready(Err(deadline.error(ErrorKind::Cancelled, phase)));
            }
        }
        if !*this.timed {
            return Poll::Pending;
        }
        let shorter = *this.shorter;
        let expired = deadline.poll_expired(shorter, this.timer, context);
        expired.map(|()| {
            let error = deadline.error(ErrorKind::Timeout, phase);
            match shorter {
                Some((begun, limit)) if !deadline.remaining().is_zero() => {
                    Err(error.after(limit, begun.elapsed()))
                }
                _ => Err(error),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[tokio::test(start_paused = true)]
    async fn a_step_never_outlives_the_whole() {
        let whole = Deadline::after(seconds(10));
        tokio::time::advance(seconds(8)).await;
        assert_eq!(whole.within(seconds(5)).remaining(), seconds(2));
        assert_eq!(whole.within(seconds(1)).remaining(), seconds(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeout_names_phase_limit_and_elapsed_time() {
        let deadline = Deadline::after(seconds(3));
        let error = deadline.run(Phase::Tls, std::future::pending::<()>()).await.unwrap_err();
        assert_eq!(error.phase(), Some(Phase::Tls));
        assert_eq!(error.limit(), Some(seconds(3)));
        assert_eq!(error.to_string(), "tls: nothing happened within 3 s (waited 3 s)");
    }

    #[tokio::test(start_paused = true)]
    async fn a_phase_may_have_a_shorter_limit() {
        let limits = [(Phase::Tls, seconds(1)), (Phase::Send, seconds(9))];
        let deadline = Deadline::after(seconds(3)).with_phases(limits);
        for (phase, limit) in [(Phase::Tls, 1), (Phase::Connect, 3), (Phase::Send, 3)] {
            let deadline = Deadline { started: Instant::now(), ..deadline.clone() };
            let step = deadline.run(phase, std::future::pending::<()>());
            let error = step.await.unwrap_err();
            assert_eq!((error.phase(), error.limit()), (Some(phase), Some(seconds(limit))));
            assert_eq!(error.elapsed(), Some(seconds(limit)));
        }
        // Each step of the phase has the whole of it.
        let deadline = Deadline::after(seconds(30)).with_phases(limits);
        tokio::time::advance(seconds(5)).await;
        let error = deadline.run(Phase::Tls, std::future::pending::<()>()).await.unwrap_err();
        assert_eq!((error.limit(), error.elapsed()), (Some(seconds(1)), Some(seconds(1))));
    }

    #[tokio::test]
    async fn a_cancelled_operation_does_not_begin() {
        let cancel = Cancel::new();
        cancel.cancel();
        let deadline = Deadline::after(seconds(3)).or_cancelled(&cancel);
        let mut begun = false;
        let outcome = deadline.run(Phase::Send, async { begun = true }).await;
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Cancelled);
        assert!(!begun);
    }

    #[tokio::test]
    async fn a_cancelled_wait_ends() {
        let cancel = Cancel::new();
        let deadline = Deadline::after(seconds(3)).or_cancelled(&cancel);
        let mut waiting = pin!(deadline.run(Phase::Send, std::future::pending::<()>()));
        assert!(futures_poll(waiting.as_mut()).await.is_pending());
        cancel.cancel();
        assert_eq!(waiting.await.unwrap_err().kind(), ErrorKind::Cancelled);
    }

    /// Polls once.
    async fn futures_poll<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
        std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
    }

    #[tokio::test]
    async fn a_step_that_is_never_out_of_work_still_ends() {
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        let deadline = Deadline::after(Duration::from_millis(5));
        let endless = async {
            loop {
                sender.send(()).unwrap();
                receiver.recv().await.unwrap();
            }
        };
        let error = deadline.run::<_>(Phase::Idle, endless).await.map(|(): ()| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
    }

    #[test]
    fn no_limit_is_cut_to_the_longest() {
        assert_eq!(Deadline::after(Duration::MAX).limit(), Deadline::LONGEST);
    }
}
