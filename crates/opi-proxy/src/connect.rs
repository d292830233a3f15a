//! Walks a route, proxy by proxy, under one deadline.

use opi_net::{Deadline, Stream, Target};

use crate::{Error, Hop, Protocol, Route};

/// Opens a connection to `target` along `route`.
///
/// # Errors
///
/// What the network answered ([`ErrorKind::Net`](crate::ErrorKind::Net)), or what a proxy
/// answered, with the proxy named.
///
/// # Cancel safety
///
/// Dropping the future closes what was opened.
pub async fn connect(route: &Route, target: &Target, deadline: &Deadline) -> Result<Stream, Error> {
    let Some(first) = route.hops().first() else {
        return opi_net::connect(target, deadline).await.map_err(Error::from);
    };
    let opening = opi_net::connect(first.target(), deadline).await;
    let mut stream = opening.map_err(|error| Error::from(error).at(first))?;
    let beyond = route.hops().iter().skip(1).map(Hop::target).chain([target]);
    for (hop, next) in route.hops().iter().zip(beyond) {
        let opened = open(hop, stream, next, deadline).await;
        stream = opened.map_err(|error| error.at(hop).towards(next))?;
        tracing::debug!(proxy = %hop, target = %next, "proxy opened");
    }
    Ok(stream)
}

/// Has the proxy at the other end of `stream` open the way to `next`.
async fn open(
    hop: &Hop,
    stream: Stream,
    next: &Target,
    deadline: &Deadline,
) -> Result<Stream, Error> {
    match hop.protocol() {
        Protocol::Http => http_connect::open(hop, stream, next, deadline).await,
        Protocol::Socks4 | Protocol::Socks4a => socks4::open(hop, stream, next, deadline).await,
        Protocol::Socks5 => socks5::open(hop, stream, next, deadline).await,
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
    pub(super) use super::left_out as open;
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
    Err(Error::new(crate::ErrorKind::BadRequest).detail(detail))
}
