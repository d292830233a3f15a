//! The bytes between us and an HTTP proxy, until the tunnel is open.

use std::io;

use bytes::BytesMut;
use opi_auth::Authorization;
use opi_net::Stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use zeroize::Zeroizing;

use super::body::Body;
use super::head::{After, End, Head};
use crate::{Error, ErrorKind};

/// A connection to a proxy, and what was read of it beyond the answers so far.
pub(super) struct Talk {
    stream: Stream,
    unread: BytesMut,
}

/// The most bytes of an answer's head, those of interim answers before it included.
const LONGEST_HEAD: usize = 64 * 1024;

/// The most interim answers.
const MOST_INTERIM: usize = 100;

/// The most bytes of a refusal's body that are read to keep the connection; with more of them a
/// new connection is cheaper.
const LONGEST_BODY: usize = 64 * 1024;

impl Talk {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, unread: BytesMut::new() }
    }

    /// What follows the answer belongs to the target.
    pub(super) fn into_stream(self) -> Stream {
        self.stream.with_early(self.unread.freeze())
    }

    pub(super) async fn ask(
        &mut self,
        authority: &str,
        login: Option<&Authorization>,
    ) -> Result<(), Error> {
        let mut request =
            Zeroizing::new(format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n"));
        if let Some(login) = login {
            request.push_str("Proxy-Authorization: ");
            request.push_str(login.expose());
            request.push_str("\r\n");
        }
        request.push_str("\r\n");
        self.stream.write_all(request.as_bytes()).await.map_err(Error::broken_off)?;
        self.stream.flush().await.map_err(Error::broken_off)
    }

    /// Reads the next answer's head; interim ones are passed over.
    pub(super) async fn head(&mut self) -> Result<Head, Error> {
        let mut room = LONGEST_HEAD;
        for _ in 0..=MOST_INTERIM {
            let length = self.head_length(room).await?;
            let head = Head::read(&self.unread.split_to(length))?;
            if !head.is_interim() {
                return Ok(head);
            }
            room -= length;
        }
        Err(broken(format!("the proxy gave more than {MOST_INTERIM} interim answers")))
    }

    /// Reads until a head of at most `room` bytes is there, and says how long it is.
    async fn head_length(&mut self, room: usize) -> Result<usize, Error> {
        let mut end = End::default();
        loop {
            let known = &self.unread[..self.unread.len().min(room)];
            if let Some(length) = end.find(known)? {
                return Ok(length);
            }
            if known.len() == room {
                return Err(broken(format!(
                    "the head of the proxy's answer exceeds {LONGEST_HEAD} bytes"
                )));
            }
            self.read_more().await?;
        }
    }

    /// Passes over the body of a refusal, and says whether the connection can be used again.
    pub(super) async fn drain(&mut self, answer: &Head) -> Result<bool, Error> {
        let mut body = Body::new(answer.length);
        if answer.after == After::Closed {
            return Ok(false);
        }
        let mut room = LONGEST_BODY;
        loop {
            let passed = body.pass(&self.unread);
            let _body = self.unread.split_to(passed);
            if body.is_over() {
                return Ok(body == Body::Done);
            }
            let Some(rest) = room.checked_sub(passed).filter(|rest| *rest > 0) else {
                return Ok(false);
            };
            room = rest;
            // A proxy that goes away here wants to be asked on another connection.
            if self.read_more().await.is_err() {
                return Ok(false);
            }
        }
    }

    async fn read_more(&mut self) -> Result<(), Error> {
        self.unread.reserve(PIECE);
        match self.stream.read_buf(&mut self.unread).await {
            Ok(0) => Err(Error::broken_off(io::ErrorKind::UnexpectedEof.into())),
            Ok(_) => Ok(()),
            Err(cause) => Err(Error::broken_off(cause)),
        }
    }
}

/// How much is read at once.
const PIECE: usize = 4 * 1024;

fn broken(detail: String) -> Error {
    Error::new(ErrorKind::Protocol).detail(detail)
}
