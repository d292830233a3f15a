//! Brings the bytes of a connection to the inbox, as long as there is room and nobody waits for
//! this connection who reads for themselves.

use std::future::poll_fn;
use std::io;
use std::task::{Poll, Waker};

use super::never;
use crate::End;
use crate::connection::{Brought, Connection, Ring, reserve};
use crate::hub::Hub;
use crate::race::first;

/// Reads until nothing more comes; tells why.
pub(super) async fn read(connection: &Connection, hub: &Hub) -> End {
    loop {
        let bringing = poll_fn(|context| poll_bring(connection, hub, context.waker()));
        match first(quiet(connection, hub), bringing).await {
            Step::Quiet => {
                let mut state = connection.state();
                state.unread.gap();
                connection.arrived(state, hub);
            }
            Step::Full => room(connection, hub).await,
            Step::Brought => {}
            Step::Over(Ok(())) => {
                let broken = connection.state().broken.take();
                return broken.unwrap_or(End::PeerFinished);
            }
            Step::Over(Err(cause)) => return End::of(&cause),
        }
    }
}

/// What the task has to look after.
enum Step {
    Brought,
    Full,
    Over(io::Result<()>),
    Quiet,
}

/// Completes when the codec's gap has passed behind bytes that are no message yet.
async fn quiet(connection: &Connection, hub: &Hub) -> Step {
    match hub.config.gap() {
        Some(gap) if connection.state().unread.partial().is_some() => {
            tokio::time::sleep(gap).await;
            Step::Quiet
        }
        _ => never().await,
    }
}

/// Reads when the bell has rung for the task.
fn poll_bring(connection: &Connection, hub: &Hub, waker: &Waker) -> Poll<Step> {
    let mut state = connection.state();
    state.hearing.served_by(waker);
    if let Some(over) = state.hearing.over.take() {
        return Poll::Ready(Step::Over(over));
    }
    if state.hearing.ring != Ring::Task {
        return Poll::Pending;
    }
    let (mut state, brought) = connection.bring(state, Ring::Task, hub);
    match brought {
        Brought::Bytes => {
            connection.arrived(state, hub);
            Poll::Ready(Step::Brought)
        }
        Brought::Nothing => Poll::Pending,
        Brought::NoRoom => Poll::Ready(Step::Full),
        Brought::Over => {
            state.hearing.over.take().map_or(Poll::Pending, |over| Poll::Ready(Step::Over(over)))
        }
    }
}

/// Waits until bytes were taken, of this connection or of any.
async fn room(connection: &Connection, hub: &Hub) {
    let (own, all) = (connection.room.notified(), hub.meter.room.notified());
    if !is_room(connection, hub) {
        first(own, all).await;
    }
}

/// Whether there is room; if not, the task is told when there may be.
fn is_room(connection: &Connection, hub: &Hub) -> bool {
    let mut state = connection.state();
    state.waits = true;
    let room = reserve(&mut state, hub, 1) > 0;
    if room {
        connection.settle(state, &hub.meter);
    }
    room
}
