//! Passes over the body of a refusal, so that the connection can be used again. Does no I/O.

use super::head::Length;

/// Where in the body of an answer we are.
#[derive(Debug, PartialEq)]
pub(super) enum Body {
    /// Behind it.
    Done,
    /// It breaks the rules; the connection is of no use any more.
    Broken,
    Bytes(u64),
    /// At the beginning of a chunk, with the size read so far.
    ChunkSize(Option<u64>),
    /// In what stands behind the size up to the end of the line.
    ChunkExtension(u64),
    /// In a chunk, and then in the line end behind it.
    Chunk(u64),
    ChunkEnd,
    /// In a line of the trailer, which is empty at the end.
    Trailer(Line),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Line {
    Empty,
    Some,
}

impl Body {
    pub(super) fn new(length: Length) -> Self {
        match length {
            Length::Bytes(0) => Self::Done,
            Length::Bytes(count) => Self::Bytes(count),
            Length::Chunked => Self::ChunkSize(None),
            Length::ToTheClose => Self::Broken,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self, Self::Done | Self::Broken)
    }

    /// Passes over what belongs to the body, and says how many bytes that were.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> usize {
        let mut passed = 0;
        while !self.is_over() && passed < bytes.len() {
            passed += match self {
                Self::Bytes(left) | Self::Chunk(left) if *left > 0 => {
                    let count =
                        (bytes.len() - passed).min(usize::try_from(*left).unwrap_or(usize::MAX));
                    *left -= count as u64;
                    count
                }
                _ => {
                    *self = self.after(bytes[passed]);
                    1
                }
            };
            match self {
                Self::Bytes(0) => *self = Self::Done,
                Self::Chunk(0) => *self = Self::ChunkEnd,
                _ => {}
            }
        }
        passed
    }

    /// The next state, by the byte that comes.
    fn after(&self, byte: u8) -> Self {
        match (self, byte) {
            (Self::ChunkSize(size), byte) if byte.is_ascii_hexdigit() => longer(*size, byte),
            (Self::ChunkSize(Some(0)) | Self::ChunkExtension(0), b'\n') => {
                Self::Trailer(Line::Empty)
            }
            (Self::ChunkSize(Some(size)), b'\n') => Self::Chunk(*size),
            (Self::ChunkExtension(size), b'\n') => Self::Chunk(*size),
            (Self::ChunkSize(Some(size)), b'\r' | b';' | b' ' | b'\t') => {
                Self::ChunkExtension(*size)
            }
            (Self::ChunkExtension(size), _) => Self::ChunkExtension(*size),
            (Self::ChunkEnd, b'\r') => Self::ChunkEnd,
            (Self::ChunkEnd, b'\n') => Self::ChunkSize(None),
            (Self::Trailer(Line::Empty), b'\n') => Self::Done,
            (Self::Trailer(_), b'\n') => Self::Trailer(Line::Empty),
            (Self::Trailer(line), b'\r') => Self::Trailer(*line),
            (Self::Trailer(_), _) => Self::Trailer(Line::Some),
            _ => Self::Broken,
        }
    }
}

fn longer(size: Option<u64>, digit: u8) -> Body {
    let digit = char::from(digit).to_digit(16).unwrap_or_default();
    let size = size.unwrap_or(0).checked_mul(16).and_then(|it| it.checked_add(digit.into()));
    size.map_or(Body::Broken, |size| Body::ChunkSize(Some(size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Passes over `bytes` cut at every place, and says how many belong to the body.
    #[track_caller]
    fn check(length: Length, bytes: &str, expected: Option<usize>) {
        for cut in 0..=bytes.len() {
            let mut body = Body::new(length);
            let mut passed = body.pass(&bytes.as_bytes()[..cut]);
            if passed == cut {
                passed += body.pass(&bytes.as_bytes()[cut..]);
            }
            let found = (body == Body::Done).then_some(passed);
            assert_eq!(found, expected, "{bytes:?} cut at {cut}");
        }
    }

    #[test]
    fn a_body_ends_where_the_rfc_says() {
        check(Length::Bytes(0), "rest", Some(0));
        check(Length::Bytes(3), "bodyrest", Some(3));
        check(Length::Bytes(9), "body", None);
        check(Length::Chunked, "0\r\n\r\nrest", Some(5));
        check(Length::Chunked, "4\r\nbody\r\n0\r\n\r\nrest", Some(14));
        check(Length::Chunked, "A;x=\"y\"\r\n0123456789\r\n0\r\nA: b\r\n\r\nrest", Some(32));
        check(Length::Chunked, "1\n.\n0\n\n", Some(7));
        check(Length::Chunked, "4\r\nbo", None);
    }

    #[test]
    fn a_body_that_breaks_the_rules_is_given_up() {
        check(Length::ToTheClose, "body", None);
        check(Length::Chunked, "x\r\n", None);
        check(Length::Chunked, "\r\n", None);
        check(Length::Chunked, "1\r\nbody", None);
        check(Length::Chunked, "fffffffffffffffff\r\n", None);
    }
}
