//! Requests and answers as standard output shows them. Pure.

use std::fmt::Write;

use bytes::Bytes;
use opi::http::{HeaderMap, Prepared};

use super::came::Came;
use super::look::Look;
use super::pretty::{self, Colour};
use super::timings;
use crate::redact::{self, Veil};

/// Whether secrets are shown.
#[derive(Clone, Copy, Debug)]
pub(super) enum Secrets<'a> {
    /// What the veil knows, and what goes by a secret name, is hidden.
    Hidden(&'a Veil),
    Shown,
}

impl Secrets<'_> {
    /// The value of a header.
    pub(super) fn header(self, name: &str, value: &str) -> String {
        match self {
            Self::Hidden(veil) => veil.cover(&redact::header(name, value)),
            Self::Shown => value.to_owned(),
        }
    }

    /// The value of a field.
    pub(super) fn field(self, name: &str, value: &str) -> String {
        match self {
            Self::Hidden(_) if redact::is_secret(name) => redact::HIDDEN.to_owned(),
            Self::Hidden(veil) => veil.cover(value),
            Self::Shown => value.to_owned(),
        }
    }

    /// A body that is sent; what is no text stays as it is.
    pub(super) fn body(self, bytes: Bytes) -> Bytes {
        match (self, std::str::from_utf8(&bytes)) {
            (Self::Hidden(veil), Ok(text)) => veil.cover(&redact::body(text)).into(),
            _ => bytes,
        }
    }

    /// A URL.
    pub(super) fn url(self, url: &str) -> String {
        match self {
            Self::Hidden(veil) => veil.cover(&redact::url(url)),
            Self::Shown => url.to_owned(),
        }
    }
}

/// The head of a request and an empty line.
pub(super) fn request_head(prepared: &Prepared, look: &Look, secrets: Secrets<'_>) -> String {
    let colours = look.style.colours;
    let url = secrets.url(prepared.url.as_str());
    let target = url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    let method = pretty::painted(prepared.method.as_str(), Colour::Green, colours);
    let target = pretty::painted(target.unwrap_or("/"), Colour::Cyan, colours);
    let fields = fields(&prepared.headers, title, look, secrets);
    format!("{method} {target} HTTP/1.1\n{fields}\n")
}

/// The name of a header with the letters in which it is sent.
pub(super) fn title(name: &str) -> String {
    let mut begins = true;
    let letter = |c: char| {
        let upper = std::mem::replace(&mut begins, c == '-');
        if upper { c.to_ascii_uppercase() } else { c }
    };
    name.chars().map(letter).collect()
}

/// The head of an answer and an empty line.
pub(super) fn head(came: &Came, look: &Look, secrets: Secrets<'_>) -> String {
    let colour = match came.status.as_u16() {
        200..300 => Colour::Green,
        300..400 => Colour::Yellow,
        400.. => Colour::Red,
        _ => Colour::Cyan,
    };
    let status = pretty::painted(&came.status.to_string(), colour, look.style.colours);
    let fields = fields(&came.headers, str::to_owned, look, secrets);
    format!("{} {status}\n{fields}\n", came.facts.protocol)
}

/// A body, and what is known of it.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) bytes: Bytes,
    /// The text that it is.
    pub(super) text: Option<String>,
    pub(super) json: bool,
    /// The text is wanted, whoever reads.
    pub(super) as_text: bool,
}

impl Content {
    /// What is sent: text in UTF-8, or bytes.
    pub(super) fn sent(bytes: Bytes, headers: &HeaderMap) -> Self {
        let text = std::str::from_utf8(&bytes).ok().map(str::to_owned);
        Self { bytes, text, json: super::came::says_json(headers), as_text: false }
    }
}

