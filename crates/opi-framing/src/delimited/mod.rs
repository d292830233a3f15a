//! Messages between marks, with a check and escapes if wanted.

mod decode;
mod encode;
mod escape;
mod marks;

use crate::{Check, Error, Keep, Place, needle::Needle};

pub use escape::Escape;
pub(crate) use marks::Marks;

/// Messages that end with given bytes, and may begin with some.
///
/// With a check or escapes, and without a start mark, an end mark right in front of a frame
/// belongs to no frame and is passed over, as HDLC and SLIP have it.
///
/// ```
/// use opi_framing::{Codec, Delimited};
///
/// let codec = Codec::new(Delimited::new(b"\x1C\r").start(b"\x0B"))?;
/// let mut wire = Vec::new();
/// codec.encode(b"MSH|", &mut wire)?;
/// assert_eq!(wire, b"\x0BMSH|\x1C\r");
/// # Ok::<(), opi_framing::Error>(())
/// ```
#[must_use]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Delimited {
    pub(crate) start: Vec<u8>,
    pub(crate) end: Vec<u8>,
    pub(crate) keep: Keep,
    pub(crate) check: Option<Check>,
    pub(crate) escape: Escape,
}

impl Delimited {
    /// Messages that end with `end`: 1 to 4096 bytes, one byte with escapes.
    pub fn new(end: impl AsRef<[u8]>) -> Self {
        let end = end.as_ref().to_vec();
        Self { start: Vec::new(), end, keep: Keep::Payload, check: None, escape: Escape::None }
    }

    /// Messages between STX (02) and ETX (03), with a check.
    pub fn stx_etx(check: Check) -> Self {
        Self::new([0x03]).start([0x02]).check(check)
    }

    /// The bytes that a message begins with: at most 4096, one byte with escapes. Default: none.
    pub fn start(self, start: impl AsRef<[u8]>) -> Self {
        Self { start: start.as_ref().to_vec(), ..self }
    }

    /// Whether the payload has the marks. Default: [`Keep::Payload`].
    pub fn keep(self, keep: Keep) -> Self {
        Self { keep, ..self }
    }

    /// The check of each message. Default: none.
    pub fn check(self, check: Check) -> Self {
        Self { check: Some(check), ..self }
    }

    /// How marks inside the payload are hidden. Default: [`Escape::None`], so that a payload
    /// with the end mark inside cannot be encoded.
    pub fn escape(self, escape: Escape) -> Self {
        Self { escape, ..self }
    }

    pub(crate) fn validate(&self) -> Result<(), Error> {
        let (start, end) = (self.start.len(), self.end.len());
        if end == 0 || end > Needle::LONGEST {
            return Err(Error::option("end", "1 to 4096 bytes", format_args!("{end} bytes")));
        }
        if start > Needle::LONGEST {
            return Err(Error::option(
                "start",
                "at most 4096 bytes",
                format_args!("{start} bytes"),
            ));
        }
        self.escape.validate(&self.start, &self.end)
    }

    pub(crate) fn smallest(&self) -> usize {
        let marks = self.marks();
        marks.start.len() + marks.end.bytes().len() + self.check.map_or(0, |check| check.width())
    }

    pub(crate) fn marks(&self) -> Marks {
        let wire = |mark: &[u8]| match self.escape {
            Escape::Dle if !mark.is_empty() => [&[Escape::DLE], mark].concat(),
            _ => mark.to_vec(),
        };
        Marks::new(wire(&self.start), &wire(&self.end))
    }

    /// Whether end marks in front of a frame belong to no frame.
    fn skips_ends(&self) -> bool {
        let guarded = self.check.is_some() || !matches!(self.escape, Escape::None);
        self.start.is_empty() && guarded
    }

    /// The check when it stands at `place`.
    fn check_at(&self, place: Place) -> Option<Check> {
        self.check.filter(|check| check.place == place)
    }
}
