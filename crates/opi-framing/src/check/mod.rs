//! The check of a frame: what it is, what it covers, and how it is written.

mod sum;

use std::borrow::Cow;

pub use sum::Sum;

use crate::{Endian, Error, ErrorKind, meter};

/// The check of a frame.
///
/// ```
/// use opi_framing::{Check, Codec, Covers, Delimited, Endian, Place, Sum};
///
/// // ASTM: STX text ETX, then two hexadecimal digits over the text and ETX, then CR LF.
/// let check = Check::new(Sum::Sum).endian(Endian::Ascii).covers(Covers::PayloadEnd);
/// let codec = Codec::new(Delimited::stx_etx(check))?;
/// # Ok::<(), opi_framing::Error>(())
/// ```
#[must_use]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Check {
    pub(crate) sum: Sum,
    pub(crate) covers: Covers,
    pub(crate) endian: Endian,
    pub(crate) place: Place,
}

/// What a check is computed over. Escapes do not count: the bytes are those before escaping.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Covers {
    /// The payload.
    Payload,
    /// The payload and the end mark. The default.
    #[default]
    PayloadEnd,
    /// The start mark and the payload.
    StartPayload,
    /// The start mark, the payload and the end mark.
    StartPayloadEnd,
}

/// Where a check stands.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Place {
    /// After the end mark, never escaped. The default.
    #[default]
    AfterEnd,
    /// Before the end mark, escaped like the payload.
    BeforeEnd,
}

/// A payload and the marks around it, as a check covers them.
#[derive(Clone, Copy)]
pub(crate) struct Covered<'a> {
    pub(crate) start: &'a [u8],
    pub(crate) payload: &'a [u8],
    pub(crate) end: &'a [u8],
}

impl Check {
    /// A check over the payload and the end mark, after the end mark, the highest byte first.
    pub const fn new(sum: Sum) -> Self {
        Self { sum, covers: Covers::PayloadEnd, endian: Endian::Big, place: Place::AfterEnd }
    }

    /// What it is computed over. Default: [`Covers::PayloadEnd`].
    pub const fn covers(self, covers: Covers) -> Self {
        Self { covers, ..self }
    }

    /// How it is written; [`Endian::Ascii`] is two hexadecimal digits a byte. Default:
    /// [`Endian::Big`].
    pub const fn endian(self, endian: Endian) -> Self {
        Self { endian, ..self }
    }

    /// Where it stands. Default: [`Place::AfterEnd`].
    pub const fn place(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// The bytes it takes.
    pub(crate) fn width(&self) -> usize {
        match self.endian {
            Endian::Ascii => 2 * self.sum.width(),
            Endian::Big | Endian::Little => self.sum.width(),
        }
    }

    /// The check of `covered`, as it is written.
    pub(crate) fn of(&self, covered: Covered<'_>) -> Vec<u8> {
        let Covered { start, payload, end } = covered;
        let parts: &[&[u8]] = match self.covers {
            Covers::Payload => &[payload],
            Covers::PayloadEnd => &[payload, end],
            Covers::StartPayload => &[start, payload],
            Covers::StartPayloadEnd => &[start, payload, end],
        };
        meter::read(parts.iter().map(|part| part.len()).sum());
        let mut bytes = Vec::with_capacity(8);
        self.endian.write(self.sum.of(parts), self.sum.width(), &mut bytes);
        match self.endian {
            Endian::Ascii => digits(&bytes).into_bytes(),
            Endian::Big | Endian::Little => bytes,
        }
    }

    /// Whether `got`, which stands at byte `at`, is the check of `covered`.
    pub(crate) fn verify(&self, covered: Covered<'_>, got: &[u8], at: usize) -> Result<(), Error> {
        let expected = self.of(covered);
        let same = match self.endian {
            Endian::Ascii => expected.eq_ignore_ascii_case(got),
            Endian::Big | Endian::Little => expected == got,
        };
        if same {
            return Ok(());
        }
        let named = format_args!("{} {}", self.sum.name(), self.shown(&expected));
        Err(Error::at(ErrorKind::BadCheck, at, named, self.shown(got)))
    }

    fn shown<'a>(&self, check: &'a [u8]) -> Cow<'a, str> {
        match self.endian {
            Endian::Ascii => format!("\"{}\"", check.escape_ascii()).into(),
            Endian::Big | Endian::Little => digits(check).into(),
        }
    }
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
