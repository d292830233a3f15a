//! What a proxy is asked for: the target's name, or one of its addresses.

use std::net::SocketAddr;

use opi_net::{Deadline, Dialer, Target};

use crate::{Error, ErrorKind, Hop, Names, Protocol};

/// Finds out, before anything is sent, whether each proxy of a route can be told of the next one
/// and the last of the target.
pub(crate) fn check(hops: &[Hop], target: &Target) -> Result<(), Error> {
    let beyond = hops.iter().skip(1).map(Hop::target).chain([target]);
    hops.iter()
        .zip(beyond)
        .try_for_each(|(hop, next)| sayable(hop, next).map_err(|error| error.at(hop).towards(next)))
}

fn sayable(hop: &Hop, next: &Target) -> Result<(), Error> {
    let four = matches!(hop.protocol(), Protocol::Socks4 | Protocol::Socks4a);
    if four && next.address().is_some_and(|address| address.is_ipv6()) {
        return Err(bad("SOCKS4 has no IPv6 addresses; use SOCKS5"));
    }
    next.ascii_host()?;
    Ok(())
}

/// What to ask the proxy for, to get to `next`.
pub(crate) async fn asked(
    hop: &Hop,
    next: &Target,
    dialer: &Dialer,
    deadline: &Deadline,
) -> Result<Target, Error> {
    sayable(hop, next)?;
    let four = matches!(hop.protocol(), Protocol::Socks4 | Protocol::Socks4a);
    let here = hop.who_looks_up() == Names::Here || hop.protocol() == Protocol::Socks4;
    if next.address().is_some() || !here {
        return Ok(next.clone());
    }
    let found = dialer.addresses(next, deadline).await?;
    let usable = |address: &SocketAddr| !four || address.is_ipv4();
    let first = found.into_iter().find(usable).map(Target::from);
    first.ok_or_else(|| bad("the name has no IPv4 address, and SOCKS4 needs one"))
}

fn bad(detail: &str) -> Error {
    Error::new(ErrorKind::BadRequest).detail(detail)
}
