//! Received bytes that wait to be taken by the program.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

use crate::fault::{Fault, FaultKind};

/// How many blobs one object keeps; the oldest goes first.
pub const KEPT: usize = 256;

/// How many bytes one object keeps besides the newest blob; the oldest blob goes first.
pub const KEPT_BYTES: usize = 256 * 1024 * 1024;

/// The bytes that an object's calls have received and the program has not taken yet.
///
/// A handle is never used twice, so a late or a second take is a fault and never other data.
#[derive(Debug, Default)]
pub(crate) struct Blobs(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    last: u64,
    total: usize,
    waiting: VecDeque<(u64, Bytes)>,
}

impl Blobs {
    /// Keeps `bytes` until they are taken; the handle is what `TakeBytes` accepts.
    pub(crate) fn keep(&self, bytes: Bytes) -> u64 {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.last += 1;
        kept.total += bytes.len();
        let handle = kept.last;
        kept.waiting.push_back((handle, bytes));
        kept.trim();
        handle
    }

    /// Gives the bytes and forgets them.
    pub(crate) fn take(&self, handle: u64) -> Result<Bytes, Fault> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.waiting.binary_search_by_key(&handle, |(handle, _)| *handle);
        let Some((_, bytes)) = found.ok().and_then(|at| kept.waiting.remove(at)) else {
            let what = if (1..=kept.last).contains(&handle) {
                "was taken or forgotten"
            } else {
                "was never given"
            };
            return Err(Fault::new(FaultKind::Handle, format!("the handle {handle} {what}")));
        };
        kept.total -= bytes.len();
        Ok(bytes)
    }
}

impl Kept {
    fn trim(&mut self) {
        while self.waiting.len() > 1 && (self.waiting.len() > KEPT || self.total > KEPT_BYTES) {
            if let Some((_, bytes)) = self.waiting.pop_front() {
                self.total -= bytes.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_given_once() {
        let blobs = Blobs::default();
        let handle = blobs.keep(Bytes::from_static(b"x"));
        assert_eq!(blobs.take(handle).unwrap(), "x");
        for lost in [handle, 0, 99] {
            assert_eq!(blobs.take(lost).unwrap_err().code(), "unknown_handle", "{lost}");
        }
    }

    #[test]
    fn the_newest_are_kept_up_to_the_limit() {
        let blobs = Blobs::default();
        let handles: Vec<_> = (0..=KEPT).map(|_| blobs.keep(Bytes::new())).collect();
        assert!(blobs.take(handles[0]).is_err());
        assert!(blobs.take(handles[1]).is_ok());
        assert!(blobs.take(handles[KEPT]).is_ok());
    }

    #[test]
    fn a_blob_larger_than_the_limit_is_kept_alone() {
        let blobs = Blobs::default();
        let first = blobs.keep(Bytes::from_static(b"x"));
        let large = blobs.keep(vec![0; KEPT_BYTES].into());
        assert!(blobs.take(first).is_err());
        assert_eq!(blobs.take(large).unwrap().len(), KEPT_BYTES);
    }
}
