//! From a name to addresses, in the order in which they are tried.

use std::net::SocketAddr;

use crate::{Deadline, Error, ErrorKind, Phase, Target};

/// Looks up the addresses of `target`: the resolver's order, with the two families taking turns
/// (RFC 8305 section 4). An address is returned as it is.
///
/// # Errors
///
/// [`ErrorKind::Resolve`], [`ErrorKind::Timeout`] or [`ErrorKind::Cancelled`].
pub async fn resolve(target: &Target, deadline: &Deadline) -> Result<Vec<SocketAddr>, Error> {
    if let Some(address) = target.address() {
        return Ok(vec![address]);
    }
    let lookup = tokio::net::lookup_host((target.host(), target.port()));
    let found = deadline.run(Phase::Resolve, lookup).await.map_err(|error| error.on(target))?;
    let failed = || Error::new(ErrorKind::Resolve).in_phase(Phase::Resolve).on(target);
    let addresses = interleave(found.map_err(|cause| failed().because(cause))?);
    if addresses.is_empty() { Err(failed()) } else { Ok(addresses) }
}

/// Lets the families take turns, beginning with the resolver's first choice.
fn interleave(addresses: impl Iterator<Item = SocketAddr>) -> Vec<SocketAddr> {
    let all: Vec<_> = addresses.collect();
    let first_is_v6 = all.first().is_some_and(SocketAddr::is_ipv6);
    let (ours, theirs): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let (mut ours, mut theirs) = (ours.into_iter(), theirs.into_iter());
    let mut ordered = Vec::new();
    loop {
        let pair = [ours.next(), theirs.next()];
        if pair == [None, None] {
            return ordered;
        }
        ordered.extend(pair.into_iter().flatten());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &[&str], expected: &[&str]) {
        let parse = |list: &[&str]| -> Vec<SocketAddr> {
            list.iter().map(|text| text.parse().unwrap()).collect()
        };
        assert_eq!(interleave(parse(given).into_iter()), parse(expected));
    }

    #[test]
    fn families_take_turns_and_no_address_is_lost() {
        check(&[], &[]);
        check(&["[::1]:1", "[::2]:1", "1.1.1.1:1"], &["[::1]:1", "1.1.1.1:1", "[::2]:1"]);
        check(
            &["1.1.1.1:1", "[::1]:1", "2.2.2.2:1", "3.3.3.3:1"],
            &["1.1.1.1:1", "[::1]:1", "2.2.2.2:1", "3.3.3.3:1"],
        );
    }

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
