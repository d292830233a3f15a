//! One attempt: a socket with its options, bound if asked for, connected to one address.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpSocket, TcpStream};

use super::TcpOptions;

/// How each socket of a race is opened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt {
    pub(super) local: Option<SocketAddr>,
    pub(super) tcp: TcpOptions,
}

/// Which part of an attempt failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The local address.
    Bind(io::Error),
    /// The connection.
    Connect(io::Error),
    /// An option of the socket.
    Option(io::Error),
}

impl Failure {
    pub(super) fn cause(&self) -> &io::Error {
        match self {
            Self::Bind(cause) | Self::Connect(cause) | Self::Option(cause) => cause,
        }
    }
}

impl Attempt {
    pub(super) async fn open(self, to: SocketAddr) -> Result<TcpStream, Failure> {
        let opened = if to.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
        let socket = opened.map_err(Failure::Connect)?;
        // Before connecting: some systems refuse options on a connection that was reset at once.
        self.tcp.set(&socket).map_err(Failure::Option)?;
        if let Some(local) = self.local {
            bind(&socket, local).map_err(Failure::Bind)?;
        }
        socket.connect(to).await.map_err(Failure::Connect)
    }
}

fn bind(socket: &TcpSocket, local: SocketAddr) -> io::Result<()> {
    // The attempts of a race, and a connection that has just been closed, share a fixed port.
    // Elsewhere than on unix the option would let others take the port over.
    if cfg!(unix) && local.port() != 0 {
        socket.set_reuseaddr(true)?;
    }
    socket.bind(local)
}
