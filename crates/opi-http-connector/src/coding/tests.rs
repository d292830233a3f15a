//! Bodies in every coding: whole, cut anywhere, damaged, and unpacking to more than allowed.

use bytes::Bytes;
use http::header::CONTENT_ENCODING;
use http::{HeaderMap, HeaderValue};

use super::*;
use crate::{Error, ErrorKind};

fn coded(codings: &[&str]) -> HeaderMap {
    let lines = codings.iter().map(|it| (CONTENT_ENCODING, HeaderValue::from_str(it).unwrap()));
    lines.collect()
}

/// Decodes `data` in pieces of `piece` bytes; each piece that comes out is 64 KiB at most.
fn decode(codings: &[&str], data: &[u8], piece: usize, limits: Limits) -> Result<Vec<u8>, Error> {
    let mut decoder = Decoder::new(&coded(codings), limits)?;
    let mut body = Vec::new();
    let mut drain = |decoder: &mut Decoder| {
        while let Some(decoded) = decoder.pull()? {
            assert!(!decoded.is_empty() && (decoder.is_plain() || decoded.len() <= 65_536));
            body.extend_from_slice(&decoded);
        }
        Ok::<_, Error>(())
    };
    for pushed in data.chunks(piece) {
        decoder.push(Bytes::copy_from_slice(pushed));
        drain(&mut decoder)?;
    }
    decoder.end();
    drain(&mut decoder)?;
    Ok(body)
}

#[track_caller]
fn same(codings: &[&str], data: &[u8], expected: &[u8]) {
    for piece in [1, 2, 3, 7, 100, 8192, data.len().max(1)] {
        let decoded = decode(codings, data, piece, Limits::new());
        assert!(decoded.as_ref().is_ok_and(|it| it == expected), "{piece}: {decoded:?}");
    }
}

#[track_caller]
fn broken(codings: &[&str], data: &[u8]) {
    for piece in [1, 7, data.len().max(1)] {
        let error = decode(codings, data, piece, Limits::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BodyCoding, "{piece}: {error}");
    }
}

/// What every coding must keep: whole in any pieces, an error when cut or followed by anything.
#[cfg(any(feature = "brotli", feature = "gzip", feature = "zstd"))]
#[track_caller]
fn holds(coding: &str, data: &[u8], expected: &[u8]) {
    same(&[coding], data, expected);
    same(&[&coding.to_uppercase()], data, expected);
    for end in 1..data.len() {
        broken(&[coding], &data[..end]);
    }
    broken(&[coding], &[data, b"garbage"].concat());
    same(&[coding], &[data, &[0; 64]].concat(), expected);
    broken(&[coding], &[data, &[0; 64], data].concat());
    assert!(decode(&[coding], b"", 1, Limits::new()).unwrap().is_empty());
}

#[test]
fn bytes_without_a_known_coding_go_through_within_the_limit() {
    for codings in [&[][..], &["identity"], &["snappy"], &[""], &["identity, snappy"]] {
        same(codings, b"as it came", b"as it came");
    }
    let limits = Limits::new().decoded(10);
    assert_eq!(decode(&[], b"0123456789", 3, limits).unwrap(), b"0123456789");
    let error = decode(&[], b"0123456789+", 3, limits).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyTooLong);
}

#[cfg(feature = "gzip")]
mod inflated {
    use std::io::Write;

    use flate2::write::{DeflateEncoder, ZlibEncoder};
    use flate2::{Compression, GzBuilder};

    use super::*;

    const BEST: Compression = Compression::best();
    const TEXT: &[u8] = b"some text that is long enough to be cut, cut, cut anywhere";

    #[test]
    fn gzip_holds_and_its_members_follow_each_other() {
        holds("gzip", &gzip(TEXT), TEXT);
        holds("x-gzip", &gzip(b""), b"");
        let members = [gzip(b"one "), gzip(b""), gzip(b"two")].concat();
        same(&["gzip"], &members, b"one two");
    }

