//! Messages of one size.

use crate::{Error, Frame, progress::Step};

/// Messages of one size, from one byte to the codec's limit.
#[must_use]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Fixed {
    pub(crate) size: usize,
}

impl Fixed {
    /// Messages of `size` bytes.
    pub const fn new(size: usize) -> Self {
        Self { size }
    }

    pub(crate) fn validate(self) -> Result<(), Error> {
        match self.size {
            0 => Err(Error::option("size", "one byte or more", 0)),
            _ => Ok(()),
        }
    }

    pub(crate) fn decode(self, buffer: &[u8]) -> Step {
        match self.size.checked_sub(buffer.len()) {
            None | Some(0) => Step::Frame(Frame::new(self.size, 0..self.size)),
            Some(missing) => Step::Missing(missing),
        }
    }

    pub(crate) fn encode(self, payload: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        if payload.len() != self.size {
            return Err(Error::payload(format_args!("{} bytes", self.size), payload.len()));
        }
        out.extend_from_slice(payload);
        Ok(())
    }
}
