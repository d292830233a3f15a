//! The encrypted connection as a layer over the one below.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::client::TlsStream;

use crate::{Layer, Stream, TlsFacts};

/// TLS over a [`Stream`]. A close without `close_notify` reads as an error, never as an end.
#[derive(Debug)]
pub(super) struct TlsLayer(TlsStream<Stream>);

impl TlsLayer {
    pub(super) fn new(stream: TlsStream<Stream>) -> Self {
        Self(stream)
    }
}

impl Layer for TlsLayer {
    fn peer(&self) -> Option<SocketAddr> {
        self.0.get_ref().0.peer()
    }

    fn local(&self) -> Option<SocketAddr> {
        self.0.get_ref().0.local()
    }

    fn tls(&self) -> Option<TlsFacts> {
        let session = self.0.get_ref().1;
        let version = session.protocol_version()?.as_str()?.to_owned();
        let cipher = session.negotiated_cipher_suite()?.suite().as_str()?.to_owned();
        let alpn = session.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned());
        Some(TlsFacts::new(version, cipher, alpn))
    }

    fn reset_on_drop(&self) -> io::Result<()> {
        self.0.get_ref().0.reset_on_drop()
    }
}

impl AsyncRead for TlsLayer {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for TlsLayer {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, data)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
