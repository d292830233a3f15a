//! Watches the time of a connection, and of who waits for it; one timer for both, which no
//! message moves.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use tokio::time::{Instant, Sleep, sleep_until};

use crate::config::Verdict;
use crate::connection::Connection;
use crate::{Config, End};

/// Completes when the time of a connection is over.
pub(super) async fn watch(connection: &Connection, config: &Config) -> End {
    let mut timer = pin!(None);
    let mut first = true;
    poll_fn(|context| {
        loop {
            if !std::mem::take(&mut first) {
                ready!(poll_due(connection, timer.as_mut(), context));
            }
            match look(connection, config) {
                Ok(next) => timer.set(next.map(sleep_until)),
                Err(end) => return Poll::Ready(end),
            }
        }
    })
    .await
}

/// Ready when it is time to look: the timer has run out, or somebody waits for a shorter time.
fn poll_due(
    connection: &Connection,
    timer: Pin<&mut Option<Sleep>>,
    context: &mut Context<'_>,
) -> Poll<()> {
    if connection.state().hearing.is_early() {
        return Poll::Ready(());
    }
    // Most bytes move nothing here: the time they bring is seen when the old one is over.
    timer.as_pin_mut().map_or(Poll::Pending, |timer| timer.poll(context))
}

/// Calls who has waited long enough; tells when to look again, or that the time is over.
fn look(connection: &Connection, config: &Config) -> Result<Option<Instant>, End> {
    let now = Instant::now();
    let mut state = connection.state();
    let left = match config.times.verdict(state.standing(), config.codec.is_some()) {
        Verdict::Over(end) => return Err(end),
        Verdict::Wait(left) => left,
    };
    let late = state.hearing.late(now);
    let next = [now.checked_add(left), state.hearing.due()].into_iter().flatten().min();
    state.hearing.armed = next;
    drop(state);
    if let Some(late) = late {
        late.wake();
    }
    Ok(next)
}
