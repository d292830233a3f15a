//! Whose certificates are accepted.

use crate::tls::{Certificates, Pin};

/// Whose certificates are accepted.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub enum Trust {
    /// Anyone's: the connection is encrypted and open to whoever sits in the middle.
    DangerousAnyone,
    /// Exactly these certificates, whatever names they hold and whoever signed them: for servers
    /// with a certificate that signs itself. They must be in their time.
    Exactly(Certificates),
    /// Only those issued by these roots.
    Only(Certificates),
    /// Those whose key has one of these pins, whatever else they say: no name, no time and no
    /// issuer is checked. To check pins besides all that, see [`Tls::pins`](super::Tls::pins).
    Pinned(Vec<Pin>),
    /// Those issued by a root of the system's store; when the store is empty, by one of Mozilla's
    /// roots, which are built in.
    System,
    /// Those that [`Trust::System`] accepts, and those issued by these roots.
    SystemAnd(Certificates),
}

/// The name that a server's certificate must have.
#[non_exhaustive]
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Name {
    /// Any: every owner of a certificate of a trusted issuer can stand in the middle.
    DangerousAny,
    /// The target's host (RFC 9525).
    #[default]
    Host,
    /// This host name or address, which is then sent as well.
    Other(String),
}

/// Whether the server is told the name it is asked for (RFC 6066, section 3). An address is never
/// sent.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Sni {
    /// Nothing is sent, and a server with many names shows its default certificate.
    Hidden,
    /// The name that is checked is sent.
    #[default]
    Sent,
}
