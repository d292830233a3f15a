//! What a client asks a SOCKS proxy for.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// What a client of a SOCKS proxy said, also when it was turned away.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SocksRequest {
    /// Where it wants to go; none when it did not come to that.
    pub address: Option<Address>,
    /// The number of its connection, from 0.
    pub connection: usize,
    /// The name and password it gave (SOCKS5).
    pub credentials: Option<(String, String)>,
    /// The methods it offered, in order (SOCKS5).
    pub methods: Vec<u8>,
    /// The port it wants to go to.
    pub port: u16,
    /// The user id it gave (SOCKS4).
    pub user_id: Option<String>,
}

/// A target's host, as the client sent it: whether a name was resolved on the way can be seen.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Address {
    /// A host name.
    Name(String),
    /// An IPv4 address.
    V4(Ipv4Addr),
    /// An IPv6 address.
    V6(Ipv6Addr),
}

impl SocksRequest {
    pub(super) fn new(connection: usize) -> Self {
        let (methods, port) = (Vec::new(), 0);
        Self { address: None, connection, credentials: None, methods, port, user_id: None }
    }

    /// The target in a word: `name db.test:5432`, `ipv4 127.0.0.1:80`, `ipv6 [::1]:80`, or `nothing`.
    #[must_use]
    pub fn asked(&self) -> String {
        let port = self.port;
        match &self.address {
            None => "nothing".to_owned(),
            Some(Address::Name(name)) => format!("name {name}:{port}"),
            Some(Address::V4(ip)) => format!("ipv4 {ip}:{port}"),
            Some(Address::V6(ip)) => format!("ipv6 [{ip}]:{port}"),
        }
    }
}

impl From<[u8; 4]> for Address {
    fn from(octets: [u8; 4]) -> Self {
        Self::V4(octets.into())
    }
}

impl From<[u8; 16]> for Address {
    fn from(octets: [u8; 16]) -> Self {
        Self::V6(octets.into())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::V4(ip) => IpAddr::from(*ip).fmt(f),
            Self::V6(ip) => IpAddr::from(*ip).fmt(f),
        }
    }
}
