//! An open connection, plain or in layers, that loses no byte read too early.

use std::io::Read as _;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use std::{fmt, io};

use bytes::{Buf, Bytes};
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

use crate::direct::{Look, Socket, look_of_thread};
use crate::home::Home;

/// What wraps a connection: TLS, or anything else that carries bytes over another [`Stream`].
pub trait Layer: AsyncRead + AsyncWrite + fmt::Debug + Send + Sync + Unpin {
    /// The address at the far end of the socket below.
    fn peer(&self) -> Option<SocketAddr>;

    /// The address at this end of the socket below.
    fn local(&self) -> Option<SocketAddr>;

    /// What the outermost TLS layer agreed on.
    fn tls(&self) -> Option<TlsFacts>;

    /// As [`Stream::has_news`]; a layer over a [`Stream`] hands it down. Default: it may have.
    fn has_news(&self) -> bool {
        true
    }

    /// As [`Stream::reset_on_drop`]; a layer over a [`Stream`] hands it down. Default: nothing.
    ///
    /// # Errors
    ///
    /// The socket does not take the setting.
    fn reset_on_drop(&self) -> io::Result<()> {
        Ok(())
    }
}

/// What a TLS handshake agreed on.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TlsFacts {
    /// The protocol, for example `TLSv1_3`.
    pub version: String,
    /// The cipher suite, for example `TLS13_AES_128_GCM_SHA256`.
    pub cipher: String,
    /// The application protocol chosen by ALPN, for example `http/1.1`.
    pub alpn: Option<String>,
    /// The name the client asked for (SNI, RFC 6066), if any.
    pub server_name: Option<String>,
    /// Whether an earlier session was resumed, in which no certificate is sent again.
    pub resumed: bool,
    /// The certificates the peer showed, its own first, in DER; empty when it showed none.
    /// A resumed session has those of the session it resumes.
    pub peer_chain: Vec<Bytes>,
}

impl TlsFacts {
    /// Facts about a full handshake without a server name and without certificates.
    #[must_use]
    pub fn new(version: String, cipher: String, alpn: Option<String>) -> Self {
        let (server_name, peer_chain) = (None, Vec::new());
        Self { version, cipher, alpn, server_name, resumed: false, peer_chain }
    }
}

/// An open connection: a socket, possibly in layers, and the bytes that came too early.
#[derive(Debug)]
pub struct Stream {
    early: Bytes,
    io: Io,
    home: Home,
    tunnel: bool,
}

#[derive(Debug)]
enum Io {
    Direct(Socket),
    Layered(Box<dyn Layer>),
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

/// Tells whether anything came to a [`Stream`] that somebody else holds.
#[derive(Debug)]
pub struct Watch(crate::direct::News);

impl Watch {
    /// Whether something waits to be read, as [`Stream::has_news`] tells it.
    #[must_use]
    pub fn has_news(&self) -> bool {
        self.0.is_there()
    }
}

impl Stream {
    /// A connection by `socket`; on the thread of a caller that blocks, one that waits without a
    /// reactor where it can.
    pub(crate) fn opened(socket: TcpStream) -> io::Result<Self> {
        if !Socket::is_wanted() {
            return Ok(socket.into());
        }
        Ok(Self::of(Io::Direct(Socket::take(socket)?)))
    }

    /// A connection through `layer`.
    #[must_use]
    pub fn layered(layer: impl Layer + 'static) -> Self {
        Self::of(Io::Layered(Box::new(layer)))
    }

    fn of(io: Io) -> Self {
        Self { early: Bytes::new(), io, home: Home::here(), tunnel: false }
    }

    /// Puts `early` in front of what is read next; a proxy's answer may carry such bytes.
    #[must_use]
    pub fn with_early(self, early: Bytes) -> Self {
        if early.is_empty() {
            return self;
        }
        let early = if self.early.is_empty() { early } else { [early, self.early].concat().into() };
        Self { early, ..self }
    }

    /// The same connection as one to somebody behind its peer, who is a proxy. TLS ends at the
    /// proxy then, so [`Self::tls`] tells of it no longer.
    #[must_use]
    pub fn into_tunnel(self) -> Self {
        Self { tunnel: true, ..self }
    }

