//! The body of a curl line: what `-d` and its kin give together.

use std::path::Path;

use super::quote::wrong;
use crate::failure::Failure;
use crate::file;

/// A part of a body, or of a query.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Piece {
    /// A file, sent as it is.
    File(String),
    /// Text.
    Text(String),
}

impl Piece {
    /// `-d TEXT` and `-d @FILE`, whose line ends and NULs curl leaves out.
    pub(super) fn data(text: &str) -> Result<Self, Failure> {
        let Some(path) = text.strip_prefix('@') else { return Ok(Self::Text(text.to_owned())) };
        let kept = held(path)?.replace(['\r', '\n', '\0'], "");
        Ok(Self::Text(kept))
    }

    /// `--data-binary TEXT` and `--data-binary @FILE`.
    pub(super) fn binary(text: &str) -> Self {
        match text.strip_prefix('@') {
            Some(path) => Self::File(path.to_owned()),
            None => Self::Text(text.to_owned()),
        }
    }

    /// `--data-urlencode`: `TEXT`, `=TEXT`, `NAME=TEXT`, `@FILE`, `NAME@FILE`.
    pub(super) fn encoded(text: &str) -> Result<Self, Failure> {
        let place = text.find(['=', '@']);
        let (name, value) = match place.map(|place| text.split_at(place)) {
            None => ("", text.to_owned()),
            Some((name, rest)) => match rest.strip_prefix('@') {
                Some(path) => (name, held(path)?),
                None => (name, rest.get(1..).unwrap_or_default().to_owned()),
            },
        };
        let value = percent(&value);
        Ok(Self::Text(if name.is_empty() { value } else { format!("{name}={value}") }))
    }

    fn text(self) -> Result<String, Failure> {
        match self {
            Self::File(path) => held(&path),
            Self::Text(text) => Ok(text),
        }
    }
}

/// All pieces as one: a file alone stays a file.
pub(super) fn joined(mut pieces: Vec<Piece>, by: &str) -> Result<Option<Piece>, Failure> {
    if pieces.len() < 2 {
        return Ok(pieces.pop());
    }
    let texts = pieces.into_iter().map(Piece::text).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(Piece::Text(texts.join(by))))
}

/// The text in percent-encoding, blanks as `+`.
fn percent(text: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b' ');
    utf8_percent_encode(text, KEPT).to_string().replace(' ', "+")
}

fn held(path: &str) -> Result<String, Failure> {
    if path == "-" {
        return Err(wrong("standard input can only be the whole body: --data-binary @- or -T -"));
    }
    let data = file::read(Path::new(path), "the data", file::SETTINGS)?;
    String::from_utf8(data).map_err(|_| {
        wrong(&format!("{path} is no UTF-8; --data-binary @FILE alone sends it as it is"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    #[test]
    fn values_are_encoded_as_curl_does() {
        for (given, expected) in [
            ("a b&c", "a+b%26c"),
            ("=a=b", "a%3Db"),
            ("n=a b", "n=a+b"),
            ("n=ж~", "n=%D0%B6~"),
            ("a b=c", "a b=c"),
            ("", ""),
        ] {
            assert_eq!(Piece::encoded(given).unwrap(), text(expected), "{given}");
        }
    }

    #[test]
    fn files_are_read_as_curl_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        std::fs::write(&path, "a b\r\nc\n").unwrap();
        let path = path.to_str().unwrap();
        assert_eq!(Piece::data(&format!("@{path}")).unwrap(), text("a bc"));
        assert_eq!(Piece::encoded(&format!("n@{path}")).unwrap(), text("n=a+b%0D%0Ac%0A"));
        assert_eq!(Piece::binary(&format!("@{path}")), Piece::File(path.to_owned()));
        let both = vec![text("x"), Piece::File(path.to_owned())];
        assert_eq!(joined(both, "&").unwrap(), Some(text("x&a b\r\nc\n")));
        assert_eq!(
            joined(vec![Piece::File("no".into())], "&").unwrap(),
            Some(Piece::File("no".into()))
        );
        assert_eq!(joined(Vec::new(), "&").unwrap(), None);
        assert!(Piece::data("@-").unwrap_err().message().contains("standard input"));
    }
}
