//! Text in the encoding of the other side. Pure.

use bytes::Bytes;
use opi::tcp_client::Encoding;

use crate::failure::{ErrorKind, Failure};

/// `data`, which is UTF-8, in `encoding`; as it is when there is none.
///
/// # Errors
///
/// It is no UTF-8, or has a character that the encoding has not.
pub(crate) fn encode(data: Bytes, encoding: Option<Encoding>) -> Result<Bytes, Failure> {
    let Some(encoding) = encoding else { return Ok(data) };
    let text = std::str::from_utf8(&data).map_err(|cause| {
        Failure::new(ErrorKind::Usage, "--text: the data is no UTF-8").because(&cause)
    })?;
    Ok(encoding.encode(text)?.into_owned().into())
}

/// `data`, which is in `encoding`, as text, and whether bytes of it are no characters.
pub(crate) fn decode(data: &[u8], encoding: Encoding) -> (String, bool) {
    let known = encoding_rs::Encoding::for_label(encoding.name().as_bytes());
    let (text, malformed) = known.unwrap_or(encoding_rs::UTF_8).decode_without_bom_handling(data);
    (text.into_owned(), malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, text: &str, bytes: &[u8]) {
        let encoding: Encoding = name.parse().unwrap();
        let data = Bytes::copy_from_slice(text.as_bytes());
        assert_eq!(&encode(data, Some(encoding)).unwrap()[..], bytes, "{name}");
        assert_eq!(decode(bytes, encoding), (text.to_owned(), false), "{name}");
    }

    #[test]
    fn text_goes_there_and_back() {
        check("windows-1251", "тест", b"\xf2\xe5\xf1\xf2");
        check("IBM866", "тест", b"\xe2\xa5\xe1\xe2");
        check("koi8-r", "тест", b"\xd4\xc5\xd3\xd4");
        check("utf-16le", "тy", b"\x42\x04y\x00");
        check("UTF-16BE", "т", b"\x04\x42");
        check("utf-8", "т", "т".as_bytes());
    }

    #[test]
    fn what_cannot_be_is_told() {
        let encoding = Some("windows-1251".parse().unwrap());
        assert_eq!(encode(Bytes::from("你"), encoding).unwrap_err().exit().code(), 2);
        let failure = encode(Bytes::from_static(b"\xff"), encoding).unwrap_err();
        assert_eq!(failure.code(), "cli_usage");
        assert!(decode(b"a\xff", "utf-8".parse().unwrap()).1);
    }
}
