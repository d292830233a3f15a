//! How a server listens, whom it lets in, and its limits.

mod admission;
mod check;
mod limits;
mod listening;
mod times;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use opi_framing::Codec;

pub(crate) use self::admission::{Admission, Refusal};
pub use self::admission::{ProxyProtocol, Untrusted, WhenFull};
pub(crate) use self::limits::Limits;
pub use self::listening::Ipv6;
pub(crate) use self::listening::Listening;
pub(crate) use self::times::{Standing, Times, Verdict};
use crate::log::Journal;
use crate::{Network, ServerTls};

/// Where a server listens, whom it lets in, and its limits.
///
/// ```
/// use opi_tcp_server::{Config, WhenFull};
/// use std::time::Duration;
///
/// let config = Config::new("127.0.0.1:0".parse()?)
///     .and("[::1]:0".parse()?)
///     .max_connections(10)
///     .when_full(WhenFull::Evict)
///     .idle_timeout(Duration::from_secs(600));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) listening: Listening,
    pub(crate) admission: Admission,
    pub(crate) limits: Limits,
    pub(crate) times: Times,
    pub(crate) codec: Option<Codec>,
    pub(crate) tls: Option<ServerTls>,
    pub(crate) journal: Option<Journal>,
}

impl Config {
    /// Listens on `address`; port 0 lets the system choose one, which the server reports.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            listening: Listening::new(address),
            admission: Admission::default(),
            limits: Limits::default(),
            times: Times::default(),
            codec: None,
            tls: None,
            journal: None,
        }
    }

    /// Listens on `port` of 127.0.0.1, where only this machine can connect.
    pub fn loopback(port: u16) -> Self {
        Self::new(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))
    }

    /// Listens on `address` as well. Port 0 gives each address a port of its own.
    pub fn and(mut self, address: SocketAddr) -> Self {
        self.listening.addresses.push(address);
        self
    }

    /// Whether a listener on `[::]` takes IPv4 connections too. Default: [`Ipv6::Only`].
    pub fn ipv6(mut self, ipv6: Ipv6) -> Self {
        self.listening.ipv6 = ipv6;
        self
    }

    /// The most connections that the system keeps until they are accepted; it may have a lower
    /// limit of its own. Default: 1,024.
    pub fn backlog(mut self, backlog: u16) -> Self {
        self.listening.backlog = backlog.max(1);
        self
    }

    /// The most connections at a time, at least 1, those in a handshake included.
    /// [`Self::when_full`] says what happens to one more. Default: 100.
    pub fn max_connections(mut self, max_connections: usize) -> Self {
        self.admission.max_connections = max_connections.max(1);
        self
    }

    /// What happens to a new connection when there are [`Self::max_connections`].
    /// Default: [`WhenFull::Refuse`].
    pub fn when_full(mut self, when_full: WhenFull) -> Self {
        self.admission.when_full = when_full;
        self
    }

    /// The most connections of one peer's address, at least 1; one more is closed at once.
    /// Default: no limit but [`Self::max_connections`].
    pub fn max_per_address(mut self, max_per_address: usize) -> Self {
        self.admission.max_per_address = max_per_address.max(1);
        self
    }

    /// Lets in only peers of these networks; several calls add up. Default: everybody.
    ///
    /// With [`Self::proxy_protocol`] it is the real peer's address that counts.
    pub fn allow(mut self, networks: impl IntoIterator<Item = Network>) -> Self {
        self.admission.allowed.get_or_insert_default().extend(networks);
        self
    }

    /// Takes the PROXY protocol from trusted proxies. Default: from nobody.
    pub fn proxy_protocol(mut self, proxy_protocol: ProxyProtocol) -> Self {
        self.admission.proxy_protocol = Some(proxy_protocol);
        self
    }

    /// The most bytes of one connection kept until they are taken, at least 1; beyond it the peer
    /// has to wait. Default: 1 MiB.
    ///
    /// With a codec whose messages may be longer, the codec's limit counts instead.
    pub fn max_unread(mut self, max_unread: usize) -> Self {
        self.limits.max_unread = max_unread.max(1);
        self
    }

    /// The most bytes of all connections together kept until they are taken. Default: 256 MiB.
    /// With a codec there must be room for its longest message.
    ///
    /// The first 4 KiB of each connection do not count, so that nobody can keep the others out:
    /// the true bound is this and 4 KiB for each of [`Self::max_connections`].
    pub fn max_unread_total(mut self, max_unread_total: usize) -> Self {
        self.limits.max_unread_total = max_unread_total;
        self
    }

    /// The most bytes of one connection that wait in the queue of
    /// [`Server::queue`](crate::Server::queue), at least 1; 4,096 pieces at most. Default: 1 MiB.
    pub fn max_unsent(mut self, max_unsent: usize) -> Self {
        self.limits.max_unsent = max_unsent.max(1);
        self
    }

    /// How long a peer that has finished sending can still be answered once its last bytes are
    /// taken, and after each byte that goes to it; an answer on its way is not cut. Less when its
    /// place is needed for a new peer. Default: 30 s.
    pub fn linger(mut self, linger: Duration) -> Self {
        self.times.linger = linger;
        self
    }

    /// Closes a connection when for so long no byte came or went, and nothing waits to be taken
    /// or sent; more than 0. Default: never.
    pub fn idle_timeout(mut self, idle_timeout: Duration) -> Self {
        self.times.idle = Some(idle_timeout);
        self
    }

    /// How long the header of the PROXY protocol and the TLS handshake may take together,
    /// more than 0. Default: 10 s.
    pub fn handshake_timeout(mut self, handshake_timeout: Duration) -> Self {
        self.times.handshake = handshake_timeout;
        self
    }

    /// With a codec: how long a message may take from its first byte to its last, more than
    /// 0; then the connection is closed. Default: 60 s.
    pub fn message_timeout(mut self, message_timeout: Duration) -> Self {
        self.times.message = message_timeout;
        self
    }

    /// How long queued bytes may wait while the peer takes none; then the connection is closed.
    /// Default: 30 s. Sends have the deadline of their caller.
    pub fn write_timeout(mut self, write_timeout: Duration) -> Self {
        self.times.write = write_timeout;
        self
    }

    /// After how long a silence the system asks whether the peer still lives, in whole seconds
    /// from 1 to 32,767; it asks each 15 s then, and ends the connection after 4 questions without
    /// an answer. Default: 60 s.
    pub fn keepalive(mut self, keepalive: Duration) -> Self {
        self.times.keepalive = keepalive;
        self
    }

    /// How messages are told apart; bytes come and go as whole messages then.
    /// Default: none, bytes come as they are.
    pub fn codec(mut self, codec: Codec) -> Self {
        self.codec = Some(codec);
        self
    }

    /// Encrypts every connection; who the server is and whom it asks for a certificate is said
    /// there. Default: plain TCP.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: ServerTls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Logs into `journal`: listening, connections that come, are refused and end, and failures;
    /// at the level debug also how many bytes came and went. Never the bytes. Default: no journal.
    #[cfg(feature = "journal")]
    pub fn journal(mut self, journal: Journal) -> Self {
        self.journal = Some(journal);
        self
    }

    /// The gap that ends a message of the codec.
    pub(crate) fn gap(&self) -> Option<Duration> {
        self.codec.as_ref().and_then(Codec::gap)
    }
}