    #[test]
    fn the_trailer_of_gzip_is_checked_and_its_names_are_passed_over() {
        let whole = gzip(TEXT);
        for at in whole.len() - 8..whole.len() {
            let mut wrong = whole.to_vec();
            wrong[at] ^= 1;
            broken(&["gzip"], &wrong);
        }
        let mut named = GzBuilder::new().filename("a").comment("b").extra("c").write(vec![], BEST);
        named.write_all(TEXT).unwrap();
        holds("gzip", &named.finish().unwrap(), TEXT);
    }

    #[test]
    fn deflate_holds_in_both_of_its_forms() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(TEXT).unwrap();
        holds("deflate", &zlib.finish().unwrap(), TEXT);
        for level in [0, 1, 9] {
            let mut raw = DeflateEncoder::new(Vec::new(), Compression::new(level));
            raw.write_all(TEXT).unwrap();
            holds("deflate", &raw.finish().unwrap(), TEXT);
        }
    }

    #[test]
    fn codings_are_undone_from_the_last_to_the_first_whatever_lines_name_them() {
        let (once, twice) = (gzip(TEXT), gzip(&gzip(TEXT)));
        same(&["gzip, gzip"], &twice, TEXT);
        same(&["gzip", "identity, GZip"], &twice, TEXT);
        // One that is unknown leaves all of them on.
        same(&["gzip, snappy"], &once, &once);
        same(&["snappy, gzip"], &once, &once);
    }

    #[test]
    fn five_codings_are_undone_and_six_are_refused() {
        let packed = |times| (0..times).fold(Bytes::from(TEXT), |it, _| gzip(&it));
        same(&["gzip,gzip,gzip,gzip,gzip"], &packed(5), TEXT);
        broken(&["gzip,gzip,gzip", "gzip,gzip,gzip"], &packed(6));
        let one = Limits::new().codings(1);
        assert!(decode(&["gzip"], &packed(1), 9, one).is_ok());
        assert!(decode(&["gzip, gzip"], &packed(2), 9, one).is_err());
    }

    #[test]
    fn a_bomb_stops_at_the_limits_also_in_the_middle_of_a_chain() {
        let zeros = vec![0; 4_000_000];
        let bomb = gzip(&zeros);
        let limits = Limits::new().ratio(std::num::NonZeroU32::MAX);
        let length = decode(&["gzip"], &bomb, 512, limits.decoded(4_000_000)).unwrap().len();
        assert_eq!(length, 4_000_000);
        let limits = limits.decoded(3_999_999);
        let error = decode(&["gzip"], &bomb, 512, limits).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BodyTooLong);
        // Empty members unpack to nothing, so only the coding before sees how long they are.
        let empty = gzip(b"").repeat(10_000);
        let limits = limits.decoded(100_000);
        let error = decode(&["gzip, gzip"], &gzip(&empty), 512, limits).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BodyTooLong);
        let error = decode(&["gzip"], &bomb, 512, Limits::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BodyTooDense);
    }

    #[test]
    fn what_was_flushed_is_given_out_at_once() {
        for length in [1, 10, 65_535, 65_536, 65_537, 200_000] {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::fast());
            let text: Vec<u8> = (0..length).map(|at: u32| (at % 251) as u8).collect();
            encoder.write_all(&text).unwrap();
            encoder.flush().unwrap();
            let mut decoder = Decoder::new(&coded(&["gzip"]), Limits::new()).unwrap();
            decoder.push(encoder.get_ref().clone().into());
            let mut body = Vec::new();
            while let Some(piece) = decoder.pull().unwrap() {
                body.extend_from_slice(&piece);
            }
            assert!(body == text, "{length}");
        }
    }

    #[test]
    fn what_is_packed_piece_by_piece_is_unpacked() {
        let text: Vec<u8> = (0..300_000_u32).map(|at| (at % 253 * at % 7) as u8).collect();
        for piece in [1000, 65_536, 300_000] {
            let (mut packer, mut packed) = (Gzip::new(), Vec::new());
            text.chunks(piece).for_each(|it| packer.push(it, &mut packed));
            packer.end(&mut packed);
            assert!(decode(&["gzip"], &packed, 8192, Limits::new()).unwrap() == text, "{piece}");
        }
        same(&["gzip"], &gzip(&text[..1000]), &text[..1000]);
    }
}

