//! What the future that this thread runs has noted, and what it may do in its next turn.

use std::cell::RefCell;
use std::net::TcpStream;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::time::Instant;

use super::heard::Wakers;
use super::plan::Side;
use crate::Cancel;

thread_local! {
    /// Nothing before [`block_on`](super::block_on) first runs on this thread.
    static TURN: RefCell<Option<Turn>> = const { RefCell::new(None) };
}

/// What a future is polled for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mode {
    Arm,
    Note,
}

/// What a socket may do that is asked for bytes, or for room.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum May {
    /// Try, and arm with the reactor when nothing is there.
    Arm,
    /// Block, once, for a slice.
    Block,
    /// Try, and note when nothing is there.
    Try,
    /// Nothing: its wait is noted.
    Wait,
}

#[derive(Debug)]
pub(super) struct Turn {
    pub(super) wakers: Rc<Wakers>,
    pub(super) mode: Mode,
    pub(super) waits: Vec<(Arc<TcpStream>, Side)>,
    /// Who may do what in this turn, once.
    pub(super) granted: Vec<(usize, Side, May)>,
    pub(super) cancels: Vec<Cancel>,
    pub(super) until: Option<Instant>,
    /// Nothing came for a slice.
    pub(super) is_slow: bool,
    looking: Looking,
    operations: u32,
    is_running: bool,
}

/// Whether a socket is looked at before nothing else is left to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Looking {
    No,
    /// Once: who polls a connection may poll its socket many times.
    Once,
    Done,
}

/// The operations after which a turn ends although more could be done, so that limits hold.
const OPERATIONS: u32 = 128;

impl Turn {
    fn new() -> Self {
        Self {
            wakers: Rc::new(Wakers::new()),
            mode: Mode::Note,
            waits: Vec::new(),
            granted: Vec::new(),
            cancels: Vec::new(),
            until: None,
            is_slow: false,
            looking: Looking::No,
            operations: 0,
            is_running: false,
        }
    }

    /// Begins a turn: nothing is noted yet.
    pub(super) fn begin(&mut self, mode: Mode) {
        self.mode = mode;
        self.waits.clear();
        self.cancels.clear();
        self.until = None;
        self.is_slow = false;
        self.looking = Looking::No;
        self.operations = 0;
        self.wakers.listen();
    }

    /// Whether a switch was thrown, and what is left of the limits.
    pub(super) fn left(&self) -> Option<Duration> {
        if self.cancels.iter().any(Cancel::is_cancelled) {
            return Some(Duration::ZERO);
        }
        Some(self.until?.saturating_duration_since(Instant::now()))
    }

    fn may(&mut self, socket: &Arc<TcpStream>, side: Side) -> May {
        self.operations += 1;
        if self.operations > OPERATIONS {
            self.wakers.trusted().wake_by_ref();
            return May::Wait;
        }
        let id = id(socket);
        if let Some(at) = self.granted.iter().position(|it| (it.0, it.1) == (id, side)) {
            let may = self.granted.swap_remove(at).2;
            // Who was woken has something else to do than to wait.
            if may != May::Block || !self.wakers.is_woken() {
                return may;
            }
        }
        if side == Side::Read && self.looking == Looking::Once {
            self.looking = Looking::Done;
            return May::Try;
        }
        if self.mode == Mode::Arm {
            return May::Arm;
        }
        if side == Side::Write {
            return May::Try;
        }
        self.waits.push((Arc::clone(socket), side));
        May::Wait
    }
}

/// What tells sockets apart.
pub(super) fn id(socket: &Arc<TcpStream>) -> usize {
    Arc::as_ptr(socket).addr()
}

/// The turn of this thread, inside the future that it belongs to.
pub(super) fn with<T>(work: impl FnOnce(&mut Option<Turn>) -> T) -> T {
    TURN.with_borrow_mut(work)
}

/// Runs `work` on the turn, when the future of this thread is polled to note and `context` is its.
fn noting<T>(context: &Context<'_>, work: impl FnOnce(&mut Turn) -> T) -> Option<T> {
    with(|turn| {
        let turn = turn.as_mut()?;
        let noting = turn.mode == Mode::Note && turn.wakers.is_ours(context.waker());
        noting.then(|| work(turn))
    })
}