/// A body; a note in its place, when it cannot be shown.
pub(super) fn body(content: &Content, look: &Look) -> Result<Bytes, String> {
    let Content { bytes, text, json, as_text } = content;
    if look.terminal && text.as_ref().is_none_or(|text| text.contains('\0')) {
        let size = bytes.len();
        return Err(format!(
            "opi: note: the body, {size} bytes, is binary and not shown on a terminal; -o FILE saves it"
        ));
    }
    let wanted = *json && (look.style.lines || look.style.colours);
    let pretty = text
        .as_ref()
        .filter(|_| wanted)
        .and_then(|text| pretty::json(text.strip_prefix('\u{feff}').unwrap_or(text), look.style));
    let shown = match (pretty, text) {
        (Some(pretty), _) => return Ok(format!("{pretty}\n").into()),
        (None, Some(text)) if look.terminal || *as_text => Bytes::copy_from_slice(text.as_bytes()),
        _ => bytes.clone(),
    };
    if look.terminal && !shown.is_empty() && !shown.ends_with(b"\n") {
        return Ok([shown.as_ref(), b"\n"].concat().into());
    }
    Ok(shown)
}

/// Times and connection, as they stand behind a body.
pub(super) fn times(came: &Came) -> String {
    let lines = timings::table(&came.facts);
    format!("\n{}\n", lines.join("\n"))
}

/// A line for each header. What a peer sent cannot steer the terminal.
fn fields(
    headers: &HeaderMap,
    named: fn(&str) -> String,
    look: &Look,
    secrets: Secrets<'_>,
) -> String {
    headers.iter().fold(String::new(), |mut text, (name, value)| {
        let value = secrets.header(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        let name = pretty::painted(&named(name.as_str()), Colour::Blue, look.style.colours);
        // Text can always be written to.
        let _infallible = writeln!(text, "{name}: {}", tame(&value)).is_err();
        text
    })
}

fn tame(text: &str) -> String {
    let escape = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.into() };
    text.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::super::look::Reader;
    use super::*;
    use crate::args::ShownArgs;

    fn look(reader: Reader) -> Look {
        Look::new(&ShownArgs::default(), reader)
    }

    #[track_caller]
    fn check(bytes: &'static [u8], json: bool, reader: Reader, expected: Option<&[u8]>) {
        let text = std::str::from_utf8(bytes).ok().map(str::to_owned);
        let content = Content { bytes: Bytes::from_static(bytes), text, json, as_text: false };
        let found = body(&content, &look(reader)).ok();
        assert_eq!(found.as_deref(), expected, "{}", bytes.escape_ascii());
    }

    #[test]
    fn a_program_gets_the_bytes_as_they_came() {
        for bytes in [&b"{\"a\":1}"[..], b"\xff\x00", b"text", b""] {
            check(bytes, true, Reader::Program, Some(bytes));
        }
    }

    #[test]
    fn a_terminal_gets_text_in_lines_and_nothing_binary() {
        let plain = Reader::TerminalWithoutColours;
        check(b"{\"a\":1}", true, plain, Some(b"{\n    \"a\": 1\n}\n"));
        check(b"\xef\xbb\xbf[]", true, plain, Some(b"[]\n"));
        check(b"[1", true, plain, Some(b"[1\n"));
        check(b"{\"a\":1}", false, plain, Some(b"{\"a\":1}\n"));
        check(b"text\n", false, plain, Some(b"text\n"));
        check(b"", false, plain, Some(b""));
        check(b"[1]", true, Reader::Terminal, Some(b"[\n    \x1b[36m1\x1b[0m\n]\n"));
        check(b"\xff\xfe", false, plain, None);
        check(b"a\0b", false, plain, None);
    }

    #[test]
    fn text_of_other_encodings_is_shown_to_eyes_and_when_it_is_asked_for() {
        let content = |as_text| {
            let (bytes, text) = (Bytes::from_static(b"\xf2"), Some("т".to_owned()));
            Content { bytes, text, json: false, as_text }
        };
        assert_eq!(body(&content(false), &look(Reader::Program)).unwrap(), b"\xf2"[..]);
        assert_eq!(body(&content(true), &look(Reader::Program)).unwrap(), "т");
        assert_eq!(body(&content(false), &look(Reader::Terminal)).unwrap(), "т\n");
    }

    #[test]
    fn names_have_the_letters_in_which_they_are_sent() {
        for (name, expected) in [("x-amz-date", "X-Amz-Date"), ("host", "Host"), ("a--b", "A--B")] {
            assert_eq!(title(name), expected);
        }
    }
}