/// What the samples below unpack to.
#[cfg(any(feature = "brotli", feature = "zstd"))]
fn greeting() -> Vec<u8> {
    [&"Привет, мир! ".repeat(101), "0123", &"Привет, мир! ".repeat(99)].concat().into_bytes()
}

#[cfg(any(feature = "brotli", feature = "zstd"))]
fn unhex(hex: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

#[cfg(feature = "brotli")]
#[test]
fn brotli_holds_and_has_its_limits() {
    holds("br", &unhex(BROTLI), &greeting());
    let error = decode(&["br"], &unhex(BROTLI_ZEROS), 9, Limits::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyTooDense);
    // A large window, which is not of HTTP: 0x11 in its first bits.
    broken(&["br"], &[0x11, 0x1E, 0, 0, 0, 0, 0, 0]);
}

#[cfg(feature = "zstd")]
#[test]
fn zstandard_holds_and_its_frames_follow_each_other() {
    let frame = unhex(ZSTD);
    holds("zstd", &frame, &greeting());
    let skipped = unhex("502a4d1803000000aabbcc");
    let both = [&skipped[..], &frame, &skipped, &frame].concat();
    same(&["zstd"], &both, &greeting().repeat(2));
    broken(&["zstd"], &both[..both.len() - 1]);
    same(&["zstd"], &[&skipped[..4], &[0; 4]].concat(), b"");
    let mut wrong = unhex(ZSTD);
    *wrong.last_mut().unwrap() ^= 1;
    broken(&["zstd"], &wrong);
    let error = decode(&["zstd"], &unhex(ZSTD_ZEROS), 9, Limits::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyTooDense);
}

#[cfg(feature = "zstd")]
#[test]
fn a_window_of_8_mib_is_allowed_and_a_larger_one_is_not() {
    // A descriptor without anything, a window, and the last block: one byte, repeated no time.
    let frame = |window: u8| [&[0x28, 0xB5, 0x2F, 0xFD, 0x00, window], &[0x01, 0, 0][..]].concat();
    same(&["zstd"], &frame(13 << 3), b"");
    broken(&["zstd"], &frame((13 << 3) + 1));
    broken(&["zstd"], &frame(0xFF));
}

/// The greeting, by another's encoder.
#[cfg(feature = "brotli")]
const BROTLI: &str = "133311001ca9515fccee60038e34c0fa0a61094198c8814b4b30523de0612227d4bce8478faef397f3bd490100809c0700c0f61201";

/// 4,000,000 zeros.
#[cfg(feature = "brotli")]
const BROTLI_ZEROS: &str = "9bff083d002400e2b14072017a00";

/// The greeting with a checksum, by the reference encoder.
#[cfg(feature = "zstd")]
const ZSTD: &str = "28b52ffd643410350100d0d09fd180d0b8d0b2d0b5d1822c20d0bcd0b8d18021203031323302007ff804f4894aa43f9b7ab00f89";

/// 4,000,000 zeros.
#[cfg(feature = "zstd")]
const ZSTD_ZEROS: &str = concat!(
    "28b52ffd04585400001000000100fbff39c00202001000020010000200100002001000020010000200100002001000020010",
    "0002001000020010000200100002001000020010000200100002001000020010000200100002001000020010000200100002",
    "00100002001000020010000200100002001000020010000200100002001000020010000348080059996803"
);

/// Whoever reads from a socket uses the memory of a piece again when nobody holds it.
#[cfg(feature = "gzip")]
#[test]
fn what_was_decoded_is_held_no_longer() {
    let pieces: Vec<Bytes> =
        gzip(&vec![7; 300_000]).chunks(100).map(|it| it.to_vec().into()).collect();
    let mut decoder = Decoder::new(&coded(&["gzip"]), Limits::new()).unwrap();
    for piece in pieces {
        decoder.push(piece.clone());
        while decoder.pull().unwrap().is_some() {}
        assert!(piece.is_unique());
    }
}
