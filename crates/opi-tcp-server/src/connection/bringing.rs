//! Bringing what has come from the wire to the unread bytes, by whoever holds the ring.

use std::io;
use std::sync::MutexGuard;
use std::task::{Context, Poll};

use bytes::{BufMut, BytesMut};

use super::hearing::Ring;
use super::state::State;
use super::{Connection, Piece};
use crate::hub::Hub;
use crate::log::Level;
use crate::meter::Meter;

/// What one look at the wire brought.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Brought {
    /// Bytes; the ring stays with the reader.
    Bytes,
    /// No bytes, and the bell will ring.
    Nothing,
    /// There is no room for more; the ring stays with the reader.
    NoRoom,
    /// Nothing more comes; the task finds the reason in [`Hearing::over`](super::hearing::Hearing).
    Over,
}

impl Connection {
    /// Takes the ring for `reader` and looks once for bytes; the bell rings when there is nothing.
    pub(crate) fn bring<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        reader: Ring,
        hub: &Hub,
    ) -> (MutexGuard<'a, State>, Brought) {
        let size = state.size;
        let room = reserve(&mut state, hub, size);
        if room == 0 {
            state.hearing.ring = reader;
            return (state, Brought::NoRoom);
        }
        state.hearing.ring = Ring::None;
        drop(state);
        let mut context = Context::from_waker(&self.ringer);
        // The task looks again and again, and mostly in vain: that takes no buffer.
        if reader == Ring::Task && self.wire.poll_ready(&mut context).is_pending() {
            return self.brought(hub, reader, Poll::Pending, |_| Piece::Copied(&[]));
        }
        if size <= SMALLEST {
            let mut piece = [0; SMALLEST];
            let read = self.wire.poll_read(&mut context, &mut piece[..room]);
            return self.brought(hub, reader, read, |count| Piece::Copied(&piece[..count]));
        }
        let mut piece = BytesMut::with_capacity(room);
        let read = self.wire.poll_read(&mut context, (&mut piece).limit(room));
        self.brought(hub, reader, read, |_| Piece::Kept(piece))
    }

    fn brought<'a, 'b>(
        &'a self,
        hub: &Hub,
        reader: Ring,
        read: Poll<io::Result<usize>>,
        piece: impl FnOnce(usize) -> Piece<'b>,
    ) -> (MutexGuard<'a, State>, Brought) {
        let mut state = self.state();
        let brought = match read {
            Poll::Pending => {
                self.recharge(&mut state, hub);
                return (state, Brought::Nothing);
            }
            Poll::Ready(Ok(count @ 1..)) => {
                state.size = next_size(state.size, count);
                state.arrive(piece(count));
                let line = format_args!("connection {}: received {count} bytes", self.id);
                hub.config.log(Level::Debug, line);
                Brought::Bytes
            }
            Poll::Ready(over) => {
                state.hearing.over = Some(over.map(drop));
                Brought::Over
            }
        };
        state.hearing.ring = reader;
        (state, brought)
    }

    /// Has the bell ring for what comes next; the ring was taken.
    pub(crate) fn listen(&self) {
        let mut context = Context::from_waker(&self.ringer);
        if self.wire.poll_ready(&mut context).is_ready() {
            self.ringer.wake_by_ref();
        }
    }

    /// Gives back the room that was reserved for nothing.
    fn recharge(&self, state: &mut State, hub: &Hub) {
        let charge = Meter::charge(state.unread.len());
        let free = state.charged.saturating_sub(charge);
        state.charged -= free;
        hub.meter.release(free);
    }
}

/// Reserves room for at most `size` bytes.
pub(crate) fn reserve(state: &mut State, hub: &Hub, size: usize) -> usize {
    if state.discards {
        return size;
    }
    let unread = state.unread.len();
    let room = size.min(capacity(hub).saturating_sub(unread));
    let extra = Meter::charge(unread + room).saturating_sub(state.charged);
    let granted = hub.meter.reserve(extra);
    state.charged += granted;
    room - (extra - granted)
}

/// The most bytes a connection keeps: with a codec, enough to see that a message is too long.
fn capacity(hub: &Hub) -> usize {
    let message = hub.config.codec.as_ref().map_or(0, |codec| codec.max().saturating_add(1));
    hub.config.limits.max_unread.max(message)
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

/// The smallest read; its bytes are copied, larger ones keep their buffer.
pub(crate) const SMALLEST: usize = 2048;
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
