//! Content codings: nothing is a panic, every cut gives the same, and no piece or whole is too long.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opi_http_connector::coding::{Decoder, Limits};
use opi_http_connector::{ErrorKind, HeaderMap, HeaderValue};

const CODINGS: &[&str] = &["gzip", "deflate", "br", "zstd", "gzip, gzip", "br, deflate", "zstd, gzip"];

// The number of a coding, the length of a piece, and the body.
fuzz_target!(|input: &[u8]| {
    let Some((&[coding, piece], body)) = input.split_first_chunk::<2>() else { return };
    let coding = CODINGS[usize::from(coding) % CODINGS.len()];
    let whole = decode(coding, body, body.len().max(1));
    assert_eq!(decode(coding, body, usize::from(piece).max(1)), whole);
});

/// What the body unpacks to; nothing when it cannot.
fn decode(coding: &'static str, body: &[u8], piece: usize) -> Option<Vec<u8>> {
    let mut headers = HeaderMap::new();
    headers.insert("content-encoding", HeaderValue::from_static(coding));
    let limits = Limits::new().decoded(MOST).ratio(std::num::NonZeroU32::MAX);
    let mut decoder = Decoder::new(&headers, limits).expect("these are few");
    let mut decoded = Vec::new();
    let mut ahead = body.chunks(piece);
    let mut is_ended = false;
    loop {
        match decoder.pull() {
            Ok(Some(given)) => {
                assert!(!given.is_empty() && given.len() <= 64 * 1024);
                decoded.extend_from_slice(&given);
            }
            Ok(None) if is_ended => return Some(decoded),
            Ok(None) => match ahead.next() {
                Some(next) => decoder.push(next.to_vec().into()),
                None => {
                    decoder.end();
                    is_ended = true;
                }
            },
            Err(error) => {
                let kinds = [ErrorKind::BodyCoding, ErrorKind::BodyTooLong];
                assert!(kinds.contains(&error.kind()), "{error}");
                return None;
            }
        }
        assert!(decoded.len() as u64 <= MOST);
    }
}

/// The limit on what is decoded.
const MOST: u64 = 1 << 20;
