//! The content coding gzip (RFC 1952), all of its members.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use http::HeaderMap;
use http::header::CONTENT_ENCODING;

use crate::body::Sink;

/// Undoes the content coding of a body.
#[derive(Debug)]
pub(crate) enum Decoder {
    Gzip(Box<MultiGzDecoder<Sink>>),
    Plain(Sink),
}

impl Decoder {
    /// What `Accept-Encoding` asks for.
    pub(crate) const ACCEPTED: &str = "gzip";

    /// Bodies in any other coding stay as they came: nobody asked for one.
    pub(crate) fn new(headers: &HeaderMap, sink: Sink) -> Self {
        let coding = headers.get(CONTENT_ENCODING).map(|value| value.as_bytes().trim_ascii());
        match coding.map(<[u8]>::to_ascii_lowercase).as_deref() {
            Some(b"gzip" | b"x-gzip") => Self::Gzip(Box::new(MultiGzDecoder::new(sink))),
            _ => Self::Plain(sink),
        }
    }

    pub(crate) fn push(&mut self, data: &[u8]) -> io::Result<()> {
        match self {
            Self::Gzip(decoder) => decoder.write_all(data),
            Self::Plain(sink) => sink.write_all(data),
        }
    }

    /// The whole body; a stream that was cut off is an error.
    pub(crate) fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip(decoder) => Ok(decoder.finish()?.data),
            Self::Plain(sink) => Ok(sink.data),
        }
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use http::HeaderValue;

    use super::*;

    fn zipped(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// Decodes `data` in pieces of `piece` bytes within `limit`.
    fn decode(data: &[u8], piece: usize, limit: usize) -> io::Result<Vec<u8>> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(" GZip "));
        let mut decoder = Decoder::new(&headers, Sink::new(limit));
        data.chunks(piece).try_for_each(|chunk| decoder.push(chunk))?;
        decoder.finish()
    }

    #[test]
    fn members_follow_each_other_in_any_pieces() {
        let two = [zipped(b"one "), zipped(b"two")].concat();
        for piece in 1..=two.len() {
            assert_eq!(decode(&two, piece, 100).unwrap(), b"one two", "{piece}");
        }
    }

    #[test]
    fn a_stream_cut_off_anywhere_is_an_error() {
        let whole = zipped(b"some text that is long enough to be cut");
        for end in 1..whole.len() {
            assert!(decode(&whole[..end], 7, 100).is_err(), "{end} of {}", whole.len());
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = zipped(&vec![0; 1_000_000]);
        assert_eq!(decode(&bomb, 512, 1_000_000).unwrap().len(), 1_000_000);
        let error = decode(&bomb, 512, 999_999).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }
}
