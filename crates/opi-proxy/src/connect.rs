//! Walks a route, proxy by proxy, under one deadline.

use opi_net::{Deadline, Dialer, Stream, Target, Timings, timed};

use crate::{Error, ErrorKind, Hop, Protocol, Route, names};
use http_connect::Rounds;

/// Opens a connection to `target` along `route`.
///
/// # Errors
///
/// What the network answered ([`ErrorKind::Net`]), or what a proxy
/// answered, with the proxy named.
///
/// # Cancel safety
///
/// Dropping the future closes what was opened.
pub async fn connect(route: &Route, target: &Target, deadline: &Deadline) -> Result<Stream, Error> {
    connect_by(&Dialer::new(), route, target, deadline).await
}

/// Opens a connection to `target` along `route`; `dialer` opens the socket to the first proxy, and
/// looks up the names that no proxy looks up.
///
/// # Errors
///
/// Those of [`connect`].
///
/// # Cancel safety
///
/// Dropping the future closes what was opened.
pub async fn connect_by(
    dialer: &Dialer,
    route: &Route,
    target: &Target,
    deadline: &Deadline,
) -> Result<Stream, Error> {
    connect_timed(dialer, route, target, deadline, &mut Timings::default()).await
}

/// As [`connect_by`]; how long the phases took is added to `timings`.
///
/// # Errors
///
/// Those of [`connect`].
///
/// # Cancel safety
///
/// Dropping the future closes what was opened.
pub async fn connect_timed(
    dialer: &Dialer,
    route: &Route,
    target: &Target,
    deadline: &Deadline,
    timings: &mut Timings,
) -> Result<Stream, Error> {
    names::check(route.hops(), target)?;
    let mut walk = Walk { dialer, deadline, timings };
    let mut rounds: Vec<_> = route.hops().iter().map(|_| Rounds::default()).collect();
    loop {
        match walk.once(route.hops(), target, &mut rounds).await? {
            Opened::Tunnel(stream) => return Ok(stream),
            // Each proxy asks twice at most, so this ends.
            Opened::Closed => tracing::debug!(%route, "a proxy closed to ask for the login"),
        }
    }
}

/// Opens a connection to the last proxy of `route` itself, under TLS when it wants it: the stream
/// that requests to be forwarded are written to.
///
/// # Errors
///
/// Those of [`connect`].
///
/// # Cancel safety
///
/// Dropping the future closes what was opened.
pub async fn connect_to_proxy(
    dialer: &Dialer,
    before: &Route,
    proxy: &Hop,
    deadline: &Deadline,
) -> Result<Stream, Error> {
    to_proxy_timed(dialer, before, proxy, deadline, &mut Timings::default()).await
}

/// As [`connect_to_proxy`]; how long the phases took is added to `timings`.
pub(crate) async fn to_proxy_timed(
    dialer: &Dialer,
    before: &Route,
    proxy: &Hop,
    deadline: &Deadline,
    timings: &mut Timings,
) -> Result<Stream, Error> {
    let stream = connect_timed(dialer, before, proxy.target(), deadline, timings).await;
    let stream = stream.map_err(|error| error.at(proxy))?;
    let encrypting = proxy.encryption().apply(stream, proxy.target(), deadline);
    let encrypted = timed(&mut timings.proxy, encrypting).await;
    encrypted.map_err(|error| Error::from(error).at(proxy))
}

/// Has the proxy at the other end of `stream` open the way to `target`; for streams that were
/// opened by other means. TLS to the proxy, when `proxy` wants it, comes first.
///
/// # Errors
///
/// Those of [`connect`]; a proxy that closes the connection when it asks for the login cannot be
/// asked again ([`ErrorKind::Auth`]).
///
/// # Cancel safety
///
/// Dropping the future closes `stream`.
pub async fn connect_over(
    stream: Stream,
    proxy: &Hop,
    target: &Target,
    deadline: &Deadline,
) -> Result<Stream, Error> {
    let timings = &mut Timings::default();
    let mut walk = Walk { dialer: &Dialer::new(), deadline, timings };
    let opened = walk.open(proxy, stream, target, &mut Rounds::default()).await;
    match opened.map_err(|error| error.at(proxy).towards(target))? {
        Opened::Tunnel(stream) => Ok(stream.into_tunnel()),
        Opened::Closed => {
            let error = Error::new(ErrorKind::Auth).at(proxy).towards(target);
            Err(error.detail("the proxy closed the connection when it asked for the login"))
        }
    }
}

