//! The encodings of text, by their names in the WHATWG Encoding Standard.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::encode;
use crate::{ClientErrorKind, Error};

/// An encoding of text.
///
/// Parsed from any label of the WHATWG Encoding Standard, without regard to case: UTF-8, UTF-16LE
/// and UTF-16BE always, the others (windows-1251, KOI8-R, IBM866 and so on) with the feature
/// `encodings`. `UTF-16` is UTF-16LE there and here.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Encoding(pub(super) Kind);

#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Kind {
    #[cfg(feature = "encodings")]
    Legacy(&'static encoding_rs::Encoding),
    Utf16(Order),
    Utf8,
}

/// Which byte of a UTF-16 unit comes first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Order {
    Big,
    Little,
}

/// How the bytes of an encoding make characters.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(
    not(feature = "encodings"),
    expect(dead_code, reason = "only older systems have single bytes and mixed widths")
)]
pub(super) enum Units {
    /// Characters have different widths, and a byte alone does not tell where one begins.
    Mixed,
    /// Units of two bytes.
    Pairs,
    /// A byte is a character.
    Single,
    /// A byte tells whether it begins a character.
    Utf8,
}

impl Encoding {
    /// UTF-16 with the high byte first.
    pub const UTF_16BE: Self = Self(Kind::Utf16(Order::Big));

    /// UTF-16 with the low byte first.
    pub const UTF_16LE: Self = Self(Kind::Utf16(Order::Little));

    /// UTF-8.
    pub const UTF_8: Self = Self(Kind::Utf8);

    /// The name in the standard.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            #[cfg(feature = "encodings")]
            Kind::Legacy(encoding) => encoding.name(),
            Kind::Utf16(Order::Big) => "UTF-16BE",
            Kind::Utf16(Order::Little) => "UTF-16LE",
            Kind::Utf8 => "UTF-8",
        }
    }

    /// The bytes of `text`.
    ///
    /// # Errors
    ///
    /// [`ClientErrorKind::NotEncodable`], naming the first character that the encoding does not
    /// have and its place; nothing is ever replaced.
    pub fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, Error> {
        encode::encode(self, text)
    }

    /// How its bytes make characters.
    pub(super) fn units(self) -> Units {
        match self.0 {
            #[cfg(feature = "encodings")]
            Kind::Legacy(legacy) if legacy.is_single_byte() => Units::Single,
            #[cfg(feature = "encodings")]
            Kind::Legacy(_) => Units::Mixed,
            Kind::Utf16(_) => Units::Pairs,
            Kind::Utf8 => Units::Utf8,
        }
    }

    /// The byte order mark, where there is one.
    pub(super) fn mark(self) -> Option<&'static [u8]> {
        match self.0 {
            #[cfg(feature = "encodings")]
            Kind::Legacy(_) => None,
            Kind::Utf16(Order::Big) => Some(&[0xFE, 0xFF]),
            Kind::Utf16(Order::Little) => Some(&[0xFF, 0xFE]),
            Kind::Utf8 => Some(&[0xEF, 0xBB, 0xBF]),
        }
    }

    /// The same with the other byte first.
    pub(super) fn swapped(self) -> Option<Self> {
        match self.0 {
            Kind::Utf16(Order::Big) => Some(Self::UTF_16LE),
            Kind::Utf16(Order::Little) => Some(Self::UTF_16BE),
            _ => None,
        }
    }

    /// Whether `bytes` begin with this encoding's mark.
    pub(super) fn begins(self, bytes: &[u8]) -> bool {
        self.mark().is_some_and(|mark| bytes.starts_with(mark))
    }
}

impl FromStr for Encoding {
    type Err = Error;

    fn from_str(label: &str) -> Result<Self, Error> {
        find(label).ok_or_else(|| {
            let words = format!("unknown encoding {label:?}; {KNOWN}");
            Error::new(ClientErrorKind::UnknownEncoding, words)
        })
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Encoding({self})")
    }
}

#[cfg(feature = "encodings")]
fn find(label: &str) -> Option<Encoding> {
    let found = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())?;
    Some(match found.name() {
        "UTF-16BE" => Encoding::UTF_16BE,
        "UTF-16LE" => Encoding::UTF_16LE,
        "UTF-8" => Encoding::UTF_8,
        _ => Encoding(Kind::Legacy(found)),
    })
}

#[cfg(feature = "encodings")]
const KNOWN: &str = "known are the labels of the WHATWG Encoding Standard";

#[cfg(not(feature = "encodings"))]
fn find(label: &str) -> Option<Encoding> {
    match label.trim().to_ascii_lowercase().as_str() {
        "utf-16" | "utf-16le" => Some(Encoding::UTF_16LE),
        "utf-16be" => Some(Encoding::UTF_16BE),
        "utf-8" | "utf8" => Some(Encoding::UTF_8),
        _ => None,
    }
}

#[cfg(not(feature = "encodings"))]
const KNOWN: &str = "this build knows UTF-8, UTF-16LE and UTF-16BE";
