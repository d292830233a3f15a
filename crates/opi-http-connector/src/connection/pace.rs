//! Limits of the phases in which a request waits for the head of its answer.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use opi_net::Phase;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep};

use super::meter::Meter;

/// How long a request may wait for what, until the head of its answer is there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    /// For the server to take more bytes.
    pub(crate) send: Option<Duration>,
    /// For the server to answer once it has taken all.
    pub(crate) first_byte: Option<Duration>,
    /// For the server's leave to send the body; it is sent without it then.
    pub(crate) leave: Option<Duration>,
}

pin_project! {
    /// Watches one request.
    pub(super) struct Pace {
        limits: Limits,
        // The phase, and how much was sent in it: any change begins a new wait.
        mark: (Phase, u64),
        since: Instant,
        begun: Instant,
        #[pin]
        timer: Option<Sleep>,
    }
}

/// A wait was too long.
#[derive(Debug)]
pub(super) struct Late {
    pub(super) phase: Phase,
    pub(super) limit: Duration,
    pub(super) waited: Duration,
}

/// What a wait came to.
#[derive(Debug)]
pub(super) enum Passed {
    Late(Late),
    /// The body was released and is to be sent.
    Released,
}

impl Pace {
    /// Begins now; nothing is watched where there is no limit.
    pub(super) fn new(limits: Limits, meter: &Meter) -> Option<Pin<Box<Self>>> {
        let Limits { send, first_byte, leave } = limits;
        let _any = send.or(first_byte).or(leave)?;
        let now = Instant::now();
        let mark = (meter.phase(), meter.sent());
        Some(Box::pin(Self { limits, mark, since: now, begun: now, timer: None }))
    }

    /// Ready when something is due.
    pub(super) fn poll(
        self: Pin<&mut Self>,
        meter: &Meter,
        context: &mut Context<'_>,
    ) -> Poll<Passed> {
        let mut this = self.project();
        let begun = *this.begun;
        let mark = (meter.phase(), meter.sent());
        if mark != *this.mark {
            (*this.mark, *this.since) = (mark, Instant::now());
            this.timer.set(None);
        }
        let leave = this.limits.leave.filter(|_| meter.is_held());
        let limit = match mark.0 {
            Phase::Send => this.limits.send,
            _ => this.limits.first_byte,
        };
        let since = *this.since;
        let released = leave.and_then(|limit| begun.checked_add(limit));
        // The server owes an answer only once it has the body.
        let late = limit.filter(|_| leave.is_none());
        let late = late.and_then(|limit| since.checked_add(limit));
        let Some(due) = released.or(late) else { return Poll::Pending };
        ready!(opi_net::due(due, this.timer.as_mut(), context));
        this.timer.set(None);
        if released.is_some() {
            meter.release();
            return Poll::Ready(Passed::Released);
        }
        let (limit, waited) = (limit.unwrap_or_default(), since.elapsed());
        Poll::Ready(Passed::Late(Late { phase: mark.0, limit, waited }))
    }
}
