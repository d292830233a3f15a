//! Runs a future on the calling thread, which waits in the system's own calls where it may.

use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::runtime::Runtime;

use super::heard::Wakers;
use super::plan::{Plan, Side, plan};
use super::turn::{self, May, Mode, Turn};

/// Runs `future` to its end; `runtime` is entered, and driven when the future waits for more than
/// sockets of ours.
pub(crate) fn block_on<F: Future>(runtime: &Runtime, future: F) -> F::Output {
    let _entered = runtime.enter();
    let running = Running::begin();
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = running.poll(Mode::Note, future.as_mut()) {
            return output;
        }
        if running.waits_by_itself(runtime) {
            continue;
        }
        if let Poll::Ready(output) = running.poll(Mode::Arm, future.as_mut()) {
            return output;
        }
        running.drive(runtime);
    }
}

/// The turn of this thread is there as long as this is.
struct Running {
    wakers: Rc<Wakers>,
}

impl Running {
    fn begin() -> Self {
        Self { wakers: turn::start() }
    }

    fn poll<F: Future>(&self, mode: Mode, future: Pin<&mut F>) -> Poll<F::Output> {
        with(|turn| turn.begin(mode));
        future.poll(&mut Context::from_waker(self.wakers.counted()))
    }

    /// Waits without the reactor, if the future may go on then.
    fn waits_by_itself(&self, runtime: &Runtime) -> bool {
        let tasks = runtime.metrics().num_alive_tasks() > 0;
        with(|turn| {
            turn.granted.clear();
            wait(turn, tasks)
        })
        .unwrap_or_default()
    }

    /// Drives the reactor until something wakes the future.
    fn drive(&self, runtime: &Runtime) {
        runtime.block_on(std::future::poll_fn(|context| self.wakers.poll_woken(context)));
        self.wakers.unpark();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        turn::stop();
    }
}

fn with<T>(work: impl FnOnce(&mut Turn) -> T) -> Option<T> {
    turn::with(|turn| turn.as_mut().map(work))
}

/// Does what the plan says; returns whether the future is to be polled on without the reactor.
fn wait(turn: &mut Turn, tasks: bool) -> bool {
    let left = turn.left();
    if turn.wakers.is_woken() {
        return left != Some(Duration::ZERO);
    }
    if turn.is_slow {
        return false;
    }
    let others = tasks || turn.wakers.others_may_wake();
    match plan(turn.waits.iter().map(|it| it.1), others, left) {
        Plan::Arm => false,
        Plan::Block => {
            let ids = turn.waits.iter().map(|(io, side)| (turn::id(io), *side, May::Block));
            turn.granted.extend(ids);
            true
        }
        Plan::Poll(limit) => ask(turn, limit),
    }
}

/// Asks all sockets for `limit` which are ready; returns whether one is.
fn ask(turn: &mut Turn, limit: Duration) -> bool {
    let mut asked: Vec<_> =
        turn.waits.iter().map(|(io, side)| PollFd::new(io, events(*side))).collect();
    let limit = Timespec::try_from(limit).ok();
    if poll(&mut asked, limit.as_ref()).is_err() {
        return false;
    }
    let ready = asked.iter().zip(&turn.waits).filter(|(asked, _)| !asked.revents().is_empty());
    let granted: Vec<_> = ready.map(|(_, (io, side))| (turn::id(io), *side, May::Try)).collect();
    turn.granted.extend(granted);
    !turn.granted.is_empty()
}

fn events(side: Side) -> PollFlags {
    match side {
        Side::Read => PollFlags::IN,
        Side::Write => PollFlags::OUT,
    }
}
