//! Finds bytes in a buffer that grows, reading each byte a bounded number of times.

use memchr::{memchr, memmem::Finder};

use crate::meter;

/// Bytes to find, at most 4096 of them.
#[derive(Clone)]
pub(crate) struct Needle {
    finder: Finder<'static>,
    /// For each prefix, how long its longest end is that is a beginning too.
    borders: Box<[u16]>,
}

/// How far a buffer has been searched, and how much of the needle its end has.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Search {
    pub(crate) searched: usize,
    pub(crate) matched: usize,
}

impl Needle {
    /// The most bytes a needle may have.
    pub(crate) const LONGEST: usize = 4096;

    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self { finder: Finder::new(bytes).into_owned(), borders: borders(bytes) }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.finder.needle()
    }

    /// Where the needle begins, once it is whole; `buffer` begins as it did last time.
    pub(crate) fn find(&self, search: &mut Search, buffer: &[u8]) -> Option<usize> {
        if buffer.len() < search.searched {
            *search = Search::default();
        }
        if let [byte] = self.bytes() {
            return one(*byte, search, buffer);
        }
        // Short pieces go byte by byte: searching back over a long needle's beginning each time
        // would read bytes as often as pieces come.
        if buffer.len() - search.searched < self.bytes().len() {
            self.step(search, buffer)
        } else {
            self.leap(search, buffer)
        }
    }

    fn step(&self, search: &mut Search, buffer: &[u8]) -> Option<usize> {
        for &byte in &buffer[search.searched..] {
            meter::read(1);
            search.searched += 1;
            search.matched = self.extend(search.matched, byte);
            if search.matched == self.bytes().len() {
                search.matched = 0;
                return Some(search.searched - self.bytes().len());
            }
        }
        None
    }

    fn leap(&self, search: &mut Search, buffer: &[u8]) -> Option<usize> {
        let size = self.bytes().len();
        let from = search.searched - search.matched;
        let Some(at) = self.finder.find(&buffer[from..]) else {
            meter::read(buffer.len() - from);
            let tail = &buffer[from.max(buffer.len() + 1 - size)..];
            meter::read(tail.len());
            let matched = tail.iter().fold(0, |matched, byte| self.extend(matched, *byte));
            *search = Search { searched: buffer.len(), matched };
            return None;
        };
        meter::read(at + size);
        *search = Search { searched: from + at + size, matched: 0 };
        Some(from + at)
    }

    /// How much of the needle the data ends with when `byte` follows `matched` bytes of it.
    fn extend(&self, mut matched: usize, byte: u8) -> usize {
        let needle = self.bytes();
        while matched > 0 && needle[matched] != byte {
            matched = usize::from(self.borders[matched - 1]);
        }
        matched + usize::from(needle[matched] == byte)
    }
}

fn one(byte: u8, search: &mut Search, buffer: &[u8]) -> Option<usize> {
    let from = search.searched;
    let found = memchr(byte, &buffer[from..]).map(|at| from + at);
    search.searched = found.map_or(buffer.len(), |at| at + 1);
    meter::read(search.searched - from);
    found
}

fn borders(needle: &[u8]) -> Box<[u16]> {
    let mut borders = vec![0_u16; needle.len()];
    let mut length = 0_u16;
    for at in 1..needle.len() {
        while length > 0 && needle[at] != needle[usize::from(length)] {
            length = borders[usize::from(length) - 1];
        }
        length += u16::from(needle[at] == needle[usize::from(length)]);
        borders[at] = length;
    }
    borders.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_needle_in_single_bytes_reads_each_byte_once() {
        let needle = Needle::new(&[[b'a'; 999].as_slice(), b"b"].concat());
        let data = [[b'a'; 9_000].as_slice(), b"b"].concat();
        for size in [1, 7, 999, 1_000, 1_001, 5_000] {
            let mut search = Search::default();
            meter::take();
            let ends = (size..data.len()).step_by(size).chain([data.len()]);
            let found = ends.filter_map(|end| needle.find(&mut search, &data[..end])).next();
            assert_eq!(found, Some(8_001), "pieces of {size}");
            let read = meter::take();
            assert!(read <= 4 * data.len(), "pieces of {size}: {read} of {} bytes", data.len());
        }
    }

    #[test]
    fn the_search_goes_on_after_what_was_found() {
        let (needle, mut search) = (Needle::new(b"aa"), Search::default());
        assert_eq!(needle.find(&mut search, b"aaaa"), Some(0));
        assert_eq!(needle.find(&mut search, b"aaaa"), Some(2));
        assert_eq!(needle.find(&mut search, b"aaaa"), None);
    }
}
