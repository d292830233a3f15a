//! Whom to talk to: a host as the user wrote it, and a port.

mod ascii;
mod parse;

use std::fmt;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};

pub use parse::ParseTargetError;

/// A host, kept as it was written, and a port.
///
/// The name is never replaced by an address: SNI, certificates and proxies need it. An IPv6
/// address may have a zone (RFC 4007), which means something on this machine alone and is no part
/// of the host.
///
/// ```
/// use opi_net::Target;
///
/// let target: Target = "db.test:5432".parse()?;
/// assert_eq!((target.host(), target.port()), ("db.test", 5432));
/// assert_eq!("[::1]:80".parse::<Target>()?.host(), "::1");
/// let near: Target = "[fe80::1%eth0]:80".parse()?;
/// assert_eq!((near.host(), near.zone()), ("fe80::1", Some("eth0")));
/// # Ok::<(), opi_net::ParseTargetError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Target {
    host: Box<str>,
    zone: Option<Box<str>>,
    port: u16,
}

impl Target {
    /// A target from its parts; brackets around an IPv6 address are taken off, and its zone is set
    /// apart. `%25` in front of a zone is read as the `%` of a URL (RFC 6874).
    ///
    /// # Errors
    ///
    /// The host is empty, longer than 255 bytes, or holds a character no host may hold; the zone
    /// is empty, longer than 64 bytes, or has others than letters, digits and `-._~`.
    pub fn new(host: &str, port: u16) -> Result<Self, ParseTargetError> {
        let (host, zone) = parse::host(host)?;
        Ok(Self { host: host.into(), zone: zone.map(Into::into), port })
    }

    /// The host, without brackets and without a zone: what certificates, proxies and lists of
    /// hosts are to know. See [`Self::ascii_host`] for a host in other letters.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The zone of an IPv6 address: the name or the number of an interface of this machine.
    #[must_use]
    pub fn zone(&self) -> Option<&str> {
        self.zone.as_deref()
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address, when the host is one and no name has to be looked up. A zone that is a number
    /// is the scope of the address; one that is a name gives no scope before it is looked up.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        match self.ip()? {
            IpAddr::V6(ip) => {
                let scope = self.zone().and_then(|zone| zone.parse().ok()).unwrap_or(0);
                Some(SocketAddrV6::new(ip, self.port, 0, scope).into())
            }
            ip => Some(SocketAddr::new(ip, self.port)),
        }
    }

    /// An address in letters of another width is one by the URL standard.
    fn ip(&self) -> Option<IpAddr> {
        if self.host.is_ascii() {
            return self.host.parse().ok();
        }
        self.ascii_host().ok()?.parse().ok()
    }
}

impl From<SocketAddr> for Target {
    fn from(address: SocketAddr) -> Self {
        let scope = match address {
            SocketAddr::V6(address) => address.scope_id(),
            SocketAddr::V4(_) => 0,
        };
        let zone = (scope != 0).then(|| scope.to_string().into());
        Self { host: address.ip().to_string().into(), zone, port: address.port() }
    }
}

/// As it is parsed: `host:port`, `[address]:port` or `[address%zone]:port`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, zone, port } = self;
        match zone {
            // Without the longer form the zone's own 25 would be taken for a part of it.
            Some(zone) if zone.starts_with("25") => write!(f, "[{host}%25{zone}]:{port}"),
            Some(zone) => write!(f, "[{host}%{zone}]:{port}"),
            None if host.contains(':') => write!(f, "[{host}]:{port}"),
            None => write!(f, "{host}:{port}"),
        }
    }
}
