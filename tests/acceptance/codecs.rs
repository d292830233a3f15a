//! HMAC, gzip, dates, names of statuses.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use opi_http_connector::connector::{Hash, Language, gunzip, gzip, hmac, presentation};
use opi_http_connector::{ErrorKind, dates};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[track_caller]
fn code(key: &str, data: &str, expected: [(Hash, &str); 3]) {
    for (hash, expected) in expected {
        let code = hmac(hash, key.as_bytes(), data.as_bytes());
        let code: String = code.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(code, expected, "{hash:?}");
    }
}

#[test]
fn a_011_hmac_with_short_and_long_keys() {
    code(
        "Секретный ключ",
        "",
        [
            (Hash::Md5, "1b1ec4166a11c03b3afefaea442e7709"),
            (Hash::Sha1, "355aa0587050d711f4ca9af6930c736363a88d34"),
            (Hash::Sha256, "70907d03476d72b7276897718590a49f6ce56991112fb5a0e9ed41652b2aab6c"),
        ],
    );
    code(
        &"1234567890".repeat(7),
        "Какие-то данные",
        [
            (Hash::Md5, "ed5b2d6b9f573cd46e8f8d1d1e8b70e3"),
            (Hash::Sha1, "7e8f9d7ebbe81e508a39f410e157fc6e714b3371"),
            (Hash::Sha256, "80be8107de7879f028c8bfe97e10b859785530dd19dfc41a4d6962ce4c2fc130"),
        ],
    );
}

const HELLO: &str = "Привет, Мир!";

#[test]
fn a_012_gzip_of_others_is_read() {
    let packed = "H4sIAAAAAAAA/wEVAOr/0J/RgNC40LLQtdGCLCDQnNC40YAhilS6PhUAAAA=";
    let packed = STANDARD.decode(packed).unwrap();
    assert_eq!(gunzip(&packed, 100).unwrap(), HELLO.as_bytes());
    let cut = gunzip(&packed[..packed.len() - 1], 100).unwrap_err();
    assert_eq!(cut.kind(), ErrorKind::BodyCoding);
}

#[test]
fn a_013_gzip_of_ours_is_gzip() {
    let packed = gzip(HELLO.as_bytes());
    // RFC 1952: the magic bytes, deflate, no flags; the length of what is in it ends it.
    assert_eq!(packed[..4], [0x1F, 0x8B, 8, 0]);
    assert_eq!(packed[packed.len() - 8..], [0x8A, 0x54, 0xBA, 0x3E, 0x15, 0, 0, 0]);
    assert_eq!(gunzip(&packed, 100).unwrap(), HELLO.as_bytes());
}

#[test]
fn a_014_dates_of_http_are_read() {
    for (text, expected) in [
        ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
        ("Tue, 15 Nov 1994 12:45:26 GMT", Some(784_903_526)),
        ("", None),
    ] {
        let expected = expected.map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(dates::read(text, SystemTime::now()), expected, "{text:?}");
    }
}

#[test]
fn a_015_statuses_have_names_and_one_without_says_so() {
    assert_eq!(presentation(400, Language::Russian), "400: Bad Request");
    assert_eq!(presentation(488, Language::Russian), "488: Неизвестный код состояния HTTP");
}
