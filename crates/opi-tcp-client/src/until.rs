//! What a read waits for, and the reason it ended for. Pure.

use opi_framing::Delimiter;

/// What a read waits for.
#[derive(Clone, Debug)]
pub struct Until {
    ending: Ending,
    limit: usize,
}

#[derive(Clone, Debug)]
enum Ending {
    Closed,
    Marker(Box<Delimiter>),
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
        Ok(Self { ending: Ending::Marker(Box::new(Delimiter::new(marker)?)), limit: Self::LIMIT })
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
        if let Ending::Marker(delimiter) = &mut self.ending
            && let Some(end) = delimiter.find(buffer)
            && end <= self.limit
        {
            return Some((end, Reason::Marker));
        }
        (buffer.len() >= self.limit).then_some((self.limit, Reason::Size))
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

#[cfg(test)]
mod tests {
    use super::*;

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