/// Whether this thread runs the future of a caller that blocks.
pub(super) fn is_running() -> bool {
    with(|turn| turn.as_ref().is_some_and(|it| it.is_running))
}

/// Begins to run a future on this thread, with the wakers of the one before if nobody holds them.
pub(super) fn start() -> Rc<Wakers> {
    with(|place| {
        let turn = match place.take() {
            Some(turn) if !turn.wakers.others_may_wake() => turn,
            _ => Turn::new(),
        };
        let turn = place.insert(Turn { is_running: true, looking: Looking::No, ..turn });
        Rc::clone(&turn.wakers)
    })
}

/// Ends what [`start`] began.
pub(super) fn stop() {
    with(|turn| {
        if let Some(turn) = turn {
            turn.begin(Mode::Note);
            turn.granted.clear();
            turn.is_running = false;
        }
    });
}

/// Asks what `socket` may do now.
pub(super) fn may(context: &Context<'_>, socket: &Arc<TcpStream>, side: Side) -> May {
    with(|turn| {
        let turn = turn.as_mut().filter(|it| it.wakers.is_ours(context.waker()))?;
        Some(turn.may(socket, side))
    })
    .unwrap_or(May::Arm)
}

/// Notes that `socket` has to wait.
pub(super) fn note(context: &Context<'_>, socket: &Arc<TcpStream>, side: Side) {
    let _armed = noting(context, |turn| turn.waits.push((Arc::clone(socket), side))).is_none();
}

/// Notes that nothing came to `socket` for a slice.
pub(super) fn note_slow(context: &Context<'_>, socket: &Arc<TcpStream>, side: Side) {
    let noted = |turn: &mut Turn| {
        turn.waits.push((Arc::clone(socket), side));
        turn.is_slow = true;
    };
    let _armed = noting(context, noted).is_none();
}

/// Notes a limit; returns whether it was noted and needs no timer.
pub(crate) fn note_until(context: &Context<'_>, moment: Instant) -> bool {
    let noted = |turn: &mut Turn| {
        turn.until = Some(turn.until.map_or(moment, |until| until.min(moment)));
    };
    noting(context, noted).is_some()
}

/// Notes a switch; returns whether it was noted and needs no ear of its own.
pub(crate) fn note_cancel(context: &Context<'_>, cancel: &Cancel) -> bool {
    let noted = |turn: &mut Turn| {
        if !turn.cancels.last().is_some_and(|last| last.is_same(cancel)) {
            turn.cancels.push(cancel.clone());
        }
    };
    noting(context, noted).is_some()
}

/// Polls what waits for sockets, limits, switches and its own other half only: nobody counts who
/// holds the waker that `poll` is given. What it waits for besides is heard within a slice.
pub(crate) fn trusting<T>(
    context: &mut Context<'_>,
    poll: impl FnOnce(&mut Context<'_>) -> T,
) -> T {
    exchanging(context, Wakers::trusted, poll)
}

/// Polls, inside [`trusting`], what may wait for anything.
pub(crate) fn untrusting<T>(
    context: &mut Context<'_>,
    poll: impl FnOnce(&mut Context<'_>) -> T,
) -> T {
    exchanging(context, Wakers::counted, poll)
}

fn exchanging<T>(
    context: &mut Context<'_>,
    choose: impl FnOnce(&Wakers) -> &Waker,
    poll: impl FnOnce(&mut Context<'_>) -> T,
) -> T {
    let chosen = with(|turn| {
        let wakers = &turn.as_ref()?.wakers;
        let chosen = choose(wakers);
        let other = wakers.is_ours(context.waker()) && !chosen.will_wake(context.waker());
        other.then(|| chosen.clone())
    });
    match chosen {
        Some(waker) => poll(&mut Context::from_waker(&waker)),
        None => poll(context),
    }
}

/// While `look` runs, sockets are looked at once: what they wait for is not put off to the time
/// when nothing else is left to do.
pub(crate) fn at_once<T>(look: impl FnOnce() -> T) -> T {
    set_looking(Looking::Once);
    let seen = look();
    set_looking(Looking::No);
    seen
}

fn set_looking(looking: Looking) {
    with(|turn| turn.iter_mut().for_each(|it| it.looking = looking));
}
