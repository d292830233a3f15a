//! How a server listens, and its limits.

use std::net::SocketAddr;
use std::time::Duration;

/// Where a server listens, and its limits.
///
/// ```
/// use opi_tcp_server::Config;
///
/// let config = Config::new("127.0.0.1:0".parse()?).max_connections(10);
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) address: SocketAddr,
    pub(crate) max_connections: usize,
    pub(crate) max_unread: usize,
    pub(crate) linger: Duration,
}

impl Config {
    /// Listens on `address`; port 0 lets the system choose one, which the server reports.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            max_connections: 100,
            max_unread: 1024 * 1024,
            linger: Duration::from_secs(30),
        }
    }

    /// The most connections at a time, at least 1; one more is closed at once. Default: 100.
    pub fn max_connections(self, max_connections: usize) -> Self {
        Self { max_connections: max_connections.max(1), ..self }
    }

    /// The most bytes of one connection kept until they are taken, at least 1; beyond it the peer
    /// has to wait. Default: 1 MiB.
    pub fn max_unread(self, max_unread: usize) -> Self {
        Self { max_unread: max_unread.max(1), ..self }
    }

    /// How long a peer that has finished sending can still be answered once its last bytes are
    /// taken; less when its place is needed for a new peer. Default: 30 s.
    pub fn linger(self, linger: Duration) -> Self {
        Self { linger, ..self }
    }
}
