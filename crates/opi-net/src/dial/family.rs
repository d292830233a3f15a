//! Which family of addresses is used, and in which order addresses are tried.

use std::net::SocketAddr;

/// The family of addresses that is used, or comes first.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Family {
    /// Both, beginning with the resolver's first choice.
    #[default]
    Any,
    /// Both, beginning with IPv4.
    Ipv4First,
    /// IPv4 alone.
    Ipv4Only,
    /// Both, beginning with IPv6.
    Ipv6First,
    /// IPv6 alone.
    Ipv6Only,
}

impl Family {
    /// The order in which `found` is tried: the families take turns (RFC 8305 section 4), and
    /// none is tried twice.
    pub(super) fn order(self, found: &[SocketAddr]) -> Vec<SocketAddr> {
        let of = |v6: bool| found.iter().copied().filter(move |address| address.is_ipv6() == v6);
        let first_is_v6 = match self {
            Self::Any => found.first().is_some_and(SocketAddr::is_ipv6),
            Self::Ipv4First | Self::Ipv4Only => false,
            Self::Ipv6First | Self::Ipv6Only => true,
        };
        let both = !matches!(self, Self::Ipv4Only | Self::Ipv6Only);
        let mut ours = of(first_is_v6);
        let mut theirs = of(!first_is_v6).filter(|_| both);
        let mut ordered = Vec::new();
        loop {
            let pair = [ours.next(), theirs.next()];
            if pair == [None, None] {
                return ordered;
            }
            for address in pair.into_iter().flatten() {
                if !ordered.contains(&address) {
                    ordered.push(address);
                }
            }
        }
    }

    /// What a name lacks when none of its addresses is left.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Ipv4Only => "an IPv4 address",
            Self::Ipv6Only => "an IPv6 address",
            Self::Any | Self::Ipv4First | Self::Ipv6First => "an address",
        }
    }
}

/// Those of `addresses` that can be reached from `local`.
pub(super) fn from(local: Option<SocketAddr>, addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let reaches = |to: &&SocketAddr| local.is_none_or(|local| local.is_ipv6() == to.is_ipv6());
    addresses.iter().filter(reaches).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(list: &[&str]) -> Vec<SocketAddr> {
        list.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[track_caller]
    fn check(family: Family, given: &[&str], expected: &[&str]) {
        assert_eq!(family.order(&parse(given)), parse(expected), "{family:?} {given:?}");
    }

    const MIXED: &[&str] = &["1.1.1.1:1", "[::1]:1", "2.2.2.2:1", "3.3.3.3:1", "[::2]:1"];

    #[test]
    fn families_take_turns_and_no_address_is_lost() {
        check(Family::Any, &[], &[]);
        check(
            Family::Any,
            &["[::1]:1", "[::2]:1", "1.1.1.1:1"],
            &["[::1]:1", "1.1.1.1:1", "[::2]:1"],
        );
        let ours = &["1.1.1.1:1", "[::1]:1", "2.2.2.2:1", "[::2]:1", "3.3.3.3:1"];
        check(Family::Any, MIXED, ours);
        check(Family::Ipv4First, MIXED, ours);
        let theirs = &["[::1]:1", "1.1.1.1:1", "[::2]:1", "2.2.2.2:1", "3.3.3.3:1"];
        check(Family::Ipv6First, MIXED, theirs);
        check(Family::Ipv6First, &["1.1.1.1:1"], &["1.1.1.1:1"]);
    }

    #[test]
    fn one_family_alone_leaves_the_other_out() {
        check(Family::Ipv4Only, MIXED, &["1.1.1.1:1", "2.2.2.2:1", "3.3.3.3:1"]);
        check(Family::Ipv6Only, MIXED, &["[::1]:1", "[::2]:1"]);
        check(Family::Ipv6Only, &["1.1.1.1:1"], &[]);
    }

    #[test]
    fn no_address_is_tried_twice() {
        check(Family::Any, &["1.1.1.1:1", "1.1.1.1:1", "[::1]:1"], &["1.1.1.1:1", "[::1]:1"]);
    }

    #[test]
    fn a_local_address_reaches_its_own_family() {
        let all = parse(MIXED);
        assert_eq!(from(None, &all), all);
        assert_eq!(from(Some(([127, 0, 0, 1], 0).into()), &all), Family::Ipv4Only.order(&all));
        assert_eq!(from("[::1]:0".parse().ok(), &all), Family::Ipv6Only.order(&all));
    }
}
