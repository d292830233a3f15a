//! The encodings of text, by their names in the WHATWG Encoding Standard.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::{Error, ErrorKind};

/// An encoding of text.
///
/// Parsed from any label of the WHATWG Encoding Standard, without regard to case: UTF-8, UTF-16LE
/// and UTF-16BE always, the others (windows-1251, KOI8-R, IBM866 and so on) with the feature
/// `encodings`. `UTF-16` is UTF-16LE there and here.
///
/// ```
/// use opi_http_connector::text::Charset;
///
/// let koi8: Charset = "koi8-r".parse()?;
/// assert_eq!(*koi8.encode("Мир")?, [0xED, 0xC9, 0xD2]);
/// # Ok::<(), opi_http_connector::Error>(())
/// ```
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Charset(Kind);

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    #[cfg(feature = "encodings")]
    Legacy(&'static encoding_rs::Encoding),
    Utf16Be,
    Utf16Le,
    Utf8,
}

impl Charset {
    /// UTF-16 with the high byte first.
    pub const UTF_16BE: Self = Self(Kind::Utf16Be);

    /// UTF-16 with the low byte first.
    pub const UTF_16LE: Self = Self(Kind::Utf16Le);

    /// UTF-8.
    pub const UTF_8: Self = Self(Kind::Utf8);

    /// The name in the standard.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            #[cfg(feature = "encodings")]
            Kind::Legacy(encoding) => encoding.name(),
            Kind::Utf16Be => "UTF-16BE",
            Kind::Utf16Le => "UTF-16LE",
            Kind::Utf8 => "UTF-8",
        }
    }

    /// The bytes of `text`, without a byte order mark.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotEncodable`]: the encoding does not have a character; nothing is replaced.
    pub fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, Error> {
        match self.0 {
            #[cfg(feature = "encodings")]
            Kind::Legacy(encoding) => legacy(encoding, text),
            Kind::Utf16Be => Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Kind::Utf16Le => Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Kind::Utf8 => Ok(Cow::Borrowed(text.as_bytes())),
        }
    }

    /// The encoding that forms in this one are sent in.
    pub(crate) fn of_forms(self) -> Self {
        if matches!(self.0, Kind::Utf16Be | Kind::Utf16Le) { Self::UTF_8 } else { self }
    }

    /// The encoding of this label; `None` where there is none.
    pub(super) fn known(label: &str) -> Option<Self> {
        find(label).filter(|_| !is_replaced(label))
    }

    /// The text of `bytes`, or where they are first not of this encoding, as far as that is known.
    pub(super) fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, Option<usize>> {
        match self.0 {
            #[cfg(feature = "encodings")]
            Kind::Legacy(encoding) => {
                encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or(None)
            }
            Kind::Utf16Be | Kind::Utf16Le => {
                let units: Result<String, _> = char::decode_utf16(self.units(bytes)).collect();
                match units {
                    Ok(text) if bytes.len().is_multiple_of(2) => Ok(Cow::Owned(text)),
                    _ => Err(None),
                }
            }
            Kind::Utf8 => {
                std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|it| Some(it.valid_up_to()))
            }
        }
    }

    /// The text of `bytes`, with U+FFFD for what is not of this encoding.
    pub(super) fn decode_replacing(self, bytes: &[u8]) -> Cow<'_, str> {
        match self.0 {
            #[cfg(feature = "encodings")]
            Kind::Legacy(encoding) => encoding.decode_without_bom_handling(bytes).0,
            Kind::Utf16Be | Kind::Utf16Le => {
                let units = char::decode_utf16(self.units(bytes));
                let text = units.map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER));
                let cut = (bytes.len() % 2 == 1).then_some(char::REPLACEMENT_CHARACTER);
                Cow::Owned(text.chain(cut).collect())
            }
            Kind::Utf8 => String::from_utf8_lossy(bytes),
        }
    }

    /// Whole units of UTF-16.
    fn units(self, bytes: &[u8]) -> impl Iterator<Item = u16> {
        let (pairs, _cut) = bytes.as_chunks::<2>();
        let is_big = self == Self::UTF_16BE;
        pairs
            .iter()
            .map(move |it| if is_big { u16::from_be_bytes(*it) } else { u16::from_le_bytes(*it) })
    }

    /// The byte order mark, where there is one.
    pub(super) fn mark(self) -> &'static [u8] {
        match self.0 {
            #[cfg(feature = "encodings")]
            Kind::Legacy(_) => &[],
            Kind::Utf16Be => &[0xFE, 0xFF],
            Kind::Utf16Le => &[0xFF, 0xFE],
            Kind::Utf8 => &[0xEF, 0xBB, 0xBF],
        }
    }
}

impl FromStr for Charset {
    type Err = Error;

    fn from_str(label: &str) -> Result<Self, Error> {
        Self::known(label).ok_or_else(|| {
            let detail =
                format!("unknown encoding {:?}; {KNOWN}", label.escape_debug().to_string());
            Error::new(ErrorKind::UnknownCharset).detail(detail)
        })
    }
}

impl fmt::Display for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Charset({self})")
    }
}

#[cfg(feature = "encodings")]
fn legacy<'a>(
    encoding: &'static encoding_rs::Encoding,
    text: &'a str,
) -> Result<Cow<'a, [u8]>, Error> {
    let (bytes, _, has_missing) = encoding.encode(text);
    if !has_missing {
        return Ok(bytes);
    }
    let lacks = |it: &char| encoding.encode(it.encode_utf8(&mut [0; 4])).2;
    let missing = text.chars().find(lacks).unwrap_or(char::REPLACEMENT_CHARACTER);
    let name = encoding.name();
    let detail = format!("{name} does not have {missing:?} (U+{:04X})", u32::from(missing));
    Err(Error::new(ErrorKind::NotEncodable).detail(detail))
}

/// Whether the standard replaces the encoding, because browsers were attacked with it.
#[cfg(feature = "encodings")]
pub(super) fn is_replaced(label: &str) -> bool {
    encoding_rs::Encoding::for_label(label.as_bytes()) == Some(encoding_rs::REPLACEMENT)
}

#[cfg(feature = "encodings")]
fn find(label: &str) -> Option<Charset> {
    Some(match encoding_rs::Encoding::for_label(label.as_bytes())? {
        found if found == encoding_rs::UTF_16BE => Charset::UTF_16BE,
        found if found == encoding_rs::UTF_16LE => Charset::UTF_16LE,
        found if found == encoding_rs::UTF_8 => Charset::UTF_8,
        found => Charset(Kind::Legacy(found)),
    })
}

#[cfg(feature = "encodings")]
const KNOWN: &str = "known are the labels of the WHATWG Encoding Standard";

#[cfg(not(feature = "encodings"))]
pub(super) fn is_replaced(_label: &str) -> bool {
    false
}

#[cfg(not(feature = "encodings"))]
fn find(label: &str) -> Option<Charset> {
    match label.trim().to_ascii_lowercase().as_str() {
        "utf-16" | "utf-16le" => Some(Charset::UTF_16LE),
        "utf-16be" => Some(Charset::UTF_16BE),
        "utf-8" | "utf8" | "us-ascii" | "ascii" => Some(Charset::UTF_8),
        _ => None,
    }
}

#[cfg(not(feature = "encodings"))]
const KNOWN: &str = "this build knows UTF-8, UTF-16LE and UTF-16BE";
