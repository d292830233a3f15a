//! Where a read of one connection ends, and why. Pure.

use opi_framing::Delimiter;

use crate::{Error, Reason};

/// Where a read of one connection ends; what follows stays for the next read.
///
/// ```
/// use opi_tcp_server::Until;
///
/// let line = Until::marker("\r\n")?.at_most(1000);
/// let block = Until::size(512);
/// # Ok::<(), opi_tcp_server::Error>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Until {
    ending: Ending,
    limit: usize,
}

#[derive(Clone, Debug)]
enum Ending {
    Data,
    Marker(Box<Delimiter>),
    Size,
}

impl Until {
    /// Ends with whatever has come, `limit` bytes at most.
    pub fn data(limit: usize) -> Self {
        Self { ending: Ending::Data, limit: limit.max(1) }
    }

    /// Ends with the first `marker`, which is part of the result.
    ///
    /// # Errors
    ///
    /// The marker is empty or longer than 4,096 bytes.
    pub fn marker(marker: impl AsRef<[u8]>) -> Result<Self, Error> {
        Ok(Self { ending: Ending::Marker(Box::new(Delimiter::new(marker)?)), limit: usize::MAX })
    }

    /// Ends after exactly `size` bytes, at least 1. A size that the server would not keep for a
    /// connection ends at what it keeps ([`Config::max_unread`](crate::Config::max_unread)).
    pub fn size(size: usize) -> Self {
        Self { ending: Ending::Size, limit: size.max(1) }
    }

    /// Ends after `limit` bytes at the latest, at least 1. Default: what the server keeps for a
    /// connection.
    pub fn at_most(self, limit: usize) -> Self {
        Self { limit: self.limit.min(limit.max(1)), ..self }
    }

    /// Never ends later than after `limit` bytes.
    pub(crate) fn bounded(&self, limit: usize) -> Self {
        self.clone().at_most(limit)
    }

    /// The bytes at the front of `unread` that end the read; `unread` begins with the bytes given
    /// last time, unless [`Self::restart`] was called.
    pub(crate) fn find(&mut self, unread: &[u8]) -> Option<(usize, Reason)> {
        let window = &unread[..unread.len().min(self.limit)];
        let full = window.len() == self.limit;
        match &mut self.ending {
            Ending::Marker(marker) => match marker.find(window) {
                Some(size) => Some((size, Reason::Marker)),
                None => full.then_some((self.limit, Reason::Size)),
            },
            Ending::Size => full.then_some((self.limit, Reason::Size)),
            Ending::Data => (!window.is_empty()).then_some((window.len(), Reason::Data)),
        }
    }

    /// Begins anew, because bytes were taken.
    pub(crate) fn restart(&mut self) {
        if let Ending::Marker(marker) = &mut self.ending {
            marker.restart();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_ends_for_one_reason_at_an_exact_place() {
        let line = || Until::marker("\r\n").unwrap();
        for (until, unread, expected) in [
            (Until::data(3), "", None),
            (Until::data(3), "ab", Some((2, Reason::Data))),
            (Until::data(3), "abcd", Some((3, Reason::Data))),
            (Until::size(3), "ab", None),
            (Until::size(3), "abc", Some((3, Reason::Size))),
            (Until::size(3), "abcd", Some((3, Reason::Size))),
            (line(), "ab\r", None),
            (line(), "ab\r\ncd", Some((4, Reason::Marker))),
            (line().at_most(4), "ab\r\n", Some((4, Reason::Marker))),
            (line().at_most(3), "ab\r\n", Some((3, Reason::Size))),
            (line().at_most(3), "ab", None),
            (Until::size(0), "a", Some((1, Reason::Size))),
            (Until::size(9).bounded(2), "abc", Some((2, Reason::Size))),
        ] {
            let mut asked = until.clone();
            assert_eq!(asked.find(unread.as_bytes()), expected, "{until:?} {unread:?}");
        }
    }

    #[test]
    fn a_marker_in_pieces_is_found_and_a_restart_forgets() {
        let mut line = Until::marker("\r\n").unwrap();
        assert_eq!(line.find(b"abc\r"), None);
        assert_eq!(line.find(b"abc\r\nd"), Some((5, Reason::Marker)));
        line.restart();
        assert_eq!(line.find(b"\r\n"), Some((2, Reason::Marker)));
    }
}
