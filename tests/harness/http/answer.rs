//! What a server answers: right answers in a line, and every way of answering wrongly.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

use super::head::Headers;
use crate::gate::Gate;

/// An answer to one request. Content-Length is added unless the body is framed otherwise.
///
/// ```
/// use harness::Answer;
///
/// let page = Answer::ok().json(&serde_json::json!({"id": 1})).gzip().chunked(10);
/// let moved = Answer::redirect(302, "/there").cookie("id=1; Path=/");
/// let broken = Answer::ok().text("0123456789").cut_after(4);
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Answer {
    pub(super) status: u16,
    pub(super) reason: String,
    pub(super) headers: Headers,
    pub(super) body: Vec<u8>,
    pub(super) framing: Framing,
    pub(super) interim: Vec<u8>,
    pub(super) after: Option<Gate>,
    pub(super) pause: Option<(usize, Gate)>,
    pub(super) pieces: Option<usize>,
    pub(super) breakage: Option<(usize, Breakage)>,
    pub(super) last: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Framing {
    Chunked(usize),
    Length,
    Raw,
    UntilClose,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Breakage {
    Cut,
    Reset,
    Stall,
}

impl Answer {
    /// An answer with this status and an empty body.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            reason: reason(status).to_owned(),
            headers: Headers::default(),
            body: Vec::new(),
            framing: Framing::Length,
            interim: Vec::new(),
            after: None,
            pause: None,
            pieces: None,
            breakage: None,
            last: false,
        }
    }

    /// 200 with an empty body.
    pub fn ok() -> Self {
        Self::status(200)
    }

    /// A redirect to `location`.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::status(status).header("Location", location)
    }

    /// These bytes and nothing else, head included; then the connection is closed.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { body: bytes.into(), framing: Framing::Raw, last: true, ..Self::ok() }
    }

    /// No answer at all: the connection stays open until the server is finished.
    pub fn never() -> Self {
        Self::raw("").stall_after(0)
    }

    /// Adds a header field; the same name may be added again.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push(name, value);
        self
    }

    /// Adds a Set-Cookie field.
    pub fn cookie(self, cookie: &str) -> Self {
        self.header("Set-Cookie", cookie)
    }

    /// Sets the body's bytes.
    pub fn body(self, bytes: impl Into<Vec<u8>>) -> Self {
        Self { body: bytes.into(), ..self }
    }

    /// Sets a body of UTF-8 text.
    pub fn text(self, text: &str) -> Self {
        self.header("Content-Type", "text/plain; charset=utf-8").body(text)
    }

    /// Sets a body of JSON.
    pub fn json(self, value: &Value) -> Self {
        self.header("Content-Type", "application/json").body(value.to_string())
    }

    /// Compresses the body.
    ///
    /// # Panics
    ///
    /// Never: memory can be written to.
    pub fn gzip(self) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&self.body).expect("memory can be written to");
        let body = encoder.finish().expect("memory can be written to");
        self.header("Content-Encoding", "gzip").body(body)
    }

    /// Sends the body in chunks of `size` bytes.
    pub fn chunked(self, size: usize) -> Self {
        Self { framing: Framing::Chunked(size), ..self }
    }

    /// Sends the body without a length: its end is the end of the connection.
    pub fn until_close(self) -> Self {
        Self { framing: Framing::UntilClose, last: true, ..self }
    }

    /// Replaces the reason phrase.
    pub fn reason(self, reason: &str) -> Self {
        Self { reason: reason.to_owned(), ..self }
    }

    /// Sends these bytes before the head: whole 1xx answers.
    pub fn interim(self, bytes: impl Into<Vec<u8>>) -> Self {
        Self { interim: bytes.into(), ..self }
    }

    /// Answers only after the test has opened `gate`.
    pub fn after(self, gate: &Gate) -> Self {
        Self { after: Some(gate.clone()), ..self }
    }

    /// Stops before byte `at` of the framed body until the test opens `gate`.
    pub fn pause(self, at: usize, gate: &Gate) -> Self {
        Self { pause: Some((at, gate.clone())), ..self }
    }

    /// Writes everything in pieces of `size` bytes.
    pub fn pieces(self, size: usize) -> Self {
        Self { pieces: Some(size), ..self }
    }

    /// Closes the socket (under TLS without close_notify) before byte `at` of the framed body.
    pub fn cut_after(self, at: usize) -> Self {
        Self { breakage: Some((at, Breakage::Cut)), ..self }
    }

    /// Resets the connection before byte `at` of the framed body.
    pub fn reset_after(self, at: usize) -> Self {
        Self { breakage: Some((at, Breakage::Reset)), ..self }
    }

    /// Sends nothing from byte `at` of the framed body on, until the server is finished.
    pub fn stall_after(self, at: usize) -> Self {
        Self { breakage: Some((at, Breakage::Stall)), ..self }
    }

    /// Closes the connection after the answer, and says so.
    pub fn close(self) -> Self {
        Self { last: true, ..self }
    }

    /// Keeps the connection after a [`raw`](Self::raw) answer.
    pub fn keep_alive(self) -> Self {
        Self { last: false, ..self }
    }

    pub(crate) fn closes(self, last: bool) -> Self {
        Self { last: self.last || last, ..self }
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        407 => "Proxy Authentication Required",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Status",
    }
}
