//! What a connection's bytes go through: a socket, or a stream in layers. Never holds a lock while
//! waiting.

use std::io::{self, IoSlice};
use std::net::Shutdown;
use std::pin::{Pin, pin};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::BufMut;
use opi_net::Stream;
use tokio::io::{AsyncReadExt, AsyncWrite as _, Interest};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// What a connection's bytes go through.
#[derive(Debug)]
pub(crate) enum Wire {
    /// None once it is closed.
    Layered(Mutex<Option<Stream>>),
    /// The side to read from is locked for one read.
    Plain(Mutex<OwnedReadHalf>, OwnedWriteHalf),
}

/// The wire of a plain socket.
pub(crate) fn plain(socket: TcpStream) -> Wire {
    let (reading, writing) = socket.into_split();
    Wire::Plain(Mutex::new(reading), writing)
}

/// The wire of a stream in layers.
pub(crate) fn layered(stream: Stream) -> Wire {
    Wire::Layered(Mutex::new(Some(stream)))
}

impl Wire {
    /// Ready when [`Self::poll_read`] is likely to have something; needs no buffer.
    pub(crate) fn poll_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Layered(_) => Poll::Ready(Ok(())),
            Self::Plain(_, socket) => socket.as_ref().poll_read_ready(context),
        }
    }

    /// Reads into `buffer`; no bytes are the end.
    pub(crate) fn poll_read(
        &self,
        context: &mut Context<'_>,
        mut buffer: impl BufMut,
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Plain(socket, _) => {
                let mut socket = socket.lock().unwrap_or_else(PoisonError::into_inner);
                pin!(socket.read_buf(&mut buffer)).poll(context)
            }
            Self::Layered(_) => match &mut *self.stream() {
                Some(stream) => pin!(stream.read_buf(&mut buffer)).poll(context),
                None => Poll::Ready(Ok(0)),
            },
        }
    }

    /// Completes when a peer that has finished sending breaks the connection off, as far as the
    /// system tells.
    pub(crate) async fn broken(&self) {
        match self {
            Self::Plain(_, socket) if socket.ready(Interest::ERROR).await.is_ok() => {}
            _ => std::future::pending().await,
        }
    }

    /// Writes from the front of `pieces`; tells how many bytes went.
    pub(crate) fn poll_write(
        &self,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Layered(_) => match &mut *self.stream() {
                Some(stream) => Pin::new(stream).poll_write_vectored(context, pieces),
                None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
            },
            Self::Plain(_, socket) => loop {
                ready!(socket.as_ref().poll_write_ready(context))?;
                match socket.as_ref().try_write_vectored(pieces) {
                    Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {}
                    done => return Poll::Ready(done),
                }
            },
        }
    }

    /// Writes what goes at once; none when the wire has no such way.
    pub(crate) fn try_write(&self, data: &[u8]) -> io::Result<usize> {
        match self {
            Self::Layered(_) => Ok(0),
            Self::Plain(_, socket) => match socket.as_ref().try_write(data) {
                Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => Ok(0),
                done => done,
            },
        }
    }

    /// Hands everything written so far to the system.
    pub(crate) fn poll_flush(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self.stream() {
            Some(stream) => Pin::new(stream).poll_flush(context),
            None => Poll::Ready(Ok(())),
        }
    }

    /// Tells the peer that nothing more will be sent.
    pub(crate) fn poll_finish(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Layered(_) => match &mut *self.stream() {
                Some(stream) => Pin::new(stream).poll_shutdown(context),
                None => Poll::Ready(Ok(())),
            },
            Self::Plain(_, socket) => Poll::Ready(shutdown(socket.as_ref(), Shutdown::Write)),
        }
    }

    /// Ends both directions at once.
    pub(crate) fn close(&self) {
        match self {
            Self::Layered(_) => drop(self.stream().take()),
            Self::Plain(_, socket) => {
                end(socket.as_ref());
            }
        }
    }

    pub(crate) fn is_layered(&self) -> bool {
        matches!(self, Self::Layered(_))
    }

    /// The stream, locked for one poll; there is none in a plain wire.
    fn stream(&self) -> Guard<'_> {
        match self {
            Self::Layered(stream) => {
                Guard::Held(stream.lock().unwrap_or_else(PoisonError::into_inner))
            }
            Self::Plain(..) => Guard::Nothing(None),
        }
    }
}

/// A locked stream, or nothing.
enum Guard<'a> {
    Held(MutexGuard<'a, Option<Stream>>),
    Nothing(Option<Stream>),
}

impl std::ops::Deref for Guard<'_> {
    type Target = Option<Stream>;

    fn deref(&self) -> &Option<Stream> {
        match self {
            Self::Held(stream) => stream,
            Self::Nothing(none) => none,
        }
    }
}

impl std::ops::DerefMut for Guard<'_> {
    fn deref_mut(&mut self) -> &mut Option<Stream> {
        match self {
            Self::Held(stream) => stream,
            Self::Nothing(none) => none,
        }
    }
}

fn shutdown(socket: &TcpStream, how: Shutdown) -> io::Result<()> {
    socket2::SockRef::from(socket).shutdown(how)
}

/// Ends a plain connection. What has come is taken off first, because bytes that nobody read turn
/// the end into a break, which may cost the peer our last bytes. A peer that is in the middle of
/// sending much is broken off: it would wait long for room that never comes.
fn end(socket: &TcpStream) {
    // A peer that is gone already needs no farewell, and can be told nothing.
    let _gone = !discard(socket) && socket.set_zero_linger().is_err();
    let _gone = shutdown(socket, Shutdown::Both).is_err();
}

/// Takes off what has come; false when it is too much.
fn discard(socket: &TcpStream) -> bool {
    let mut scrap = [0; 4096];
    (0..DISCARDED).any(|_| !socket.try_read(&mut scrap).is_ok_and(|count| count > 0))
}

/// The most reads that take off what a closed peer had sent.
const DISCARDED: usize = 4;
