//! A try that is made again: what the policy is asked, and the pause.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::{Duration, SystemTime};

use opi_net::{Deadline, Phase};
use tokio::time::Instant;

use super::{Answer, Bring};
use crate::address::public;
use crate::retry::{self, Next, Outcome, Replay, Sent, Try, retry_after};
use crate::{Error, Facts, Hop, Reason, Request, Session};

/// The pause before `request` is sent once more; none when how it ended is what the caller gets.
pub(super) fn pause(
    session: &Session,
    request: &Request,
    (began, deadline): (Instant, &Deadline),
    history: &[Hop],
    (facts, ended): (&Facts, Result<&Answer, &Error>),
) -> Option<Duration> {
    let policy = request.retries.as_deref().unwrap_or(&session.0.config.retries);
    if let Ok(answer) = ended
        && !retry::may_follow(policy, answer.head.status)
    {
        return None;
    }
    let (outcome, retry_after) = match ended {
        Ok(answer) => {
            let asked = retry_after(&answer.head.headers, SystemTime::now());
            (Outcome::Answered(answer.head.status), asked)
        }
        Err(error) => {
            let sent = if facts.sent == 0 { Sent::Never } else { Sent::Maybe };
            (Outcome::Failed(error.kind(), sent), None)
        }
    };
    let retries = history.iter().filter(|hop| hop.reason == Reason::Retry).count();
    let done = Try {
        method: &request.method,
        outcome,
        body: if request.body.is_replayable() { Replay::Yes } else { Replay::No },
        retries: u32::try_from(retries).unwrap_or(u32::MAX),
        elapsed: began.elapsed(),
        left: deadline.remaining(),
        retry_after,
    };
    match retry::next(policy, &done, chance()) {
        Next::After(pause) if session.0.purse.spend() => Some(pause),
        _ => None,
    }
}

/// `request`, to be sent again when its answer breaks off; none where it would not be.
pub(super) fn spare(session: &Session, request: &Request, bring: Bring) -> Option<Box<Request>> {
    let policy = request.retries.as_deref().unwrap_or(&session.0.config.retries);
    let may = bring == Bring::Whole
        && retry::may_repeat(policy, &request.method)
        && request.body.is_replayable();
    may.then(|| Box::new(request.clone()))
}

/// The try as the history tells it.
pub(super) fn hop(request: &Request, ended: Result<&Answer, &Error>, started: Instant) -> Hop {
    Hop {
        method: request.method.clone(),
        url: public(request.url.clone()),
        status: ended.ok().map(|answer| answer.head.status),
        error: ended.err().map(Error::code),
        reason: Reason::Retry,
        elapsed: started.elapsed(),
    }
}

/// Waits. Being cancelled ends it: no step is under way then, so it is the whole that ends.
pub(super) async fn wait(pause: Duration, deadline: &Deadline) -> Result<(), Error> {
    tracing::debug!(pause_ms = pause.as_millis() as u64, "the request is tried again");
    Ok(deadline.run(Phase::Total, tokio::time::sleep(pause)).await?)
}

/// A number that nobody can tell before: the standard library keys each hasher anew.
fn chance() -> u64 {
    RandomState::new().build_hasher().finish()
}
