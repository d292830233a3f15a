//! Messages behind a length of as many bytes as it needs.

use crate::{
    Error, ErrorKind, Frame, Keep, meter,
    progress::{Decoded, Extent, Failure, Progress, Resume, Step, hex},
};

/// Messages behind a LEB128 length, as Protocol Buffers write them: seven bits a byte, the lowest
/// first, the high bit set in all bytes but the last. At most ten bytes.
#[must_use]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Varint {
    pub(crate) keep: Keep,
}

impl Varint {
    /// The framing.
    pub const fn new() -> Self {
        Self { keep: Keep::Payload }
    }

    /// Whether the payload has the length. Default: [`Keep::Payload`].
    pub const fn keep(self, keep: Keep) -> Self {
        Self { keep }
    }

    pub(crate) fn decode(self, progress: &mut Progress, buffer: &[u8], max: usize) -> Decoded {
        if progress.extent.is_none() {
            progress.extent = announced(buffer, max).map_err(Failure::never)?;
        }
        Ok(progress.announced(buffer, self.keep))
    }

    pub(crate) fn encode(payload: &[u8], out: &mut Vec<u8>) {
        let mut rest = payload.len();
        while rest > 0x7F {
            out.push(rest.to_le_bytes()[0] | 0x80);
            rest >>= 7;
        }
        out.push(rest.to_le_bytes()[0]);
        out.extend_from_slice(payload);
    }
}

fn announced(buffer: &[u8], max: usize) -> Result<Option<Extent>, Failure> {
    let mut length = 0_u128;
    for (at, byte) in buffer.iter().take(LONGEST).enumerate() {
        meter::read(1);
        length |= u128::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            return Extent::announced(at + 1, length, max, 0).map(Some);
        }
    }
    if buffer.len() < LONGEST {
        return Ok(None);
    }
    let error = Error::at(
        ErrorKind::BadLength,
        LONGEST - 1,
        "a last byte below 0x80",
        hex(buffer[LONGEST - 1]),
    );
    Err(Failure { error, resume: Resume::Never })
}

const LONGEST: usize = 10;

impl Progress {
    /// The frame whose extent is known, or how much of it is missing.
    pub(crate) fn announced(&self, buffer: &[u8], keep: Keep) -> Step {
        match &self.extent {
            None => Step::Missing(1),
            Some(extent) if buffer.len() < extent.size => Step::Missing(extent.missing(buffer)),
            Some(Extent { body, size }) => match keep {
                Keep::Frame => Step::Frame(Frame::new(*size, 0..*size)),
                Keep::Payload => Step::Frame(Frame::new(*size, body.clone())),
            },
        }
    }
}
