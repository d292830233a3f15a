//! The head of a proxy's answer: where it ends, and what it says. Does no I/O.

use http::StatusCode;
use httparse::{EMPTY_HEADER, Header, ParserConfig, Response};
use opi_auth::Challenge;

use crate::{Error, ErrorKind};

/// What a proxy's answer says, as far as a tunnel is concerned.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) status: StatusCode,
    pub(super) challenges: Vec<Challenge>,
    /// The value of `Proxy-Authentication-Info`; empty when there is none.
    pub(super) info: Vec<u8>,
    pub(super) length: Length,
    pub(super) after: After,
}

/// Where the body of an answer that opens no tunnel ends (RFC 9112 section 6.3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Length {
    Bytes(u64),
    Chunked,
    ToTheClose,
}

/// What becomes of the connection behind the body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum After {
    Closed,
    Kept,
}

/// The most header fields of an answer.
pub(super) const MOST_FIELDS: usize = 256;

impl Head {
    /// Reads a whole head, the blank line included. Broken lines between good ones are passed over.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut fields = [EMPTY_HEADER; MOST_FIELDS];
        let mut answer = Response::new(&mut fields);
        let parsed = ParserConfig::default()
            .ignore_invalid_headers_in_responses(true)
            .allow_multiple_spaces_in_response_status_delimiters(true)
            .parse_response(&mut answer, bytes);
        match parsed {
            Ok(status) if status.is_complete() => Self::from_parts(&answer),
            Ok(_) => Err(Error::new(ErrorKind::Protocol)),
            Err(httparse::Error::TooManyHeaders) => Err(Error::new(ErrorKind::Protocol)
                .detail(format!("the proxy's answer has more than {MOST_FIELDS} header fields"))),
            Err(cause) => Err(Error::new(ErrorKind::Protocol).because(cause)),
        }
    }

    fn from_parts(answer: &Response<'_, '_>) -> Result<Self, Error> {
        let status = answer.code.and_then(|code| StatusCode::from_u16(code).ok());
        let Some(status) = status else { return Err(Error::new(ErrorKind::Protocol)) };
        let fields = Fields(answer.headers);
        let info = fields.all("proxy-authentication-info").next();
        let length = fields.length(status);
        Ok(Self {
            status,
            challenges: Challenge::read(fields.all("proxy-authenticate")),
            info: info.unwrap_or_default().to_vec(),
            length,
            after: fields.after(answer.version, length),
        })
    }

    /// Whether the real answer is still to come.
    pub(super) fn is_interim(&self) -> bool {
        self.status.is_informational() && self.status != StatusCode::SWITCHING_PROTOCOLS
    }
}

struct Fields<'a>(&'a [Header<'a>]);

impl<'a> Fields<'a> {
    fn all(&self, name: &'static str) -> impl Iterator<Item = &'a [u8]> {
        let fields = self.0.iter().filter(move |field| field.name.eq_ignore_ascii_case(name));
        fields.map(|field| field.value)
    }

    fn lists(&self, name: &'static str, word: &'static str) -> bool {
        let mut words = self.all(name).flat_map(|value| value.split(|byte| *byte == b','));
        words.any(|found| found.trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
    }

    /// Anything unclear is a body that ends with the connection.
    fn length(&self, status: StatusCode) -> Length {
        if matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
            return Length::Bytes(0);
        }
        let coded = self.all("transfer-encoding").next().is_some();
        let mut lengths = self.all("content-length");
        match (lengths.next(), lengths.next()) {
            (None, _) if coded && self.lists("transfer-encoding", "chunked") => Length::Chunked,
            (Some(length), None) if !coded => {
                decimal(length).map_or(Length::ToTheClose, Length::Bytes)
            }
            _ => Length::ToTheClose,
        }
    }

    fn after(&self, version: Option<u8>, length: Length) -> After {
        let says = |word| self.lists("connection", word) || self.lists("proxy-connection", word);
        let kept = if version == Some(1) { !says("close") } else { says("keep-alive") };
        if kept && length != Length::ToTheClose { After::Kept } else { After::Closed }
    }
}

fn decimal(digits: &[u8]) -> Option<u64> {
    let digits = str::from_utf8(digits.trim_ascii()).ok()?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// Finds the end of a head in bytes that come piece by piece; looks at each byte once.
#[derive(Debug, Default)]
pub(super) struct End {
    seen: usize,
    line: usize,
}

impl End {
    /// The length of the head, its blank line included, when it is whole.
    ///
    /// # Errors
    ///
    /// What comes is no HTTP/1.
    pub(super) fn find(&mut self, bytes: &[u8]) -> Result<Option<usize>, Error> {
        let begun = bytes.len().min(PREFIX.len());
        if bytes[..begun] != PREFIX[..begun] {
            return Err(Error::new(ErrorKind::Protocol));
        }
        while let Some(at) = bytes[self.seen..].iter().position(|byte| *byte == b'\n') {
            let newline = self.seen + at;
            let blank = matches!(&bytes[self.line..newline], b"" | b"\r");
            (self.seen, self.line) = (newline + 1, newline + 1);
            if blank {
                return Ok(Some(self.seen));
            }
        }
        self.seen = bytes.len();
        Ok(None)
    }
}

const PREFIX: &[u8] = b"HTTP/1.";

#[cfg(test)]
mod tests;
