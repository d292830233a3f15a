//! The text form: no text is a panic, what is written is read back, and the codec it makes holds.
#![no_main]

#[path = "../../../crates/opi-framing/tests/codecs/stream.rs"]
#[expect(dead_code, reason = "one of its functions is for tests that expect no errors")]
mod stream;

use libfuzzer_sys::fuzz_target;
use opi_framing::{Codec, ErrorKind};

use stream::events;

// A text, a NUL, and what the codec is to decode.
fuzz_target!(|input: &[u8]| {
    let (text, wire) = input.split_at(memchr::memchr(0, input).unwrap_or(input.len()));
    let Ok(text) = str::from_utf8(text) else { return };
    let codec = match text.parse::<Codec>() {
        Ok(codec) => codec,
        Err(error) => {
            assert!(error.kind() == ErrorKind::BadOption && !error.to_string().is_empty());
            return;
        }
    };
    assert_eq!(codec.to_json().parse(), Ok(codec.clone()));
    let wire = wire.get(1..).unwrap_or_default();
    let each: Vec<usize> = (0..wire.len()).collect();
    assert_eq!(events(&codec, wire, &each), events(&codec, wire, &[]));
    let _refused = codec.encode(wire, &mut Vec::new()).is_err();
});
