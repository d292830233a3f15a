//! The bytes that wait to be sent on a connection, in pieces that are never copied. Pure.

use std::collections::VecDeque;
use std::io::IoSlice;

use bytes::{Buf, Bytes};

/// A bounded queue of bytes.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    pieces: VecDeque<Bytes>,
    size: usize,
}

/// The pieces at the front of an [`Outbox`], to be written at once.
pub(crate) type Front = [Bytes; VECTORED];

impl Outbox {
    /// The bytes that wait.
    pub(crate) fn len(&self) -> usize {
        self.size
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// Whether `size` bytes more fit under `limit`.
    pub(crate) fn fits(&self, size: usize, limit: usize) -> bool {
        size <= limit.saturating_sub(self.size) && self.pieces.len() < PIECES
    }

    pub(crate) fn push(&mut self, piece: Bytes) {
        if !piece.is_empty() {
            self.size += piece.len();
            self.pieces.push_back(piece);
        }
    }

    /// The first pieces; cloning them copies no bytes.
    pub(crate) fn front(&self) -> Front {
        let mut pieces = self.pieces.iter();
        std::array::from_fn(|_| pieces.next().cloned().unwrap_or_default())
    }

    /// Takes off the `count` bytes that have gone.
    pub(crate) fn advance(&mut self, mut count: usize) {
        self.size = self.size.saturating_sub(count);
        while let Some(front) = self.pieces.front_mut() {
            if count < front.len() {
                front.advance(count);
                return;
            }
            count -= front.len();
            self.pieces.pop_front();
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

pub(crate) fn slices(front: &Front) -> [IoSlice<'_>; VECTORED] {
    std::array::from_fn(|at| IoSlice::new(&front[at]))
}

/// The most pieces written by one call of the system.
const VECTORED: usize = 16;

/// The most pieces that wait.
const PIECES: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox(pieces: &[&'static str]) -> Outbox {
        let mut outbox = Outbox::default();
        for piece in pieces {
            outbox.push(Bytes::from_static(piece.as_bytes()));
        }
        outbox
    }

    #[test]
    fn what_has_gone_is_taken_off_wherever_it_ends() {
        for (count, left) in [(0, "abcdef"), (1, "bcdef"), (3, "def"), (5, "f"), (6, "")] {
            let mut outbox = outbox(&["abc", "", "de", "f"]);
            outbox.advance(count);
            assert_eq!((outbox.len(), outbox.front().concat()), (left.len(), left.into()));
            assert_eq!(outbox.is_empty(), left.is_empty());
        }
    }

    #[test]
    fn it_is_bounded_by_bytes_and_by_pieces() {
        let outbox = outbox(&["abc"]);
        assert!(outbox.fits(7, 10));
        assert!(!outbox.fits(8, 10));
        assert!(!outbox.fits(1, 2));
        let mut many = Outbox::default();
        (0..PIECES - 1).for_each(|_| many.push(Bytes::from_static(b"x")));
        assert!(many.fits(1, usize::MAX));
        many.push(Bytes::from_static(b"x"));
        assert!(!many.fits(1, usize::MAX));
    }
}