/// What came of asking a proxy.
pub(crate) enum Opened {
    /// The proxy closed the connection, and is to be asked again on another.
    Closed,
    /// The way is open.
    Tunnel(Stream),
}

/// What all steps of one walk share.
struct Walk<'a> {
    dialer: &'a Dialer,
    deadline: &'a Deadline,
    timings: &'a mut Timings,
}

impl Walk<'_> {
    async fn once(
        &mut self,
        hops: &[Hop],
        target: &Target,
        rounds: &mut [Rounds],
    ) -> Result<Opened, Error> {
        let Some(first) = hops.first() else {
            return Ok(Opened::Tunnel(self.dial(target).await?));
        };
        let opening = self.dial(first.target()).await;
        let mut stream = opening.map_err(|error| Error::from(error).at(first))?;
        let beyond = hops.iter().skip(1).map(Hop::target).chain([target]);
        for ((hop, next), rounds) in hops.iter().zip(beyond).zip(rounds) {
            // Apart: it is large, and a direct way is not to move it.
            let opened = Box::pin(self.open(hop, stream, next, rounds)).await;
            let opened = opened.map_err(|error| error.at(hop).towards(next));
            let opened = opened
                .map_err(|error| if next == target { error } else { error.before_the_target() })?;
            let Opened::Tunnel(through) = opened else { return Ok(Opened::Closed) };
            stream = through.into_tunnel();
            tracing::debug!(proxy = %hop, target = %next, "proxy opened");
        }
        Ok(Opened::Tunnel(stream))
    }

    async fn dial(&mut self, target: &Target) -> Result<Stream, opi_net::Error> {
        self.dialer.connect_timed(target, self.deadline, self.timings).await
    }

    /// Has the proxy at the other end of `stream` open the way to `next`.
    async fn open(
        &mut self,
        hop: &Hop,
        stream: Stream,
        next: &Target,
        rounds: &mut Rounds,
    ) -> Result<Opened, Error> {
        let asking = names::asked(hop, next, self.dialer, self.deadline);
        // What cannot be asked for is found out before anything is sent.
        let asked = timed(&mut self.timings.resolve, asking).await?;
        timed(&mut self.timings.proxy, ask(hop, stream, &asked, rounds, self.deadline)).await
    }
}

async fn ask(
    hop: &Hop,
    stream: Stream,
    asked: &Target,
    rounds: &mut Rounds,
    deadline: &Deadline,
) -> Result<Opened, Error> {
    let stream = hop.encryption().apply(stream, hop.target(), deadline).await?;
    match hop.protocol() {
        Protocol::Http => http_connect::open(hop, stream, asked, rounds, deadline).await,
        Protocol::Socks4 | Protocol::Socks4a => {
            socks4::open(hop, stream, asked, deadline).await.map(Opened::Tunnel)
        }
        Protocol::Socks5 => socks5::open(hop, stream, asked, deadline).await.map(Opened::Tunnel),
    }
}

#[cfg(feature = "http")]
use crate::http_connect;
#[cfg(feature = "socks4")]
use crate::socks4;
#[cfg(feature = "socks5")]
use crate::socks5;

#[cfg(not(feature = "http"))]
mod http_connect {
    use opi_net::{Deadline, Stream, Target};

    use super::{Error, Hop, Opened};

    /// No proxy is asked twice.
    #[derive(Default)]
    pub(super) struct Rounds(());

    pub(super) async fn open(
        hop: &Hop,
        stream: Stream,
        next: &Target,
        _rounds: &mut Rounds,
        deadline: &Deadline,
    ) -> Result<Opened, Error> {
        super::left_out(hop, stream, next, deadline).await.map(Opened::Tunnel)
    }
}

#[cfg(not(feature = "socks4"))]
mod socks4 {
    pub(super) use super::left_out as open;
}

#[cfg(not(feature = "socks5"))]
mod socks5 {
    pub(super) use super::left_out as open;
}

#[cfg(not(all(feature = "http", feature = "socks4", feature = "socks5")))]
async fn left_out(
    hop: &Hop,
    _stream: Stream,
    _next: &Target,
    _deadline: &Deadline,
) -> Result<Stream, Error> {
    let detail = format!("{} proxies are left out of this build", hop.protocol().scheme());
    Err(Error::new(ErrorKind::BadRequest).detail(detail))
}
