//! From a target to an open connection.

mod attempt;
mod failure;
mod family;
mod overrides;
mod race;
mod tcp_options;
#[cfg(unix)]
mod unix;

#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
#[cfg(unix)]
use std::path::Path;

use crate::resolve::look_up;
use crate::{Deadline, Error, ParseTargetError, Phase, Stream, Target, Timings, timed};
use attempt::Attempt;
use overrides::Overrides;
use race::{Tried, race};
use unix::Place;

pub use family::Family;
pub use tcp_options::{Keepalive, Nagle, TcpOptions};

/// How sockets are opened: where to look for a target, from where to connect, and with which
/// options; one value serves many connections. Equal ones open them alike.
///
/// A target keeps its name whatever is set here: TLS, certificates and proxies see what the user
/// wrote. Behind proxies these settings are those of the socket to the first proxy.
///
/// ```
/// use opi_net::{Deadline, Dialer, Family, Target};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let peer = std::net::TcpListener::bind("127.0.0.1:0")?;
/// # let port = peer.local_addr()?.port();
/// let dialer = Dialer::new()
///     .resolve("db.test", ["127.0.0.1".parse()?])?
///     .family(Family::Ipv4Only);
/// let target = Target::new("db.test", port)?;
/// let stream = dialer.connect(&target, &Deadline::after(Duration::from_secs(5))).await?;
/// assert_eq!(stream.peer(), Some(([127, 0, 0, 1], port).into()));
/// # Ok(())
/// # }
/// ```
#[must_use]
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Dialer {
    family: Family,
    local: Option<SocketAddr>,
    overrides: Overrides,
    place: Place,
    tcp: TcpOptions,
}

impl Dialer {
    /// Whatever the name servers say, from any local address, with [`TcpOptions::new`].
    pub fn new() -> Self {
        Self::default()
    }

    /// Reaches `host`, on every port, at `addresses`, and asks no name server for it. Names are
    /// compared without case, in their ASCII form and without a final dot. A later call replaces
    /// an earlier one for the same host; an empty list makes the host unreachable.
    ///
    /// # Errors
    ///
    /// `host` is no host.
    pub fn resolve(
        self,
        host: &str,
        addresses: impl IntoIterator<Item = IpAddr>,
    ) -> Result<Self, ParseTargetError> {
        let target = Target::new(host, 0)?;
        let addresses = addresses.into_iter().collect();
        Ok(Self { overrides: self.overrides.resolve(&target, None, addresses), ..self })
    }

    /// The same for one port: that of `target`. It goes before [`Self::resolve`].
    pub fn resolve_port(
        self,
        target: &Target,
        addresses: impl IntoIterator<Item = IpAddr>,
    ) -> Self {
        let (port, addresses) = (Some(target.port()), addresses.into_iter().collect());
        Self { overrides: self.overrides.resolve(target, port, addresses), ..self }
    }

    /// Connects to `other` whenever `target` is asked for; the name of `target` is still the one
    /// that TLS sends and checks. `other` may be overridden by [`Self::resolve`], not by this.
    pub fn connect_to(self, target: &Target, other: Target) -> Self {
        Self { overrides: self.overrides.connect_to(target, other), ..self }
    }

    /// The family of addresses that is used, or comes first. Default: [`Family::Any`].
    pub fn family(self, family: Family) -> Self {
        Self { family, ..self }
    }

    /// The address to connect from; port 0 lets the system choose the port. Only addresses of the
    /// same family are tried. Default: the system chooses both.
    pub fn local_address(self, address: impl Into<SocketAddr>) -> Self {
        Self { local: Some(address.into()), ..self }
    }

    /// The options of TCP sockets. Default: [`TcpOptions::new`].
    pub fn tcp(self, tcp: TcpOptions) -> Self {
        Self { tcp, ..self }
    }

    /// Opens the unix socket at `path`, whatever the target is; everything about addresses and TCP
    /// has no part in it. On Linux a path that begins with NUL is an abstract name.
    /// Default: none.
    #[cfg(unix)]
    pub fn unix_socket(self, path: impl AsRef<Path>) -> Self {
        Self { place: Place::at(path.as_ref()), ..self }
    }

