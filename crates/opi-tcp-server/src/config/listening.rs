//! Where a server listens.

use std::net::SocketAddr;

#[derive(Clone, Debug)]
pub(crate) struct Listening {
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) ipv6: Ipv6,
    pub(crate) backlog: u16,
}

impl Listening {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { addresses: vec![address], ipv6: Ipv6::Only, backlog: 1024 }
    }
}

/// What a listener on an IPv6 address takes.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ipv6 {
    /// IPv4 connections too, where the system can; their peers show as `::ffff:a.b.c.d`.
    Dual,
    /// IPv6 only, on every system; a listener on IPv4 may have the same port.
    Only,
}
