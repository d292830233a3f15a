//! Text of bodies: nothing is a panic, and what is written in an encoding is read back from it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opi_http_connector::text::{Invalid, Reading, decode};

// A Content-Type, a NUL, and the body.
fuzz_target!(|input: &[u8]| {
    let (content_type, body) = input.split_at(memchr::memchr(0, input).unwrap_or(input.len()));
    let body = body.get(1..).unwrap_or_default();
    let Ok(content_type) = str::from_utf8(content_type) else { return };
    let lenient = Reading::new().invalid(Invalid::Replace);
    let strict = decode(body, Some(content_type), &Reading::new());
    let Ok(read) = decode(body, Some(content_type), &lenient) else {
        // Only encodings that are refused whole fail here, and they fail there too.
        assert!(strict.is_err());
        return;
    };
    if let Ok(strict) = strict {
        assert_eq!(strict, read);
    }
    let Ok(bytes) = read.charset.encode(&read.text) else { return };
    let again = decode(&bytes, None, &Reading::new().charset(read.charset));
    // A text may begin with what is a mark in its encoding, and some encodings know a character twice.
    let is_unicode = read.charset.name().starts_with("UTF");
    if is_unicode && !read.text.starts_with('\u{FEFF}') {
        assert_eq!(again.expect("it was written so").text, read.text);
    }
});
