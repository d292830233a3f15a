//! The encrypted connection as a layer over the one below.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsStream;

use super::ahead::Ahead;
use super::facts::facts;
use crate::{Layer, TlsFacts};

/// TLS over a [`Stream`](crate::Stream). A close without `close_notify` reads as an error, never as an end.
#[derive(Debug)]
pub(super) struct TlsLayer {
    io: TlsStream<Ahead>,
    /// The name a client sent; a server's session knows what it was sent.
    asked: Option<Box<str>>,
}

impl TlsLayer {
    pub(super) fn new(io: impl Into<TlsStream<Ahead>>, asked: Option<Box<str>>) -> Self {
        Self { io: io.into(), asked }
    }
}

impl Layer for TlsLayer {
    fn peer(&self) -> Option<SocketAddr> {
        self.io.get_ref().0.stream().peer()
    }

    fn local(&self) -> Option<SocketAddr> {
        self.io.get_ref().0.stream().local()
    }

    fn tls(&self) -> Option<TlsFacts> {
        match &self.io {
            TlsStream::Client(client) => facts(client.get_ref().1, self.asked.as_deref()),
            TlsStream::Server(server) => {
                let session = server.get_ref().1;
                facts(session, session.server_name())
            }
        }
    }

    fn has_news(&self) -> bool {
        let wants_more = match &self.io {
            TlsStream::Client(client) => client.get_ref().1.wants_read(),
            TlsStream::Server(server) => server.get_ref().1.wants_read(),
        };
        // Who wants no more has decrypted something that was not read yet, or is at its end.
        !wants_more || self.io.get_ref().0.has_news()
    }

    fn reset_on_drop(&self) -> io::Result<()> {
        self.io.get_ref().0.stream().reset_on_drop()
    }
}

impl AsyncRead for TlsLayer {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl AsyncWrite for TlsLayer {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, data)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}
