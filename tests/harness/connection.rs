//! One accepted connection, plain or under TLS.

use std::{
    fmt, io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// A client's connection as a server of the harness sees it; read and write it with tokio's traits.
pub struct Connection {
    io: Io,
    index: usize,
    peer: SocketAddr,
}

enum Io {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Connection {
    pub(crate) async fn open(
        tcp: TcpStream,
        peer: SocketAddr,
        tls: Option<Arc<ServerConfig>>,
        index: usize,
    ) -> io::Result<Self> {
        tcp.set_nodelay(true)?;
        let io = match tls {
            None => Io::Plain(tcp),
            Some(config) => Io::Tls(Box::new(TlsAcceptor::from(config).accept(tcp).await?)),
        };
        Ok(Self { io, index, peer })
    }

    /// The number of this connection among those its server accepted, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// The client's address.
    #[must_use]
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// The name that the client sent in its TLS greeting; none without TLS, and none for an IP address.
    #[must_use]
    pub fn server_name(&self) -> Option<&str> {
        match &self.io {
            Io::Plain(_) => None,
            Io::Tls(tls) => tls.get_ref().1.server_name(),
        }
    }

    /// Whether the client showed a certificate.
    #[must_use]
    pub fn has_client_certificate(&self) -> bool {
        match &self.io {
            Io::Plain(_) => false,
            Io::Tls(tls) => tls.get_ref().1.peer_certificates().is_some(),
        }
    }

    /// Whether the connection is under TLS.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        matches!(self.io, Io::Tls(_))
    }

    /// Ends the connection with a TCP reset, which discards what was not delivered yet.
    ///
    /// # Errors
    ///
    /// The socket refuses the option.
    pub fn reset(self) -> io::Result<()> {
        self.tcp().set_zero_linger()
    }

    /// Throws away what has arrived and was not read, so that closing sends FIN and not RST.
    pub(crate) fn discard_unread(&self) {
        let mut scrap = [0; 4096];
        while matches!(self.tcp().try_read(&mut scrap), Ok(1..)) {}
    }

    fn tcp(&self) -> &TcpStream {
        match &self.io {
            Io::Plain(tcp) => tcp,
            Io::Tls(tls) => tls.get_ref().0,
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("index", &self.index)
            .field("peer", &self.peer)
            .field("tls", &self.is_tls())
            .finish()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.get_mut().io {
            Io::Plain(tcp) => Pin::new(tcp).poll_read(cx, buffer),
            Io::Tls(tls) => Pin::new(tls).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().io {
            Io::Plain(tcp) => Pin::new(tcp).poll_write(cx, bytes),
            Io::Tls(tls) => Pin::new(tls).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().io {
            Io::Plain(tcp) => Pin::new(tcp).poll_flush(cx),
            Io::Tls(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().io {
            Io::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Io::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}
