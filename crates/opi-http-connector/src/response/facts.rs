//! How an answer came.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use opi_net::TlsFacts;

/// How an answer came, or how far a request got.
#[non_exhaustive]
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Facts {
    /// Whether the connection had served before.
    pub reused: bool,
    /// The number of the connection within its session, from 1; 0 when none was opened.
    pub id: u64,
    /// The address at the far end of the socket: the server's, or the first proxy's.
    pub peer: Option<SocketAddr>,
    /// The address at this end of the socket.
    pub local: Option<SocketAddr>,
    /// The protocol of the answer, `HTTP/1.1` or `HTTP/1.0`; empty without an answer.
    pub protocol: &'static str,
    /// What TLS agreed on, for `https`.
    pub tls: Option<Arc<TlsFacts>>,
    /// The time from the call to the last byte, over all redirects and tries.
    pub elapsed: Duration,
    /// The phases of the last request.
    pub timings: Timings,
    /// The bytes of the last request as sent, head included, before TLS.
    pub sent: u64,
    /// The bytes of the last answer as received, head included, after TLS.
    pub received: u64,
}

/// How long each phase of a request took; zero for what was not needed.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Timings {
    /// Waiting for a connection of the pool to come free.
    pub queue: Duration,
    /// Looking up names here.
    pub resolve: Duration,
    /// Opening sockets.
    pub connect: Duration,
    /// Talking to proxies.
    pub proxy: Duration,
    /// The TLS handshake with the server.
    pub tls: Duration,
    /// From the beginning of sending to the head of the answer.
    pub first_byte: Duration,
    /// From the head of the answer to its last byte.
    pub receive: Duration,
}

impl Timings {
    pub(crate) fn opening(opening: &opi_net::Timings) -> Self {
        Self {
            resolve: opening.resolve,
            connect: opening.connect,
            proxy: opening.proxy,
            tls: opening.tls,
            ..Self::default()
        }
    }
}
