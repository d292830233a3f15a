//! Codecs: every cut gives the same frames and errors, and what is written is read.
#![no_main]

#[path = "../../../crates/opi-framing/tests/codecs/stream.rs"]
#[expect(dead_code, reason = "one of its functions is for tests that expect no errors")]
mod stream;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use opi_framing::{Codec, Framing};

use stream::{Event, events};

static CODECS: LazyLock<Vec<Codec>> = LazyLock::new(|| {
    let presets = Codec::PRESETS.iter().map(|preset| preset.name);
    let all = presets.chain(FORMS.iter().copied()).map(|text| text.parse::<Codec>().unwrap());
    all.flat_map(|codec| [codec.clone(), codec.clone().at_most(50).unwrap_or(codec)]).collect()
});

const FORMS: &[&str] = &[
    r#"{"kind":"delimiter","end":"616162","start":"6161"}"#,
    r#"{"kind":"delimiter","end":"0304","start":"0102","keep":"frame"}"#,
    r#"{"kind":"delimiter","end":"0A","check":"crc16-modbus","check_endian":"little"}"#,
    r#"{"kind":"delimiter","end":"7E","check":"crc16-x25","check_covers":"payload","check_endian":"little","check_place":"before_end","escape":"xor"}"#,
    r#"{"kind":"delimiter","start":"7E","end":"7E","check":"sum","check_place":"before_end","escape":"xor"}"#,
    r#"{"kind":"delimiter","end":"C0","escape":"pairs","escape_byte":"DB","escape_pairs":"C0DCDBDD"}"#,
    r#"{"kind":"stx_etx","escape":"dle","check":"crc16-arc"}"#,
    r#"{"kind":"stx_etx","check":"sum16","check_endian":"ascii","check_place":"before_end"}"#,
    r#"{"kind":"stx_etx","check":"none","escape":"xor","escape_byte":"10","escape_mask":"00"}"#,
    r#"{"kind":"fix","begin":"A","keep":"frame"}"#,
    r#"{"kind":"fixed","size":5}"#,
    r#"{"kind":"idle","gap_ms":50}"#,
    r#"{"kind":"length","width":1,"offset":1,"start":"8F","adjust":-2}"#,
    r#"{"kind":"length","width":3,"endian":"ascii","includes":"header"}"#,
    r#"{"kind":"length","width":8,"endian":"little","offset":2,"keep":"frame","adjust":9223372036854775807}"#,
    r#"{"kind":"octet_count"}"#,
    r#"{"kind":"varint"}"#,
];

// The first byte chooses the codec, the second how long the pieces are.
fuzz_target!(|input: &[u8]| {
    let [codec, piece, wire @ ..] = input else { return };
    let codec = &CODECS[usize::from(*codec) % CODECS.len()];
    let whole = events(codec, wire, &[]);
    for size in [1, usize::from(*piece).max(1)] {
        let cuts: Vec<usize> = (0..wire.len()).step_by(size).collect();
        assert_eq!(events(codec, wire, &cuts), whole, "{codec:?} by {size}");
    }
    written(codec, wire);
});

fn written(codec: &Codec, payload: &[u8]) {
    let mut wire = b"kept".to_vec();
    if codec.encode(payload, &mut wire).is_err() {
        assert_eq!(wire, b"kept");
        return;
    }
    let frame = &wire[4..];
    let filled = matches!(codec.framing(), Framing::Length(_)) && frame.len() == payload.len();
    let payload = if filled { frame } else { payload };
    let read = events(codec, frame, &[]);
    if matches!(codec.framing(), Framing::Idle(_)) {
        assert_eq!(read, [Event::End(Ok(Some(payload.to_vec())))]);
    } else {
        assert_eq!(read, [Event::Frame(payload.to_vec()), Event::End(Ok(None))], "{codec:?}");
    }
}
