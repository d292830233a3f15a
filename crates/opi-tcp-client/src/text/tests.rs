//! Tables of text in every encoding, cut wherever it can be cut.

use super::*;

fn encoding(label: &str) -> Encoding {
    label.parse().unwrap()
}

/// Checks the bytes of `text`, the text of the bytes, and that no cut cuts a character.
#[track_caller]
fn check(label: &str, text: &str, bytes: &[u8]) {
    let encoding = encoding(label);
    assert_eq!(&encoding.encode(text).unwrap()[..], bytes, "{label}");
    let form = Text::new(encoding).malformed(Malformed::Refuse);
    assert_eq!(form.text(bytes, Position::Later).unwrap(), (text.to_owned(), 0), "{label}");
    for cut in 0..=bytes.len() {
        let whole = whole(encoding, &bytes[..cut]);
        let (head, _) = form.text(&bytes[..whole], Position::Later).unwrap();
        assert!(text.starts_with(&head), "{label} cut at {cut}: {head:?}");
        assert!(cut - whole < 4, "{label}: {} bytes held back at {cut}", cut - whole);
    }
}

#[test]
fn unicode_in_its_three_forms() {
    check("UTF-8", "aЯ€😀", b"a\xd0\xaf\xe2\x82\xac\xf0\x9f\x98\x80");
    check("utf-16le", "aЯ😀", b"a\0\x2f\x04\x3d\xd8\x00\xde");
    check("UTF-16", "Я", b"\x2f\x04");
    check("UTF-16BE", "aЯ😀", b"\0a\x04\x2f\xd8\x3d\xde\x00");
    check("utf8", "", b"");
}

#[cfg(feature = "encodings")]
#[test]
fn the_encodings_of_older_systems() {
    check("windows-1251", "Привет\n", b"\xcf\xf0\xe8\xe2\xe5\xf2\n");
    check("KOI8-R", "Привет", b"\xf0\xd2\xc9\xd7\xc5\xd4");
    check("cp866", "Привет", b"\x8f\xe0\xa8\xa2\xa5\xe2");
    check("IBM866", "Ёё", b"\xf0\xf1");
    check("iso-8859-5", "Я", b"\xcf");
    check("Shift_JIS", "a表ｱ\\", b"a\x95\x5c\xb1\\");
    check("EUC-JP", "あｱa", b"\xa4\xa2\x8e\xb1a");
    check("gb18030", "a中😀", b"a\xd6\xd0\x94\x39\xfc\x36");
    check("Big5", "功a", b"\xa5\x5ca");
    check("EUC-KR", "가a", b"\xb0\xa1a");
    check("ISO-2022-JP", "aあb", b"a\x1b$B\x24\x22\x1b(Bb");
}

#[cfg(feature = "encodings")]
#[test]
fn a_character_the_encoding_has_not_is_named_with_its_place() {
    let error = encoding("windows-1251").encode("рубль ₽").unwrap_err();
    assert_eq!(error.code(), "client_not_encodable");
    assert_eq!(
        error.to_string(),
        "windows-1251 does not have '₽' (U+20BD), character 7 of the text"
    );
    assert!(encoding("IBM866").encode("€").is_err());
}

#[test]
fn an_unknown_label_is_named() {
    for label in ["win-cyrillic-9", "", "iso-2022-kr"] {
        let error = label.parse::<Encoding>().unwrap_err();
        assert_eq!(error.code(), "client_unknown_encoding");
        assert!(error.to_string().contains(&format!("{label:?}")), "{error}");
    }
}

/// Checks what becomes of `bytes` that are no text, replaced and refused.
#[track_caller]
fn check_bad(label: &str, bytes: &[u8], text: &str, words: &str) {
    let form = Text::new(encoding(label));
    let replaced = text.matches(char::REPLACEMENT_CHARACTER).count();
    assert_eq!(form.text(bytes, Position::Later).unwrap(), (text.to_owned(), replaced), "{label}");
    let refusing = form.malformed(Malformed::Refuse);
    let error = refusing.text(bytes, Position::Later).unwrap_err();
    assert_eq!((error.code(), &*error.to_string()), ("client_bad_text", words));
}

#[test]
fn what_is_no_text_is_replaced_or_refused_with_its_place() {
    check_bad("UTF-8", b"ab\xffcd", "ab\u{FFFD}cd", "byte 2: FF is no UTF-8");
    check_bad("UTF-8", b"\xe2\x82", "\u{FFFD}", "byte 0: E2 82 is no UTF-8");
    check_bad("UTF-16LE", b"a\0\x00\xdcb\0", "a\u{FFFD}b", "byte 2: 00 DC is no UTF-16LE");
    check_bad("UTF-16BE", b"\0a\0", "a\u{FFFD}", "byte 2: 00 is no UTF-16BE");
}

