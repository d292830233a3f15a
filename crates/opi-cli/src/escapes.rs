//! Bytes written as text: `\n`, `\r`, `\t`, `\0`, `\\` and `\xNN`. Pure.

use bytes::Bytes;

/// Reads `text`; what stands without a backslash is itself, in UTF-8.
///
/// # Errors
///
/// A backslash is followed by something else; the message says which.
pub(crate) fn parse(text: &str) -> Result<Bytes, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let (byte, length) = one(escape)?;
        bytes.push(byte);
        rest = escape.get(length..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes.into())
}

/// The byte that an escape means, and the length of its text without the backslash.
fn one(escape: &str) -> Result<(u8, usize), String> {
    let byte = match escape.chars().next() {
        Some('n') => b'\n',
        Some('r') => b'\r',
        Some('t') => b'\t',
        Some('0') => 0,
        Some('\\') => b'\\',
        Some('x') => return Ok((hexadecimal(escape)?, 3)),
        Some(other) => return Err(format!("\\{other} is no escape; expected {ESCAPES}")),
        None => return Err(format!("a backslash stands at the end; expected {ESCAPES}")),
    };
    Ok((byte, 1))
}

fn hexadecimal(escape: &str) -> Result<u8, String> {
    let digits = escape.get(1..3).filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
    byte.ok_or_else(|| "\\x needs two hexadecimal digits, for example \\x03".to_owned())
}

const ESCAPES: &str = "\\n, \\r, \\t, \\0, \\\\ or \\xNN";

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[u8]) {
        assert_eq!(parse(text).as_deref(), Ok(expected), "{text:?}");
    }

    #[test]
    fn escapes_are_bytes_and_the_rest_is_utf8() {
        check("", b"");
        check("a b", b"a b");
        check("\\r\\n", b"\r\n");
        check("a\\tb\\0c\\\\n", b"a\tb\0c\\n");
        check("\\x03\\xFFf", b"\x03\xfff");
        check("ж\\n", "ж\n".as_bytes());
    }

    #[test]
    fn a_wrong_escape_says_what_is_wrong() {
        for (text, expected) in [
            ("\\q", "\\q is no escape"),
            ("\\ж", "\\ж is no escape"),
            ("a\\", "at the end"),
            ("\\x", "two hexadecimal digits"),
            ("\\x1", "two hexadecimal digits"),
            ("\\x+1", "two hexadecimal digits"),
            ("\\x1ж", "two hexadecimal digits"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(expected), "{text:?}: {error}");
        }
    }
}
