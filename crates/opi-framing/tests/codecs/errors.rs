//! Errors say what was expected, what came and at which byte; what cannot be carried is refused.

use std::time::Duration;

use opi_framing::{
    Check, Codec, Delimited, Endian, ErrorKind, Escape, Fix, Fixed, Framing, Idle, Includes, Keep,
    Length, OctetCount, Place, Sum, Varint,
};

use crate::{
    composed::{codec, df1, hdlc, slip},
    stream::{Event, events},
};

/// The first error in `wire`, the same however it is cut.
#[track_caller]
fn wrong(codec: &Codec, wire: &[u8], kind: ErrorKind, text: &str) {
    let each: Vec<usize> = (0..wire.len()).collect();
    for cuts in [[].as_slice(), &each] {
        let errors = events(codec, wire, cuts).into_iter().find_map(|event| match event {
            Event::Error(error) | Event::End(Err(error)) => Some(error),
            _ => None,
        });
        let error = errors.unwrap();
        assert_eq!((error.to_string().as_str(), error.kind()), (text, kind));
    }
}

#[test]
fn a_wrong_start() {
    let text = "frame start: expected 0x0B, got 0x41 at byte 0 of the frame";
    wrong(&Codec::preset("mllp").unwrap(), b"A", ErrorKind::WrongStart, text);
    let text = "frame start: expected 0x02, got 0x10 at byte 1 of the frame";
    wrong(&df1(), b"\x10\x10", ErrorKind::WrongStart, text);
    let text = "frame start: expected a digit from 0x31 to 0x39, got 0x30 at byte 0 of the frame";
    wrong(&codec(OctetCount::new()), b"0 ", ErrorKind::WrongStart, text);
    let text = "frame start: expected 0x34, got 0x32 at byte 8 of the frame";
    wrong(&Codec::preset("fix").unwrap(), b"8=FIX.4.2\x01", ErrorKind::WrongStart, text);
}

#[test]
fn a_wrong_length() {
    let kind = ErrorKind::BadLength;
    let digits = codec(Length::new(4).endian(Endian::Ascii));
    let text = "frame length: expected a decimal digit, got 0x78 at byte 2 of the frame";
    wrong(&digits, b"00x", kind, text);
    let smpp = Codec::preset("smpp").unwrap();
    let text = "frame length: expected 4 or more, got 3 at byte 0 of the frame";
    wrong(&smpp, b"\0\0\0\x03", kind, text);
    let text = "frame length: expected a decimal digit or 0x20, got 0x3C at byte 2 of the frame";
    wrong(&codec(OctetCount::new()), b"17<", kind, text);
    let text = "frame length: expected 0x20 after 20 digits, got 0x31 at byte 20 of the frame";
    wrong(&codec(OctetCount::new()), &[b'1'; 21], kind, text);
    let text = "frame length: expected a last byte below 0x80, got 0x80 at byte 9 of the frame";
    wrong(&codec(Varint::new()), &[0x80; 10], kind, text);
    let text = "frame length: expected a decimal digit or 0x01, got 0x01 at byte 12 of the frame";
    wrong(&Codec::preset("fix").unwrap(), b"8=FIX.4.4\x019=\x01", kind, text);
}

#[test]
fn a_wrong_check() {
    let kind = ErrorKind::BadCheck;
    let text = "frame check: expected xor 43, got 44 at byte 5 of the frame";
    wrong(&Codec::preset("stx-etx-lrc").unwrap(), b"\x02ABC\x03\x44", kind, text);
    let hex = codec(Delimited::stx_etx(Check::new(Sum::Sum).endian(Endian::Ascii)));
    let text = "frame check: expected sum \"44\", got \"4G\" at byte 3 of the frame";
    wrong(&hex, b"\x02A\x034G", kind, text);
    let text = "frame check: expected crc16-x25 6E90, got 6E91 at byte 10 of the frame";
    wrong(&hdlc(b"\x7E"), b"\x7E123456789\x6E\x91\x7E", kind, text);
    let text = "frame check: expected 2 bytes of check before it, got 1 at byte 2 of the frame";
    wrong(&hdlc(b"\x7E"), b"\x7E1\x7E", kind, text);
    let text = "frame check: expected sum \"163\", got \"000\" at byte 22 of the frame";
    wrong(&Codec::preset("fix").unwrap(), b"8=FIX.4.4\x019=5\x0135=0\x0110=000\x01", kind, text);
}

