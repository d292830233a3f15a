//! What a server answers: right answers in a line, and every way of answering wrongly.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use tokio::io::AsyncWriteExt;

use super::{
    head::Headers,
    wire::{Broken, Wire},
};
use crate::{gate::Gate, service::Stop};

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
    status: u16,
    reason: String,
    headers: Headers,
    body: Vec<u8>,
    framing: Framing,
    interim: Vec<u8>,
    after: Option<Gate>,
    pause: Option<(usize, Gate)>,
    pieces: Option<usize>,
    breakage: Option<(usize, Breakage)>,
    last: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Framing {
    Chunked(usize),
    Length,
    Raw,
    UntilClose,
}

#[derive(Clone, Copy, Debug)]
enum Breakage {
    Cut,
    Reset,
    Stall,
}

/// What comes of the connection after an answer.
#[derive(Debug)]
pub(crate) enum Sent {
    Closed,
    KeptAlive(Wire),
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

    /// Sends the answer to a request with this method.
    pub(crate) async fn send(
        &self,
        mut wire: Wire,
        method: &str,
        stop: &mut Stop,
    ) -> Result<Sent, Broken> {
        if let Some(gate) = &self.after {
            tokio::select! {
                () = gate.opened() => {}
                () = stop.wait() => return Ok(Sent::Closed),
            }
        }
        let mut bytes = self.head();
        let body_at = bytes.len();
        if method != "HEAD" {
            bytes.extend(self.framed_body());
        }
        if let Some((at, gate)) = &self.pause {
            let rest = bytes.split_off((body_at + at).min(bytes.len()));
            wire.send(&bytes, self.pieces).await?;
            tokio::select! {
                () = gate.opened() => {}
                () = stop.wait() => return Ok(Sent::Closed),
            }
            wire.send(&rest, self.pieces).await?;
            return self.end(wire).await;
        }
        if let Some((at, breakage)) = self.breakage {
            bytes.truncate(body_at + at);
            wire.send(&bytes, self.pieces).await?;
            match breakage {
                Breakage::Cut => {}
                Breakage::Reset => wire.connection.reset()?,
                Breakage::Stall => stop.wait().await,
            }
            return Ok(Sent::Closed);
        }
        wire.send(&bytes, self.pieces).await?;
        self.end(wire).await
    }

    async fn end(&self, mut wire: Wire) -> Result<Sent, Broken> {
        if !self.last {
            return Ok(Sent::KeptAlive(wire));
        }
        wire.connection.shutdown().await?;
        wire.connection.discard_unread();
        Ok(Sent::Closed)
    }

    fn head(&self) -> Vec<u8> {
        let mut headers = self.headers.clone();
        match self.framing {
            Framing::Raw => return self.interim.clone(),
            Framing::Chunked(_) => headers.push("Transfer-Encoding", "chunked"),
            Framing::Length if matches!(self.status, 100..=199 | 204 | 304) => {}
            Framing::Length if headers.value("content-length").is_some() => {}
            Framing::Length => headers.push("Content-Length", &self.body.len().to_string()),
            Framing::UntilClose => {}
        }
        if self.last && headers.value("connection").is_none() {
            headers.push("Connection", "close");
        }
        let (status, reason) = (self.status, &self.reason);
        let head = format!("HTTP/1.1 {status} {reason}\r\n{headers}\r\n");
        [self.interim.as_slice(), head.as_bytes()].concat()
    }

    fn framed_body(&self) -> Vec<u8> {
        let Framing::Chunked(size) = self.framing else { return self.body.clone() };
        let mut framed = Vec::new();
        for chunk in self.body.chunks(size) {
            framed.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
            framed.extend(chunk);
            framed.extend(b"\r\n");
        }
        framed.extend(b"0\r\n\r\n");
        framed
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
