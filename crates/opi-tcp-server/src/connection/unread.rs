//! The bytes of a connection that were not taken yet, and the messages among them. No I/O.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use opi_framing::{Codec, Decoder, Error as FramingError, Frame};
use tokio::time::Instant;

use crate::{Reason, Until};

#[derive(Debug)]
pub(crate) struct Unread {
    bytes: BytesMut,
    /// All bytes that were ever taken off the front.
    taken: u64,
    deframer: Option<Box<Deframer>>,
}

/// Bytes that have come.
#[derive(Debug)]
pub(crate) enum Piece<'a> {
    /// The buffer is used again.
    Copied(&'a [u8]),
    /// The buffer may be kept.
    Kept(BytesMut),
}

/// Finds the messages in the bytes of a connection.
#[derive(Debug)]
struct Deframer {
    decoder: Decoder,
    /// The message at the front.
    front: Option<Frame>,
    fault: Option<FramingError>,
    /// When the first byte of a message came that is not whole yet.
    since: Option<Instant>,
    /// Whether nothing more comes.
    ended: bool,
}

impl Unread {
    pub(crate) fn new(codec: Option<&Codec>) -> Self {
        let deframer = codec.map(|codec| {
            let decoder = codec.decoder();
            Box::new(Deframer { decoder, front: None, fault: None, since: None, ended: false })
        });
        Self { bytes: BytesMut::new(), taken: 0, deframer }
    }

    /// The bytes there are.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// How many bytes were ever taken.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// Whether [`Self::take`] has something to give.
    pub(crate) fn ready(&self) -> bool {
        match &self.deframer {
            Some(deframer) => deframer.front.is_some(),
            None => !self.bytes.is_empty(),
        }
    }

    /// How long a message has been waiting for its last byte.
    pub(crate) fn partial(&self) -> Option<Duration> {
        self.deframer.as_ref()?.since.map(|since| since.elapsed())
    }

    /// What is wrong with the bytes behind the last whole message.
    pub(crate) fn fault(&self) -> Option<&FramingError> {
        self.deframer.as_ref()?.fault.as_ref()
    }

    /// Adds what has come.
    pub(crate) fn append(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Copied(bytes) => self.copy(bytes),
            // Few bytes keep no large buffer.
            Piece::Kept(bytes) if bytes.len() < bytes.capacity() / 4 => self.copy(&bytes),
            Piece::Kept(bytes) if self.bytes.is_empty() => self.bytes = bytes,
            Piece::Kept(bytes) => self.bytes.extend_from_slice(&bytes),
        }
        self.look();
    }

    fn copy(&mut self, piece: &[u8]) {
        if self.bytes.is_empty() {
            self.bytes = BytesMut::from(piece);
        } else {
            self.bytes.extend_from_slice(piece);
        }
    }

    /// Tells that nothing more comes.
    pub(crate) fn end(&mut self) {
        if let Some(deframer) = &mut self.deframer {
            deframer.ended = true;
        }
        self.look();
    }

    /// Tells that the codec's gap has passed without a byte.
    pub(crate) fn gap(&mut self) {
        if let Some(deframer) = &mut self.deframer
            && deframer.front.is_none()
        {
            let found = deframer.decoder.gap(&self.bytes);
            deframer.found(found, self.bytes.len());
        }
    }

    /// Takes a message, or without a codec at most `limit` bytes.
    pub(crate) fn take(&mut self, limit: usize) -> Option<(Bytes, Reason)> {
        let Some(deframer) = &mut self.deframer else {
            let size = self.bytes.len().min(limit);
            return (size > 0).then(|| (self.split(size), Reason::Data));
        };
        let frame = deframer.front.take()?;
        let whole = self.split(frame.size());
        let payload = match frame.range() {
            Some(range) => whole.slice(range),
            None => frame.into_vec(&whole).into(),
        };
        self.look();
        Some((payload, Reason::Message))
    }

    /// Takes what `until` asks for, once it is there; without a codec only.
    pub(crate) fn take_until(&mut self, until: &mut Until) -> Option<(Bytes, Reason)> {
        let (size, reason) = until.find(&self.bytes)?;
        Some((self.split(size), reason))
    }

    pub(crate) fn clear(&mut self) {
        self.bytes = BytesMut::new();
        if let Some(deframer) = &mut self.deframer {
            (deframer.front, deframer.since) = (None, None);
        }
    }

    fn split(&mut self, size: usize) -> Bytes {
        self.taken += size as u64;
        if size == self.bytes.len() {
            // An idle connection keeps no buffer.
            return std::mem::take(&mut self.bytes).freeze();
        }
        self.bytes.split_to(size).freeze()
    }

    /// Looks for the next message.
    fn look(&mut self) {
        let Some(deframer) = &mut self.deframer else { return };
        if deframer.front.is_some() || deframer.fault.is_some() {
            return;
        }
        let mut found = deframer.decoder.decode(&self.bytes);
        if deframer.ended && matches!(found, Ok(None)) {
            found = deframer.decoder.end(&self.bytes);
        }
        deframer.found(found, self.bytes.len());
        if deframer.fault.is_some() {
            self.bytes = BytesMut::new();
        }
    }
}