#[test]
fn a_wrong_end() {
    let text = "frame end: expected SOH, `10=`, three digits, SOH, got \"35=0\\x0110\" at byte 14 of the frame";
    let wire = b"8=FIX.4.4\x019=0\x0135=0\x0110=163\x01";
    wrong(&Codec::preset("fix").unwrap(), wire, ErrorKind::WrongEnd, text);
}

#[test]
fn a_wrong_escape() {
    let kind = ErrorKind::BadEscape;
    let text =
        "frame escape: expected DLE or the end mark after DLE, got 0x02 at byte 4 of the frame";
    wrong(&df1(), b"\x10\x02A\x10\x02", kind, text);
    let text = "frame escape: expected a byte of the pairs after the escape, got 0x41 at byte 1 of the frame";
    wrong(&slip(), b"\xDBA", kind, text);
    let text =
        "frame escape: expected an escaped byte after the escape, got 0x7E at byte 3 of the frame";
    wrong(&hdlc(b"\x7E"), b"\x7EA\x7D\x7E", kind, text);
}

#[test]
fn an_end_inside_a_frame_is_never_success() {
    let text =
        "frame: expected at least 1 bytes more, got the end of the stream at byte 3 of the frame";
    wrong(&Codec::preset("lines").unwrap(), b"one\ntwo", ErrorKind::Truncated, text);
    let text =
        "frame: expected at least 3 bytes more, got the end of the stream at byte 3 of the frame";
    wrong(&codec(Length::new(2)), b"\x00\x04a", ErrorKind::Truncated, text);
    for (codec, wire) in [(hdlc(b""), b"\x7E\x7E".as_slice()), (df1(), b"")] {
        assert_eq!(events(&codec, wire, &[]), [Event::End(Ok(None))], "flags are no frame");
    }
}

#[track_caller]
fn refuses(codec: &Codec, payload: &[u8], text: &str) {
    let mut out = b"kept".to_vec();
    let error = codec.encode(payload, &mut out).unwrap_err();
    assert_eq!((error.to_string().as_str(), error.kind()), (text, ErrorKind::BadPayload));
    assert_eq!(out, b"kept");
}

