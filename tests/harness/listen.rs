//! Where and how a server of the harness listens: loopback only, port 0 only, plain or under TLS.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpSocket};

use crate::WATCHDOG;

/// How a server listens; every server of the harness takes one.
///
/// ```
/// use harness::{Ca, Listen};
///
/// let ca = Ca::new();
/// let listen = Listen::tls(ca.issue(&["localhost"]).server_config()).v6();
/// ```
#[derive(Clone, Debug)]
pub struct Listen {
    pub(crate) tls: Option<Arc<ServerConfig>>,
    pub(crate) watchdog: Duration,
    receive_buffer: Option<u32>,
    v6: bool,
}

impl Listen {
    /// Plain TCP on 127.0.0.1.
    #[must_use]
    pub fn plain() -> Self {
        Self { tls: None, watchdog: WATCHDOG, receive_buffer: None, v6: false }
    }

    /// TLS on 127.0.0.1.
    #[must_use]
    pub fn tls(config: Arc<ServerConfig>) -> Self {
        Self { tls: Some(config), ..Self::plain() }
    }

    /// Listens on `::1` instead.
    #[must_use]
    pub fn v6(self) -> Self {
        Self { v6: true, ..self }
    }

    /// Gives each connection a receive buffer of about `bytes`, so that a client's writes fill it soon.
    #[must_use]
    pub fn receive_buffer(self, bytes: u32) -> Self {
        Self { receive_buffer: Some(bytes), ..self }
    }

    /// How long one step may wait. Default: [`WATCHDOG`].
    #[must_use]
    pub fn watchdog(self, watchdog: Duration) -> Self {
        Self { watchdog, ..self }
    }

    pub(crate) fn bind(&self) -> io::Result<TcpListener> {
        let (socket, address): (_, SocketAddr) = match self.v6 {
            true => (TcpSocket::new_v6()?, (Ipv6Addr::LOCALHOST, 0).into()),
            false => (TcpSocket::new_v4()?, (Ipv4Addr::LOCALHOST, 0).into()),
        };
        if let Some(bytes) = self.receive_buffer {
            socket.set_recv_buffer_size(bytes)?;
        }
        socket.bind(address)?;
        socket.listen(1024)
    }
}
