//! Golden bytes of codecs that are put together from kinds and settings.

use std::time::Duration;

use opi_framing::{
    Check, Codec, Covers, Delimited, Endian, Escape, Fix, Fixed, Framing, Idle, Includes, Keep,
    Length, OctetCount, Place, Sum, Varint,
};

use crate::presets::{check, reads};

pub(crate) fn codec(framing: impl Into<Framing>) -> Codec {
    Codec::new(framing).unwrap()
}

/// DF1: DLE STX, data with DLE doubled, DLE ETX, CRC-16 over data and ETX.
pub(crate) fn df1() -> Codec {
    let check = Check::new(Sum::Crc16Arc).endian(Endian::Little);
    codec(Delimited::stx_etx(check).escape(Escape::Dle))
}

/// HDLC as PPP has it on serial lines (RFC 1662), with a start flag or without.
pub(crate) fn hdlc(start: &[u8]) -> Codec {
    let check = Check::new(Sum::Crc16X25)
        .covers(Covers::Payload)
        .endian(Endian::Little)
        .place(Place::BeforeEnd);
    let escape = Escape::Xor { escape: 0x7D, mask: 0x20 };
    codec(Delimited::new([0x7E]).start(start).check(check).escape(escape))
}

/// SLIP (RFC 1055).
pub(crate) fn slip() -> Codec {
    let pairs = vec![(0xC0, 0xDC), (0xDB, 0xDD)];
    codec(Delimited::new([0xC0]).escape(Escape::Pairs { escape: 0xDB, pairs }))
}

#[test]
fn dle_hides_dle() {
    check(&df1(), b"\x01\x00\x10\x07", b"\x10\x02\x01\x00\x10\x10\x07\x10\x03\x7E\x34");
    let plain = codec(Delimited::new([3]).start([2]).escape(Escape::Dle));
    check(&plain, b"\x02\x03\x10", b"\x10\x02\x02\x03\x10\x10\x10\x03");
    check(&plain, b"", b"\x10\x02\x10\x03");
}

#[test]
fn hdlc_flags_may_be_shared_or_many() {
    check(&hdlc(b"\x7E"), b"123456789", b"\x7E123456789\x6E\x90\x7E");
    check(&hdlc(b""), b"123456789", b"123456789\x6E\x90\x7E");
    check(&hdlc(b""), b"\x7E\x7D", b"\x7D\x5E\x7D\x5D\xF1\xCD\x7E");
    let line = b"\x7E\x7E123456789\x6E\x90\x7E123456789\x6E\x90\x7E";
    reads(&hdlc(b""), &[b"123456789", b"123456789"], line);
}

#[test]
fn slip_replaces_its_bytes() {
    check(&slip(), b"\x01\xC0\xDB\x02", b"\x01\xDB\xDC\xDB\xDD\x02\xC0");
    reads(&slip(), &[b"\x01", b"\x02"], b"\xC0\x01\xC0\xC0\x02\xC0");
}

#[test]
fn checks_are_placed_and_written_as_asked() {
    let sum = Check::new(Sum::Sum).endian(Endian::Ascii);
    check(&codec(Delimited::stx_etx(sum)), b"1H|\\^&\r", b"\x021H|\\^&\r\x03E5");
    reads(&codec(Delimited::stx_etx(sum)), &[b"1H|\\^&\r"], b"\x021H|\\^&\r\x03e5");
    let before = Check::new(Sum::Xor).place(Place::BeforeEnd);
    let all = Delimited::stx_etx(before.covers(Covers::StartPayloadEnd));
    check(&codec(all), b"ABC", b"\x02ABC\x41\x03");
    let start = Delimited::stx_etx(before.covers(Covers::StartPayload));
    check(&codec(start), b"ABC", b"\x02ABC\x42\x03");
    let crc32 = Check::new(Sum::Crc32);
    check(&codec(Delimited::stx_etx(crc32)), b"ping", b"\x02ping\x03\x88\x22\xE5\xAB");
    let little = codec(Delimited::stx_etx(crc32.endian(Endian::Little)));
    check(&little, b"ping", b"\x02ping\x03\xAB\xE5\x22\x88");
}

#[test]
fn marks_have_any_length_and_may_be_kept() {
    let cas = Delimited::new(b"\x03\x04").start(b"\x01\x02");
    check(&codec(cas.clone()), b"W\x03", b"\x01\x02W\x03\x03\x04");
    check(&codec(cas.keep(Keep::Frame)), b"\x01\x02W\x03\x04", b"\x01\x02W\x03\x04");
    check(&codec(Delimited::new(b"aab")), b"aa", b"aaaab");
}