    /// Opens a connection straight to `target`.
    ///
    /// The name is looked up, and its addresses race (RFC 8305): each gets 250 ms before the next
    /// is tried beside it, and every address is tried.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Resolve`](crate::ErrorKind::Resolve),
    /// [`ErrorKind::BadHost`](crate::ErrorKind::BadHost),
    /// [`ErrorKind::Refused`](crate::ErrorKind::Refused) when every address refused,
    /// [`ErrorKind::LocalAddress`](crate::ErrorKind::LocalAddress),
    /// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported),
    /// [`ErrorKind::Connect`](crate::ErrorKind::Connect),
    /// [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) or
    /// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled). The cause tells what each address
    /// answered.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes every attempt.
    pub async fn connect(&self, target: &Target, deadline: &Deadline) -> Result<Stream, Error> {
        self.connect_timed(target, deadline, &mut Timings::default()).await
    }

    /// As [`Self::connect`]; how long the phases took is added to `timings`.
    ///
    /// # Errors
    ///
    /// As [`Self::connect`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes every attempt.
    pub async fn connect_timed(
        &self,
        target: &Target,
        deadline: &Deadline,
        timings: &mut Timings,
    ) -> Result<Stream, Error> {
        let stream = match timed(&mut timings.connect, self.place.open(deadline)).await {
            Some(opened) => opened.map_err(|error| error.on(target))?,
            None => self.race(target, deadline, timings).await?,
        };
        let elapsed_ms = deadline.elapsed().as_millis() as u64;
        tracing::debug!(%target, peer = ?stream.peer(), elapsed_ms, "connected");
        Ok(stream)
    }

    async fn race(
        &self,
        target: &Target,
        deadline: &Deadline,
        timings: &mut Timings,
    ) -> Result<Stream, Error> {
        let addresses = timed(&mut timings.resolve, self.addresses(target, deadline)).await?;
        let attempt = Attempt { local: self.local, tcp: self.tcp };
        let mut tried = Tried::default();
        let racing = race(addresses, |address| attempt.open(address), &mut tried);
        match timed(&mut timings.connect, deadline.run(Phase::Connect, racing)).await {
            Ok(Some(socket)) => {
                let failed = |cause| Error::from_io(cause, Phase::Connect).on(target);
                Stream::opened(socket).map_err(failed)
            }
            Ok(None) => Err(failure::failed(target, self.local, &tried)),
            Err(ended) => Err(failure::ended(ended.on(target), &tried)),
        }
    }

    /// The addresses that [`Self::connect`] tries for `target`, in that order.
    ///
    /// # Errors
    ///
    /// As [`Self::connect`], as far as looking up goes.
    pub async fn addresses(
        &self,
        target: &Target,
        deadline: &Deadline,
    ) -> Result<Vec<SocketAddr>, Error> {
        let place = self.overrides.place(target);
        let found = match self.overrides.addresses(place) {
            Some(addresses) => addresses,
            None => look_up(place, deadline).await.map_err(|error| error.on(target))?,
        };
        let ordered = self.family.order(&found);
        let usable = family::from(self.local, &ordered);
        if usable.is_empty() {
            return Err(failure::unusable(target, self.family, self.local, &ordered));
        }
        Ok(usable)
    }
}

/// Opens a plain connection straight to `target`, as [`Dialer::connect`] does without any setting.
///
/// # Errors
///
/// As [`Dialer::connect`].
///
/// # Cancel safety
///
/// Dropping the future closes every attempt.
pub async fn connect(target: &Target, deadline: &Deadline) -> Result<Stream, Error> {
    Dialer::new().connect(target, deadline).await
}

/// Unix sockets are left out where the platform has none.
#[cfg(not(unix))]
mod unix {
    use crate::{Deadline, Error, Stream};

    #[derive(Clone, Debug, Default, Eq, PartialEq)]
    pub(super) struct Place;

    impl Place {
        pub(super) async fn open(&self, _deadline: &Deadline) -> Option<Result<Stream, Error>> {
            None
        }
    }
}
