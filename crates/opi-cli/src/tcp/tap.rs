//! A layer over a connection that counts the bytes, and shows them when told to. A connection
//! that is given up before its end was told is cut: the peer must not take a part for the whole.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use opi::net::{Layer, Stream, TlsFacts};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::{hex, output};

/// What went through a connection.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    sent: AtomicU64,
    received: AtomicU64,
}

impl Counts {
    /// The bytes that the connection took.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// The bytes that came.
    pub(crate) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }
}

/// `stream`, counted from now on; with `dump` everything is shown on standard error.
pub(crate) fn tap(stream: Stream, dump: bool) -> (Stream, Arc<Counts>) {
    let counts = Arc::new(Counts::default());
    let tap = Tap { stream, counts: counts.clone(), dump, finished: false };
    (Stream::layered(tap), counts)
}

#[derive(Debug)]
struct Tap {
    stream: Stream,
    counts: Arc<Counts>,
    dump: bool,
    /// Whether the peer was told that nothing more comes.
    finished: bool,
}

impl Drop for Tap {
    fn drop(&mut self) {
        if !self.finished {
            // A socket that takes no setting is gone already.
            let _gone = self.stream.reset_on_drop().is_err();
        }
    }
}

impl Tap {
    fn passed(&self, mark: char, bytes: &[u8]) {
        let count = if mark == '>' { &self.counts.sent } else { &self.counts.received };
        let before = count.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        if self.dump {
            hex::dump(bytes, before).for_each(|line| output::note(&format!("{mark} {line}")));
        }
    }
}

impl Layer for Tap {
    fn peer(&self) -> Option<SocketAddr> {
        self.stream.peer()
    }

    fn local(&self) -> Option<SocketAddr> {
        self.stream.local()
    }

    fn tls(&self) -> Option<TlsFacts> {
        self.stream.tls()
    }

    fn has_news(&self) -> bool {
        self.stream.has_news()
    }

    fn reset_on_drop(&self) -> io::Result<()> {
        self.stream.reset_on_drop()
    }
}

impl AsyncRead for Tap {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        self.passed('<', buffer.filled().get(before..).unwrap_or_default());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Tap {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let count = ready!(Pin::new(&mut self.stream).poll_write(context, data))?;
        self.passed('>', data.get(..count).unwrap_or_default());
        Poll::Ready(Ok(count))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
        self.finished = true;
        Poll::Ready(Ok(()))
    }
}