    /// The address at the far end of the socket: the target's, or the first proxy's. A unix socket
    /// has none.
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        match &self.io {
            Io::Direct(socket) => socket.io().peer_addr().ok(),
            Io::Layered(layer) => layer.peer(),
            Io::Tcp(socket) => socket.peer_addr().ok(),
            #[cfg(unix)]
            Io::Unix(_) => None,
        }
    }

    /// The address at this end of the socket. A unix socket has none.
    #[must_use]
    pub fn local(&self) -> Option<SocketAddr> {
        match &self.io {
            Io::Direct(socket) => socket.io().local_addr().ok(),
            Io::Layered(layer) => layer.local(),
            Io::Tcp(socket) => socket.local_addr().ok(),
            #[cfg(unix)]
            Io::Unix(_) => None,
        }
    }

    /// What TLS agreed on, when the connection is encrypted to its end.
    #[must_use]
    pub fn tls(&self) -> Option<TlsFacts> {
        match &self.io {
            _ if self.tunnel => None,
            Io::Layered(layer) => layer.tls(),
            Io::Direct(_) | Io::Tcp(_) => None,
            #[cfg(unix)]
            Io::Unix(_) => None,
        }
    }

    /// Whether something waits to be read below every layer: bytes, an end or a failure. Asks the
    /// socket itself, without a turn of the runtime; for those who keep idle connections, to which
    /// nobody should write. TLS may have sent itself something that is no data.
    #[must_use]
    pub fn has_news(&self) -> bool {
        let mut byte = [MaybeUninit::uninit()];
        let looked = match &self.io {
            _ if !self.early.is_empty() => return true,
            Io::Direct(socket) => return socket.has_news(),
            Io::Layered(layer) => return layer.has_news(),
            Io::Tcp(socket) => SockRef::from(socket).peek(&mut byte),
            #[cfg(unix)]
            Io::Unix(socket) => SockRef::from(socket).peek(&mut byte),
        };
        looked.map_or_else(|cause| cause.kind() != io::ErrorKind::WouldBlock, |_| true)
    }

    /// What tells of [`Self::has_news`] while somebody else holds the stream; none where that would
    /// cost more than to poll the stream: on a socket of the reactor, which has told already, and
    /// in a layer.
    #[must_use]
    pub fn watch(&self) -> Option<Watch> {
        match &self.io {
            Io::Direct(socket) if self.early.is_empty() => Some(Watch(socket.watch())),
            _ => None,
        }
    }

