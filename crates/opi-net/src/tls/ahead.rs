//! What is read ahead below TLS, which itself asks for 4 KiB at a time.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::Stream;

/// A stream that reads more than it was asked for as long as much comes.
///
/// It holds no memory before a read was filled, nor once a read brought little again.
#[derive(Debug)]
pub(super) struct Ahead {
    stream: Stream,
    /// Empty, or of [`MOST`] bytes.
    buffer: Vec<u8>,
    /// What of the buffer was read and not yet taken.
    start: usize,
    end: usize,
}

/// What is read ahead at most: four records, 64 KiB.
const MOST: usize = 64 * 1024;

/// A read that is filled with so much makes the next one larger, one with less ends that: 4 KiB.
const MUCH: usize = 4 * 1024;

impl Ahead {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, buffer: Vec::new(), start: 0, end: 0 }
    }

    /// The stream below. Bytes read ahead are no longer in it.
    pub(super) fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Whether something waits to be read, here or below.
    pub(super) fn has_news(&self) -> bool {
        self.start < self.end || self.stream.has_news()
    }

    /// Gives out what was read ahead.
    fn take(&mut self, out: &mut ReadBuf<'_>) {
        let ahead = self.buffer.get(self.start..self.end).unwrap_or_default();
        let taken = ahead.get(..out.remaining()).unwrap_or(ahead);
        out.put_slice(taken);
        self.start += taken.len();
        if self.start == self.end && self.end < MUCH {
            self.buffer = Vec::new();
        }
    }
}

impl AsyncRead for Ahead {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.start < this.end {
            this.take(out);
            return Poll::Ready(Ok(()));
        }
        if this.buffer.is_empty() {
            let asked = out.remaining();
            ready!(Pin::new(&mut this.stream).poll_read(context, out))?;
            if asked >= MUCH && out.remaining() == 0 {
                (this.buffer, this.start, this.end) = (vec![0; MOST], 0, 0);
            }
            return Poll::Ready(Ok(()));
        }
        let mut ahead = ReadBuf::new(&mut this.buffer);
        ready!(Pin::new(&mut this.stream).poll_read(context, &mut ahead))?;
        (this.start, this.end) = (0, ahead.filled().len());
        this.take(out);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Ahead {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, data)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    async fn pair() -> (TcpStream, Ahead) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let opening = TcpStream::connect(listener.local_addr().unwrap());
        let (socket, accepted) = tokio::join!(opening, listener.accept());
        (accepted.unwrap().0, Ahead::new(Stream::from(socket.unwrap())))
    }

    #[tokio::test]
    async fn what_was_read_ahead_comes_in_order_and_is_news() {
        let (mut peer, mut ahead) = pair().await;
        let sent: Vec<u8> = (0..3 * MOST + 5).map(|at| (at % 251) as u8).collect();
        let write = async {
            peer.write_all(&sent).await.unwrap();
            drop(peer);
        };
        let read = async {
            let (mut all, mut piece) = (Vec::new(), vec![0; MUCH]);
            loop {
                let count = ahead.read(&mut piece).await.unwrap();
                if count == 0 {
                    return all;
                }
                all.extend_from_slice(&piece[..count]);
                assert!(ahead.start == ahead.end || ahead.has_news());
            }
        };
        assert!(tokio::join!(write, read).1 == sent);
    }

    #[tokio::test]
    async fn memory_is_held_only_while_much_comes() {
        let (mut peer, mut ahead) = pair().await;
        peer.write_all(&[1; MUCH - 1]).await.unwrap();
        ahead.read_exact(&mut [0; MUCH - 1]).await.unwrap();
        assert!(ahead.buffer.is_empty());
        peer.write_all(&[2; MUCH]).await.unwrap();
        ahead.read_exact(&mut [0; MUCH]).await.unwrap();
        assert_eq!(ahead.buffer.len(), MOST);
        peer.write_all(b"x").await.unwrap();
        ahead.read_exact(&mut [0; 1]).await.unwrap();
        assert!(ahead.buffer.is_empty());
    }
}
