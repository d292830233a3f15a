//! From a name to addresses.

use std::net::SocketAddr;

use crate::{Deadline, Dialer, Error, ErrorKind, Phase, Target};

/// The addresses of `target` in the order in which they are tried, as [`Dialer::addresses`] gives
/// them without any setting.
///
/// # Errors
///
/// [`ErrorKind::Resolve`], [`ErrorKind::Timeout`] or [`ErrorKind::Cancelled`].
pub async fn resolve(target: &Target, deadline: &Deadline) -> Result<Vec<SocketAddr>, Error> {
    Dialer::new().addresses(target, deadline).await
}

/// The addresses of `target` in the resolver's order; an address is returned as it is.
pub(crate) async fn look_up(
    target: &Target,
    deadline: &Deadline,
) -> Result<Vec<SocketAddr>, Error> {
    if let Some(address) = target.address() {
        return Ok(vec![address]);
    }
    let lookup = tokio::net::lookup_host((target.host(), target.port()));
    let found = deadline.run(Phase::Resolve, lookup).await.map_err(|error| error.on(target))?;
    let failed = || Error::new(ErrorKind::Resolve).in_phase(Phase::Resolve).on(target);
    let addresses: Vec<_> = found.map_err(|cause| failed().because(cause))?.collect();
    if addresses.is_empty() { Err(failed()) } else { Ok(addresses) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_literal_is_not_looked_up() {
        let target: Target = "[::1]:80".parse().unwrap();
        let found = resolve(&target, &Deadline::after(std::time::Duration::ZERO)).await;
        assert_eq!(found.unwrap(), ["[::1]:80".parse().unwrap()]);
    }

    #[tokio::test]
    async fn a_name_without_an_address_is_named() {
        let target: Target = "no-such-host.invalid:80".parse().unwrap();
        let deadline = Deadline::after(std::time::Duration::from_secs(20));
        let error = resolve(&target, &deadline).await.unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Resolve, Some(Phase::Resolve)));
        assert!(error.to_string().contains("no-such-host.invalid:80"), "{error}");
    }
}
