//! Bytes are read a bounded number of times, whatever comes and however it comes.

use crate::{
    Check, Codec, Covers, Delimited, Endian, Escape, Length, OctetCount, Place, Recovery, Sum,
    Varint, meter,
};

/// How often a byte may be read: when its end or its escapes are looked for, and once more over a
/// delimiter's beginning; when its check is computed; when its escapes are removed; and all of it
/// again when a frame that began inside a broken one is tried.
const TIMES: usize = 8;

fn codecs() -> Vec<Codec> {
    let presets = Codec::PRESETS.iter().map(|it| Codec::preset(it.name).unwrap());
    let hdlc = Check::new(Sum::Crc16X25).covers(Covers::Payload).place(Place::BeforeEnd);
    let dle = Check::new(Sum::Crc16Arc).endian(Endian::Little);
    let slip = Escape::Pairs { escape: b'b', pairs: vec![(b'a', b'c'), (b'b', b'd')] };
    let framings = [
        Delimited::new([b"a".repeat(99), b"b".to_vec()].concat()),
        Delimited::new("b").start("aa"),
        Delimited::new("ab").start("aaa").check(Check::new(Sum::Xor)),
        Delimited::new("b").start("a").check(hdlc).escape(Escape::Xor { escape: b'c', mask: 0 }),
        Delimited::new("b").check(hdlc).escape(Escape::Xor { escape: b'a', mask: 0 }),
        Delimited::stx_etx(dle).escape(Escape::Dle),
        Delimited::new("a").escape(slip),
    ];
    let delimited = framings.into_iter().map(|it| Codec::new(it).unwrap());
    let lengths = [
        Codec::new(Length::new(1).offset(1).start("a")),
        Codec::new(Length::new(8).endian(Endian::Ascii)),
        Codec::new(OctetCount::new()),
        Codec::new(Varint::new()),
    ];
    let all = presets.chain(delimited).chain(lengths.map(Result::unwrap)).collect::<Vec<_>>();
    let small = all.iter().flat_map(|it| it.clone().at_most(300)).collect::<Vec<_>>();
    [all, small].concat()
}

/// Streams that make searching, checking, escaping and recovering as hard as they can be.
fn hostile() -> Vec<Vec<u8>> {
    let size = 4_000;
    let cycle = |bytes: &[u8]| bytes.iter().copied().cycle().take(size).collect::<Vec<u8>>();
    let fix = b"8=FIX.4.4\x019=50\x01";
    let mut streams: Vec<Vec<u8>> = [
        b"a".as_slice(),
        b"b",
        b"ab",
        b"aab",
        b"aaab",
        b"aaaab",
        b"abab",
        b"c",
        b"cc",
        b"ac",
        b"ca",
        b"\x10",
        b"\x10\x02",
        b"\x10\x02\x10",
        b"\x10\x02\x10\x10",
        b"\x10\x02A\x10\x03",
        b"\x02",
        b"\x02\x03",
        b"\x02\x02\x03\x00",
        b"\x0B",
        b"\x0B\x1C",
        b"\x03",
        b"\x03\0\0\x09",
        b"8",
        b"0",
        b"8=FIX.4.4\x01",
        b"1 ",
        b"9",
        b"\n",
        b"\r",
        b"\x80",
        b"\0",
        b"\0\0\0\x40",
        fix,
    ]
    .map(cycle)
    .to_vec();
    streams.push([b"\x02".repeat(size), b"\x03\x01".to_vec()].concat());
    streams.push([b"aaa".repeat(size), b"ab".repeat(9)].concat());
    streams
}

/// How many bytes of `wire` are read when it comes in pieces of `size`.
fn read(codec: &Codec, wire: &[u8], size: usize) -> usize {
    meter::take();
    let (mut decoder, mut front, mut failed) = (codec.decoder(), 0, false);
    for end in (size..wire.len()).step_by(size).chain([wire.len()]) {
        loop {
            let buffer = &wire[front..end];
            match (failed, decoder.decode(buffer)) {
                (false, Ok(None)) => break,
                (false, Ok(Some(frame))) => front += frame.size(),
                (_, Err(_)) | (true, _) => match decoder.recover(buffer) {
                    Recovery::Skip(skip) => (front, failed) = (front + skip, false),
                    Recovery::Wait(skip) => {
                        (front, failed) = (front + skip, true);
                        break;
                    }
                    Recovery::Impossible => return meter::take(),
                },
            }
        }
    }
    meter::take()
}

#[test]
fn no_byte_is_read_more_often_than_the_constant() {
    let mut most = 0.0_f64;
    for (codec, wire) in codecs().iter().flat_map(|codec| {
        let streams = hostile().into_iter();
        streams.map(move |wire| (codec, wire))
    }) {
        for size in [1, 2, 7, 100, 1_024, wire.len()] {
            let read = read(codec, &wire, size);
            let head = wire[..8].escape_ascii();
            assert!(
                read <= TIMES * wire.len(),
                "{codec:?} {head} by {size}: {read} of {}",
                wire.len()
            );
            most = most.max(read as f64 / wire.len() as f64);
        }
    }
    assert!(most > 1.0, "nothing was counted");
}
