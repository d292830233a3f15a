//! The socket under a connection: counted, limited, and with its failures kept.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use opi_net::Stream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::case;
use super::heads::Heads;
use super::meter::{Broken, Meter};

/// A stream whose bytes are counted, and whose failures are kept for the connection's user.
#[derive(Debug)]
pub(super) struct Wire {
    stream: Stream,
    meter: Arc<Meter>,
    heads: Heads,
    /// Whether sending has failed.
    deaf: bool,
    /// A head whose names were changed, on its way.
    head: Bytes,
}

impl Wire {
    pub(super) fn new(stream: Stream, meter: Arc<Meter>) -> Self {
        Self { stream, meter, heads: Heads::default(), deaf: false, head: Bytes::new() }
    }

    /// Judges what was just received: bytes that lead nowhere end the connection.
    fn received(&mut self, data: &[u8]) -> io::Result<()> {
        let unseen = self.meter.count_received(data.len());
        if self.meter.is_heading() {
            let seen = self.heads.feed(data);
            if seen.go_on {
                self.meter.release();
            }
            if seen.is_final {
                self.meter.heads();
            }
            if seen.too_many {
                return Err(self.refuse("more than 100 interim answers came"));
            }
        }
        if unseen > MOST_UNSEEN {
            return Err(self.refuse("more than 512 KiB came that are neither a head nor a body"));
        }
        Ok(())
    }

    fn refuse(&self, what: &'static str) -> io::Error {
        self.meter.breaks(Broken::Protocol(what));
        io::ErrorKind::InvalidData.into()
    }

    /// A failed write leaves the connection open for reading: the server may have answered before
    /// it closed.
    ///
    /// What was sent makes room for more of the body: whoever drives the connection is to come
    /// again.
    fn sent(
        &mut self,
        outcome: Poll<io::Result<usize>>,
        context: &Context<'_>,
    ) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Ready(Ok(bytes)) => {
                self.meter.count_sent(bytes);
                if self.meter.take_waiting() {
                    context.waker().wake_by_ref();
                }
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(Err(cause)) => {
                self.fail_to_send(cause);
                Poll::Pending
            }
            Poll::Pending => {
                self.meter.block();
                Poll::Pending
            }
        }
    }

    /// Takes the head that `data` begins with, when its names are to be changed.
    fn take_head(&mut self, data: &[u8]) -> Option<usize> {
        let names = self.meter.take_names()?;
        let end = case::end_of_head(data)?;
        let mut head = data.get(..end)?.to_vec();
        case::restore(&mut head, &names);
        self.head = head.into();
        Some(end)
    }

    /// Ready when nothing of a changed head waits any more.
    fn poll_head(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while !self.head.is_empty() {
            let outcome = Pin::new(&mut self.stream).poll_write(context, &self.head);
            match ready!(self.sent(outcome, context)) {
                Ok(bytes) => self.head.advance(bytes),
                Err(_) => return Poll::Pending,
            }
        }
        Poll::Ready(())
    }

    fn fail_to_send(&mut self, cause: io::Error) {
        self.meter.breaks(Broken::Socket(cause));
        self.meter.block();
        self.deaf = true;
    }

    fn failed(&self, cause: io::Error) -> io::Error {
        let copy = cause.kind().into();
        self.meter.breaks(Broken::Socket(cause));
        copy
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(cause)) => Poll::Ready(Err(self.failed(cause))),
            Poll::Ready(Ok(())) => {
                Poll::Ready(self.received(buffer.filled().get(before..).unwrap_or_default()))
            }
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.deaf {
            return Poll::Pending;
        }
        ready!(self.poll_head(context));
        if let Some(taken) = self.take_head(data) {
            return Poll::Ready(Ok(taken));
        }
        let outcome = Pin::new(&mut self.stream).poll_write(context, data);
        self.sent(outcome, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.deaf {
            return Poll::Pending;
        }
        ready!(self.poll_head(context));
        if let Some(taken) = pieces.first().and_then(|head| self.take_head(head)) {
            return Poll::Ready(Ok(taken));
        }
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.sent(outcome, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.deaf {
            return Poll::Pending;
        }
        ready!(self.poll_head(context));
        match Pin::new(&mut self.stream).poll_flush(context) {
            Poll::Ready(Err(cause)) => {
                self.fail_to_send(cause);
                Poll::Pending
            }
            flushed => flushed,
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// The most bytes that are received while the user sees nothing of them: 512 KiB that lead nowhere,
/// and what hyper may have read ahead meanwhile.
const MOST_UNSEEN: u64 = 512 * 1024 + super::BUFFER as u64;
