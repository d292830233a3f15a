//! How much room a read gets: little while little comes, more when it is used.

use bytes::BytesMut;

/// The room for the next read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(LEAST)
    }
}

impl Room {
    /// Makes room in `buffer` for a read to which `wanted` bytes are missing; says how much.
    ///
    /// An empty buffer that has become much too large is given up first.
    pub(crate) fn make(self, buffer: &mut BytesMut, wanted: usize) -> usize {
        if buffer.is_empty() && self.0 == LEAST && buffer.capacity() > MOST {
            *buffer = BytesMut::new();
        }
        let room = if wanted > self.0 && self.0 > LEAST { wanted.min(MOST) } else { self.0 };
        buffer.reserve(room);
        room
    }

    /// Learns from a read of `count` bytes into `room`.
    pub(crate) fn learn(&mut self, room: usize, count: usize) {
        if count >= room {
            self.0 = (self.0 * 4).min(MOST);
        } else if count < self.0 / 4 {
            self.0 = (self.0 / 2).max(LEAST);
        }
    }
}

/// The room of a quiet connection.
const LEAST: usize = 4 * 1024;

/// The room of a busy one.
const MOST: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    /// The room after reads of these sizes.
    #[track_caller]
    fn check(reads: &[usize], expected: usize) {
        let mut room = Room::default();
        for count in reads {
            let made = room.make(&mut BytesMut::new(), 0);
            room.learn(made, (*count).min(made));
        }
        assert_eq!(room.0, expected, "{reads:?}");
    }

    #[test]
    fn room_grows_when_it_is_used_and_shrinks_when_it_is_not() {
        check(&[], LEAST);
        check(&[64, 64], LEAST);
        check(&[usize::MAX], 4 * LEAST);
        check(&[usize::MAX; 9], MOST);
        check(&[usize::MAX, 5 * 1024], 4 * LEAST);
        check(&[usize::MAX, 64, 64, 64], LEAST);
    }

    #[test]
    fn a_quiet_connection_keeps_no_large_buffer() {
        let mut buffer = BytesMut::with_capacity(8 * MOST);
        Room::default().make(&mut buffer, 0);
        assert_eq!(buffer.capacity(), LEAST);
    }
}
