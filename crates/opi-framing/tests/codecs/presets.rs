//! Golden bytes of every preset, both ways.

use opi_framing::{Codec, ErrorKind};

use crate::stream::frames;

/// `payload` is written as `wire`, and read back whole, glued and cut anywhere.
#[track_caller]
pub(crate) fn check(codec: &Codec, payload: &[u8], wire: &[u8]) {
    let mut written = b"before".to_vec();
    codec.encode(payload, &mut written).unwrap();
    assert_eq!(written.escape_ascii().to_string(), format!("before{}", wire.escape_ascii()));
    reads(codec, &[payload], wire);
}

/// `wire` is read as `payloads`, whole, glued and cut anywhere.
#[track_caller]
pub(crate) fn reads(codec: &Codec, payloads: &[&[u8]], wire: &[u8]) {
    for cut in 0..=wire.len() {
        assert_eq!(frames(codec, wire, &[cut]), payloads, "cut at {cut}");
    }
    let each: Vec<usize> = (0..wire.len()).collect();
    assert_eq!(frames(codec, wire, &each), payloads, "in single bytes");
    assert_eq!(frames(codec, &wire.repeat(100), &[]), payloads.repeat(100), "glued");
}

#[track_caller]
fn preset(name: &str) -> Codec {
    Codec::preset(name).unwrap()
}

#[test]
fn lines() {
    check(&preset("lines"), b"one", b"one\n");
    check(&preset("lines"), b"", b"\n");
    check(&preset("lines"), b"one\r", b"one\r\n");
    reads(&preset("lines"), &[b"one", b"", b"two"], b"one\n\ntwo\n");
}

#[test]
fn crlf() {
    check(&preset("crlf"), b"HELO a", b"HELO a\r\n");
    reads(&preset("crlf"), &[b"a\rb\nc", b"\r"], b"a\rb\nc\r\n\r\r\n");
}

#[test]
fn fix() {
    let body = b"35=0\x0149=A\x0156=B\x0134=1\x0152=20240101-00:00:00\x01";
    let wire = [b"8=FIX.4.4\x019=41\x01".as_slice(), body, b"10=112\x01"].concat();
    check(&preset("fix"), body, &wire);
}

#[test]
fn iso8583() {
    let message = b"0800\x82\x20\x00\x00\x00\x00\x00\x00";
    check(&preset("iso8583-2"), message, &[b"\x00\x0C".as_slice(), message].concat());
    check(&preset("iso8583-4"), message, &[b"\x00\x00\x00\x0C".as_slice(), message].concat());
}

#[test]
fn mllp() {
    let message = "MSH|^~\\&|A|B|||20240101||ACK|1|P|2.5\rMSA|AA|1\r".as_bytes();
    let wire = [b"\x0B".as_slice(), message, b"\x1C\x0D"].concat();
    check(&preset("mllp"), message, &wire);
    reads(&preset("mllp"), &[b"\x0B\x1C"], b"\x0B\x0B\x1C\x1C\x0D");
}

#[test]
fn modbus_tcp() {
    // Read three holding registers from 0x6B of unit 0x11.
    let frame = b"\x00\x01\x00\x00\x00\x06\x11\x03\x00\x6B\x00\x03";
    check(&preset("modbus-tcp"), frame, frame);
    let mut written = Vec::new();
    let unfilled = b"\x00\x01\x00\x00\xFF\xFF\x11\x03\x00\x6B\x00\x03";
    preset("modbus-tcp").encode(unfilled, &mut written).unwrap();
    assert_eq!(written, frame, "the length is written in");
}

#[test]
fn nul_json() {
    check(&preset("nul-json"), b"{\"method\":\"PingDevice\"}", b"{\"method\":\"PingDevice\"}\0");
}

#[test]
fn smpp() {
    // enquire_link, sequence number 1.
    let rest = b"\x00\x00\x00\x15\x00\x00\x00\x00\x00\x00\x00\x01";
    check(&preset("smpp"), rest, &[b"\x00\x00\x00\x10".as_slice(), rest].concat());
}

#[test]
fn stx_etx_lrc() {
    check(&preset("stx-etx-lrc"), b"ABC", b"\x02ABC\x03\x43");
    // The check may look like a mark.
    check(&preset("stx-etx-lrc"), b"\x00", b"\x02\x00\x03\x03");
    check(&preset("stx-etx-lrc"), b"\x02", b"\x02\x02\x03\x01");
}

#[test]
fn syslog() {
    let message = b"<34>1 2003-10-11T22:14:15.003Z host su - ID47 - failed\non two lines";
    let wire = [b"67 ".as_slice(), message].concat();
    assert_eq!(message.len(), 67);
    check(&preset("syslog"), message, &wire);
    reads(&preset("syslog"), &[b"<13>old", b"<1>new", b""], b"<13>old\n6 <1>new\n");
}

#[test]
fn tpkt() {
    // A connection request of ISO transport, class 0.
    let request = b"\x06\xE0\x00\x00\x00\x01\x00";
    check(&preset("tpkt"), request, &[b"\x03\x00\x00\x0B".as_slice(), request].concat());
    // The second byte is reserved and may be anything.
    reads(&preset("tpkt"), &[b"a"], b"\x03\x7F\x00\x05a");
}

#[test]
fn the_list_of_presets_is_in_order_and_every_one_works() {
    let names: Vec<_> = Codec::PRESETS.iter().map(|preset| preset.name).collect();
    assert!(names.is_sorted(), "{names:?}");
    for name in names {
        assert!(preset(name).max() <= Codec::MAX, "{name}");
    }
    let error = Codec::preset("lnies").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadOption);
    let text = "codec option `preset`: expected one of crlf, fix, iso8583-2, iso8583-4, lines, mllp, \
        modbus-tcp, nul-json, smpp, stx-etx-lrc, syslog, tpkt, got \"lnies\"";
    assert_eq!(error.to_string(), text);
}