    /// Makes the coming drop a reset (RST, RFC 9293 section 3.10.7.4): the peer sees a cut and not
    /// an end, and what is not sent yet is thrown away. For those who pass a cut on.
    ///
    /// # Errors
    ///
    /// The socket does not take the setting, as a unix socket, which has no reset; dropping then
    /// ends the connection as ever.
    pub fn reset_on_drop(&self) -> io::Result<()> {
        match &self.io {
            Io::Direct(socket) => SockRef::from(socket.io()).set_linger(Some(Duration::ZERO)),
            Io::Layered(layer) => layer.reset_on_drop(),
            Io::Tcp(socket) => socket.set_zero_linger(),
            #[cfg(unix)]
            Io::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

#[cfg(test)]
impl Stream {
    /// The socket, which a test waits for.
    fn io_tcp(&self) -> &TcpStream {
        match &self.io {
            Io::Tcp(socket) => socket,
            other => panic!("no socket: {other:?}"),
        }
    }

    /// Whether it waits without a reactor where it can.
    #[cfg(feature = "blocking")]
    pub(crate) fn is_direct(&self) -> bool {
        matches!(self.io, Io::Direct(_))
    }

    /// The bare socket, for a look at its options.
    pub(crate) fn into_tcp(self) -> Option<TcpStream> {
        match self.io {
            Io::Tcp(socket) => Some(socket),
            _ => None,
        }
    }
}

impl From<TcpStream> for Stream {
    fn from(socket: TcpStream) -> Self {
        Self::of(Io::Tcp(socket))
    }
}

#[cfg(unix)]
impl From<UnixStream> for Stream {
    fn from(socket: UnixStream) -> Self {
        Self::of(Io::Unix(socket))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.early.is_empty() && buffer.remaining() > 0 {
            let ready = self.early.len().min(buffer.remaining());
            buffer.put_slice(&self.early[..ready]);
            self.early.advance(ready);
            return Poll::Ready(Ok(()));
        }
        match &mut self.io {
            Io::Direct(socket) => Pin::new(socket).poll_read(context, buffer),
            Io::Layered(layer) => Pin::new(layer).poll_read(context, buffer),
            Io::Tcp(socket) => {
                let told = Pin::new(socket).poll_read(context, buffer);
                self.or_looked_at(told, buffer)
            }
            #[cfg(unix)]
            Io::Unix(socket) => {
                let told = Pin::new(socket).poll_read(context, buffer);
                self.or_looked_at(told, buffer)
            }
        }
    }
}

impl Stream {
    /// What the reactor told, or what the socket has when somebody looks at it.
    fn or_looked_at(
        &mut self,
        told: Poll<io::Result<()>>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let (true, Some(look)) = (told.is_pending(), look_of_thread()) else { return told };
        let moves = self.home.is_elsewhere();
        if moves {
            self.come_home()?;
        }
        match &self.io {
            Io::Tcp(socket) if moves || look == Look::Anew => ask(&SockRef::from(socket), buffer),
            #[cfg(unix)]
            Io::Unix(socket) if moves || look == Look::Anew => ask(&SockRef::from(socket), buffer),
            _ => told,
        }
    }

    /// Has the runtime of the caller tell of the socket. Nobody waits for it meanwhile.
    fn come_home(&mut self) -> io::Result<()> {
        match &mut self.io {
            Io::Tcp(socket) => {
                let same = SockRef::from(&*socket).try_clone()?;
                *socket = TcpStream::from_std(same.into())?;
            }
            #[cfg(unix)]
            Io::Unix(socket) => {
                let same = SockRef::from(&*socket).try_clone()?;
                *socket = UnixStream::from_std(same.into())?;
            }
            Io::Direct(_) | Io::Layered(_) => {}
        }
        self.home = Home::here();
        Ok(())
    }
}

/// Reads what `socket` has, although the reactor has not told of it.
fn ask(mut socket: &socket2::Socket, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
    let nothing = |cause: &io::Error| cause.kind() == io::ErrorKind::WouldBlock;
    // Most of the time nothing is there, for which no buffer has to be zeroed.
    if socket.peek(&mut [MaybeUninit::uninit()]).is_err_and(|cause| nothing(&cause)) {
        return Poll::Pending;
    }
    match socket.read(buffer.initialize_unfilled()) {
        Ok(count) => {
            buffer.advance(count);
            Poll::Ready(Ok(()))
        }
        Err(cause) if nothing(&cause) => Poll::Pending,
        Err(cause) => Poll::Ready(Err(cause)),
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.io {
            Io::Direct(socket) => Pin::new(socket).poll_write(context, data),
            Io::Layered(layer) => Pin::new(layer).poll_write(context, data),
            Io::Tcp(socket) => Pin::new(socket).poll_write(context, data),
            #[cfg(unix)]
            Io::Unix(socket) => Pin::new(socket).poll_write(context, data),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match &mut self.io {
            Io::Direct(socket) => Pin::new(socket).poll_write_vectored(context, pieces),
            Io::Layered(layer) => Pin::new(layer).poll_write_vectored(context, pieces),
            Io::Tcp(socket) => Pin::new(socket).poll_write_vectored(context, pieces),
            #[cfg(unix)]
            Io::Unix(socket) => Pin::new(socket).poll_write_vectored(context, pieces),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.io {
            Io::Direct(socket) => socket.is_write_vectored(),
            Io::Layered(layer) => layer.is_write_vectored(),
            Io::Tcp(socket) => socket.is_write_vectored(),
            #[cfg(unix)]
            Io::Unix(socket) => socket.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.io {
            Io::Direct(socket) => Pin::new(socket).poll_flush(context),
            Io::Layered(layer) => Pin::new(layer).poll_flush(context),
            Io::Tcp(socket) => Pin::new(socket).poll_flush(context),
            #[cfg(unix)]
            Io::Unix(socket) => Pin::new(socket).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.io {
            Io::Direct(socket) => Pin::new(socket).poll_shutdown(context),
            Io::Layered(layer) => Pin::new(layer).poll_shutdown(context),
            Io::Tcp(socket) => Pin::new(socket).poll_shutdown(context),
            #[cfg(unix)]
            Io::Unix(socket) => Pin::new(socket).poll_shutdown(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use std::io::Write as _;
    use std::task::Waker;

    use super::*;
    use crate::{look, look_anew};

    #[tokio::test]
    async fn a_drop_can_be_a_reset() {
        for reset in [false, true] {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let opening = TcpStream::connect(listener.local_addr().unwrap());
            let (socket, accepted) = tokio::join!(opening, listener.accept());
            let stream = Stream::from(socket.unwrap());
            if reset {
                stream.reset_on_drop().unwrap();
            }
            drop(stream);
            let end = accepted.unwrap().0.read_u8().await.unwrap_err().kind();
            let cut = [io::ErrorKind::UnexpectedEof, io::ErrorKind::ConnectionReset];
            assert_eq!(end, cut[usize::from(reset)]);
        }
    }

    #[tokio::test]
    async fn news_are_seen_at_once_and_stay() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let opening = TcpStream::connect(listener.local_addr().unwrap());
        let (socket, accepted) = tokio::join!(opening, listener.accept());
        let (mut peer, mut stream) = (accepted.unwrap().0, Stream::from(socket.unwrap()));
        assert!(!stream.has_news());
        peer.write_all(b"x").await.unwrap();
        stream.io_tcp().readable().await.unwrap();
        assert!(stream.has_news() && stream.has_news());
        assert_eq!(stream.read_u8().await.unwrap(), b'x');
        assert!(!stream.has_news());
        drop(peer);
        assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
        assert!(stream.has_news());
        assert!(stream.with_early(Bytes::from_static(b"y")).has_news());
    }

    /// The runtime has no turn between what the peer does and the look.
    #[tokio::test]
    async fn who_looks_anew_needs_no_turn_of_the_runtime() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let opening = TcpStream::connect(listener.local_addr().unwrap());
        let (socket, accepted) = tokio::join!(opening, listener.accept());
        let mut stream = Stream::from(socket.unwrap());
        let mut peer = accepted.unwrap().0.into_std().unwrap();
        let mut context = Context::from_waker(Waker::noop());
        let mut read = |anew| {
            let (mut memory, stream) = ([0; 9], &mut stream);
            let mut buffer = ReadBuf::new(&mut memory);
            let poll = |context: &mut Context<'_>| Pin::new(stream).poll_read(context, &mut buffer);
            let seen = if anew { look_anew(&mut context, poll) } else { look(&mut context, poll) };
            seen.map(|outcome| outcome.map(|()| buffer.filled().to_vec()).unwrap())
        };
        assert_eq!([read(false), read(true)], [Poll::Pending, Poll::Pending]);
        peer.write_all(b"late").unwrap();
        assert_eq!(read(false), Poll::Pending);
        assert_eq!(read(true), Poll::Ready(b"late".to_vec()));
        drop(peer);
        assert_eq!(read(false), Poll::Pending);
        assert_eq!(read(true), Poll::Ready(Vec::new()));
    }

    #[tokio::test]
    async fn early_bytes_come_before_the_rest() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let opening = TcpStream::connect(listener.local_addr().unwrap());
        let (socket, accepted) = tokio::join!(opening, listener.accept());
        let (mut peer, _) = accepted.unwrap();
        peer.write_all(b"rest").await.unwrap();
        drop(peer);
        let stream = Stream::from(socket.unwrap());
        let mut stream =
            stream.with_early(Bytes::from_static(b"ly ")).with_early(Bytes::from_static(b"ear"));
        let mut all = String::new();
        stream.read_to_string(&mut all).await.unwrap();
        assert_eq!(all, "early rest");
    }
}
