//! A socket that is read by calls that block when its caller has nothing else to wait for.

use std::io;
use std::net::{Shutdown, TcpStream};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use rustix::io::Errno;
use rustix::net::{RecvFlags, SendAncillaryBuffer, SendFlags};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::runtime::Id;

use super::plan::{SLICE, Side};
use super::turn::{self, May, may, note, note_slow};
use crate::home::here;

/// A TCP socket in blocking mode. Every call that must not block says so.
#[derive(Debug)]
pub(crate) struct Socket {
    io: Arc<TcpStream>,
    /// Where each side is armed, once it had to be.
    reads: Option<Arc<Armed>>,
    writes: Option<Arc<Armed>>,
    /// The most that is read at once: so much has to be zeroed before, as safe code has to.
    window: usize,
}

/// The same socket under another descriptor, which the reactor of a runtime knows.
#[derive(Debug)]
struct Armed {
    runtime: Id,
    io: tokio::net::TcpStream,
}

/// Tells whether something waits to be read from a socket.
#[derive(Debug)]
pub(crate) struct News(Arc<TcpStream>);

impl News {
    pub(crate) fn is_there(&self) -> bool {
        has_news(&self.0)
    }
}

fn has_news(io: &TcpStream) -> bool {
    let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
    rustix::net::recv(io, &mut [0; 1], flags) != Err(Errno::AGAIN)
}

/// The least that is read at once.
const LEAST: usize = 2 * 1024;
/// The most that is read at once.
const MOST: usize = 512 * 1024;

impl Socket {
    /// Whether streams of this thread should be such sockets.
    pub(crate) fn is_wanted() -> bool {
        turn::is_running()
    }

    /// Takes a socket over from the reactor.
    pub(crate) fn take(socket: tokio::net::TcpStream) -> io::Result<Self> {
        let socket = socket.into_std()?;
        socket.set_nonblocking(false)?;
        socket.set_read_timeout(Some(SLICE))?;
        Ok(Self { io: Arc::new(socket), reads: None, writes: None, window: LEAST })
    }

    /// The bare socket.
    pub(crate) fn io(&self) -> &TcpStream {
        &self.io
    }

    /// Whether something waits to be read: bytes, an end or a failure.
    pub(crate) fn has_news(&self) -> bool {
        has_news(&self.io)
    }

    /// What tells the same while somebody else holds the socket.
    pub(crate) fn watch(&self) -> News {
        News(Arc::clone(&self.io))
    }

    /// Where `side` is armed: with the runtime that polls now, since only that is sure to be run. The
    /// one before may have ended.
    fn armed(&self, side: Side) -> Option<&Arc<Armed>> {
        let armed = match side {
            Side::Read => &self.reads,
            Side::Write => &self.writes,
        };
        armed.as_ref().filter(|armed| here().is_none_or(|here| here == armed.runtime))
    }

    /// Arms `side`. The reactor wants a descriptor not to block while it is registered, and never
    /// reads or writes it.
    fn arm(&mut self, side: Side) -> io::Result<()> {
        if self.armed(side).is_some() {
            return Ok(());
        }
        let armed = self.armed(side.other()).cloned();
        let armed = Some(armed.map_or_else(|| self.register(), Ok)?);
        match side {
            Side::Read => self.reads = armed,
            Side::Write => self.writes = armed,
        }
        Ok(())
    }

    fn register(&self) -> io::Result<Arc<Armed>> {
        let runtime = here().ok_or_else(|| io::Error::other("a stream is polled outside tokio"))?;
        let other = self.io.try_clone()?;
        other.set_nonblocking(true)?;
        let registered = tokio::net::TcpStream::from_std(other);
        self.io.set_nonblocking(false)?;
        Ok(Arc::new(Armed { runtime, io: registered? }))
    }

    /// Reads; `flags` say whether that may block.
    fn receive(&mut self, buffer: &mut ReadBuf<'_>, flags: RecvFlags) -> io::Result<()> {
        receive(&self.io, &mut self.window, buffer, flags)
    }

    fn poll_receive(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let outcome = match self.armed(Side::Read).cloned() {
                None => self.receive(buffer, RecvFlags::DONTWAIT),
                Some(armed) => {
                    ready!(turn::trusting(context, |context| armed.io.poll_read_ready(context)))?;
                    // What the reactor has told is used up only when nothing was there.
                    let (io, window) = (&self.io, &mut self.window);
                    armed.io.try_io(Interest::READABLE, || {
                        receive(io, window, buffer, RecvFlags::DONTWAIT)
                    })
                }
            };
            match outcome {
                Err(cause) if would_block(&cause) => self.arm(Side::Read)?,
                outcome => return Poll::Ready(outcome),
            }
        }
    }

    /// Sends by `send` without blocking, and waits as `may` says when there is no room.
    fn poll_send(
        &mut self,
        context: &mut Context<'_>,
        send: impl Fn(&TcpStream) -> Result<usize, Errno>,
    ) -> Poll<io::Result<usize>> {
        let may = may(context, &self.io, Side::Write);
        if may == May::Wait {
            return Poll::Pending;
        }
        loop {
            match send(&self.io) {
                Err(Errno::AGAIN) => {}
                outcome => return Poll::Ready(outcome.map_err(Into::into)),
            }
            if may != May::Arm {
                note(context, &self.io, Side::Write);
                return Poll::Pending;
            }
            self.arm(Side::Write)?;
            let Some(armed) = &self.writes else { return Poll::Pending };
            ready!(turn::trusting(context, |context| armed.io.poll_write_ready(context)))?;
            forget(&armed.io, Interest::WRITABLE);
        }
    }
}

fn receive(
    io: &TcpStream,
    window: &mut usize,
    buffer: &mut ReadBuf<'_>,
    flags: RecvFlags,
) -> io::Result<()> {
    let piece = buffer.initialize_unfilled_to((*window).min(buffer.remaining()));
    let (count, _) = rustix::net::recv(io, piece, flags)?;
    buffer.advance(count);
    if count == *window {
        *window = (*window * 4).min(MOST);
    } else if count < *window / 2 {
        // What is zeroed and not filled is work for nothing.
        *window = (*window / 2).max(LEAST);
    }
    Ok(())
}

/// Lets the reactor tell anew: what it told is used up.
fn forget(armed: &tokio::net::TcpStream, told: Interest) {
    let _told = armed.try_io(told, || Err::<(), _>(io::ErrorKind::WouldBlock.into())).is_err();
}

fn would_block(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

const SENDING: SendFlags = SendFlags::DONTWAIT.union(SendFlags::NOSIGNAL);

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if buffer.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        let flags = match may(context, &this.io, Side::Read) {
            May::Wait => return Poll::Pending,
            May::Arm => return this.poll_receive(context, buffer),
            May::Try => RecvFlags::DONTWAIT,
            May::Block => RecvFlags::empty(),
        };
        match this.receive(buffer, flags) {
            Err(cause) if would_block(&cause) && flags.is_empty() => {
                note_slow(context, &this.io, Side::Read);
                Poll::Pending
            }
            Err(cause) if would_block(&cause) => {
                note(context, &this.io, Side::Read);
                Poll::Pending
            }
            outcome => Poll::Ready(outcome),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.get_mut().poll_send(context, |io| rustix::net::send(io, data, SENDING))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.get_mut().poll_send(context, |io| {
            rustix::net::sendmsg(io, pieces, &mut SendAncillaryBuffer::default(), SENDING)
        })
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.io.shutdown(Shutdown::Write))
    }
}
