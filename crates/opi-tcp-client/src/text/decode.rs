//! From bytes to text. Pure.

use super::Malformed;
use super::encoding::{Encoding, Kind, Order};
use crate::{ClientErrorKind, Error};

/// The text of `bytes`, and how many sequences were replaced.
pub(super) fn decode(
    encoding: Encoding,
    bytes: &[u8],
    malformed: Malformed,
) -> Result<(String, usize), Error> {
    let mut output = Output { encoding, malformed, text: String::new(), replaced: 0 };
    match encoding.0 {
        #[cfg(feature = "encodings")]
        Kind::Legacy(legacy) => super::legacy::decode(legacy, bytes, &mut output)?,
        Kind::Utf16(order) => utf16(order, bytes, &mut output)?,
        Kind::Utf8 => utf8(bytes, &mut output)?,
    }
    Ok((output.text, output.replaced))
}

/// Where decoded text goes, and what is told of bytes that are none.
#[derive(Debug)]
pub(super) struct Output {
    encoding: Encoding,
    malformed: Malformed,
    pub(super) text: String,
    replaced: usize,
}

impl Output {
    /// The bytes `at` this place are no text.
    pub(super) fn bad(&mut self, at: usize, bytes: &[u8]) -> Result<(), Error> {
        match self.malformed {
            Malformed::Refuse => {
                let shown: Vec<_> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
                let words = format!("byte {at}: {} is no {}", shown.join(" "), self.encoding);
                Err(Error::new(ClientErrorKind::BadText, words))
            }
            Malformed::Replace => {
                self.text.push(char::REPLACEMENT_CHARACTER);
                self.replaced += 1;
                Ok(())
            }
        }
    }
}

fn utf8(bytes: &[u8], output: &mut Output) -> Result<(), Error> {
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        output.text.push_str(chunk.valid());
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            output.bad(at, chunk.invalid())?;
            at += chunk.invalid().len();
        }
    }
    Ok(())
}

fn utf16(order: Order, bytes: &[u8], output: &mut Output) -> Result<(), Error> {
    output.text.reserve(bytes.len() / 2);
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| match order {
        Order::Big => u16::from_be_bytes(*pair),
        Order::Little => u16::from_le_bytes(*pair),
    });
    let mut at = 0;
    for unit in char::decode_utf16(units) {
        match unit {
            Ok(character) => {
                output.text.push(character);
                at += 2 * character.len_utf16();
            }
            // Half a pair and half a unit at the end are one broken character, as in the standard.
            Err(half) if at + 3 == bytes.len() && half.unpaired_surrogate() < 0xDC00 => {
                return output.bad(at, &bytes[at..]);
            }
            Err(_) => {
                output.bad(at, &bytes[at..at + 2])?;
                at += 2;
            }
        }
    }
    if rest.is_empty() { Ok(()) } else { output.bad(at, rest) }
}
