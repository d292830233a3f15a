//! Between UTF-16, which 1C speaks, and UTF-8.

use encoding_rs::mem;

use crate::value::Value;

/// Reads UTF-16 units; half of a surrogate pair is reported, never replaced.
pub(super) fn from_wide(units: &[u16]) -> Value {
    // Text is ASCII more often than not, and then a unit is a byte: measured twice as fast.
    if units.iter().fold(0, |all, unit| all | unit) <= LAST_ASCII
        && let Ok(text) = String::from_utf8(units.iter().map(|unit| *unit as u8).collect())
    {
        return Value::Text(text);
    }
    match mem::utf16_valid_up_to(units) {
        valid if valid < units.len() => Value::IllFormed(valid),
        _ => Value::Text(decode(units)),
    }
}

/// The units of `text`, when they are more than its bytes one by one.
pub(super) fn to_wide(text: &str) -> Option<Vec<u16>> {
    if text.is_ascii() {
        return None;
    }
    let mut units = vec![0; text.len()];
    let written = mem::convert_str_to_utf16(text, &mut units);
    units.truncate(written);
    Some(units)
}

/// Reads units that are well-formed.
fn decode(mut units: &[u16]) -> String {
    let mut text = String::new();
    while !units.is_empty() {
        let mut piece = "\0".repeat(units.len() * 2 + LONGEST_CHAR);
        let (read, written) = mem::convert_utf16_to_str_partial(units, &mut piece);
        piece.truncate(written);
        units = &units[read..];
        if text.is_empty() {
            text = piece;
        } else {
            text.push_str(&piece);
        }
    }
    text
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
const LAST_ASCII: u16 = 0x7F;
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
            assert_eq!(to_wide(text).filter(|wide| *wide != units), None);
        }
    }

    #[test]
    fn half_a_pair_is_reported_with_its_place() {
        for (units, at) in [(&[0xD800][..], 0), (&[65, 0xDC00, 66], 1), (&[65, 66, 0xD83D], 2)] {
            assert_eq!(from_wide(units), Value::IllFormed(at), "{units:x?}");
        }
    }
}
