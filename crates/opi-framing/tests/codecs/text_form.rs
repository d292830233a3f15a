//! The text form: what it reads, what it writes, what it refuses, and its reference.

use std::time::Duration;

use opi_framing::{
    Check, Codec, Covers, Delimited, Endian, ErrorKind, Escape, Fix, Fixed, Framing, Idle,
    Includes, Keep, Length, OctetCount, Place, Sum, Varint,
};

use crate::{
    composed::{codec, df1, hdlc, slip},
    splits::codecs,
};

#[track_caller]
fn check(text: &str, expected: impl Into<Framing>) {
    assert_eq!(text.parse(), Ok(codec(expected)), "{text}");
}

#[test]
fn every_kind_and_setting_is_read() {
    check(r#"{"kind":"delimiter","end":"0D0A"}"#, Delimited::new("\r\n"));
    let kept = Delimited::new("\r").start("\x0B\x0C").keep(Keep::Frame);
    check(r#"{"kind":"delimiter","start":"0b 0C","end":"0D","keep":"frame"}"#, kept);
    check(r#"{"kind":"stx_etx"}"#, Delimited::stx_etx(Check::new(Sum::Xor)));
    let sum = Check::new(Sum::Crc16X25).covers(Covers::Payload).endian(Endian::Little);
    let text = r#"{"kind":"stx_etx","check":"crc16-x25","check_covers":"payload",
        "check_endian":"little","check_place":"before_end","escape":"dle"}"#;
    check(text, Delimited::stx_etx(sum.place(Place::BeforeEnd)).escape(Escape::Dle));
    let xor = Escape::Xor { escape: 0x7D, mask: 0x20 };
    check(r#"{"kind":"delimiter","end":"7E","escape":"xor"}"#, Delimited::new("~").escape(xor));
    check(r#"{"kind":"fixed","size":22}"#, Fixed::new(22));
    check(r#"{"kind":"idle","gap_ms":50}"#, Idle::new(Duration::from_millis(50)));
    check(r#"{"kind":"varint"}"#, Varint::new());
    check(r#"{"kind":"octet_count"}"#, OctetCount::new());
    check(r#"{"kind":"fix","begin":"FIXT.1.1"}"#, Fix::new("FIXT.1.1"));
    let length = Length::new(2).offset(4).endian(Endian::Little).includes(Includes::Itself);
    let text = r#"{"kind":"length","width":2,"offset":4,"endian":"little","includes":"self",
        "adjust":-2,"start":"8F","keep":"frame"}"#;
    check(text, length.adjust(-2).start(b"\x8F").keep(Keep::Frame));
}

#[test]
fn presets_are_read_by_name_and_may_be_changed() {
    let codec = |text: &str| text.parse::<Codec>().unwrap();
    assert_eq!(codec("mllp"), Codec::preset("mllp").unwrap());
    assert_eq!(codec(r#" {"preset":"modbus-tcp"} "#), Codec::preset("modbus-tcp").unwrap());
    let short = codec(r#"{"preset":"lines","max":100,"keep":"frame"}"#);
    assert_eq!(short, codec(r#"{"kind":"delimiter","end":"0A","max":100,"keep":"frame"}"#));
    let without = codec(r#"{"preset":"stx-etx-lrc","check":"none"}"#);
    assert_eq!(without, codec(r#"{"kind":"delimiter","start":"02","end":"03"}"#));
}

#[test]
fn what_is_written_is_read_back() {
    let minimal = [df1(), hdlc(b""), slip(), codec(Idle::new(Duration::from_secs(2)))];
    for codec in codecs().into_iter().chain(minimal) {
        let text = codec.to_json();
        assert_eq!(text.parse(), Ok(codec), "{text}");
    }
    assert_eq!(codec(Varint::new()).to_json(), r#"{"kind":"varint"}"#);
    let text = r#"{"kind":"delimiter","end":"C0","escape":"pairs","escape_byte":"DB","escape_pairs":"C0DCDBDD"}"#;
    assert_eq!(slip().to_json(), text);
}

#[track_caller]
fn refuses(text: &str, message: &str) {
    let error = text.parse::<Codec>().unwrap_err();
    assert_eq!((error.to_string().as_str(), error.kind()), (message, ErrorKind::BadOption));
}

#[test]
fn what_is_unknown_or_wrong_is_refused_by_name() {
    refuses(
        r#"{"kind":"fixed","sise":1}"#,
        "codec option `sise`: expected one of kind, preset, size, max, got an unknown option",
    );
    refuses(
        r#"{"kind":"fixde"}"#,
        "codec option `kind`: expected one of delimiter, fix, fixed, idle, length, octet_count, \
         stx_etx, varint, got \"fixde\"",
    );
    refuses(
        "{}",
        "codec option `kind`: expected one of delimiter, fix, fixed, idle, length, octet_count, \
         stx_etx, varint, got nothing",
    );
    let both = r#"{"kind":"fixed","preset":"lines"}"#;
    refuses(both, "codec option `preset`: expected either `kind` or `preset`, got both");
    refuses(r#"{"kind":"fixed"}"#, "codec option `size`: expected a whole number, got nothing");
    for (value, got) in [("\"9\"", "the text \"9\""), ("1.5", "1.5"), ("true", "true")] {
        let message = format!("codec option `size`: expected a whole number, got {got}");
        refuses(&format!(r#"{{"kind":"fixed","size":{value}}}"#), &message);
    }
    refuses(r#"{"kind":"fixed","size":-1}"#, "codec option `size`: expected zero or more, got -1");
    for value in ["0D0", "0D 0", "zz", "+1", "é", "0é"] {
        let message = format!(
            "codec option `end`: expected bytes in hexadecimal, as \"0D0A\", got \"{value}\""
        );
        refuses(&format!(r#"{{"kind":"delimiter","end":"{value}"}}"#), &message);
    }
    refuses(
        r#"{"kind":"varint","keep":"all"}"#,
        "codec option `keep`: expected one of frame, payload, got \"all\"",
    );
    refuses(
        r#"{"preset":"modbus-tcp","max":5}"#,
        "codec option `max`: expected 6 bytes or more, got 5",
    );
    let error = r#"{"kind":"#.parse::<Codec>().unwrap_err().to_string();
    assert!(
        error.starts_with("codec option `codec`: expected an object in JSON, got EOF"),
        "{error}"
    );
}

#[test]
fn settings_that_would_change_nothing_are_refused() {
    refuses(
        r#"{"kind":"delimiter","end":"0A","check_endian":"little"}"#,
        "codec option `check_endian`: expected a `check` besides, got it without that",
    );
    refuses(
        r#"{"kind":"delimiter","end":"7E","escape_byte":"7D"}"#,
        "codec option `escape_byte`: expected the `escape` xor or pairs besides, got it without that",
    );
    refuses(
        r#"{"kind":"delimiter","end":"C0","escape":"pairs","escape_byte":"DB",
            "escape_pairs":"C0DCDBDD","escape_mask":"20"}"#,
        "codec option `escape_mask`: expected the `escape` xor besides, got it without that",
    );
}

#[test]
fn the_rows_are_one_fact_each() {
    for kind in Codec::KINDS {
        for name in kind.settings.iter().chain(kind.defaults.iter().map(|(name, _)| name)) {
            assert!(Codec::SETTINGS.iter().any(|it| it.name == *name), "{} {name}", kind.name);
        }
    }
    let max = Codec::SETTINGS.iter().find(|it| it.name == "max").unwrap();
    assert_eq!(max.default, Some(Codec::MAX.to_string().as_str()));
    let begin = Codec::SETTINGS.iter().find(|it| it.name == "begin").unwrap();
    assert_eq!(begin.default, Some(format!("\"{}\"", Fix::BEGIN).as_str()));
}

#[test]
fn the_page_of_the_crate_is_made_of_the_rows() {
    assert_eq!(include_str!("../../codecs.md"), Codec::reference());
}
