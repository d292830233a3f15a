//! Reads HTTP requests and fixed numbers of bytes from a connection, and keeps what came too early.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::head::{Head, Length};
use crate::{connection::Connection, service::Stop};

/// A connection and the bytes that were read from it and not used yet.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) connection: Connection,
    pub(crate) pending: Vec<u8>,
}

/// Why there is nothing more to read.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The client went, or the server is being finished; neither is a mistake.
    Gone,
    /// The client did what it must not.
    Wrong(String),
}

impl Wire {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection, pending: Vec::new() }
    }

    /// Reads the next request's head, or ends when the server is finished before it begins.
    pub(crate) async fn head(&mut self, stop: &mut Stop) -> Result<Head, Broken> {
        loop {
            if let Some(at) = position(&self.pending, b"\r\n\r\n") {
                let raw: Vec<u8> = self.pending.drain(..at + 4).collect();
                return Head::parse(&raw).map_err(Broken::Wrong);
            }
            if self.pending.len() > HEAD_LIMIT {
                return Err(Broken::Wrong("the head does not end".to_owned()));
            }
            tokio::select! {
                filled = self.fill() => filled?,
                () = stop.wait() => return Err(Broken::Gone),
            }
        }
    }

    /// Reads the body that `head` announces.
    pub(crate) async fn body(&mut self, head: &Head) -> Result<Vec<u8>, Broken> {
        match head.length().map_err(Broken::Wrong)? {
            Length::Chunked => self.chunks().await,
            Length::Known(length) => self.exact(length).await,
        }
    }

    /// Reads exactly `count` bytes.
    pub(crate) async fn exact(&mut self, count: usize) -> Result<Vec<u8>, Broken> {
        while self.pending.len() < count {
            self.fill().await?;
        }
        Ok(self.pending.drain(..count).collect())
    }

    /// Reads up to `end`, which is taken off.
    pub(crate) async fn until(&mut self, end: &[u8]) -> Result<Vec<u8>, Broken> {
        loop {
            if let Some(at) = position(&self.pending, end) {
                let mut read: Vec<u8> = self.pending.drain(..at + end.len()).collect();
                read.truncate(at);
                return Ok(read);
            }
            self.fill().await?;
        }
    }

    /// Sends `bytes` in pieces of `size`; each is flushed.
    pub(crate) async fn send(&mut self, bytes: &[u8], size: Option<usize>) -> Result<(), Broken> {
        for piece in bytes.chunks(size.unwrap_or(bytes.len()).max(1)) {
            self.connection.write_all(piece).await?;
            self.connection.flush().await?;
        }
        Ok(())
    }

    async fn chunks(&mut self) -> Result<Vec<u8>, Broken> {
        let mut body = Vec::new();
        loop {
            let line = self.until(b"\r\n").await?;
            let size = chunk_size(&line).map_err(Broken::Wrong)?;
            body.extend(self.exact(size).await?);
            if self.exact(2).await? != b"\r\n" {
                return Err(Broken::Wrong("a chunk does not end with CRLF".to_owned()));
            }
            if size == 0 {
                return Ok(body);
            }
        }
    }

    async fn fill(&mut self) -> Result<(), Broken> {
        let mut buffer = vec![0; 16 * 1024];
        match self.connection.read(&mut buffer).await? {
            0 => Err(Broken::Gone),
            read => {
                self.pending.extend_from_slice(&buffer[..read]);
                Ok(())
            }
        }
    }
}

impl Broken {
    /// A client may go at any time; only what it did wrong is a failure.
    pub(crate) fn verdict(self) -> Result<(), String> {
        match self {
            Self::Gone => Ok(()),
            Self::Wrong(fault) => Err(fault),
        }
    }
}

impl From<io::Error> for Broken {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

fn chunk_size(line: &[u8]) -> Result<usize, String> {
    let text = str::from_utf8(line).unwrap_or_default();
    let digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    match (digits, usize::from_str_radix(text, 16)) {
        (true, Ok(size)) => Ok(size),
        _ => Err(format!("a chunk begins with \"{}\"", line.escape_ascii())),
    }
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

const HEAD_LIMIT: usize = 1024 * 1024;