#[test]
fn lengths_stand_anywhere_and_count_anything() {
    check(&codec(Length::new(1)), b"abc", b"\x03abc");
    check(&codec(Length::new(3)), b"abc", b"\x00\x00\x03abc");
    check(&codec(Length::new(8).endian(Endian::Little)), b"a", b"\x01\0\0\0\0\0\0\0a");
    // Scales: four bytes, the lowest first.
    check(&codec(Length::new(4).endian(Endian::Little)), b"\x02\x05", b"\x02\0\0\0\x02\x05");
    let digits = Length::new(4).endian(Endian::Ascii);
    check(&codec(digits.clone()), b"0800", b"00040800");
    check(&codec(digits.includes(Includes::Itself)), b"0800", b"00080800");
    let header = Length::new(2).offset(1).start(b"\x8F").endian(Endian::Little);
    check(&codec(header.clone()), b"\x00\x11", b"\x8F\x02\x00\x00\x11");
    check(&codec(header.clone().includes(Includes::Header)), b"ab", b"\x8F\x05\x00ab");
    check(&codec(header.clone().adjust(2)), b"abc", b"\x8F\x01\x00abc");
    check(&codec(header.adjust(-2)), b"abc", b"\x8F\x05\x00abc");
    check(&codec(Length::new(2).offset(2)), b"a", b"\0\0\x00\x01a");
}

#[test]
fn a_varint_takes_the_bytes_it_needs() {
    check(&codec(Varint::new()), b"", b"\x00");
    let long = [b'x'; 300];
    check(&codec(Varint::new()), &long, &[b"\xAC\x02".as_slice(), &long].concat());
    reads(&codec(Varint::new()), &[b"a"], b"\x81\x00a");
    check(&codec(Varint::new().keep(Keep::Frame)), b"\x01a", b"\x01a");
}

#[test]
fn counted_octets() {
    check(&codec(OctetCount::new()), b"<1>a", b"4 <1>a");
    check(&codec(OctetCount::new().keep(Keep::Frame)), b"4 <1>a", b"4 <1>a");
}

#[test]
fn fixed_sizes() {
    check(&codec(Fixed::new(3)), b"abc", b"abc");
}

#[test]
fn fix_of_another_version() {
    let body = "35=8|49=PHLX|56=PERS|52=20071123-05:30:00.000|11=ATOMNOCCC9990900|20=3|150=E|39=E|\
        55=MSFT|167=CS|54=1|38=15|40=2|44=15|58=PHLX EQUITY TESTING|59=0|47=C|32=0|31=0|151=15|\
        14=0|6=0|"
        .replace('|', "\x01");
    let wire = format!("8=FIX.4.2\x019=178\x01{body}10=128\x01");
    check(&codec(Fix::new("FIX.4.2")), body.as_bytes(), wire.as_bytes());
    let whole = codec(Fix::new("FIX.4.2").keep(Keep::Frame));
    check(&whole, wire.as_bytes(), wire.as_bytes());
    let zeros = wire.replace("9=178", "9=00178").replace("10=128", "10=224");
    reads(&codec(Fix::new("FIX.4.2")), &[body.as_bytes()], zeros.as_bytes());
}

#[test]
fn silence_ends_a_message_when_the_caller_says_so() {
    let codec = codec(Idle::new(Duration::from_millis(50)));
    assert_eq!(codec.gap(), Some(Duration::from_millis(50)));
    assert_eq!(Codec::preset("lines").unwrap().gap(), None);
    let mut decoder = codec.decoder();
    assert_eq!(decoder.gap(b""), Ok(None));
    assert_eq!(decoder.decode(b"46001"), Ok(None));
    let frame = decoder.gap(b"4600123").unwrap().unwrap();
    assert_eq!((frame.size(), frame.payload(b"4600123")), (7, b"4600123".as_slice()));
    let mut lines = Codec::preset("lines").unwrap().decoder();
    assert_eq!(lines.gap(b"no line"), Ok(None), "a gap means nothing to the others");
    // The end of the stream ends a message too.
    let frame = decoder.end(b"99").unwrap().unwrap();
    assert_eq!(frame.into_vec(b"99"), b"99");
}
