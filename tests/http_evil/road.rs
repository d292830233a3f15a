//! The ways a request takes to the server: plain, under TLS, and through proxies, whose part the
//! server plays itself on the same socket, so that a reset stays a reset.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// The way a request takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Road {
    /// TLS within a tunnel of an HTTP proxy.
    Connect,
    Direct,
    Socks4a,
    Socks5,
    Tls,
}

impl Road {
    pub(crate) fn is_encrypted(self) -> bool {
        matches!(self, Self::Connect | Self::Tls)
    }

    /// The proxies, in the words of a route.
    pub(crate) fn route(self, server: SocketAddr) -> String {
        match self {
            Self::Connect => format!("http://{server}"),
            Self::Direct | Self::Tls => "direct".to_owned(),
            Self::Socks4a => format!("socks4a://{server}"),
            Self::Socks5 => format!("socks5://{server}"),
        }
    }

    /// The server in the URL: by its address, or by a name that the proxy alone can look up.
    pub(crate) fn server(self, server: SocketAddr) -> String {
        match self {
            Self::Connect | Self::Direct | Self::Socks5 | Self::Tls => server.to_string(),
            Self::Socks4a => format!("{NAME}:{}", server.port()),
        }
    }

    /// Plays the proxy's part and shakes hands.
    pub(crate) async fn enter(
        self,
        mut socket: TcpStream,
        tls: Arc<ServerConfig>,
    ) -> io::Result<Io> {
        match self {
            Self::Connect => {
                until(&mut socket, b"\r\n\r\n").await?;
                socket.write_all(b"HTTP/1.1 200 Open\r\n\r\n").await?;
            }
            Self::Direct | Self::Tls => {}
            Self::Socks4a => {
                // Version, command, port and address; then the user; then the name, which an
                // address that begins 0.0.0 announces. R07 leads to port 1 of an address.
                let mut asked = [0; 8];
                socket.read_exact(&mut asked).await?;
                until(&mut socket, b"\0").await?;
                if asked[2..] != [0, 1, 127, 0, 0, 1] {
                    assert_eq!(asked[4..7], [0; 3], "no name was asked for");
                    let name = until(&mut socket, b"\0").await?;
                    assert_eq!(name.strip_suffix(b"\0"), Some(NAME.as_bytes()));
                }
                socket.write_all(&[0, 90, 0, 0, 0, 0, 0, 0]).await?;
            }
            Self::Socks5 => {
                let mut greeting = [0; 2];
                socket.read_exact(&mut greeting).await?;
                socket.read_exact(&mut vec![0; greeting[1].into()]).await?;
                socket.write_all(&[5, 0]).await?;
                // The targets are IPv4 addresses here, or names.
                let mut asked = [0; 4];
                socket.read_exact(&mut asked).await?;
                let length = if asked[3] == 1 { 4 } else { socket.read_u8().await? };
                socket.read_exact(&mut vec![0; usize::from(length) + 2]).await?;
                socket.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
            }
        }
        match self.is_encrypted() {
            true => Ok(Io::Tls(Box::new(TlsAcceptor::from(tls).accept(socket).await?))),
            false => Ok(Io::Plain(socket)),
        }
    }
}

/// The server's name on the road that has one. No resolver knows it.
const NAME: &str = "evil.invalid";

/// Reads up to and with `end`, and no byte more.
pub(crate) async fn until(io: &mut (impl AsyncRead + Unpin), end: &[u8]) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    while !read.ends_with(end) {
        read.push(io.read_u8().await?);
    }
    Ok(read)
}

/// A connection, plain or under TLS.
pub(crate) enum Io {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Io {
    /// Resets the connection.
    pub(crate) fn reset(self) {
        let socket = match &self {
            Self::Plain(socket) => socket,
            Self::Tls(tls) => tls.get_ref().0,
        };
        socket.set_zero_linger().unwrap();
    }
}

impl AsyncRead for Io {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Plain(socket) => Pin::new(socket).poll_read(context, buffer),
            Self::Tls(tls) => Pin::new(tls).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Io {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut *self {
            Self::Plain(socket) => Pin::new(socket).poll_write(context, data),
            Self::Tls(tls) => Pin::new(tls).poll_write(context, data),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Plain(socket) => Pin::new(socket).poll_flush(context),
            Self::Tls(tls) => Pin::new(tls).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Plain(socket) => Pin::new(socket).poll_shutdown(context),
            Self::Tls(tls) => Pin::new(tls).poll_shutdown(context),
        }
    }
}