#[cfg(feature = "encodings")]
#[test]
fn what_is_no_text_of_older_systems_too() {
    check_bad("windows-1253", b"a\xaa", "a\u{FFFD}", "byte 1: AA is no windows-1253");
    check_bad("Shift_JIS", b"a\x95", "a\u{FFFD}", "byte 1: 95 is no Shift_JIS");
    check_bad("Shift_JIS", b"\x95\nb", "\u{FFFD}\nb", "byte 0: 95 is no Shift_JIS");
}

#[test]
fn a_byte_order_mark_begins_a_connection_and_nothing_else() {
    let form = Text::new(Encoding::UTF_16LE);
    assert_eq!(form.text(b"\xff\xfea\0", Position::Beginning).unwrap().0, "a");
    assert_eq!(form.text(b"\xff\xfea\0", Position::Later).unwrap().0, "\u{FEFF}a");
    let error = form.text(b"\xfe\xff\0a", Position::Beginning).unwrap_err();
    assert_eq!(error.to_string(), "expected UTF-16LE, got the byte order mark of UTF-16BE");
    let marked = form.with_byte_order_mark();
    assert_eq!(&marked.bytes("a", Position::Beginning).unwrap()[..], b"\xff\xfea\0");
    assert_eq!(&marked.bytes("a", Position::Later).unwrap()[..], b"a\0");
    assert_eq!(&form.bytes("a", Position::Beginning).unwrap()[..], b"a\0");
    let utf8 = Text::new(Encoding::UTF_8).with_byte_order_mark();
    assert_eq!(&utf8.bytes("a", Position::Beginning).unwrap()[..], b"\xef\xbb\xbfa");
}

#[track_caller]
fn check_between(label: &str, bytes: &[u8], expected: &[usize]) {
    let mut chars = Chars::new(encoding(label));
    let found: Vec<_> = (0..=bytes.len()).filter(|at| chars.is_between(bytes, *at)).collect();
    assert_eq!(found, expected, "{label}");
}

#[test]
fn places_between_characters_of_utf16_are_even() {
    check_between("UTF-16LE", b"\n\0\0\n", &[0, 2, 4]);
}

#[cfg(feature = "encodings")]
#[test]
fn places_between_characters_of_two_bytes_are_found_by_walking() {
    check_between("Shift_JIS", b"a\x95\x5c\x5c", &[0, 1, 3, 4]);
    check_between("EUC-JP", b"\x8f\xb0\xa1\xa4\xa2a", &[0, 3, 5, 6]);
    check_between("gb18030", b"\x94\x39\xfc\x36\n", &[0, 4, 5]);
    check_between("ISO-2022-JP", b"\x1b$B\x24\x22\x1b(B\x22", &[0, 3, 5, 8, 9]);
    check_between("windows-1251", b"\xcf\xf0", &[0, 1, 2]);
}

#[cfg(feature = "encodings")]
#[test]
fn what_is_no_text_costs_no_character_behind_it_wherever_it_is_cut() {
    for (label, bytes) in [
        ("EUC-JP", &b"\xc6\x8e\xcf\xad"[..]),
        ("EUC-JP", b"\x8f\x81\xcf\xad"),
        ("EUC-JP", b"\x8f\xb0a\xcf\xad"),
        ("GBK", b"\xf40w\xfb\xc4"),
        ("gb18030", b"\xf67u\xc1]<"),
        ("gb18030", b"\x810\x81u\xc1]"),
    ] {
        let (encoding, form) = (encoding(label), Text::new(encoding(label)));
        let text = |bytes| form.text(bytes, Position::Later).unwrap().0;
        for cut in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(whole(encoding, &bytes[..cut]));
            assert_eq!(text(head) + &text(tail), text(bytes), "{label} {bytes:x?} at {cut}");
        }
    }
}

#[test]
fn half_a_pair_and_half_a_unit_at_the_end_are_one_broken_character() {
    let text = Text::new(Encoding::UTF_16BE);
    for (bytes, replaced) in
        [(&[0xD8, 0x31, 0xD8][..], 1), (&[0xDC, 0x31, 0xD8], 2), (&[0xD8, 0x31], 1)]
    {
        let (found, count) = text.text(bytes, Position::Later).unwrap();
        assert_eq!((found.chars().count(), count), (replaced, replaced), "{bytes:02x?}");
    }
}
