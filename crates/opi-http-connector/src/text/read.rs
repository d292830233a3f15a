//! The text of a body: which encoding it is in, and its characters.

use std::borrow::Cow;

use super::charset::{Charset, is_replaced};
use super::declared;
use crate::{Error, ErrorKind, parameters};

/// How a body is read as text.
#[must_use]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reading {
    charset: Option<Charset>,
    invalid: Invalid,
}

/// What is done with bytes that are not of the body's encoding.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Invalid {
    /// They are an error.
    Refuse,
    /// U+FFFD takes their place, as in browsers.
    Replace,
}

/// A body as text.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Decoded<'body> {
    /// The text, without a byte order mark.
    pub text: Cow<'body, str>,
    /// The encoding it was in.
    pub charset: Charset,
}

impl Reading {
    /// The encoding that the body and its headers tell; bytes that are not of it are an error.
    pub fn new() -> Self {
        Self { charset: None, invalid: Invalid::Refuse }
    }

    /// The encoding, whatever the body and its headers tell. Default: what they tell.
    pub fn charset(self, charset: Charset) -> Self {
        Self { charset: Some(charset), ..self }
    }

    /// What is done with bytes that are not of the encoding. Default: they are an error.
    pub fn invalid(self, invalid: Invalid) -> Self {
        Self { invalid, ..self }
    }
}

impl Default for Reading {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads `body`, which came with this `Content-Type`, as text.
///
/// How the encoding is found stands at the head of [this module](super).
///
/// ```
/// use opi_http_connector::text::{Reading, decode};
///
/// let body = b"\xEF\xF0\xE8\xE2\xE5\xF2";
/// let read = decode(body, Some("text/plain; charset=windows-1251"), &Reading::new())?;
/// assert_eq!((&*read.text, read.charset.name()), ("привет", "windows-1251"));
/// # Ok::<(), opi_http_connector::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::NotText`]: bytes are not of the encoding, and are not to be replaced; or the
/// encoding is one of those that the standard replaces.
pub fn decode<'body>(
    body: &'body [u8],
    content_type: Option<&str>,
    reading: &Reading,
) -> Result<Decoded<'body>, Error> {
    let charset = match reading.charset {
        Some(charset) => charset,
        None => told(body, content_type)?,
    };
    let content = body.strip_prefix(charset.mark()).unwrap_or(body);
    let text = match reading.invalid {
        Invalid::Refuse => charset.decode(content).map_err(|at| {
            let at = at.map(|at| at.saturating_add(body.len() - content.len()));
            refused(charset, at)
        })?,
        Invalid::Replace => charset.decode_replacing(content),
    };
    Ok(Decoded { text, charset })
}

/// What the body and its headers tell.
fn told(body: &[u8], content_type: Option<&str>) -> Result<Charset, Error> {
    let marked = |it: &Charset| body.starts_with(it.mark());
    if let Some(charset) = MARKED.into_iter().find(marked) {
        return Ok(charset);
    }
    let label = content_type.and_then(|it| parameters::find(it, "charset"));
    if label.as_deref().is_some_and(is_replaced) {
        let detail = "the body's encoding is one of those that browsers were attacked with";
        return Err(Error::new(ErrorKind::NotText).detail(detail));
    }
    let labelled = label.as_deref().and_then(Charset::known);
    let declared = || declared::find(body, content_type);
    Ok(labelled.or_else(declared).unwrap_or(Charset::UTF_8))
}

fn refused(charset: Charset, at: Option<usize>) -> Error {
    let place = at.map_or_else(|| "the body".to_owned(), |at| format!("byte {at} of the body"));
    Error::new(ErrorKind::NotText).detail(format!("{place} is no {charset}"))
}

