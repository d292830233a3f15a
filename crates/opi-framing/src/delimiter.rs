//! Messages that end with given bytes.

use std::fmt;

use crate::{
    Error, ErrorKind,
    needle::{Needle, Search},
};

/// Finds the end of a message that ends with given bytes, in a buffer that grows.
///
/// It remembers how far it has searched, so a message that comes in many pieces is searched
/// once. After a message has been taken from the front of the buffer, call [`Self::restart`].
#[derive(Clone)]
pub struct Delimiter {
    needle: Needle,
    search: Search,
}

impl Delimiter {
    /// The most bytes a delimiter may have.
    pub const LONGEST: usize = Needle::LONGEST;

    /// Messages that end with `bytes`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::EmptyDelimiter`], or [`ErrorKind::LongDelimiter`] above [`Self::LONGEST`].
    pub fn new(bytes: impl AsRef<[u8]>) -> Result<Self, Error> {
        let bytes = bytes.as_ref();
        if bytes.is_empty() {
            let text = "delimiter: expected at least one byte, got none";
            return Err(Error::new(ErrorKind::EmptyDelimiter, text));
        }
        if bytes.len() > Self::LONGEST {
            let text = "delimiter: expected at most 4096 bytes, got more";
            return Err(Error::new(ErrorKind::LongDelimiter, text));
        }
        Ok(Self { needle: Needle::new(bytes), search: Search::default() })
    }

    /// The delimiter itself.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.needle.bytes()
    }

    /// The length of the message at the front of `buffer`, delimiter included, once it is whole.
    ///
    /// `buffer` begins with the bytes given last time and may have grown at its end.
    pub fn find(&mut self, buffer: &[u8]) -> Option<usize> {
        let found = self.needle.find(&mut self.search, buffer);
        found.map(|at| at + self.bytes().len())
    }

    /// Begins anew, at the front of a buffer.
    pub fn restart(&mut self) {
        self.search = Search::default();
    }
}

impl fmt::Debug for Delimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Delimiter({})", self.bytes().escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `input` in pieces of every size; the message must end at `expected` each time.
    #[track_caller]
    fn check(delimiter: &[u8], input: &[u8], expected: Option<usize>) {
        for size in 1..=input.len().max(1) {
            let mut splitter = Delimiter::new(delimiter).unwrap();
            let mut found = None;
            for end in (0..=input.len()).step_by(size).chain([input.len()]) {
                found = splitter.find(&input[..end]);
                if found.is_some() {
                    break;
                }
            }
            assert_eq!(found, expected, "pieces of {size}");
        }
    }

    #[test]
    fn a_delimiter_is_found_wherever_it_falls() {
        check(b"\n", b"", None);
        check(b"\n", b"\n", Some(1));
        check(b"\n", b"one\ntwo\n", Some(4));
        check(b"\r\n", b"a\rb\r\nc", Some(5));
        check(b"aab", b"aaaab", Some(5));
        check(b"abab", b"abaabab", Some(7));
        check(b"END", b"EEN END", Some(7));
        check(b"END", b"EN", None);
    }

    #[test]
    fn what_cannot_end_a_message_is_refused() {
        let kind = |bytes: &[u8]| Delimiter::new(bytes).map(drop).map_err(|error| error.kind());
        assert_eq!(kind(b""), Err(ErrorKind::EmptyDelimiter));
        assert_eq!(kind(&[0; Delimiter::LONGEST]), Ok(()));
        assert_eq!(kind(&[0; Delimiter::LONGEST + 1]), Err(ErrorKind::LongDelimiter));
    }

    #[test]
    fn a_search_restarts_after_a_message_is_taken() {
        let mut lines = Delimiter::new(b"\n").unwrap();
        assert_eq!(lines.find(b"one\ntwo\n"), Some(4));
        lines.restart();
        assert_eq!(lines.find(b"two\n"), Some(4));
    }

    #[test]
    fn a_shorter_buffer_than_before_is_no_panic() {
        let mut lines = Delimiter::new(b"\n").unwrap();
        assert_eq!(lines.find(b"abcdef"), None);
        assert_eq!(lines.find(b"ab"), None);
    }
}