#[test]
fn what_a_codec_cannot_carry_is_refused() {
    let lines = Codec::preset("lines").unwrap();
    refuses(&lines, b"a\nb", r#"payload: expected no end mark "\n" inside, got one at byte 1"#);
    let aba = codec(Delimited::new("aba"));
    refuses(&aba, b"xab", r#"payload: expected no end mark "aba" inside, got one at byte 1"#);
    let before = codec(Delimited::stx_etx(Check::new(Sum::Xor).place(Place::BeforeEnd)));
    let text = r#"payload: expected no end mark "\x03" inside, got one at byte 1"#;
    refuses(&before, b"\x00", text);
    refuses(&slip(), b"", "payload: expected at least one byte, got none");
    refuses(&codec(Fixed::new(3)), b"ab", "payload: expected 3 bytes, got 2");
    let text = "payload: expected a length of 0 to 255 in `width` 1, got 256";
    refuses(&codec(Length::new(1)), &[0; 256], text);
    let digits = Length::new(1).endian(Endian::Ascii).includes(Includes::Itself);
    let text = "payload: expected a length of 0 to 9 in `width` 1, got 10";
    refuses(&codec(digits), &[0; 9], text);
    let modbus = Codec::preset("modbus-tcp").unwrap();
    refuses(&modbus, b"\0\x01\0\0\0", "payload: expected a header of 6 bytes, got 5");
    refuses(&modbus, &[0; 261], "payload: expected a frame of at most 260 bytes, got 261");
    let start = codec(Length::new(1).offset(1).start(b"\x8F").keep(Keep::Frame));
    refuses(&start, b"a\0", r#"payload: expected "\x8f" in front, got another start"#);
    refuses(&codec(OctetCount::new()), b"", "payload: expected at least one byte, got none");
    let idle = codec(Idle::new(Duration::from_millis(9)));
    refuses(&idle, b"", "payload: expected at least one byte, got none");
    let text = "payload: expected SOH (01) at the end of the body, got 0x30";
    refuses(&codec(Fix::new("FIX.4.4")), b"35=0", text);
}

#[test]
fn a_whole_frame_is_checked_before_it_is_sent() {
    let kept = codec(Delimited::new("\n").keep(Keep::Frame));
    refuses(&kept, b"a\nb", "payload: expected one whole frame, got 1 bytes after it");
    refuses(&kept, b"a", "payload: expected one whole frame, got 1 bytes too few");
    let lrc = Delimited::stx_etx(Check::new(Sum::Xor)).keep(Keep::Frame);
    let text = "payload: expected one whole frame, got frame check: expected xor 42, got 00 at byte 3 of the frame";
    refuses(&codec(lrc), b"\x02A\x03\0", text);
}

#[track_caller]
fn no_codec(framing: impl Into<Framing>, text: &str) {
    let error = Codec::new(framing).unwrap_err();
    assert_eq!((error.to_string().as_str(), error.kind()), (text, ErrorKind::BadOption));
}

#[test]
fn settings_that_make_no_codec_are_refused_by_name() {
    no_codec(Delimited::new(""), "codec option `end`: expected 1 to 4096 bytes, got 0 bytes");
    let long = [0; 4097];
    no_codec(Delimited::new(long), "codec option `end`: expected 1 to 4096 bytes, got 4097 bytes");
    let text = "codec option `start`: expected at most 4096 bytes, got 4097 bytes";
    no_codec(Delimited::new("a").start(long), text);
    no_codec(Fixed::new(0), "codec option `size`: expected one byte or more, got 0");
    for width in [0, 9] {
        let text = format!("codec option `width`: expected 1 to 8 bytes, got {width}");
        no_codec(Length::new(width), &text);
    }
    let text = "codec option `offset`: expected 0 to 4096 bytes, got 4097";
    no_codec(Length::new(1).offset(4097), text);
    let text = "codec option `start`: expected at most `offset`, 1 bytes, got 2";
    no_codec(Length::new(1).offset(1).start("ab"), text);
    let text = "codec option `gap_ms`: expected whole milliseconds from 1 to 3600000, got 0ns";
    no_codec(Idle::new(Duration::ZERO), text);
    let text = "codec option `begin`: expected 1 to 32 visible characters, got \"A B\"";
    no_codec(Fix::new("A B"), text);
}

#[test]
fn escapes_that_contradict_the_marks_are_refused() {
    let with = |escape| Delimited::new([0x7E]).start([0x7E]).escape(escape);
    let text = "codec option `escape`: expected an escape that is none of the marks, got 0x7E";
    no_codec(with(Escape::Xor { escape: 0x7E, mask: 0x20 }), text);
    let text = "codec option `escape_mask`: expected a mask that makes no mark or escape the end mark, got 0x03";
    no_codec(with(Escape::Xor { escape: 0x7D, mask: 0x03 }), text);
    let text = "codec option `escape`: expected marks of one byte with escapes, got 1 and 2";
    no_codec(Delimited::new("ab").start("a").escape(Escape::Dle), text);
    let pairs = |pairs: &[(u8, u8)]| with(Escape::Pairs { escape: 0xDB, pairs: pairs.to_vec() });
    let text = "codec option `escape_pairs`: expected pairs for the escape and the end mark among them, got 1 pairs";
    no_codec(pairs(&[(0xDB, 1)]), text);
    let text = "codec option `escape_pairs`: expected each byte once, got one twice";
    no_codec(pairs(&[(0xDB, 1), (0x7E, 1)]), text);
    let text = "codec option `escape_pairs`: expected no pair with the end mark in it, got 0x7E";
    no_codec(pairs(&[(0xDB, 0x7E), (0x7E, 1)]), text);
}
