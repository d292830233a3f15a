//! Bytes as hexadecimal digits, and as a dump that people read. Pure.

use std::fmt::Write;

/// Takes hexadecimal digits as they come, in pieces; blanks, line ends and colons between bytes
/// mean nothing.
#[derive(Debug, Default)]
pub(crate) struct Digits {
    /// The first digit of a byte whose second one has not come.
    half: Option<u8>,
    /// How many characters came before.
    seen: usize,
}

impl Digits {
    /// Appends the bytes that `text` adds to `bytes`.
    ///
    /// # Errors
    ///
    /// A character is none of those expected; the message names it and its place.
    pub(crate) fn take(&mut self, text: &[u8], bytes: &mut Vec<u8>) -> Result<(), String> {
        for &character in text {
            self.seen += 1;
            match (value(character), self.half) {
                (Some(low), Some(high)) => {
                    bytes.push(high << 4 | low);
                    self.half = None;
                }
                (Some(high), None) => self.half = Some(high),
                (None, None) if is_between(character) => {}
                _ => return Err(self.wrong(character)),
            }
        }
        Ok(())
    }

    /// Tells that no more come.
    ///
    /// # Errors
    ///
    /// The last byte has one digit only.
    pub(crate) fn end(&self) -> Result<(), String> {
        match self.half {
            None => Ok(()),
            Some(_) => Err("the last byte has one hexadecimal digit, expected two".to_owned()),
        }
    }

    fn wrong(&self, character: u8) -> String {
        let character = character.escape_ascii();
        let expected = "expected pairs of hexadecimal digits, for example 03 ff";
        format!("'{character}' at place {}: {expected}", self.seen)
    }
}

/// The bytes that `text` means.
///
/// # Errors
///
/// As [`Digits::take`] and [`Digits::end`].
pub(crate) fn parse(text: &[u8]) -> Result<Vec<u8>, String> {
    let (mut digits, mut bytes) = (Digits::default(), Vec::with_capacity(text.len() / 2));
    digits.take(text, &mut bytes)?;
    digits.end().map(|()| bytes)
}

/// `bytes` as digits in small letters, without anything between.
pub(crate) fn text(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Text can always be written to.
        let _infallible = write!(text, "{byte:02x}").is_err();
        text
    })
}

/// The lines of a dump: sixteen bytes each, with the place of the first, which begins at `from`.
pub(crate) fn dump(bytes: &[u8], from: u64) -> impl Iterator<Item = String> {
    bytes.chunks(ROW).enumerate().map(move |(row, bytes)| {
        let digits: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let shown = |byte: &u8| if (b' '..=b'~').contains(byte) { *byte as char } else { '.' };
        let text: String = bytes.iter().map(shown).collect();
        format!("{:08x}  {:<47}  {text}", from + (row * ROW) as u64, digits.join(" "))
    })
}

const ROW: usize = 16;

fn value(character: u8) -> Option<u8> {
    (character as char).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn is_between(character: u8) -> bool {
    character.is_ascii_whitespace() || character == b':'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_pairs_with_anything_blank_between() {
        for text in ["0003ff", "00 03 FF", " 00:03:fF\r\n", "00\t03\nff"] {
            assert_eq!(parse(text.as_bytes()).as_deref(), Ok(&[0, 3, 0xff][..]), "{text:?}");
        }
        assert_eq!(parse(b""), Ok(Vec::new()));
        assert_eq!(text(&[0, 3, 0xff]), "0003ff");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |text: &str| parse(text.as_bytes()).unwrap_err();
        assert!(wrong("00 0").contains("one hexadecimal digit"));
        assert!(wrong("0 0").starts_with("' ' at place 2"));
        assert!(wrong("00 xy").starts_with("'x' at place 4"));
        assert!(wrong("0x00").starts_with("'x' at place 2"));
    }

    #[test]
    fn pieces_may_fall_anywhere() {
        let (mut digits, mut bytes) = (Digits::default(), Vec::new());
        for piece in ["0", "1 ", "", "a", "b\n"] {
            digits.take(piece.as_bytes(), &mut bytes).unwrap();
        }
        digits.end().unwrap();
        assert_eq!(bytes, [0x01, 0xab]);
    }

    #[test]
    fn a_dump_has_place_digits_and_text() {
        let lines: Vec<_> = dump(b"0123456789abcdefPING\x00\xff", 32).collect();
        let first = "00000020  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef";
        let second = format!("00000030  {:<47}  PING..", "50 49 4e 47 00 ff");
        assert_eq!(lines, [first, &second]);
        assert_eq!(dump(b"", 0).count(), 0);
    }
}
