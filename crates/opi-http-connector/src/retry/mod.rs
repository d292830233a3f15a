//! Whether a request is tried again, and after what pause. Pure: neither clock nor chance is read.

mod budget;
mod failure;
mod pause;
mod policy;
mod retry_after;

use std::time::Duration;

use http::{Method, StatusCode};

use crate::ErrorKind;

pub(crate) use budget::Purse;
pub use budget::RetryBudget;
pub use pause::RetryPause;
pub use policy::{RetryMethods, RetryPolicy, RetryStatuses};
pub use retry_after::retry_after;

/// A try that has ended, as far as another one depends on it.
#[derive(Clone, Debug)]
pub(crate) struct Try<'a> {
    pub(crate) method: &'a Method,
    pub(crate) outcome: Outcome,
    pub(crate) body: Replay,
    /// The tries that were made again so far, over all redirects.
    pub(crate) retries: u32,
    /// Since the first try began.
    pub(crate) elapsed: Duration,
    /// Until the deadline of the call.
    pub(crate) left: Duration,
    /// What the answer's `Retry-After` asks for.
    pub(crate) retry_after: Option<Duration>,
}

/// How a try ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    Answered(StatusCode),
    Failed(ErrorKind, Sent),
}

/// Whether the server may have acted on a request that failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Sent {
    Maybe,
    Never,
}

/// Whether the body can be sent a second time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Replay {
    No,
    Yes,
}

/// What follows a try.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Next {
    After(Duration),
    Stop,
}

/// Whether another try may follow an answer of `status` at all, whatever else it says.
pub(crate) fn may_follow(policy: &RetryPolicy, status: StatusCode) -> bool {
    policy.statuses.cover(status, Some(Duration::ZERO))
}

/// Whether another try may follow one of `method` that was sent, however it ended.
pub(crate) fn may_repeat(policy: &RetryPolicy, method: &Method) -> bool {
    policy.retries > 0 && policy.methods.cover(method)
}

/// What follows `done`, by `policy`; `random` is any number, anew for each call.
pub(crate) fn next(policy: &RetryPolicy, done: &Try<'_>, random: u64) -> Next {
    let wanted = match done.outcome {
        Outcome::Answered(status) => {
            policy.statuses.cover(status, done.retry_after) && policy.methods.cover(done.method)
        }
        Outcome::Failed(kind, sent) => {
            let safe = sent == Sent::Never || policy.methods.cover(done.method);
            failure::may_pass(kind) && safe
        }
    };
    if !wanted || done.body == Replay::No || done.retries >= policy.retries {
        return Next::Stop;
    }
    let backoff = policy.pause.before(done.retries, random);
    let asked = done.retry_after.unwrap_or_default().min(policy.longest_retry_after);
    let pause = backoff.max(asked);
    let in_time = done.elapsed.saturating_add(pause) <= policy.within;
    let before_the_end = pause < done.left;
    if in_time && before_the_end { Next::After(pause) } else { Next::Stop }
}

#[cfg(test)]
mod tests;
