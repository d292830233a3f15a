//! Taking messages out of 64 MiB that come in pieces: opi's codecs against tokio-util's, and against the least code that can do it.
#![expect(clippy::unwrap_used, reason = "a bench may end")]
#![forbid(unsafe_code)]

use bytes::{Buf, Bytes, BytesMut};
use memchr::memchr;
use opi_benches::{Contest, Report};
use opi_framing::Codec;
use tokio_util::codec::{Decoder, LengthDelimitedCodec, LinesCodec};

const MIB: usize = 64;
const SIZE: usize = MIB << 20;

fn main() {
    let mut report = Report::from_arguments("codec");
    for (message, piece) in [(100, 1024), (100, 65_536), (16_000, 1024), (16_000, 65_536)] {
        lines(&mut report, message, piece);
        lengths(&mut report, message, piece);
        checked(&mut report, message, piece);
    }
    report.finish(env!("CARGO_TARGET_TMPDIR"));
}

fn lines(report: &mut Report, message: usize, piece: usize) {
    let codec = "lines".parse().unwrap();
    let data = wire(&codec, message);
    let outcome = Contest::new(&format!("codec_lines_of_{message}_in_{piece}"), "us a MiB")
        .entrant("memchr by hand", MIB, || in_pieces(&data, piece, &mut line()))
        .entrant("opi", MIB, || in_pieces(&data, piece, &mut by(&codec)))
        .entrant("tokio-util LinesCodec", MIB, || {
            in_pieces(&data, piece, &mut theirs(LinesCodec::new()))
        })
        .run(report.rounds(5));
    report.add(&outcome);
}

fn lengths(report: &mut Report, message: usize, piece: usize) {
    let codec = r#"{"kind":"length","width":4}"#.parse().unwrap();
    let data = wire(&codec, message);
    let outcome = Contest::new(&format!("codec_lengths_of_{message}_in_{piece}"), "us a MiB")
        .entrant("by hand", MIB, || in_pieces(&data, piece, &mut length))
        .entrant("opi", MIB, || in_pieces(&data, piece, &mut by(&codec)))
        .entrant("tokio-util LengthDelimited", MIB, || {
            in_pieces(&data, piece, &mut theirs(LengthDelimitedCodec::new()))
        })
        .run(report.rounds(5));
    report.add(&outcome);
}

/// What a check and an escape cost; nobody else has them.
fn checked(report: &mut Report, message: usize, piece: usize) {
    let plain = r#"{"kind":"delimiter","start":"02","end":"03"}"#.parse().unwrap();
    let lrc = "stx-etx-lrc".parse().unwrap();
    let dle = r#"{"kind":"stx_etx","check":"crc16-arc","escape":"dle"}"#.parse().unwrap();
    let [a, b, c] = [&plain, &lrc, &dle].map(|codec| wire(codec, message));
    let outcome = Contest::new(&format!("codec_stx_etx_of_{message}_in_{piece}"), "us a MiB")
        .entrant("opi, no check", MIB, || in_pieces(&a, piece, &mut by(&plain)))
        .entrant("opi, XOR", MIB, || in_pieces(&b, piece, &mut by(&lrc)))
        .entrant("opi, CRC-16 and DLE", MIB, || in_pieces(&c, piece, &mut by(&dle)))
        .run(report.rounds(5));
    report.add(&outcome);
}

/// 64 MiB of messages.
fn wire(codec: &Codec, message: usize) -> Vec<u8> {
    let payload = vec![b'x'; message];
    let mut wire = Vec::with_capacity(SIZE + 2 * message);
    while wire.len() < SIZE {
        codec.encode(&payload, &mut wire).unwrap();
    }
    wire
}

/// How many bytes all messages have.
fn in_pieces(
    data: &[u8],
    piece: usize,
    next: &mut dyn FnMut(&mut BytesMut) -> Option<usize>,
) -> usize {
    let (mut buffer, mut total) = (BytesMut::new(), 0);
    for piece in data.chunks(piece) {
        buffer.extend_from_slice(piece);
        while let Some(size) = next(&mut buffer) {
            total += size;
        }
    }
    total
}

fn by(codec: &Codec) -> impl FnMut(&mut BytesMut) -> Option<usize> + use<> {
    let mut decoder = codec.decoder();
    move |buffer| {
        let frame = decoder.decode(buffer).unwrap()?;
        let range = frame.range();
        let mut taken = buffer.split_to(frame.size()).freeze();
        let payload: Bytes = match range {
            Some(range) => {
                taken.truncate(range.end);
                taken.advance(range.start);
                taken
            }
            None => frame.into_vec(&taken).into(),
        };
        Some(payload.len())
    }
}

fn theirs<D, T>(mut codec: D) -> impl FnMut(&mut BytesMut) -> Option<usize>
where
    D: Decoder<Item = T>,
    D::Error: std::fmt::Debug,
    T: AsRef<[u8]>,
{
    move |buffer| codec.decode(buffer).unwrap().map(|message| message.as_ref().len())
}

fn line() -> impl FnMut(&mut BytesMut) -> Option<usize> {
    let mut searched = 0;
    move |buffer| {
        let Some(at) = memchr(b'\n', &buffer[searched..]) else {
            searched = buffer.len();
            return None;
        };
        let mut line = buffer.split_to(searched + at + 1).freeze();
        line.truncate(searched + at);
        searched = 0;
        Some(line.len())
    }
}

fn length(buffer: &mut BytesMut) -> Option<usize> {
    let length = u32::from_be_bytes(*buffer.first_chunk()?) as usize;
    if buffer.len() < 4 + length {
        return None;
    }
    let mut message = buffer.split_to(4 + length).freeze();
    message.advance(4);
    Some(message.len())
}
