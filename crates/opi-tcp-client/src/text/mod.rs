//! Text over a connection: which encoding, and what becomes of bytes that are no text.

mod chars;
mod decode;
mod encode;
mod encoding;
#[cfg(feature = "encodings")]
mod legacy;

use std::borrow::Cow;

use crate::{ClientErrorKind, Error, Reason};

pub(crate) use chars::{Chars, whole};
pub use encoding::Encoding;

/// How text stands on the wire.
///
/// ```
/// use opi_tcp_client::{Encoding, Malformed, Text};
///
/// let text = Text::new("UTF-16LE".parse()?).malformed(Malformed::Refuse);
/// assert_eq!(text.encoding(), Encoding::UTF_16LE);
/// let error = "KOI-9".parse::<Encoding>().unwrap_err();
/// assert!(error.to_string().contains("\"KOI-9\""));
/// # Ok::<(), opi_tcp_client::Error>(())
/// ```
#[must_use]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Text {
    encoding: Encoding,
    malformed: Malformed,
    mark: Mark,
}

/// What becomes of bytes that are no text in the encoding.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Malformed {
    /// The read fails, and the bytes stay.
    Refuse,
    /// U+FFFD stands in their place; [`ReceivedText::replaced`] counts.
    #[default]
    Replace,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Mark {
    Left,
    Put,
}

/// The text that a read returned, and why it ended.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReceivedText {
    /// The text; with [`Reason::Marker`] it ends with the marker.
    pub text: String,
    /// The one reason the read ended for.
    pub reason: Reason,
    /// How many sequences of bytes were no text and were replaced by U+FFFD.
    pub replaced: usize,
}

impl Text {
    /// Text in `encoding`; what is no text is replaced, and no byte order mark is sent.
    pub fn new(encoding: Encoding) -> Self {
        Self { encoding, malformed: Malformed::default(), mark: Mark::Left }
    }

    /// What becomes of bytes that are no text. Default: [`Malformed::Replace`].
    pub fn malformed(self, malformed: Malformed) -> Self {
        Self { malformed, ..self }
    }

    /// Puts a byte order mark in front of the first text sent on a connection; only UTF-8 and
    /// UTF-16 have one. Default: none is sent.
    pub fn with_byte_order_mark(self) -> Self {
        Self { mark: Mark::Put, ..self }
    }

    /// The encoding.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The bytes of `text`; those at the very beginning of a connection may have a mark.
    pub(crate) fn bytes<'a>(&self, text: &'a str, at: Position) -> Result<Cow<'a, [u8]>, Error> {
        let bytes = self.encoding.encode(text)?;
        match (self.mark, at, self.encoding.mark()) {
            (Mark::Put, Position::Beginning, Some(mark)) if !bytes.starts_with(mark) => {
                Ok([mark, &bytes].concat().into())
            }
            _ => Ok(bytes),
        }
    }

    /// The text of `bytes`; a byte order mark at the very beginning of a connection is taken off.
    pub(crate) fn text(&self, bytes: &[u8], at: Position) -> Result<(String, usize), Error> {
        let bytes = match at {
            Position::Beginning => self.without_mark(bytes)?,
            Position::Later => bytes,
        };
        decode::decode(self.encoding, bytes, self.malformed)
    }

    fn without_mark<'a>(&self, bytes: &'a [u8]) -> Result<&'a [u8], Error> {
        let other = self.encoding.swapped().filter(|other| other.begins(bytes));
        if let Some(other) = other {
            let words = format!("expected {}, got the byte order mark of {other}", self.encoding);
            return Err(Error::new(ClientErrorKind::BadText, words));
        }
        let mark = self.encoding.mark().filter(|mark| bytes.starts_with(mark));
        Ok(mark.map_or(bytes, |mark| &bytes[mark.len()..]))
    }
}

/// Where in a connection bytes stand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Position {
    Beginning,
    Later,
}

#[cfg(test)]
mod tests;
