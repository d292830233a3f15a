//! Where characters begin and end in bytes, without decoding them. Pure, and linear in the bytes.

use super::encoding::{Encoding, Units};

/// Finds out whether a place in a buffer that grows is between two characters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chars {
    encoding: Encoding,
    at: usize,
    mode: Mode,
}

/// How many bytes a character has in ISO-2022-JP, which switches.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Mode {
    One,
    Two,
}

impl Chars {
    /// At the beginning of a character.
    pub(crate) fn new(encoding: Encoding) -> Self {
        Self { encoding, at: 0, mode: Mode::One }
    }

    /// Whether `place` is between two characters of `buffer`; places are asked in rising order.
    ///
    /// Only for the first byte of encoded text: in UTF-8 that is the beginning of a character
    /// wherever it stands.
    pub(crate) fn is_between(&mut self, buffer: &[u8], place: usize) -> bool {
        match self.encoding.units() {
            Units::Mixed => self.walk(buffer, place) == place,
            Units::Pairs => place.is_multiple_of(2),
            Units::Single | Units::Utf8 => true,
        }
    }

    /// Steps from character to character until `place` is reached or passed, or the buffer ends
    /// inside a character.
    fn walk(&mut self, buffer: &[u8], place: usize) -> usize {
        while self.at < place {
            let Some((width, mode)) = step(self.encoding.name(), &buffer[self.at..], self.mode)
            else {
                break;
            };
            (self.at, self.mode) = (self.at + width, mode);
        }
        self.at
    }
}

/// How many of `bytes` are whole characters; the rest is the beginning of one.
pub(crate) fn whole(encoding: Encoding, bytes: &[u8]) -> usize {
    match encoding.units() {
        Units::Mixed => Chars::new(encoding).walk(bytes, bytes.len()),
        Units::Pairs => whole_utf16(encoding, bytes),
        Units::Single => bytes.len(),
        Units::Utf8 => whole_utf8(bytes),
    }
}

fn whole_utf8(bytes: &[u8]) -> usize {
    // A character has four bytes at most, so a beginning has three.
    for tail in 1..=bytes.len().min(3) {
        let start = bytes.len() - tail;
        if let Err(error) = str::from_utf8(&bytes[start..])
            && error.valid_up_to() == 0
            && error.error_len().is_none()
        {
            return start;
        }
    }
    bytes.len()
}

fn whole_utf16(encoding: Encoding, bytes: &[u8]) -> usize {
    let even = bytes.len() & !1;
    let Some(last) = bytes[..even].last_chunk::<2>() else { return 0 };
    let high = if encoding == Encoding::UTF_16BE { last[0] } else { last[1] };
    // The first half of a pair (D800 to DBFF) waits for the second.
    if high & 0xFC == 0xD8 { even - 2 } else { even }
}

/// How many bytes the character at the front has, or nothing when more must come to know.
fn step(name: &str, bytes: &[u8], mode: Mode) -> Option<(usize, Mode)> {
    let lead = *bytes.first()?;
    let width = match (name, lead) {
        ("ISO-2022-JP", 0x1B) => return escape(bytes, mode),
        ("ISO-2022-JP", 0x21..=0x7E) if mode == Mode::Two => 2,
        ("ISO-2022-JP", _) => 1,
        (_, ..=0x80) => 1,
        ("Shift_JIS", 0xA0..=0xDF | 0xFD..) | (_, 0xFF) => 1,
        ("EUC-JP", 0x8F) if !(0xA1..=0xFE).contains(bytes.get(1)?) => 2,
        ("EUC-JP", 0x8F) if bytes.get(2)?.is_ascii() => 2,
        ("EUC-JP", 0x8F) => 3,
        ("EUC-JP", 0x8E | 0xA1..) => 2,
        ("EUC-JP", _) => 1,
        ("GBK" | "gb18030", _) if bytes.get(1)?.is_ascii_digit() => of_four(bytes)?,
        _ => 2,
    };
    if bytes.len() >= width { Some((fitting(name, bytes, width, mode), mode)) } else { None }
}

/// A lead byte before an ASCII byte that cannot follow it stands alone, as in the standard.
fn fitting(name: &str, bytes: &[u8], width: usize, mode: Mode) -> usize {
    let least = if name == "EUC-JP" { 0x80 } else { 0x30 };
    let alone = width > 1 && mode == Mode::One && bytes[1] < least;
    if alone { 1 } else { width }
}

/// How many bytes of GB18030 there are at the front when a digit is the second one: four, or the
/// first alone when they are none of its characters.
fn of_four(bytes: &[u8]) -> Option<usize> {
    let whole = (0x81..=0xFE).contains(bytes.get(2)?) && bytes.get(3)?.is_ascii_digit();
    Some(if whole { 4 } else { 1 })
}

/// An escape sequence of ISO-2022-JP, which tells how wide the characters after it are.
fn escape(bytes: &[u8], mode: Mode) -> Option<(usize, Mode)> {
    match bytes {
        [_, b'(', b'B' | b'I' | b'J', ..] => Some((3, Mode::One)),
        [_, b'$', b'@' | b'B', ..] => Some((3, Mode::Two)),
        [_] | [_, b'(' | b'$'] => None,
        _ => Some((1, mode)),
    }
}
