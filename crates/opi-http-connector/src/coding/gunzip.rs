//! Data in gzip (RFC 1952) as a file is: all members, any header, a limit on what comes out.

use std::num::NonZeroU32;

use bytes::Bytes;

use super::Limits;
use super::decoder::decode;
use super::members::Members;
use super::stage::Stage;
use crate::Error;

/// Decodes `data`, every member of it, to at most `limit` bytes.
///
/// # Errors
///
/// Fails for data that is no gzip, is cut off or has a wrong checksum, and past the limit.
///
/// ```
/// use opi_http_connector::coding::{gunzip, gzip};
///
/// assert_eq!(gunzip(&gzip(b"as it was"), 100)?, b"as it was");
/// # Ok::<(), opi_http_connector::Error>(())
/// ```
pub fn gunzip(data: &[u8], limit: usize) -> Result<Vec<u8>, Error> {
    let limits = Limits::new().decoded(limit as u64).ratio(NonZeroU32::MAX);
    decode(Stage::new(Box::new(Members::new())), Bytes::copy_from_slice(data), limits)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, GzBuilder};

    use super::*;
    use crate::ErrorKind;
    use crate::coding::gzip;

    const HELLO: &str = "Привет, Мир!";

    /// The sample of A-012: a member with a stored block.
    const SAMPLE: &[u8] = &[
        0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0xFF, 0x01, 0x15, 0x00, 0xEA, 0xFF, 0xD0, 0x9F, 0xD1,
        0x80, 0xD0, 0xB8, 0xD0, 0xB2, 0xD0, 0xB5, 0xD1, 0x82, 0x2C, 0x20, 0xD0, 0x9C, 0xD0, 0xB8,
        0xD1, 0x80, 0x21, 0x8A, 0x54, 0xBA, 0x3E, 0x15, 0, 0, 0,
    ];

    /// A-012, A-013
    #[test]
    fn the_samples_of_the_acceptance_list() {
        assert_eq!(gunzip(SAMPLE, 100).unwrap(), HELLO.as_bytes());
        let zipped = gzip(HELLO.as_bytes());
        assert_eq!(gunzip(&zipped, 100).unwrap(), HELLO.as_bytes());
        assert_eq!(gunzip(&gzip(b""), 0).unwrap(), b"");
    }

    #[test]
    fn any_header_and_every_member_is_read() {
        let mut encoder = GzBuilder::new()
            .filename("file.txt")
            .comment("comment")
            .extra(vec![1; 300])
            .mtime(5)
            .write(Vec::new(), Compression::best());
        encoder.write_all(b"one ").unwrap();
        let data = [&encoder.finish().unwrap()[..], &gzip(b"two")].concat();
        assert_eq!(gunzip(&data, 100).unwrap(), b"one two");
    }

    #[test]
    fn what_is_broken_or_cut_off_is_an_error() {
        for end in 0..SAMPLE.len() {
            assert!(gunzip(&SAMPLE[..end], 100).is_err(), "{end}");
        }
        let mut wrong = SAMPLE.to_vec();
        wrong[20] ^= 1;
        assert_eq!(gunzip(&wrong, 100).unwrap_err().kind(), ErrorKind::BodyCoding);
        assert_eq!(gunzip(b"text", 100).unwrap_err().kind(), ErrorKind::BodyCoding);
    }

    #[test]
    fn the_limit_is_exact() {
        let zipped = gzip(&vec![0; 1_000_000]);
        assert_eq!(gunzip(&zipped, 1_000_000).unwrap().len(), 1_000_000);
        assert_eq!(gunzip(&zipped, 999_999).unwrap_err().kind(), ErrorKind::BodyTooLong);
    }
}
