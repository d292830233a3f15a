//! Limits are exact: at the limit and one past it, before the bytes have come.

use std::time::Duration;

use opi_framing::{
    Check, Codec, Delimited, ErrorKind, Fix, Fixed, Framing, Idle, Length, OctetCount, Sum, Varint,
};

use crate::{
    composed::{df1, hdlc, slip},
    stream::{Event, events, frames},
};

/// The frame of `payload` passes at its own size and fails one below, however it is cut, with an
/// error after `known` bytes.
#[track_caller]
fn check(codec: &Codec, payload: &[u8], known: usize) {
    let mut wire = Vec::new();
    codec.encode(payload, &mut wire).unwrap();
    let exact = codec.clone().at_most(wire.len()).unwrap();
    let each: Vec<usize> = (0..wire.len()).collect();
    for cuts in [[].as_slice(), &each] {
        assert_eq!(frames(&exact, &wire, cuts), [payload], "{exact:?}");
    }
    let Ok(short) = codec.clone().at_most(wire.len() - 1) else {
        panic!("{codec:?}: the frame is the smallest there is")
    };
    let whole = events(&short, &wire, &[]);
    assert_eq!(whole, events(&short, &wire, &each));
    let kind = |event: &Event| matches!(event, Event::Error(it) if it.kind() == ErrorKind::TooLong);
    assert!(kind(&whole[0]), "{short:?} {whole:?}");
    assert!(kind(&events(&short, &wire[..known], &[])[0]), "{short:?} knows after {known} bytes");
    let refused = short.encode(payload, &mut Vec::new()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::BadPayload, "{refused}");
}

fn codec(framing: impl Into<Framing>) -> Codec {
    Codec::new(framing).unwrap()
}

#[test]
fn a_frame_of_the_limit_passes_and_one_byte_more_does_not() {
    check(&codec(Delimited::new("\n")), b"abc", 3);
    check(&codec(Delimited::new("\r\n").start(":")), b"abc", 5);
    check(&codec(Delimited::stx_etx(Check::new(Sum::Crc32))), b"abc", 5);
    check(&df1(), b"a\x10c", 10);
    check(&hdlc(b"\x7E"), b"a\x7Ec", 7);
    check(&slip(), b"a\xC0c", 4);
    check(&codec(Fix::new("FIX.4.4")), b"35=0\x0158=0123456789\x01", 16);
    check(&codec(Length::new(4)), b"abc", 4);
    check(&codec(Length::new(2).offset(2).start("\x03")), b"abc", 4);
    check(&codec(OctetCount::new()), b"0123456789", 3);
    check(&codec(Varint::new()), b"abc", 1);
    check(&Codec::preset("syslog").unwrap(), b"0123456789", 3);
}

#[test]
fn silence_has_a_limit_too() {
    let idle = codec(Idle::new(Duration::from_millis(1))).at_most(3).unwrap();
    assert_eq!(frames(&idle, b"abc", &[]), [b"abc"]);
    let mut decoder = idle.decoder();
    assert_eq!(decoder.decode(b"abcd").unwrap_err().kind(), ErrorKind::TooLong);
    assert!(decoder.gap(b"abcd").is_err(), "the rest of a message is no message");
    assert_eq!(decoder.recover(b"abcd"), opi_framing::Recovery::Wait(4));
    assert_eq!(decoder.gap(b""), Ok(None));
    assert_eq!(decoder.decode(b"abc"), Ok(None));
}

#[test]
fn the_default_limit_is_16_mib_and_nothing_is_waited_for() {
    let codec = codec(Length::new(4));
    assert_eq!((codec.max(), Codec::MAX), (16_777_216, 16_777_216));
    let mut decoder = codec.decoder();
    let announced = |body: u32| body.to_be_bytes();
    assert_eq!(decoder.decode(&announced(16_777_212)), Ok(None));
    assert_eq!(decoder.missing(), 16_777_212);
    let error = codec.decoder().decode(&announced(16_777_213)).unwrap_err();
    let text = "frame limit: expected a frame of at most 16777216 bytes, got 16777217 at byte 0 of the frame";
    assert_eq!(error.to_string(), text);
}

#[test]
fn the_largest_numbers_are_too_long_and_nothing_worse() {
    for wire in [[0xFF; 8], [0x7F; 8]] {
        for adjust in [i64::MIN, -1, 0, i64::MAX] {
            let kind =
                codec(Length::new(8).adjust(adjust)).decoder().decode(&wire).unwrap_err().kind();
            assert!(matches!(kind, ErrorKind::BadLength | ErrorKind::TooLong), "{adjust}");
        }
    }
    let varint = b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F";
    let error = codec(Varint::new()).decoder().decode(varint).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLong);
    let octets = codec(OctetCount::new()).decoder().decode(b"99999999999999999999 ").unwrap_err();
    assert_eq!(octets.kind(), ErrorKind::TooLong);
}

#[test]
fn a_limit_below_the_smallest_frame_is_refused() {
    let check = |codec: Codec, smallest: usize| {
        assert!(codec.clone().at_most(smallest).is_ok(), "{codec:?}");
        let error = codec.clone().at_most(smallest - 1).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadOption, "{codec:?}");
    };
    check(codec(Delimited::new("\r\n").start(":")), 3);
    check(df1(), 6);
    check(codec(Fix::new("FIX.4.4")), 22);
    check(codec(Fixed::new(9)), 9);
    check(codec(Length::new(2).offset(4)), 6);
    check(codec(OctetCount::new()), 3);
    check(codec(Varint::new()), 1);
}
