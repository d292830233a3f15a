//! Messages behind a length at a place of its own.

mod field;

use crate::{
    Endian, Error, Keep,
    needle::Needle,
    progress::{Decoded, Extent, Failure, Progress, Step},
};

/// Messages with a header that has their length.
///
/// ```
/// use opi_framing::{Codec, Includes, Length};
///
/// // TPKT: a version, a zero, and two bytes of length that count the header too.
/// let tpkt = Length::new(2).offset(2).start(b"\x03").includes(Includes::Header);
/// let mut wire = Vec::new();
/// Codec::new(tpkt)?.encode(b"\x02\xF0\x80", &mut wire)?;
/// assert_eq!(wire, b"\x03\x00\x00\x07\x02\xF0\x80");
/// # Ok::<(), opi_framing::Error>(())
/// ```
#[must_use]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Length {
    pub(crate) width: usize,
    pub(crate) endian: Endian,
    pub(crate) offset: usize,
    pub(crate) includes: Includes,
    pub(crate) adjust: i64,
    pub(crate) start: Vec<u8>,
    pub(crate) keep: Keep,
}

/// What a length counts, besides what follows it.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Includes {
    /// Itself and all that stands before it.
    Header,
    /// Itself.
    Itself,
    /// Nothing but what follows it. The default.
    #[default]
    Payload,
}

impl Length {
    /// A length of `width` bytes, 1 to 8, at the front, the highest byte first, that counts what
    /// follows it.
    pub const fn new(width: usize) -> Self {
        Self {
            width,
            endian: Endian::Big,
            offset: 0,
            includes: Includes::Payload,
            adjust: 0,
            start: Vec::new(),
            keep: Keep::Payload,
        }
    }

    /// How the length is written; [`Endian::Ascii`] is `width` decimal digits. Default:
    /// [`Endian::Big`].
    pub fn endian(self, endian: Endian) -> Self {
        Self { endian, ..self }
    }

    /// How many bytes stand before the length, at most 4096. Default: 0.
    ///
    /// With [`Keep::Payload`] they are passed over, and written as [`Self::start`] and zeros; a
    /// header with a meaning of its own needs [`Keep::Frame`].
    pub fn offset(self, offset: usize) -> Self {
        Self { offset, ..self }
    }

    /// What the length counts. Default: [`Includes::Payload`].
    pub fn includes(self, includes: Includes) -> Self {
        Self { includes, ..self }
    }

    /// Bytes that follow the length and are not counted by it, or, below zero, that are counted
    /// and do not follow. Default: 0.
    pub fn adjust(self, adjust: i64) -> Self {
        Self { adjust, ..self }
    }

    /// The bytes that every header begins with, at most [`Self::offset`] of them. Default: none.
    pub fn start(self, start: impl AsRef<[u8]>) -> Self {
        Self { start: start.as_ref().to_vec(), ..self }
    }

    /// Whether the payload has the header. Default: [`Keep::Payload`].
    ///
    /// With [`Keep::Frame`] encoding writes the length into the header it is given.
    pub fn keep(self, keep: Keep) -> Self {
        Self { keep, ..self }
    }

    pub(crate) fn validate(&self) -> Result<(), Error> {
        if !(1..=8).contains(&self.width) {
            return Err(Error::option("width", "1 to 8 bytes", self.width));
        }
        if self.offset > Needle::LONGEST {
            return Err(Error::option("offset", "0 to 4096 bytes", self.offset));
        }
        if self.start.len() > self.offset {
            let expected = format_args!("at most `offset`, {} bytes", self.offset);
            return Err(Error::option("start", expected, self.start.len()));
        }
        Ok(())
    }

    /// The bytes up to where the body begins.
    pub(crate) fn header(&self) -> usize {
        self.offset + self.width
    }

    pub(crate) fn decode(&self, progress: &mut Progress, buffer: &[u8], max: usize) -> Decoded {
        if progress.extent.is_none() {
            progress.extent = self
                .locate(progress, buffer, max)
                .map_err(|failure| if self.start.is_empty() { failure.never() } else { failure })?;
        }
        Ok(match progress.extent {
            Some(_) => progress.announced(buffer, self.keep),
            None => Step::Missing(self.header().saturating_sub(buffer.len())),
        })
    }

    fn locate(
        &self,
        progress: &mut Progress,
        buffer: &[u8],
        max: usize,
    ) -> Result<Option<Extent>, Failure> {
        if !progress.starts(&self.start, buffer)? {
            return Ok(None);
        }
        let Some(body) = self.announced(buffer)? else { return Ok(None) };
        Extent::announced(self.header(), body, max, self.offset).map(Some)
    }

    pub(crate) fn encode(&self, payload: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let body = match self.keep {
            Keep::Payload => payload,
            Keep::Frame => self.body(payload)?,
        };
        let field = self.field(body.len())?;
        match self.keep {
            Keep::Frame => out.extend_from_slice(&payload[..self.offset]),
            Keep::Payload => {
                out.extend_from_slice(&self.start);
                out.resize(out.len() + self.offset - self.start.len(), 0);
            }
        }
        out.extend(field);
        out.extend_from_slice(body);
        Ok(())
    }

    /// What follows the header of `frame`, whose length may be anything.
    fn body<'a>(&self, frame: &'a [u8]) -> Result<&'a [u8], Error> {
        let Some(body) = frame.get(self.header()..) else {
            let expected = format_args!("a header of {} bytes", self.header());
            return Err(Error::payload(expected, frame.len()));
        };
        if !frame.starts_with(&self.start) {
            let expected = format_args!("\"{}\" in front", self.start.escape_ascii());
            return Err(Error::payload(expected, "another start"));
        }
        Ok(body)
    }
}
