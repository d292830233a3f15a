//! The header of the PROXY protocol, versions 1 and 2: who the client of a proxy really is. Pure.

mod crc32c;
mod v1;
mod v2;

use std::fmt;
use std::net::SocketAddr;

/// A whole header at the front of a connection's bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Header {
    /// The bytes it takes; what follows belongs to the connection.
    pub size: usize,
    /// Who spoke to whom; none when the proxy speaks for itself (`LOCAL`) or does not know
    /// (`UNKNOWN`, unix sockets).
    pub addresses: Option<Addresses>,
}

/// Both ends of the connection that the proxy accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Addresses {
    /// The client.
    pub source: SocketAddr,
    /// What the client connected to.
    pub destination: SocketAddr,
}

/// Why bytes are no header.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BadHeader {
    /// The checksum in the header is not that of its bytes.
    Checksum,
    /// A field is not what the protocol allows in its place.
    Field,
    /// Neither version begins like this.
    Signature,
    /// A header of version 1 has no end within its 107 bytes.
    TooLong,
    /// The version, command or family is none that is known.
    Unknown,
}

impl fmt::Display for BadHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Checksum => "the checksum of the PROXY header is wrong",
            Self::Field => "a field of the PROXY header is wrong",
            Self::Signature => "the connection does not begin with a PROXY header",
            Self::TooLong => "the PROXY header has no end within 107 bytes",
            Self::Unknown => "the version, command or family of the PROXY header is unknown",
        })
    }
}

impl std::error::Error for BadHeader {}

/// The header at the front of `bytes`; nothing while it is not whole.
///
/// Extensions of version 2 are skipped, but for the checksum, which must be right where there is
/// one. A header of version 1 has at most 107 bytes, one of version 2 at most [`LONGEST`].
///
/// # Errors
///
/// The bytes can be no header any more, as soon as that is known.
///
/// ```
/// use opi_tcp_server::proxy_protocol;
///
/// let bytes = b"PROXY TCP4 203.0.113.7 10.0.0.1 54321 443\r\nhello";
/// let header = proxy_protocol::parse(bytes)?.ok_or("not whole")?;
/// assert_eq!(&bytes[header.size..], b"hello");
/// assert_eq!(header.addresses.ok_or("unknown")?.source, "203.0.113.7:54321".parse()?);
/// assert_eq!(proxy_protocol::parse(&bytes[..20])?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse(bytes: &[u8]) -> Result<Option<Header>, BadHeader> {
    if begins(bytes, v2::SIGNATURE) {
        return v2::parse(bytes);
    }
    if begins(bytes, v1::SIGNATURE) {
        return v1::parse(bytes);
    }
    Err(BadHeader::Signature)
}

/// The most bytes a header has: those of version 2 with the longest extensions.
pub const LONGEST: usize = 16 + 65_535;

/// Whether `bytes` begin with `signature`, as far as they go.
fn begins(bytes: &[u8], signature: &[u8]) -> bool {
    let size = bytes.len().min(signature.len());
    bytes[..size] == signature[..size]
}

#[cfg(test)]
mod tests;
