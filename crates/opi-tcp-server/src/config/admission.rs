//! Whom a server lets in. Pure.

use std::fmt;
use std::net::IpAddr;

use crate::Network;

#[derive(Clone, Debug)]
pub(crate) struct Admission {
    pub(crate) max_connections: usize,
    pub(crate) max_per_address: usize,
    pub(crate) when_full: WhenFull,
    /// None is everybody.
    pub(crate) allowed: Option<Vec<Network>>,
    pub(crate) proxy_protocol: Option<ProxyProtocol>,
}

impl Default for Admission {
    fn default() -> Self {
        Self {
            max_connections: 100,
            max_per_address: usize::MAX,
            when_full: WhenFull::Refuse,
            allowed: None,
            proxy_protocol: None,
        }
    }
}

/// What happens to a new connection when a server has no place for it.
///
/// A connection whose peer has finished and whose bytes were all taken keeps no place from a new
/// one, whatever is chosen here, unless an answer to it is on its way.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WhenFull {
    /// The connection that was quiet for the longest time is closed for it, but never one with
    /// bytes that wait to be taken or sent; when there is none, the new one is refused.
    Evict,
    /// It waits in the system's queue, as long as the peer has patience.
    Pause,
    /// It is closed at once.
    Refuse,
}

/// From whom the header of the PROXY protocol is taken; versions 1 and 2.
///
/// A header from anybody else would let that peer choose its own address.
#[must_use]
#[derive(Clone, Debug)]
pub struct ProxyProtocol {
    trusted: Vec<Network>,
    untrusted: Untrusted,
}

/// What happens to connections that come from none of the trusted proxies.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Untrusted {
    /// They are taken without a header.
    Direct,
    /// They are closed at once.
    Refuse,
}

impl ProxyProtocol {
    /// Every connection from these networks must begin with a header; others are refused.
    pub fn from(trusted: impl IntoIterator<Item = Network>) -> Self {
        Self { trusted: trusted.into_iter().collect(), untrusted: Untrusted::Refuse }
    }

    /// What happens to connections from elsewhere. Default: [`Untrusted::Refuse`].
    pub fn untrusted(self, untrusted: Untrusted) -> Self {
        Self { untrusted, ..self }
    }
}

impl Admission {
    /// Whether a connection from `address` begins with a header of the PROXY protocol.
    pub(crate) fn has_header(&self, address: IpAddr) -> Result<bool, Refusal> {
        let Some(ProxyProtocol { trusted, untrusted }) = &self.proxy_protocol else {
            return Ok(false);
        };
        match (trusted.iter().any(|network| network.contains(address)), untrusted) {
            (true, _) => Ok(true),
            (false, Untrusted::Direct) => Ok(false),
            (false, Untrusted::Refuse) => Err(Refusal::UntrustedProxy),
        }
    }

    /// Whether the peer at `address` may come in.
    pub(crate) fn check(&self, address: IpAddr) -> Result<(), Refusal> {
        match &self.allowed {
            Some(networks) if !networks.iter().any(|it| it.contains(address)) => {
                Err(Refusal::NotAllowed)
            }
            _ => Ok(()),
        }
    }
}

/// Why a connection was not let in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Refusal {
    AddressFull,
    Full,
    NotAllowed,
    UntrustedProxy,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AddressFull => "its address has as many connections as it may have",
            Self::Full => "the server has as many connections as it may have",
            Self::NotAllowed => "its address is in none of the allowed networks",
            Self::UntrustedProxy => "it is none of the trusted proxies",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(list: &[&str]) -> Vec<Network> {
        list.iter().map(|it| it.parse().unwrap()).collect()
    }

    #[test]
    fn only_the_allowed_come_in() {
        let admission = |allowed| Admission { allowed, ..Admission::default() };
        let office = Some(networks(&["10.0.0.0/8", "fd00::/8"]));
        for (allowed, address, expected) in [
            (None, "8.8.8.8", Ok(())),
            (office.clone(), "10.1.1.1", Ok(())),
            (office.clone(), "::ffff:10.1.1.1", Ok(())),
            (office.clone(), "fd12::1", Ok(())),
            (office, "11.0.0.1", Err(Refusal::NotAllowed)),
            (Some(Vec::new()), "127.0.0.1", Err(Refusal::NotAllowed)),
        ] {
            let found = admission(allowed).check(address.parse().unwrap());
            assert_eq!(found, expected, "{address}");
        }
    }

    #[test]
    fn a_header_is_asked_of_trusted_proxies_only() {
        let of = |untrusted| {
            let from = ProxyProtocol::from(networks(&["10.0.0.1"])).untrusted(untrusted);
            Admission { proxy_protocol: Some(from), ..Admission::default() }
        };
        let (proxy, other) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        assert_eq!(Admission::default().has_header(proxy), Ok(false));
        assert_eq!(of(Untrusted::Refuse).has_header(proxy), Ok(true));
        assert_eq!(of(Untrusted::Refuse).has_header(other), Err(Refusal::UntrustedProxy));
        assert_eq!(of(Untrusted::Direct).has_header(other), Ok(false));
    }
}
