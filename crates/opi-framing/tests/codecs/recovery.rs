//! After an error: where decoding goes on, and where it cannot.

use opi_framing::{Codec, Delimited, Fixed, Length, OctetCount, Recovery, Varint};

use crate::{
    composed::{codec, df1, hdlc, slip},
    stream::{Event, events},
};

/// The frames that are left of a broken stream, and how many errors it had, however it is cut.
#[track_caller]
fn check(codec: &Codec, wire: &[u8], expected: &[&[u8]], errors: usize) {
    let each: Vec<usize> = (0..wire.len()).collect();
    for cuts in [[].as_slice(), &each] {
        let (mut frames, mut found) = (Vec::new(), 0);
        for event in events(codec, wire, cuts) {
            match event {
                Event::Error(_) => found += 1,
                Event::Frame(payload) => frames.push(payload),
                Event::End(_) => {}
            }
        }
        assert_eq!(frames, expected, "{found} errors");
        assert_eq!(found, errors);
    }
}

#[test]
fn noise_before_a_start_is_passed_over() {
    let mllp = Codec::preset("mllp").unwrap();
    check(&mllp, b"noise\x0Bone\x1C\r", &[b"one"], 1);
    check(&mllp, b"\x0Bone\x1C\r\r\n\x0Btwo\x1C\r", &[b"one", b"two"], 1);
    let tpkt = Codec::preset("tpkt").unwrap();
    check(&tpkt, b"\x04\x03\0\0\x05a", &[b"a"], 1);
    check(&tpkt, b"\x03\0\0\x01\x03\0\0\x05a", &[b"a"], 1);
    let two = codec(Delimited::new("!").start("<<"));
    check(&two, b"x<<<a!<b!<<c!", &[b"<a", b"c"], 2);
}

#[test]
fn a_frame_with_a_wrong_check_is_passed_over() {
    let lrc = Codec::preset("stx-etx-lrc").unwrap();
    check(&lrc, b"\x02A\x03\x00\x02A\x03\x42", &[b"A"], 1);
    // The first frame lost its end; the second one is still found.
    check(&lrc, b"\x02lost\x02A\x03\x42\x02A\x03\x42", &[b"A", b"A"], 1);
    let good = b"123456789\x6E\x90\x7E";
    check(&hdlc(b""), &[b"bad\x7E".as_slice(), good].concat(), &[b"123456789"], 1);
    let fix = Codec::preset("fix").unwrap();
    let wire = b"8=FIX.4.4\x019=5\x0135=0\x0110=000\x018=FIX.4.4\x019=5\x0135=0\x0110=163\x01";
    check(&fix, wire, &[b"35=0\x01"], 1);
}

#[test]
fn a_frame_given_up_makes_way_for_the_next() {
    check(&df1(), b"\x10\x02A\x10\x02A\x10\x03\x00\x00", &[], 2);
    check(&hdlc(b""), b"given up\x7D\x7E123456789\x6E\x90\x7E", &[b"123456789"], 1);
    check(&slip(), b"a\xDBb\xC0c\xC0", &[b"c"], 1);
}

#[test]
fn the_rest_of_a_long_frame_is_passed_over() {
    let lines = Codec::preset("lines").unwrap().at_most(4).unwrap();
    check(&lines, b"one\nlong line\ntwo\n", &[b"one", b"two"], 1);
    let crlf = Codec::preset("crlf").unwrap().at_most(4).unwrap();
    check(&crlf, b"abc\r\nok\r\n", &[b"ok"], 1);
    let mllp = Codec::preset("mllp").unwrap().at_most(5).unwrap();
    check(&mllp, b"\x0Babc\x1C\r\x0Bok\x1C\r", &[b"ok"], 1);
    check(&mllp, b"\x0Babc\x0Bok\x1C\r", &[b"ok"], 1);
}

#[test]
fn without_a_mark_there_is_no_way_back() {
    let cases = [
        (codec(Length::new(2)).at_most(9).unwrap(), b"\xFF\xFF".as_slice()),
        (codec(Length::new(4).adjust(-9)), b"\0\0\0\0"),
        (codec(OctetCount::new()), b"x"),
        (codec(Varint::new()), &[0xFF; 10]),
    ];
    for (codec, wire) in cases {
        let mut decoder = codec.decoder();
        let error = decoder.decode(wire).unwrap_err();
        assert_eq!(decoder.recover(wire), Recovery::Impossible, "{codec:?}");
        assert_eq!(decoder.decode(wire), Err(error.clone()), "it stays failed");
        assert_eq!(decoder.end(wire), Err(error), "to the end");
    }
}

#[test]
fn without_an_error_nothing_is_passed_over() {
    let mut decoder = codec(Fixed::new(3)).decoder();
    assert_eq!(decoder.decode(b"ab"), Ok(None));
    assert_eq!(decoder.recover(b"ab"), Recovery::Skip(0));
    assert_eq!(decoder.decode(b"abc").unwrap().unwrap().payload(b"abc"), b"abc");
}

#[test]
fn another_buffer_than_before_is_no_panic() {
    for codec in [df1(), hdlc(b""), slip(), Codec::preset("fix").unwrap(), codec(Length::new(2))] {
        let mut decoder = codec.decoder();
        for buffer in [b"\x10\x02A\x10".as_slice(), b"\x7E\x7E\x7E", b"", b"8=FIX.4.4\x019=999"] {
            let _any = decoder.decode(buffer).is_ok();
            let _any = decoder.gap(buffer).is_ok();
            let _any = decoder.end(buffer).is_ok();
            let _any = decoder.recover(&buffer[..buffer.len() / 2]);
        }
    }
}
