//! Echo servers: every byte comes back as it came, on any number of connections.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    connection::Connection,
    handshakes::Handshakes,
    listen::Listen,
    service::{Incoming, Service, Stop},
};

/// An echo server; it knows nothing of lines, and answers a half-closed client to the last byte.
///
/// ```
/// use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let echo = harness::EchoServer::start().await;
/// let mut client = tokio::net::TcpStream::connect(echo.address()).await.unwrap();
/// client.write_all(b"hi").await.unwrap();
/// let mut answer = [0; 2];
/// client.read_exact(&mut answer).await.unwrap();
/// assert_eq!(&answer, b"hi");
/// echo.finish().await;
/// # });
/// ```
#[derive(Debug)]
pub struct EchoServer {
    service: Service,
    handshakes: Handshakes,
}

impl EchoServer {
    /// Starts a plain echo server on 127.0.0.1.
    pub async fn start() -> Self {
        Self::start_on(Listen::plain()).await
    }

    /// Starts an echo server that listens as told.
    pub async fn start_on(listen: Listen) -> Self {
        let handshakes = Handshakes::default();
        let shared = handshakes.clone();
        let serve = move |incoming| serve(incoming, shared.clone());
        Self { service: Service::start("echo server", &listen, serve), handshakes }
    }

    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.service.address()
    }

    /// How many connections have been accepted.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.service.accepted()
    }

    /// The server names that the TLS clients sent, in the order of their handshakes.
    #[must_use]
    pub fn server_names(&self) -> Vec<Option<String>> {
        self.handshakes.server_names()
    }

    /// The TLS handshakes that did not come to pass; refusing a certificate is a client's right.
    #[must_use]
    pub fn handshake_failures(&self) -> Vec<String> {
        self.handshakes.failures()
    }

    /// Waits for the first TLS handshake that does not come to pass, and says why.
    ///
    /// # Panics
    ///
    /// All of them succeed.
    pub async fn handshake_failure(&self) -> String {
        self.handshakes.first_failure().await
    }

    /// Stops listening, closes the open connections in good order, and fails the test if any failed.
    pub async fn finish(self) {
        self.service.finish().await;
    }
}

async fn serve(incoming: Incoming, handshakes: Handshakes) -> Result<(), String> {
    let stop = incoming.stop.clone();
    if let Some(connection) = handshakes.open(incoming).await? {
        echo(connection, stop).await;
    }
    Ok(())
}

/// Echoes until the client ends or the server is finished; a client that vanishes is not a failure.
async fn echo(mut connection: Connection, mut stop: Stop) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = tokio::select! {
            read = connection.read(&mut buffer) => read.unwrap_or(0),
            () = stop.wait() => 0,
        };
        if read == 0 {
            break;
        }
        let written = tokio::select! {
            written = connection.write_all(&buffer[..read]) => written,
            () = stop.wait() => break,
        };
        if written.is_err() {
            return;
        }
    }
    connection.shutdown().await.ok();
}
