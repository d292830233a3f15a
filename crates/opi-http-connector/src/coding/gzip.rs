//! The content coding gzip (RFC 1952), all of its members.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::write::MultiGzDecoder;

use super::too_long;
use crate::{Error, ErrorKind};

/// Whether `coding` names gzip.
pub(super) fn is_named(coding: &[u8]) -> bool {
    let coding = coding.trim_ascii();
    coding.eq_ignore_ascii_case(b"gzip") || coding.eq_ignore_ascii_case(b"x-gzip")
}

/// A gzip stream that is being decoded.
#[derive(Debug)]
pub(super) struct Gzip {
    decoder: Box<MultiGzDecoder<Sink>>,
    begun: bool,
}

impl Gzip {
    pub(super) fn new() -> Self {
        let sink = Sink { data: Vec::new(), limit: 0 };
        Self { decoder: Box::new(MultiGzDecoder::new(sink)), begun: false }
    }

    /// What `data` decodes to, at most `limit` bytes.
    pub(super) fn push(&mut self, data: &[u8], limit: usize) -> Result<Bytes, Error> {
        self.begun |= !data.is_empty();
        self.decoder.get_mut().limit = limit;
        let written = self.decoder.write_all(data).and_then(|()| self.decoder.flush());
        written.map_err(|cause| judge(cause, limit))?;
        Ok(std::mem::take(&mut self.decoder.get_mut().data).into())
    }

    /// What is left at the end; a HEAD answer may announce a coding and has nothing to decode.
    pub(super) fn end(&mut self) -> Result<Bytes, Error> {
        let limit = self.decoder.get_mut().limit;
        if self.begun {
            self.decoder.try_finish().map_err(|cause| judge(cause, limit))?;
        }
        Ok(std::mem::take(&mut self.decoder.get_mut().data).into())
    }
}

fn judge(cause: io::Error, limit: usize) -> Error {
    if cause.kind() == io::ErrorKind::FileTooLarge {
        return too_long(limit);
    }
    Error::new(ErrorKind::BodyCoding).because(cause)
}

/// Where decoded bytes go; refuses more than its limit.
#[derive(Debug)]
struct Sink {
    data: Vec<u8>,
    limit: usize,
}

impl Write for Sink {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if data.len() > self.limit - self.data.len() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.data.extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn zipped(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// Decodes `data` in pieces of `piece` bytes within `limit`.
    fn decode(data: &[u8], piece: usize, limit: usize) -> Result<Vec<u8>, Error> {
        let mut gzip = Gzip::new();
        let mut all = Vec::new();
        for chunk in data.chunks(piece) {
            all.extend_from_slice(&gzip.push(chunk, limit - all.len())?);
        }
        all.extend_from_slice(&gzip.end()?);
        Ok(all)
    }

    #[test]
    fn gzip_has_two_names() {
        let named = [" GZip ", "x-gzip", "deflate", ""].map(|name| is_named(name.as_bytes()));
        assert_eq!(named, [true, true, false, false]);
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
        assert_eq!(error.kind(), ErrorKind::BodyTooLong);
    }
}
