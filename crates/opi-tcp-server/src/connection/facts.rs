//! What is known about a connection.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use opi_net::TlsFacts;

use super::Connection;
use crate::{ConnectionId, End};

/// What is known about a connection.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ConnectionFacts {
    /// Its number.
    pub id: ConnectionId,
    /// The address of the peer; behind a trusted proxy, of the proxy's client.
    pub peer: SocketAddr,
    /// The address of the proxy that told [`Self::peer`] by the PROXY protocol.
    pub via: Option<SocketAddr>,
    /// The address of this server that the peer, or the proxy, connected to.
    pub local: SocketAddr,
    /// What TLS agreed on, when the connection is encrypted.
    pub tls: Option<TlsFacts>,
    /// When it was let in.
    pub since: SystemTime,
    /// The time since a byte came or went.
    pub quiet: Duration,
    /// The bytes that came, those taken included.
    pub received: u64,
    /// The bytes that went.
    pub sent: u64,
    /// Whether more may come from the peer.
    pub can_read: bool,
    /// Whether the peer can be sent to.
    pub can_write: bool,
    /// The bytes that came and were not taken yet.
    pub unread: usize,
    /// The bytes that are queued and have not gone yet.
    pub unsent: usize,
    /// The tags that its owner gave it, in alphabetical order.
    pub tags: Vec<String>,
    /// Why nothing more comes, when that is so.
    pub end: Option<End>,
}

impl Connection {
    pub(crate) fn facts(&self) -> ConnectionFacts {
        let state = self.state();
        ConnectionFacts {
            id: self.id,
            peer: self.origin.peer,
            via: self.origin.via,
            local: self.origin.local,
            tls: self.origin.tls.as_deref().cloned(),
            since: self.since,
            quiet: state.active.elapsed(),
            received: state.received,
            sent: state.sent,
            can_read: state.can_read,
            can_write: state.can_write,
            unread: state.unread.len(),
            unsent: state.outbox.len(),
            tags: state.tags.clone(),
            end: state.end.clone(),
        }
    }
}
