//! Between UTF-16, which 1C speaks, and UTF-8.

use encoding_rs::mem;

use crate::value::Value;

/// Reads UTF-16 units; half of a surrogate pair is reported, never replaced.
pub(super) fn from_wide(units: &[u16]) -> Value {
    let valid = mem::utf16_valid_up_to(units);
    if valid < units.len() {
        return Value::IllFormed(valid);
    }
    // Text is ASCII more often than not: one byte a unit. The rest finds its place as it comes.
    let mut text = String::new();
    let mut rest = units;
    while !rest.is_empty() {
        let mut piece = "\0".repeat(rest.len() + LONGEST_CHAR);
        let (read, written) = mem::convert_utf16_to_str_partial(rest, &mut piece);
        piece.truncate(written);
        rest = &rest[read..];
        if text.is_empty() {
            text = piece;
        } else {
            text.push_str(&piece);
        }
    }
    Value::Text(text)
}

/// Writes `text` as UTF-16 to the start of `room`, which has a unit for each byte of it; gives
/// the number of units written.
pub(super) fn to_wide(text: &str, room: &mut [u16]) -> usize {
    mem::convert_str_to_utf16(text, room)
}

/// The units of `text` and a zero after them.
pub(super) fn terminate(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// Reads a name up to its zero; `None` for NULL and for what is too long to be a name.
///
/// # Safety
///
/// `at` is NULL, or points to units of which one is zero.
pub(super) unsafe fn terminated(at: *const u16) -> Option<String> {
    if at.is_null() {
        return None;
    }
    let mut name = Vec::with_capacity(32);
    while name.len() < LONGEST_NAME {
        // SAFETY: no unit before this one was the zero that the caller promises.
        let unit = unsafe { at.add(name.len()).read() };
        if unit == 0 {
            return String::from_utf16(&name).ok();
        }
        name.push(unit);
    }
    None
}

/// The bytes of the longest character in UTF-8, so that every piece has room for one at least.
const LONGEST_CHAR: usize = 4;
const LONGEST_NAME: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_both_ways() {
        let long = "длинный текст с 𝄞 и ASCII ".repeat(1000);
        for text in ["", "ascii", "Привет", "a\0b", "😀", "€", &long] {
            let units: Vec<_> = text.encode_utf16().collect();
            assert_eq!(from_wide(&units), Value::from(text));
            let mut room = vec![0; text.len()];
            let written = to_wide(text, &mut room);
            assert_eq!(room[..written], units);
        }
    }

    #[test]
    fn half_a_pair_is_reported_with_its_place() {
        for (units, at) in [(&[0xD800][..], 0), (&[65, 0xDC00, 66], 1), (&[65, 66, 0xD83D], 2)] {
            assert_eq!(from_wide(units), Value::IllFormed(at), "{units:x?}");
        }
    }
}
