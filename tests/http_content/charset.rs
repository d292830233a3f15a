//! The bodies of fixtures/charset: what they are read as, and the choice made where there is one.

use base64::{Engine, engine::general_purpose::STANDARD};
use harness::fixture;
use opi_http_connector::ErrorKind;
use opi_http_connector::text::{Invalid, Reading, decode};

#[test]
fn every_body_is_read_as_its_row_says() {
    let Some(rows) = fixture("charset/cases.json") else { return };
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 25);
    for row in rows {
        let content_type = row["content_type"].as_str().unwrap();
        let body = STANDARD.decode(row["body_b64"].as_str().unwrap()).unwrap();
        let lenient = Reading::new().invalid(Invalid::Replace);
        let read = decode(&body, Some(content_type), &lenient);
        let expected = row["text"].as_str().or_else(|| chosen(content_type));
        match (read, expected) {
            (Ok(read), Some(expected)) => assert_eq!(read.text, expected, "{row}"),
            (Err(error), None) => assert_eq!(error.kind(), ErrorKind::NotText, "{row}"),
            (read, expected) => panic!("{row}: {read:?}, not {expected:?}"),
        }
        let strict = decode(&body, Some(content_type), &Reading::new());
        let is_clean = expected.is_some_and(|it| !it.contains('\u{FFFD}'));
        assert_eq!(strict.is_ok(), is_clean, "{row}");
    }
}

/// What this crate does where the row leaves it open; nothing is an error.
fn chosen(content_type: &str) -> Option<&'static str> {
    match content_type {
        // An unknown label counts as none, and UTF-7 is unknown.
        "text/plain; charset=no-such" => Some("Привет, «Мир» — 12 ₽? Ёж"),
        "text/plain; charset=utf-7" => Some("+ADw-script+AD4-"),
        // Without a charset it is UTF-8, and what is not is replaced or refused.
        "text/plain" => Some("\u{FFFD}\u{FFFD}\u{FFFD}"),
        "text/plain; charset=replacement" => None,
        _ => panic!("{content_type}: a row with no choice"),
    }
}
