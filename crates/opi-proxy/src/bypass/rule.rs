//! One entry of a list, and the form of hosts in which it is compared.

use std::net::IpAddr;

use opi_net::Target;

/// One entry of the list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Rule {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Hosts {
    All,
    /// Names that end in the second part with a dot before it.
    Below(String),
    /// Names without a dot.
    Local,
    /// The network of an address by the length of its prefix.
    Network(IpAddr, u8),
    /// A host with any text in the place of each `*`.
    Pattern(String),
    /// A name, and those below it.
    Tree(String),
}

/// A host as it is compared.
pub(super) enum Host {
    Address(IpAddr),
    /// In ASCII, in lower case, without a final dot.
    Name(String),
}

impl Host {
    pub(super) fn of(target: &Target) -> Option<Self> {
        match target.address() {
            Some(address) => Some(Self::Address(address.ip().to_canonical())),
            None => Some(Self::Name(plain(&target.ascii_host().ok()?))),
        }
    }
}

fn plain(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

impl Rule {
    /// Reads an entry without space around it; nothing when it is no rule.
    pub(super) fn read(entry: &str) -> Option<Self> {
        if let Some((address, length)) = entry.split_once('/') {
            return Some(Self { hosts: network(address, length)?, port: None });
        }
        // An IPv6 address may stand without brackets, and then there is no port.
        if let Ok(address) = entry.parse() {
            return Some(Self { hosts: one(address), port: None });
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(number(port)?)),
            _ => (entry, None),
        };
        Some(Self { hosts: hosts(host)?, port })
    }

    pub(super) fn covers(&self, host: &Host, port: u16) -> bool {
        self.port.is_none_or(|only| only == port) && self.hosts.cover(host)
    }
}

/// The hosts of an entry that is no network, without its port.
fn hosts(text: &str) -> Option<Hosts> {
    match text {
        "*" => return Some(Hosts::All),
        "<local>" => return Some(Hosts::Local),
        _ => {}
    }
    if let Some(name) = text.strip_prefix("*.").filter(|name| !name.contains('*')) {
        return Some(Hosts::Below(ascii(name)?));
    }
    if text.contains('*') {
        let known = |c: char| c.is_alphanumeric() || ".-_*".contains(c);
        return text.chars().all(known).then(|| Hosts::Pattern(plain(text)));
    }
    let target = Target::new(text.strip_prefix('.').unwrap_or(text), 1).ok()?;
    match Host::of(&target)? {
        Host::Address(address) => Some(one(address)),
        Host::Name(name) => Some(Hosts::Tree(name)),
    }
}

fn ascii(name: &str) -> Option<String> {
    Some(plain(&Target::new(name, 1).ok()?.ascii_host().ok()?))
}

fn one(address: IpAddr) -> Hosts {
    let address = address.to_canonical();
    Hosts::Network(address, if address.is_ipv4() { 32 } else { 128 })
}

fn network(address: &str, length: &str) -> Option<Hosts> {
    let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address: IpAddr = bare.unwrap_or(address).parse().ok()?;
    let length: u8 = number(length)?;
    match (address, address.to_canonical()) {
        // The 96 bits before an IPv4 address within IPv6 are always the same.
        (IpAddr::V6(_), IpAddr::V4(inner)) if (96..=128).contains(&length) => {
            Some(Hosts::Network(inner.into(), length - 96))
        }
        (IpAddr::V4(_), _) if length <= 32 => Some(Hosts::Network(address, length)),
        (IpAddr::V6(_), IpAddr::V6(_)) if length <= 128 => Some(Hosts::Network(address, length)),
        _ => None,
    }
}

/// Digits and nothing else.
fn number<N: std::str::FromStr>(text: &str) -> Option<N> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

impl Hosts {
    fn cover(&self, host: &Host) -> bool {
        match (self, host) {
            (Self::All, _) => true,
            (Self::Network(network, length), Host::Address(address)) => {
                within(*address, *network, *length)
            }
            (Self::Pattern(pattern), Host::Address(address)) => {
                fits(address.to_string().as_bytes(), pattern.as_bytes())
            }
            (Self::Pattern(pattern), Host::Name(name)) => fits(name.as_bytes(), pattern.as_bytes()),
            (Self::Local, Host::Name(name)) => !name.contains('.'),
            (Self::Below(end), Host::Name(name)) => is_below(name, end),
            (Self::Tree(top), Host::Name(name)) => name == top || is_below(name, top),
            (Self::Network(..), Host::Name(_))
            | (Self::Local | Self::Below(_) | Self::Tree(_), Host::Address(_)) => false,
        }
    }
}

fn is_below(name: &str, top: &str) -> bool {
    name.strip_suffix(top).is_some_and(|before| before.len() > 1 && before.ends_with('.'))
}

fn within(address: IpAddr, network: IpAddr, length: u8) -> bool {
    let (differing, bits) = match (address, network) {
        (IpAddr::V4(one), IpAddr::V4(other)) => {
            (u128::from(one.to_bits() ^ other.to_bits()), 32_u32)
        }
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits() ^ other.to_bits(), 128),
        _ => return false,
    };
    differing.checked_shr(bits - u32::from(length)).unwrap_or(0) == 0
}

/// Whether `text` is `pattern` with any text in the place of each `*`; goes back to the last star
/// only, which is enough.
fn fits(text: &[u8], pattern: &[u8]) -> bool {
    let (mut at, mut wanted, mut star) = (0, 0, None);
    while at < text.len() {
        match pattern.get(wanted) {
            Some(b'*') => {
                star = Some((at, wanted));
                wanted += 1;
            }
            Some(byte) if *byte == text[at] => {
                at += 1;
                wanted += 1;
            }
            _ => {
                let Some((from, position)) = star else { return false };
                star = Some((from + 1, position));
                (at, wanted) = (from + 1, position + 1);
            }
        }
    }
    pattern[wanted..].iter().all(|byte| *byte == b'*')
}
