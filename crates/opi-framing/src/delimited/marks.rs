//! The marks of a frame as they travel.

use crate::needle::Needle;

/// The marks of a frame as they travel, ready for searching.
pub(crate) struct Marks {
    pub(crate) start: Vec<u8>,
    pub(crate) end: Needle,
}

impl Default for Marks {
    fn default() -> Self {
        Self::new(Vec::new(), b"")
    }
}

impl Marks {
    pub(crate) fn new(start: Vec<u8>, end: &[u8]) -> Self {
        Self { start, end: Needle::new(end) }
    }

    /// What to look for after an error: the next start, or the end if there are no starts, which
    /// does not belong to the next frame.
    pub(crate) fn landmark(&self) -> Option<(Needle, usize)> {
        if self.start.is_empty() {
            return Some((self.end.clone(), self.end.bytes().len()));
        }
        Some((Needle::new(&self.start), 0))
    }

    /// How long the mark is that [`Self::landmark`] looks for.
    pub(crate) fn landmark_size(&self) -> usize {
        if self.start.is_empty() { self.end.bytes().len() } else { self.start.len() }
    }
}
