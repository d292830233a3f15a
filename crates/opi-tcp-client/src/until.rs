//! What a read waits for, and the reason it ended for. Pure.

use opi_framing::Delimiter;

use crate::text::Chars;
use crate::{Encoding, Error};

/// What a read waits for.
#[derive(Clone, Debug)]
pub struct Until {
    ending: Ending,
    limit: usize,
}

/// A marker, and where it may stand.
#[derive(Clone, Debug)]
struct Marker {
    delimiter: Delimiter,
    chars: Option<Chars>,
    /// Where the search began: after the last marker that began inside a character.
    from: usize,
}

#[derive(Clone, Debug)]
enum Ending {
    Closed,
    Marker(Box<Marker>),
    Size,
}

/// The one reason a read ended for.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Reason {
    /// The peer closed its side; the data is what came before.
    Closed,
    /// The data ends with the marker.
    Marker,
    /// The data is a message, without what framed it.
    Message,
    /// The data has the size asked for, or the most bytes allowed.
    Size,
    /// The deadline passed; the data is what had come.
    Timeout,
}

impl Reason {
    /// Every reason.
    pub const ALL: &[Self] =
        &[Self::Closed, Self::Marker, Self::Message, Self::Size, Self::Timeout];

    /// The name in JSON and in the add-in; never renamed once released.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Marker => "marker",
            Self::Message => "message",
            Self::Size => "size",
            Self::Timeout => "timeout",
        }
    }
}

impl Until {
    /// The most bytes a read returns when nothing else is said: 64 MiB.
    pub const LIMIT: usize = 64 * 1024 * 1024;

    /// Until the peer closes its side.
    #[must_use]
    pub const fn closed() -> Self {
        Self { ending: Ending::Closed, limit: Self::LIMIT }
    }

    /// Until `marker` has come; it is part of the data.
    ///
    /// # Errors
    ///
    /// The marker is empty or longer than [`Delimiter::LONGEST`].
    pub fn marker(marker: impl AsRef<[u8]>) -> Result<Self, opi_framing::Error> {
        let delimiter = Delimiter::new(marker)?;
        let marker = Marker { delimiter, chars: None, from: 0 };
        Ok(Self { ending: Ending::Marker(Box::new(marker)), limit: Self::LIMIT })
    }

    /// Until `marker` has come in `encoding`; it is part of the data, and it counts only where a
    /// character begins.
    ///
    /// # Errors
    ///
    /// As [`Self::marker`], or the encoding does not have a character of `marker`.
    pub fn text(marker: &str, encoding: Encoding) -> Result<Self, Error> {
        Ok(Self::marker(encoding.encode(marker)?)?.of_characters(encoding))
    }

    /// Until `size` bytes have come, exactly.
    #[must_use]
    pub const fn size(size: usize) -> Self {
        Self { ending: Ending::Size, limit: size }
    }

    /// The most bytes to return; the read then ends with [`Reason::Size`] and the rest stays for
    /// the next one. Default: [`Self::LIMIT`], or the size asked for.
    #[must_use]
    pub fn at_most(self, limit: usize) -> Self {
        Self { ending: self.ending, limit }
    }

    /// How many bytes of `buffer` to return and why, once the read has ended.
    pub(crate) fn end(&mut self, buffer: &[u8]) -> Option<(usize, Reason)> {
        if let Ending::Marker(marker) = &mut self.ending
            && let Some(end) = marker.find(buffer)
            && end <= self.limit
        {
            return Some((end, Reason::Marker));
        }
        (buffer.len() >= self.limit).then_some((self.limit, Reason::Size))
    }

    /// The same for text in `encoding`: a marker stands where a character begins, and the limit
    /// has room for one.
    pub(crate) fn of_characters(mut self, encoding: Encoding) -> Self {
        if let Ending::Marker(marker) = &mut self.ending {
            marker.chars = Some(Chars::new(encoding));
        }
        self.limit = self.limit.max(WIDEST);
        self
    }

    /// Whether only the peer's end ends the read.
    pub(crate) fn is_closed(&self) -> bool {
        matches!(self.ending, Ending::Closed)
    }

    /// How many bytes are known to be missing beside `buffered` ones.
    pub(crate) fn missing(&self, buffered: usize) -> usize {
        match self.ending {
            Ending::Size => self.limit.saturating_sub(buffered),
            Ending::Closed | Ending::Marker(_) => 0,
        }
    }

    /// How many of `buffered` bytes to return when nothing more will come.
    pub(crate) fn rest(&self, buffered: usize) -> usize {
        buffered.min(self.limit)
    }
}

impl Marker {
    /// Where the first marker ends that stands where one may.
    fn find(&mut self, buffer: &[u8]) -> Option<usize> {
        loop {
            let end = self.from + self.delimiter.find(buffer.get(self.from..)?)?;
            let start = end - self.delimiter.bytes().len();
            let stands = self.chars.as_mut().is_none_or(|chars| chars.is_between(buffer, start));
            if stands {
                return Some(end);
            }
            self.from = start + 1;
            self.delimiter.restart();
        }
    }
}

/// The most bytes that a character has in any encoding.
const WIDEST: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_of_text_stands_where_a_character_begins() {
        let end = |bytes: &[u8]| {
            let mut until = Until::text("\n", Encoding::UTF_16LE).unwrap();
            // In pieces, so that a refused place is not asked for twice.
            (0..=bytes.len()).find_map(|size| until.end(&bytes[..size]))
        };
        // U+0A00 before U+0100: the bytes of a line feed stand between two characters.
        assert_eq!(end(b"\x00\x0a\x00\x01\x0a\x00"), Some((6, Reason::Marker)));
        assert_eq!(end(b"a\0\x0a\0b\0"), Some((4, Reason::Marker)));
        assert_eq!(end(b"\x00\x0a\x00\x01"), None);
    }

    #[track_caller]
    fn check(mut until: Until, buffer: &str, expected: Option<(usize, Reason)>) {
        assert_eq!(until.end(buffer.as_bytes()), expected, "{until:?} {buffer:?}");
    }

    #[test]
    fn limits_are_exact() {
        check(Until::size(3), "ab", None);
        check(Until::size(3), "abc", Some((3, Reason::Size)));
        check(Until::size(3), "abcd", Some((3, Reason::Size)));
        check(Until::size(0), "", Some((0, Reason::Size)));
        check(Until::closed().at_most(2), "a", None);
        check(Until::closed().at_most(2), "abc", Some((2, Reason::Size)));
    }

    #[test]
    fn a_marker_counts_when_it_ends_within_the_limit() {
        let line = || Until::marker("\r\n").unwrap();
        check(line(), "ab\r", None);
        check(line(), "ab\r\ncd\r\n", Some((4, Reason::Marker)));
        check(line().at_most(4), "ab\r\n", Some((4, Reason::Marker)));
        check(line().at_most(3), "ab\r\n", Some((3, Reason::Size)));
    }
}
