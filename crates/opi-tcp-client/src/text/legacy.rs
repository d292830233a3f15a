//! The encodings of encoding_rs, both ways. Pure.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, EncoderResult, Encoding};

use super::decode::Output;
use crate::{ClientErrorKind, Error};

/// The bytes of `text`, or the character that the encoding does not have.
pub(super) fn encode<'a>(
    encoding: &'static Encoding,
    text: &'a str,
) -> Result<Cow<'a, [u8]>, Error> {
    if text.is_ascii() && encoding.is_ascii_compatible() {
        return Ok(Cow::Borrowed(text.as_bytes()));
    }
    let mut encoder = encoding.new_encoder();
    let mut bytes = Vec::with_capacity(text.len() + SPARE);
    let mut read = 0;
    loop {
        let (result, count) =
            encoder.encode_from_utf8_to_vec_without_replacement(&text[read..], &mut bytes, true);
        read += count;
        match result {
            EncoderResult::InputEmpty => return Ok(Cow::Owned(bytes)),
            EncoderResult::OutputFull => bytes.reserve(text.len() - read + SPARE),
            EncoderResult::Unmappable(character) => {
                return Err(missing(encoding, character, &text[..read]));
            }
        }
    }
}

fn missing(encoding: &'static Encoding, character: char, before: &str) -> Error {
    let number = before.chars().count();
    let words = format!(
        "{} does not have {character:?} (U+{:04X}), character {number} of the text",
        encoding.name(),
        u32::from(character)
    );
    Error::new(ClientErrorKind::NotEncodable, words)
}

/// Puts the text of `bytes` into `output`.
pub(super) fn decode(
    encoding: &'static Encoding,
    bytes: &[u8],
    output: &mut Output,
) -> Result<(), Error> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut read = 0;
    loop {
        output.text.reserve(bytes.len() - read + SPARE);
        let (result, count) =
            decoder.decode_to_string_without_replacement(&bytes[read..], &mut output.text, true);
        read += count;
        match result {
            DecoderResult::InputEmpty => return Ok(()),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, after) => {
                let end = read.saturating_sub(usize::from(after));
                let start = end.saturating_sub(usize::from(length));
                output.bad(start, &bytes[start..end])?;
            }
        }
    }
}

/// More than any one character needs, in either direction.
const SPARE: usize = 16;