/// The encodings that have a byte order mark.
const MARKED: [Charset; 3] = [Charset::UTF_8, Charset::UTF_16BE, Charset::UTF_16LE];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &[u8], content_type: &str, reading: Reading, text: &str, charset: &str) {
        let read = decode(body, Some(content_type), &reading).unwrap();
        assert_eq!((&*read.text, read.charset.name()), (text, charset), "{content_type}");
    }

    const MARKED_UTF_8: &[u8] = b"\xEF\xBB\xBF\xD0\xB6";

    #[test]
    fn what_is_named_wins_over_the_mark_and_the_mark_over_the_header() {
        let be = Reading::new().charset(Charset::UTF_16BE);
        check(MARKED_UTF_8, "text/plain; charset=utf-16le", Reading::new(), "ж", "UTF-8");
        check(b"\x04\x36", "text/plain; charset=utf-8", be, "ж", "UTF-16BE");
        check(b"\xFE\xFF\x04\x36", "text/plain; charset=utf-8", be, "ж", "UTF-16BE");
        check(b"\xFF\xFE\x36\x04", "text/plain", Reading::new(), "ж", "UTF-16LE");
        let utf8 = Reading::new().charset(Charset::UTF_8);
        check(b"\xD0\xB6", "text/plain; charset=utf-16le", utf8, "ж", "UTF-8");
    }

    #[test]
    fn text_without_a_charset_or_with_an_unknown_one_is_utf_8() {
        for content_type in
            ["text/html", "text/xml", "text/plain; charset=", "", "x; charset=no-such"]
        {
            check("ж".as_bytes(), content_type, Reading::new(), "ж", "UTF-8");
        }
        check(b"+ADw-", "text/html; charset=utf-7", Reading::new(), "+ADw-", "UTF-8");
        assert_eq!(decode(b"x", None, &Reading::new()).unwrap().text, "x");
    }

    #[test]
    fn bytes_that_are_not_of_the_encoding_are_refused_or_replaced() {
        let lenient = Reading::new().invalid(Invalid::Replace);
        for (body, content_type, text, place) in [
            (&b"ab\xFF"[..], "text/plain", "ab\u{FFFD}", "byte 2 of the body is no UTF-8"),
            (b"\xEF\xBB\xBFa\xFF", "text/plain", "a\u{FFFD}", "byte 4 of the body is no UTF-8"),
            (b"a\0b", "x/y; charset=utf-16le", "a\u{FFFD}", "the body is no UTF-16LE"),
            (b"a\0\0\xD8", "x/y; charset=utf-16le", "a\u{FFFD}", "the body is no UTF-16LE"),
        ] {
            check(body, content_type, lenient, text, text_charset(content_type));
            let error = decode(body, Some(content_type), &Reading::new()).unwrap_err();
            assert_eq!((error.kind(), error.to_string()), (ErrorKind::NotText, place.to_owned()));
        }
    }

    fn text_charset(content_type: &str) -> &str {
        if content_type.contains("utf-16le") { "UTF-16LE" } else { "UTF-8" }
    }

    #[cfg(feature = "encodings")]
    #[test]
    fn older_encodings_are_known_by_their_labels_and_the_replaced_ones_refused() {
        for (label, name, byte) in [
            ("windows-1251", "windows-1251", 0xE6),
            ("CP1251", "windows-1251", 0xE6),
            ("koi8-r", "KOI8-R", 0xD6),
            ("koi8-u", "KOI8-U", 0xD6),
            ("cp866", "IBM866", 0xA6),
            ("iso-8859-5", "ISO-8859-5", 0xD6),
        ] {
            check(&[byte], &format!("text/plain; charset={label}"), Reading::new(), "ж", name);
            let charset: Charset = label.parse().unwrap();
            assert_eq!(*charset.encode("ж").unwrap(), [byte], "{label}");
        }
        let koi8: Charset = "koi8-r".parse().unwrap();
        let error = koi8.encode("ж₽").unwrap_err();
        assert_eq!(error.to_string(), "KOI8-R does not have '₽' (U+20BD)");
        for label in ["replacement", "hz-gb-2312", "iso-2022-kr"] {
            let content_type = format!("text/plain; charset={label}");
            for reading in [Reading::new(), Reading::new().invalid(Invalid::Replace)] {
                let error = decode(b"x", Some(&content_type), &reading).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::NotText);
            }
            assert!(label.parse::<Charset>().is_err());
        }
    }

    #[test]
    fn a_label_that_is_unknown_is_told_with_what_is_known() {
        let error = "utf-7\n".parse::<Charset>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownCharset);
        assert!(!error.to_string().contains('\n'), "{error}");
        for charset in [Charset::UTF_8, Charset::UTF_16BE, Charset::UTF_16LE] {
            assert_eq!(charset.name().to_lowercase().parse::<Charset>().unwrap(), charset);
            let bytes = charset.encode("ж😀").unwrap();
            let read = decode(&bytes, None, &Reading::new().charset(charset)).unwrap();
            assert_eq!(read.text, "ж😀");
        }
    }
}
