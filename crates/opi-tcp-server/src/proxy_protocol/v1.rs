//! Version 1: one line of text.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use super::{Addresses, BadHeader, Header};

pub(super) const SIGNATURE: &[u8] = b"PROXY ";

/// The longest line there can be, its end included.
const LONGEST: usize = 107;

pub(super) fn parse(bytes: &[u8]) -> Result<Option<Header>, BadHeader> {
    let window = &bytes[..bytes.len().min(LONGEST)];
    let Some(end) = window.windows(2).position(|pair| pair == b"\r\n") else {
        return if bytes.len() < LONGEST { Ok(None) } else { Err(BadHeader::TooLong) };
    };
    let rest = window.get(SIGNATURE.len()..end).ok_or(BadHeader::Signature)?;
    let line = std::str::from_utf8(rest).map_err(|_| BadHeader::Field)?;
    Ok(Some(Header { size: end + 2, addresses: addresses(line)? }))
}

/// What stands behind `PROXY `.
fn addresses(line: &str) -> Result<Option<Addresses>, BadHeader> {
    let mut fields = line.split(' ');
    let pair = match fields.next() {
        // Whatever follows is to be ignored.
        Some("UNKNOWN") => return Ok(None),
        Some("TCP4") => ends(&mut fields, IpAddr::is_ipv4)?,
        Some("TCP6") => ends(&mut fields, IpAddr::is_ipv6)?,
        _ => return Err(BadHeader::Unknown),
    };
    match fields.next() {
        None => Ok(Some(pair)),
        Some(_) => Err(BadHeader::Field),
    }
}

fn ends<'a>(
    fields: &mut impl Iterator<Item = &'a str>,
    family: fn(&IpAddr) -> bool,
) -> Result<Addresses, BadHeader> {
    let source = address(fields.next(), family)?;
    let destination = address(fields.next(), family)?;
    let source = SocketAddr::new(source, port(fields.next())?);
    let destination = SocketAddr::new(destination, port(fields.next())?);
    Ok(Addresses { source, destination })
}

fn address(field: Option<&str>, family: fn(&IpAddr) -> bool) -> Result<IpAddr, BadHeader> {
    let address = field.and_then(|field| IpAddr::from_str(field).ok());
    address.filter(family).ok_or(BadHeader::Field)
}

/// A decimal number without signs or leading zeros.
fn port(field: Option<&str>) -> Result<u16, BadHeader> {
    let field = field.ok_or(BadHeader::Field)?;
    let plain = field.bytes().all(|byte| byte.is_ascii_digit());
    let padded = field.len() > 1 && field.starts_with('0');
    field.parse().ok().filter(|_| plain && !padded).ok_or(BadHeader::Field)
}
