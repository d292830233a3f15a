//! A range of addresses in CIDR notation, such as `10.0.0.0/8` or `2001:db8::/32`.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use crate::Error;

/// A range of addresses in CIDR notation (RFC 4632, RFC 4291 section 2.3), or one address.
///
/// An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is the IPv4 address, on both sides.
///
/// ```
/// use opi_tcp_server::Network;
///
/// let office: Network = "10.1.0.0/16".parse()?;
/// assert!(office.contains("10.1.2.3".parse()?));
/// assert!(office.contains("::ffff:10.1.2.3".parse()?));
/// assert!(!office.contains("10.2.0.1".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// The addresses whose first `bits` bits are those of `address`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadOption`](crate::ErrorKind::BadOption): more than 32 bits of an IPv4
    /// address, or 128 of an IPv6 one.
    pub fn new(address: IpAddr, bits: u8) -> Result<Self, Error> {
        let most = width(address);
        if bits > most {
            let expected = format_args!("at most {most} bits");
            return Err(Error::option("network", expected, format_args!("/{bits}")));
        }
        match address.to_canonical() {
            mapped @ IpAddr::V4(_) if address.is_ipv6() && bits >= 96 => {
                Ok(Self { address: mapped, bits: bits - 96 })
            }
            _ => Ok(Self { address, bits }),
        }
    }

    /// Whether `address` is one of these.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                same(u128::from(own.to_bits()) << 96, u128::from(other.to_bits()) << 96, self.bits)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => same(own.to_bits(), other.to_bits(), self.bits),
            _ => false,
        }
    }
}

/// Whether the first `bits` bits are the same.
fn same(one: u128, other: u128, bits: u8) -> bool {
    let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
    one & mask == other & mask
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        let address = address.to_canonical();
        Self { address, bits: width(address) }
    }
}

impl FromStr for Network {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = || {
            let expected = format_args!("an address or a range such as 10.0.0.0/8 or fd00::/8");
            Error::option("network", expected, format_args!("{text:?}"))
        };
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| bad())?;
        let Some(bits) = bits else { return Ok(address.into()) };
        let digits = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
        let bits = bits.parse().ok().filter(|_| digits).ok_or_else(bad)?;
        Self::new(address, bits)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_what_begins_alike() {
        for (network, address, inside) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("10.1.2.3/8", "10.9.9.9", true),
            ("0.0.0.0/0", "255.1.2.3", true),
            ("0.0.0.0/0", "::1", false),
            ("::/0", "fe80::1", true),
            ("::/0", "127.0.0.1", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("127.0.0.1/32", "::ffff:127.0.0.1", true),
            ("::ffff:10.0.0.0/104", "10.200.0.1", true),
            ("::ffff:10.0.0.0/104", "11.0.0.1", false),
            ("::ffff:10.0.0.1", "10.0.0.1", true),
            ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::1", false),
            ("fd00::1/128", "fd00::1", true),
            ("fd00::1/128", "fd00::2", false),
        ] {
            let parsed: Network = network.parse().unwrap();
            assert_eq!(parsed.contains(address.parse().unwrap()), inside, "{network} {address}");
        }
    }

    #[test]
    fn what_is_no_range_is_named() {
        for text in ["", "/", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/+8", "10/8", "a/8"] {
            let error = text.parse::<Network>().unwrap_err();
            assert_eq!(error.code(), "server_bad_option", "{text}");
        }
        assert_eq!("10.0.0.0/8".parse::<Network>().unwrap().to_string(), "10.0.0.0/8");
    }
}
