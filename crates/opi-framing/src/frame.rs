//! A frame at the front of a buffer, and the payload inside it.

use std::ops::Range;

/// A whole frame at the front of the buffer that was decoded.
///
/// Take [`Self::size`] bytes off the front of the buffer before decoding again.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Frame {
    size: usize,
    payload: Payload,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Payload {
    Owned(Vec<u8>),
    Range(Range<usize>),
}

impl Frame {
    pub(crate) fn new(size: usize, payload: Range<usize>) -> Self {
        Self { size, payload: Payload::Range(payload) }
    }

    pub(crate) fn owned(size: usize, payload: Vec<u8>) -> Self {
        Self { size, payload: Payload::Owned(payload) }
    }

    /// The bytes that the frame takes in the buffer, its marks, header and check included.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// Where in the buffer the payload is; none when removing escapes has made new bytes.
    #[must_use]
    pub fn range(&self) -> Option<Range<usize>> {
        match &self.payload {
            Payload::Owned(_) => None,
            Payload::Range(range) => Some(range.clone()),
        }
    }

    /// The payload; `buffer` is the one that was decoded.
    ///
    /// It is empty when `buffer` is another one, too short to hold it.
    #[must_use]
    pub fn payload<'a>(&'a self, buffer: &'a [u8]) -> &'a [u8] {
        match &self.payload {
            Payload::Owned(bytes) => bytes,
            Payload::Range(range) => buffer.get(range.clone()).unwrap_or_default(),
        }
    }

    /// The payload as bytes of its own, copied only when they are still in `buffer`.
    #[must_use]
    pub fn into_vec(self, buffer: &[u8]) -> Vec<u8> {
        match self.payload {
            Payload::Owned(bytes) => bytes,
            Payload::Range(range) => buffer.get(range).unwrap_or_default().to_vec(),
        }
    }
}