impl Deframer {
    fn found(&mut self, found: Result<Option<Frame>, FramingError>, unread: usize) {
        let partial = matches!(found, Ok(None)) && unread > 0;
        self.since = partial.then(|| self.since.unwrap_or_else(Instant::now));
        match found {
            Ok(frame) => self.front = frame,
            Err(fault) => self.fault = Some(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use opi_framing::{ErrorKind, Length};

    use super::*;

    fn framed() -> Unread {
        Unread::new(Some(&Codec::new(Length::new(1)).unwrap().at_most(4).unwrap()))
    }

    fn all(unread: &mut Unread) -> Vec<Bytes> {
        std::iter::from_fn(|| unread.take(1)).map(|(data, _)| data).collect()
    }

    #[test]
    fn bytes_are_taken_up_to_the_limit_and_an_idle_buffer_is_none() {
        let mut unread = Unread::new(None);
        assert_eq!(unread.take(9), None);
        unread.append(Piece::Copied(b"abc"));
        unread.append(Piece::Copied(b"de"));
        assert_eq!(unread.take(4), Some((Bytes::from("abcd"), Reason::Data)));
        assert_eq!(unread.take(4), Some((Bytes::from("e"), Reason::Data)));
        assert_eq!((unread.bytes.capacity(), unread.taken(), unread.ready()), (0, 5, false));
    }

    #[test]
    fn few_bytes_keep_no_large_buffer() {
        let mut unread = Unread::new(None);
        let mut piece = BytesMut::with_capacity(64 * 1024);
        piece.extend_from_slice(b"abc");
        unread.append(Piece::Kept(piece));
        assert!(unread.bytes.capacity() < 1024);
    }

    #[test]
    fn messages_are_taken_whole_and_a_partial_one_is_none() {
        let mut unread = framed();
        unread.append(Piece::Copied(b"\x02ab\x01c\x03d"));
        assert!(unread.partial().is_none());
        assert_eq!(all(&mut unread), ["ab", "c"]);
        assert!(!unread.ready() && unread.len() == 2 && unread.partial().is_some());
        unread.append(Piece::Copied(b"ef"));
        assert!(unread.partial().is_none());
        assert_eq!(all(&mut unread), ["def"]);
    }

    #[test]
    fn a_fault_comes_after_the_messages_before_it() {
        let mut unread = framed();
        unread.append(Piece::Copied(b"\x01a\x04"));
        assert!(unread.fault().is_none() && unread.ready());
        assert_eq!(all(&mut unread), ["a"]);
        assert_eq!(unread.fault().unwrap().kind(), ErrorKind::TooLong);
        assert_eq!(unread.len(), 0);
    }

    #[test]
    fn an_end_inside_a_message_is_a_fault() {
        let mut unread = framed();
        unread.append(Piece::Copied(b"\x01a\x02b"));
        unread.end();
        assert!(unread.fault().is_none());
        assert_eq!(all(&mut unread), ["a"]);
        assert_eq!(unread.fault().unwrap().kind(), ErrorKind::Truncated);
        let mut whole = framed();
        whole.append(Piece::Copied(b"\x01a"));
        whole.end();
        assert_eq!(all(&mut whole), ["a"]);
        assert!(whole.fault().is_none());
    }
}
