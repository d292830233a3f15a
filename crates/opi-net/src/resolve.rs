//! From a name to addresses.

use std::net::SocketAddr;

use crate::{Deadline, Dialer, Error, ErrorKind, Phase, Target};

/// The addresses of `target` in the order in which they are tried, as [`Dialer::addresses`] gives
/// them without any setting.
///
/// # Errors
///
/// [`ErrorKind::Resolve`], [`ErrorKind::BadHost`], [`ErrorKind::Timeout`] or [`ErrorKind::Cancelled`].
pub async fn resolve(target: &Target, deadline: &Deadline) -> Result<Vec<SocketAddr>, Error> {
    Dialer::new().addresses(target, deadline).await
}

/// The addresses of `target` in the resolver's order; an address is returned as it is.
pub(crate) async fn look_up(
    target: &Target,
    deadline: &Deadline,
) -> Result<Vec<SocketAddr>, Error> {
    let host = match (target.address(), named_zone(target)) {
        // Only the system knows the number of the interface.
        (Some(_), Some(zone)) => format!("{}%{zone}", target.host()),
        (Some(address), None) => return Ok(vec![address]),
        (None, _) => target.ascii_host()?.into_owned(),
    };
    let lookup = tokio::net::lookup_host((host, target.port()));
    let found = deadline.run(Phase::Resolve, lookup).await.map_err(|error| error.on(target))?;
    let failed = || failed(target);
    let addresses: Vec<_> = found.map_err(|cause| failed().because(cause))?.collect();
    if addresses.is_empty() { Err(failed()) } else { Ok(addresses) }
}

/// The zone, when it is the name of an interface and no number.
fn named_zone(target: &Target) -> Option<&str> {
    target.zone().filter(|zone| zone.parse::<u32>().is_err())
}

fn failed(target: &Target) -> Error {
    let error = Error::new(ErrorKind::Resolve).in_phase(Phase::Resolve).on(target);
    match named_zone(target) {
        Some(zone) => error.detail(format!("no interface {zone:?} reaches such an address")),
        None => error,
    }
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

    #[tokio::test]
    async fn a_zone_that_is_no_interface_is_named() {
        let target: Target = "[fe80::1%no-such-if]:80".parse().unwrap();
        let deadline = Deadline::after(std::time::Duration::from_secs(20));
        let error = resolve(&target, &deadline).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Resolve);
        assert!(error.to_string().ends_with("no interface \"no-such-if\" reaches such an address"));
    }

    #[tokio::test]
    async fn a_numbered_zone_is_the_scope() {
        let target: Target = "[fe80::1%7]:80".parse().unwrap();
        let found = resolve(&target, &Deadline::after(std::time::Duration::ZERO)).await;
        assert_eq!(found.unwrap(), ["[fe80::1%7]:80".parse().unwrap()]);
    }

    #[cfg(feature = "idn")]
    #[tokio::test]
    async fn a_name_that_the_rules_forbid_is_not_looked_up() {
        let target: Target = "а..рф:80".parse().unwrap();
        let deadline = Deadline::after(std::time::Duration::ZERO);
        let error = resolve(&target, &deadline).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadHost);
    }
}
