//! Ports behind which nobody answers: one that refuses, one where connecting hangs.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time,
};

/// A port that refuses connections, and that nobody else can take meanwhile.
#[derive(Debug)]
pub struct RefusingPort {
    socket: TcpSocket,
}

impl RefusingPort {
    /// Takes a port of 127.0.0.1 without listening on it.
    ///
    /// # Panics
    ///
    /// The system has no port left.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it takes a port of the system")]
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket can be had");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a loopback port can be had");
        Self { socket }
    }

    /// The address that refuses.
    ///
    /// # Panics
    ///
    /// Never: the socket is bound.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.socket.local_addr().expect("a bound socket has an address")
    }
}

/// A port whose queue of waiting connections is full: connecting to it neither succeeds nor fails.
///
/// Linux and macOS drop what does not fit into the queue; Windows refuses it, so there is no such port there.
#[derive(Debug)]
pub struct HungPort {
    address: SocketAddr,
    _listener: TcpListener,
    _waiting: Vec<TcpStream>,
}

impl HungPort {
    /// Listens without ever accepting, and fills the queue.
    ///
    /// # Panics
    ///
    /// The queue cannot be filled.
    pub async fn start() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket can be had");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a loopback port can be had");
        let listener = socket.listen(1).expect("a bound socket can listen");
        let address = listener.local_addr().expect("a bound socket has an address");
        let mut waiting = Vec::new();
        // Loopback connects in microseconds: one that has not by then never will.
        while let Ok(client) = time::timeout(PATIENCE, TcpStream::connect(address)).await {
            waiting.push(client.expect("a listening port does not refuse"));
            assert!(waiting.len() < 1000, "the queue of waiting connections does not fill up");
        }
        Self { address, _listener: listener, _waiting: waiting }
    }

    /// The address where connecting hangs.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

const PATIENCE: Duration = Duration::from_millis(300);
