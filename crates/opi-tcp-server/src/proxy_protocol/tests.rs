//! Tables of headers, whole, in pieces and broken.

use super::*;

/// A header of version 2.
fn v2(command: u8, family: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = v2::SIGNATURE.to_vec();
    bytes.extend([command, family]);
    bytes.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
    bytes.extend(body);
    bytes
}

const IPV4: &[u8] = &[203, 0, 113, 7, 10, 0, 0, 1, 0xD4, 0x31, 1, 0xBB];

fn ipv6() -> Vec<u8> {
    let mut body = vec![0; 36];
    (body[0], body[1], body[15], body[31], body[33], body[35]) = (0x20, 1, 7, 1, 80, 81);
    body
}

fn pair(source: &str, destination: &str) -> Option<Addresses> {
    Some(Addresses { source: source.parse().unwrap(), destination: destination.parse().unwrap() })
}

/// Parses `bytes` with something behind them, and every prefix of them.
#[track_caller]
fn whole(bytes: &[u8], addresses: Option<Addresses>) {
    let size = bytes.len();
    for end in 0..size {
        assert_eq!(parse(&bytes[..end]), Ok(None), "{end} of {size} bytes");
    }
    let behind = [bytes, b"PROXY or anything"].concat();
    assert_eq!(parse(&behind), Ok(Some(Header { size, addresses })));
}

#[track_caller]
fn bad(bytes: &[u8], expected: BadHeader) {
    assert_eq!(parse(bytes), Err(expected), "{}", bytes.escape_ascii());
}

#[test]
fn version_1_tells_the_addresses() {
    let four = b"PROXY TCP4 203.0.113.7 10.0.0.1 54321 443\r\n";
    whole(four, pair("203.0.113.7:54321", "10.0.0.1:443"));
    whole(b"PROXY TCP6 2001::7 ::1 80 0\r\n", pair("[2001::7]:80", "[::1]:0"));
    whole(b"PROXY UNKNOWN\r\n", None);
    whole(b"PROXY UNKNOWN ff:ff what ever 1\r\n", None);
}

#[test]
fn version_1_is_bounded_exactly() {
    let longest = format!("PROXY UNKNOWN {}\r\n", "x".repeat(107 - 16));
    assert_eq!(longest.len(), 107);
    whole(longest.as_bytes(), None);
    bad(format!("PROXY UNKNOWN {}\r\n", "x".repeat(107 - 15)).as_bytes(), BadHeader::TooLong);
    assert_eq!(parse(&longest.as_bytes()[..106]), Ok(None));
}

#[test]
fn version_1_is_taken_literally() {
    for line in [
        "TCP4 1.2.3.4 1.2.3.4 1\r\n",
        "TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n",
        "TCP4  1.2.3.4 1.2.3.4 1 2\r\n",
        "TCP4 1.2.3.4 1.2.3.4 1 65536\r\n",
        "TCP4 1.2.3.4 1.2.3.4 +1 2\r\n",
        "TCP4 1.2.3.4 1.2.3.4 01 2\r\n",
        "TCP4 1.2.3.4 1.2.3.4 1 \r\n",
        "TCP4 ::1 ::1 1 2\r\n",
        "TCP6 1.2.3.4 1.2.3.4 1 2\r\n",
        "TCP4 1.2.3.4.5 1.2.3.4 1 2\r\n",
    ] {
        bad(format!("PROXY {line}").as_bytes(), BadHeader::Field);
    }
    bad(b"PROXY TCP5 1.2.3.4 1.2.3.4 1 2\r\n", BadHeader::Unknown);
    bad(b"PROXY \xFF\r\n", BadHeader::Field);
    bad(b"PROXY \r\n", BadHeader::Unknown);
}

#[test]
fn version_2_tells_the_addresses() {
    whole(&v2(0x21, 0x11, IPV4), pair("203.0.113.7:54321", "10.0.0.1:443"));
    whole(&v2(0x21, 0x21, &ipv6()), pair("[2001::7]:80", "[::1]:81"));
    whole(&v2(0x21, 0x31, &[b'u'; 216]), None);
    whole(&v2(0x21, 0x00, b""), None);
    whole(&v2(0x20, 0x00, b""), None);
    whole(&v2(0x20, 0x11, IPV4), None);
    whole(&v2(0x20, 0x99, b"abc"), None);
}

#[test]
fn version_2_extensions_are_skipped_and_the_checksum_is_checked() {
    let body = |checksum: [u8; 4]| {
        let mut body = IPV4.to_vec();
        body.extend([0x02, 0, 3]);
        body.extend(b"abc");
        body.extend([0x03, 0, 4]);
        body.extend(checksum);
        body.extend([0xE0, 0, 0]);
        body
    };
    let crc = crc32c::crc32c([&v2(0x21, 0x11, &body([0; 4])), b"", b""]);
    let right = v2(0x21, 0x11, &body(crc.to_be_bytes()));
    whole(&right, pair("203.0.113.7:54321", "10.0.0.1:443"));
    bad(&v2(0x21, 0x11, &body((crc ^ 1).to_be_bytes())), BadHeader::Checksum);
}

#[test]
fn version_2_is_taken_literally() {
    bad(&v2(0x21, 0x11, &IPV4[..11]), BadHeader::Field);
    bad(&v2(0x21, 0x11, &[IPV4, &[1, 0]].concat()), BadHeader::Field);
    bad(&v2(0x21, 0x11, &[IPV4, &[1, 0, 1]].concat()), BadHeader::Field);
    bad(&v2(0x21, 0x11, &[IPV4, &[3, 0, 1, 7]].concat()), BadHeader::Field);
    bad(&v2(0x22, 0x11, IPV4), BadHeader::Unknown);
    bad(&v2(0x11, 0x11, IPV4), BadHeader::Unknown);
    bad(&v2(0x21, 0x41, IPV4), BadHeader::Unknown);
    bad(&v2(0x21, 0x13, IPV4), BadHeader::Unknown);
}

#[test]
fn what_is_no_header_is_known_at_the_first_byte() {
    for bytes in [&b"G"[..], b"PROXZ", b"proxy ", b"\r\n\r\nX", b"\x16\x03\x01"] {
        bad(bytes, BadHeader::Signature);
    }
    assert_eq!(parse(b""), Ok(None));
}

#[test]
fn the_longest_header_is_taken() {
    let mut body = IPV4.to_vec();
    body.extend([0x04]);
    body.extend(u16::try_from(65_535 - 15).unwrap().to_be_bytes());
    body.resize(65_535, 0);
    let bytes = v2(0x21, 0x11, &body);
    assert_eq!(bytes.len(), LONGEST);
    assert_eq!(parse(&bytes).unwrap().unwrap().size, LONGEST);
    assert_eq!(parse(&bytes[..LONGEST - 1]), Ok(None));
}
