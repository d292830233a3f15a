//! Version 2: a binary header with extensions.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::crc32c::crc32c;
use super::{Addresses, BadHeader, Header};

pub(super) const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// Signature, version and command, family, length.
const FIXED: usize = 16;

pub(super) fn parse(bytes: &[u8]) -> Result<Option<Header>, BadHeader> {
    let Some(&command) = bytes.get(12) else { return Ok(None) };
    if command != LOCAL && command != PROXY {
        return Err(BadHeader::Unknown);
    }
    let Some(&[family, high, low]) = bytes.get(13..FIXED) else { return Ok(None) };
    // What a proxy says for itself is skipped, the family too (section 2.2).
    let width = if command == PROXY { width(family)? } else { 0 };
    let length = usize::from(u16::from_be_bytes([high, low]));
    if command == PROXY && length < width {
        return Err(BadHeader::Field);
    }
    let Some(header) = bytes.get(..FIXED + length) else { return Ok(None) };
    let mut known = None;
    if command == PROXY {
        check(header, FIXED + width)?;
        known = addresses(family, &header[FIXED..]);
    }
    Ok(Some(Header { size: header.len(), addresses: known }))
}

const LOCAL: u8 = 0x20;
const PROXY: u8 = 0x21;

/// The bytes of the addresses of a family and transport.
fn width(family: u8) -> Result<usize, BadHeader> {
    match family {
        0x00 => Ok(0),
        0x11 | 0x12 => Ok(12),
        0x21 | 0x22 => Ok(36),
        0x31 | 0x32 => Ok(216),
        _ => Err(BadHeader::Unknown),
    }
}

fn addresses(family: u8, body: &[u8]) -> Option<Addresses> {
    let size = match family >> 4 {
        1 => 4,
        2 => 16,
        // Unix sockets and connections that the proxy knows nothing of have no address.
        _ => return None,
    };
    let ports = body.get(2 * size..2 * size + 4)?;
    let end = |at: usize, port: [u8; 2]| {
        let ip = address(body.get(at..at + size)?)?;
        Some(SocketAddr::new(ip, u16::from_be_bytes(port)))
    };
    let source = end(0, [ports[0], ports[1]])?;
    let destination = end(size, [ports[2], ports[3]])?;
    Some(Addresses { source, destination })
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(bytes) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(bytes).into());
    }
    let bytes = <[u8; 16]>::try_from(bytes).ok()?;
    Some(Ipv6Addr::from(bytes).into())
}

/// Walks the extensions of `header`, which begin at `at`, and checks the checksum among them.
fn check(header: &[u8], mut at: usize) -> Result<(), BadHeader> {
    while at < header.len() {
        let Some(&[kind, high, low]) = header.get(at..at + 3) else {
            return Err(BadHeader::Field);
        };
        let value = at + 3;
        at = value + usize::from(u16::from_be_bytes([high, low]));
        let Some(content) = header.get(value..at) else { return Err(BadHeader::Field) };
        if kind == CHECKSUM {
            let stated = <[u8; 4]>::try_from(content).map_err(|_| BadHeader::Field)?;
            // The checksum is made with zeros in its own place.
            let parts = [&header[..value], &[0; 4], &header[at..]];
            if crc32c(parts) != u32::from_be_bytes(stated) {
                return Err(BadHeader::Checksum);
            }
        }
    }
    Ok(())
}

const CHECKSUM: u8 = 0x03;
