//! Brings the bytes of a connection to the inbox, as long as there is room.

use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll, ready};

use bytes::BytesMut;

use super::never;
use crate::End;
use crate::connection::{Connection, Source};
use crate::hub::Hub;
use crate::log::Level;
use crate::meter::Meter;
use crate::race::first;

/// Reads until nothing more comes; tells why.
pub(super) async fn read(connection: &Connection, source: &mut Source, hub: &Hub) -> End {
    let mut size = SMALLEST;
    loop {
        let piece = poll_fn(|context| poll_piece(connection, source, hub, size, context));
        match first(quiet(connection, hub), async { Some(piece.await) }).await {
            None => {
                connection.state().unread.gap();
                hub.inbox.ready(connection);
                connection.arrived.notify_waiters();
            }
            Some(Ok(None)) => room(connection, hub).await,
            Some(Ok(Some(piece))) if piece.is_empty() => {
                let broken = connection.state().broken.take();
                return broken.unwrap_or(End::PeerFinished);
            }
            Some(Ok(Some(piece))) => {
                size = next_size(size, piece.len());
                arrive(connection, hub, piece);
            }
            Some(Err(cause)) => return End::of(&cause),
        }
    }
}

/// Completes when the codec's gap has passed behind bytes that are no message yet.
async fn quiet<T>(connection: &Connection, hub: &Hub) -> Option<T> {
    let gap = hub.config.codec.as_ref().and_then(opi_framing::Codec::gap);
    let partial = connection.state().unread.partial().is_some();
    match gap {
        Some(gap) if partial => {
            tokio::time::sleep(gap).await;
            None
        }
        _ => never().await,
    }
}

/// Adds what has come; one who waits for it is woken once.
fn arrive(connection: &Connection, hub: &Hub, piece: BytesMut) {
    let (id, count) = (connection.id, piece.len());
    hub.config.log(Level::Debug, format_args!("connection {id}: received {count} bytes"));
    let mut state = connection.state();
    state.arrive(piece);
    connection.settle(state, &hub.meter);
    hub.inbox.ready(connection);
    connection.arrived.notify_waiters();
}

/// The next bytes; none for want of room, no bytes at the end.
fn poll_piece(
    connection: &Connection,
    source: &mut Source,
    hub: &Hub,
    size: usize,
    context: &mut Context<'_>,
) -> Poll<io::Result<Option<BytesMut>>> {
    ready!(source.poll_ready(context))?;
    let Some(room) = reserve(connection, hub, size) else { return Poll::Ready(Ok(None)) };
    let mut piece = BytesMut::with_capacity(room);
    let count = source.poll_read(context, &connection.wire, &mut piece, room);
    if count.is_pending() {
        connection.settle(connection.state(), &hub.meter);
    }
    count.map_ok(|_| Some(piece))
}

/// Reserves room for at most `size` bytes; none when there is no room at all.
fn reserve(connection: &Connection, hub: &Hub, size: usize) -> Option<usize> {
    let mut state = connection.state();
    if state.discards {
        return Some(size);
    }
    let unread = state.unread.len();
    let room = size.min(capacity(hub).saturating_sub(unread));
    let extra = Meter::charge(unread + room).saturating_sub(state.charged);
    let granted = hub.meter.reserve(extra);
    state.charged += granted;
    let room = room - (extra - granted);
    (room > 0).then_some(room)
}

/// The most bytes a connection keeps: with a codec, enough to see that a message is too long.
fn capacity(hub: &Hub) -> usize {
    let message = hub.config.codec.as_ref().map_or(0, |codec| codec.max().saturating_add(1));
    hub.config.limits.max_unread.max(message)
}

/// Waits until bytes were taken, of this connection or of any.
async fn room(connection: &Connection, hub: &Hub) {
    let (own, all) = (connection.room.notified(), hub.meter.room.notified());
    connection.state().waits = true;
    if reserve(connection, hub, 1).is_some() {
        connection.settle(connection.state(), &hub.meter);
        return;
    }
    first(own, all).await;
}

/// The size of the next read: larger when the last one filled its room, smaller when it was
/// mostly empty.
fn next_size(size: usize, count: usize) -> usize {
    if count >= size {
        (size * 4).min(LARGEST)
    } else if count < size / 4 {
        (size / 2).max(SMALLEST)
    } else {
        size
    }
}

const SMALLEST: usize = 2048;
const LARGEST: usize = 128 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_grow_with_the_stream_and_shrink_again() {
        for (size, count, expected) in [
            (SMALLEST, 10, SMALLEST),
            (SMALLEST, SMALLEST, 4 * SMALLEST),
            (LARGEST, LARGEST, LARGEST),
            (LARGEST, LARGEST / 2, LARGEST),
            (LARGEST, 10, LARGEST / 2),
        ] {
            assert_eq!(next_size(size, count), expected);
        }
    }
}
