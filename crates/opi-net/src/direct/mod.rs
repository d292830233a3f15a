//! Waiting in the system's own calls, for callers that block.
//!
//! The thread of such a caller has nothing else to do, so where its future waits for one socket
//! alone, the thread may as well wait inside `recv`: two system calls for a request and its
//! answer where a reactor needs four. The future is the same asynchronous code; only its
//! [`Socket`] knows.
//!
//! A future is polled in one of two ways. First its sockets, limits and switches only *note* what
//! they wait for. When all of that is known and nobody else holds its waker, the thread waits for
//! just that: in `recv` when it is one socket to be read, in `poll` when there are more. When
//! somebody else holds the waker (a timer, a channel, a look-up of a name, a task), or when nothing
//! came for 50 ms, it is polled again to *arm* its waits with the reactor as ever, and the
//! thread drives the reactor. So nothing is ever missed, and nothing is late by more than a slice.
//!
//! On Linux only; elsewhere the reactor does everything.

#[cfg(all(target_os = "linux", feature = "blocking"))]
mod heard;
#[cfg(all(target_os = "linux", feature = "blocking"))]
mod plan;
#[cfg(all(target_os = "linux", feature = "blocking"))]
mod run;
#[cfg(all(target_os = "linux", feature = "blocking"))]
mod socket;
#[cfg(all(test, target_os = "linux", feature = "blocking"))]
mod tests;
#[cfg(all(target_os = "linux", feature = "blocking"))]
mod turn;

use std::cell::Cell;
use std::task::Context;

#[cfg(not(all(target_os = "linux", feature = "blocking")))]
use none as turn;

#[cfg(all(target_os = "linux", feature = "blocking"))]
pub(crate) use self::{
    run::block_on,
    socket::{News, Socket},
    turn::{note_cancel, note_until, trusting},
};

#[cfg(not(all(target_os = "linux", feature = "blocking")))]
mod none;
#[cfg(all(not(target_os = "linux"), feature = "blocking"))]
pub(crate) use none::block_on;
#[cfg(not(all(target_os = "linux", feature = "blocking")))]
pub(crate) use none::{News, Socket, note_cancel, note_until, trusting};

/// Polls a connection as [`drive`](crate::drive()) does: what waits for streams, deadlines and
/// switches of this crate only, or for the caller itself.
pub fn driving<T>(context: &mut Context<'_>, poll: impl FnOnce(&mut Context<'_>) -> T) -> T {
    trusting(context, poll)
}

/// Polls what may wait for anything at all, from inside what [`drive`](crate::drive()) runs: a body
/// that a user streams, for example.
///
/// A caller that blocks then waits for it as for any other event. Elsewhere it is as if `poll` had
/// been called.
pub fn foreign<T>(context: &mut Context<'_>, poll: impl FnOnce(&mut Context<'_>) -> T) -> T {
    turn::untrusting(context, poll)
}

/// While `poll` runs, streams look at their sockets at once.
///
/// For who polls once to see what is there, a connection that may have ended for example. A caller
/// that blocks reads its sockets only when its future has nothing else to do, so such a poll would
/// see nothing. What is polled waits for streams, as in [`drive`](crate::drive()).
///
/// A stream that another runtime of one thread serves, which may be run no longer, is served by the
/// caller's from now on.
pub fn look<T>(context: &mut Context<'_>, poll: impl FnOnce(&mut Context<'_>) -> T) -> T {
    looking(Look::AsTold, context, poll)
}

/// As [`look`], and streams that a reactor serves ask their sockets too.
///
/// A reactor tells of what came when it has had a turn, and a runtime that is run only inside the
/// caller's calls has none in between. Asking costs a call of the system.
pub fn look_anew<T>(context: &mut Context<'_>, poll: impl FnOnce(&mut Context<'_>) -> T) -> T {
    looking(Look::Anew, context, poll)
}

fn looking<T>(how: Look, context: &mut Context<'_>, poll: impl FnOnce(&mut Context<'_>) -> T) -> T {
    LOOK.set(Some(how));
    let seen = turn::at_once(|| trusting(context, poll));
    LOOK.set(None);
    seen
}

/// How streams are looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Look {
    /// By what the reactor has told.
    AsTold,
    /// They are to ask their sockets although the reactor told nothing.
    Anew,
}

/// How this thread looks at streams, if it does.
pub(crate) fn look_of_thread() -> Option<Look> {
    LOOK.get()
}

thread_local! {
    static LOOK: Cell<Option<Look>> = const { Cell::new(None) };
}
