//! What a decoder remembers between two looks at the same growing buffer.

use std::{fmt, ops::Range};

use crate::{Error, ErrorKind, Frame, meter, needle::Search};

/// How far the frame at the front of the buffer is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    /// Bytes that were compared with the start mark.
    pub(crate) verified: usize,
    /// Bytes of end marks in front of the frame, which belong to no frame.
    pub(crate) skipped: usize,
    /// The search for the end mark, counted from where the body begins.
    pub(crate) search: Search,
    /// Bytes in which escapes were looked for.
    pub(crate) scanned: usize,
    /// Escapes found in the body.
    pub(crate) escapes: usize,
    /// The frame's parts, once they are known.
    pub(crate) extent: Option<Extent>,
}

/// Where the body of a frame is, and where the frame ends.
#[derive(Clone, Debug)]
pub(crate) struct Extent {
    pub(crate) body: Range<usize>,
    pub(crate) size: usize,
}

/// What a look at the buffer came to.
#[derive(Debug)]
pub(crate) enum Step {
    /// The front of the buffer is a frame.
    Frame(Frame),
    /// At least so many bytes more must come.
    Missing(usize),
}

/// Bytes that are no frame, and where decoding may begin again.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) resume: Resume,
}

/// Where a frame may begin again after bytes that were none.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Resume {
    /// Right after so many bytes.
    After(usize),
    /// At the next mark from this byte on.
    From(usize),
    /// Nobody can know.
    Never,
}

pub(crate) type Decoded = Result<Step, Failure>;

impl Progress {
    /// Compares the front of `buffer` with `start`, each byte once; whether it is whole.
    pub(crate) fn starts(&mut self, start: &[u8], buffer: &[u8]) -> Result<bool, Failure> {
        let (expected, got) = (&start[self.verified..], buffer.get(self.verified..));
        let pairs = expected.iter().zip(got.unwrap_or_default());
        for (at, (expected, got)) in (self.verified..).zip(pairs) {
            meter::read(1);
            if expected != got {
                return Err(wrong_start(at, hex(*expected), *got));
            }
            self.verified = at + 1;
        }
        Ok(self.verified == start.len())
    }
}

impl Extent {
    /// The frame whose `header` announces a `body`, unless it is longer than `max`.
    ///
    /// `at` is where the announcement stands.
    pub(crate) fn announced(
        header: usize,
        body: u128,
        max: usize,
        at: usize,
    ) -> Result<Self, Failure> {
        // A header is a few thousand bytes at most and a body fits in 65 bits.
        let size = header as u128 + body;
        match usize::try_from(size) {
            Ok(size) if size <= max => Ok(Self { body: header..size, size }),
            _ => Err(Failure { error: too_long(max, at, size), resume: Resume::From(1) }),
        }
    }

    /// How many bytes `buffer` lacks.
    pub(crate) fn missing(&self, buffer: &[u8]) -> usize {
        self.size.saturating_sub(buffer.len())
    }
}

impl Failure {
    /// The same failure of a codec that has no mark to look for.
    pub(crate) fn never(self) -> Self {
        Self { resume: Resume::Never, ..self }
    }
}

pub(crate) fn wrong_start(at: usize, expected: impl fmt::Display, got: u8) -> Failure {
    let error = Error::at(ErrorKind::WrongStart, at, expected, hex(got));
    Failure { error, resume: Resume::From(1) }
}

pub(crate) fn too_long(max: usize, at: usize, got: impl fmt::Display) -> Error {
    Error::at(ErrorKind::TooLong, at, format_args!("a frame of at most {max} bytes"), got)
}

/// A byte as it stands in messages.
pub(crate) fn hex(byte: u8) -> impl fmt::Display {
    fmt::from_fn(move |f| write!(f, "0x{byte:02X}"))
}
