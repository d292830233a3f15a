//! Where the reactor does everything: nothing is noted, and no socket is of this kind.

use std::io;
use std::net::TcpStream;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use crate::Cancel;

#[cfg(feature = "blocking")]
pub(crate) fn block_on<F: Future>(runtime: &tokio::runtime::Runtime, future: F) -> F::Output {
    runtime.block_on(future)
}

pub(crate) fn note_until(_context: &Context<'_>, _moment: Instant) -> bool {
    false
}

pub(crate) fn note_cancel(_context: &Context<'_>, _cancel: &Cancel) -> bool {
    false
}

pub(crate) fn trusting<T>(
    context: &mut Context<'_>,
    poll: impl FnOnce(&mut Context<'_>) -> T,
) -> T {
    poll(context)
}

pub(crate) fn untrusting<T>(
    context: &mut Context<'_>,
    poll: impl FnOnce(&mut Context<'_>) -> T,
) -> T {
    poll(context)
}

pub(crate) fn at_once<T>(look: impl FnOnce() -> T) -> T {
    look()
}

/// A socket that there is none of.
#[derive(Debug)]
pub(crate) enum Socket {}

impl Socket {
    pub(crate) fn is_wanted() -> bool {
        false
    }

    pub(crate) fn take(_socket: tokio::net::TcpStream) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn has_news(&self) -> bool {
        match *self {}
    }

    pub(crate) fn watch(&self) -> News {
        match *self {}
    }

    pub(crate) fn io(&self) -> &TcpStream {
        match *self {}
    }
}

/// What tells of such a socket.
#[derive(Debug)]
pub(crate) struct News;

impl News {
    pub(crate) fn is_there(&self) -> bool {
        true
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        _buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match *self {}
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        _data: &[u8],
    ) -> Poll<io::Result<usize>> {
        match *self {}
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match *self {}
    }

    fn poll_shutdown(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match *self {}
    }
}
