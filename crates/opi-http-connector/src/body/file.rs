//! A file on its way out, read into memory that is used again once its bytes were sent.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use bytes::{Bytes, BytesMut};

use super::pieces::shorter;

/// A file's bytes, piece by piece.
pub(super) struct FilePieces {
    file: File,
    left: u64,
    /// The last pieces, the oldest first; whose bytes were sent serves again.
    given: VecDeque<Bytes>,
}

/// What is read at once: 128 KiB.
const PIECE: usize = 128 * 1024;

/// So many pieces are remembered: what waits to be sent, and one more.
const REMEMBERED: usize = 5;

impl FilePieces {
    /// The first `length` bytes of the file at `path`.
    pub(super) fn open(path: &Path, length: u64) -> io::Result<Self> {
        let named =
            |cause: io::Error| io::Error::new(cause.kind(), format!("{}: {cause}", path.display()));
        let file = File::open(path).map_err(named)?;
        Ok(Self { file, left: length, given: VecDeque::new() })
    }

    /// The next bytes; none when all of the length was read.
    pub(super) fn next(&mut self) -> io::Result<Bytes> {
        let wanted = usize::try_from(self.left).unwrap_or(PIECE).min(PIECE);
        if wanted == 0 {
            return Ok(Bytes::new());
        }
        let mut piece = self.room(wanted);
        self.file.read_exact(&mut piece).map_err(|cause| match cause.kind() {
            io::ErrorKind::UnexpectedEof => shorter(),
            _ => cause,
        })?;
        self.left -= wanted as u64;
        let piece = piece.freeze();
        self.given.push_back(piece.clone());
        Ok(piece)
    }

    /// Room for `wanted` bytes, that of an earlier piece if it was sent.
    fn room(&mut self, wanted: usize) -> BytesMut {
        let oldest = self.given.pop_front().map(Bytes::try_into_mut);
        match oldest {
            Some(Ok(mut sent)) if sent.len() >= wanted => {
                sent.truncate(wanted);
                return sent;
            }
            Some(Err(waiting)) if self.given.len() + 1 < REMEMBERED => {
                self.given.push_front(waiting);
            }
            _ => {}
        }
        BytesMut::zeroed(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, size: usize) -> (std::path::PathBuf, Vec<u8>) {
        let name = format!("opi-file-pieces-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let bytes: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
        std::fs::write(&path, &bytes).unwrap();
        (path, bytes)
    }

    #[track_caller]
    fn check(name: &str, size: usize, kept: usize) {
        let (path, bytes) = file(name, size);
        let mut pieces = FilePieces::open(&path, size as u64).unwrap();
        let (mut all, mut waiting) = (Vec::new(), VecDeque::new());
        loop {
            let piece = pieces.next().unwrap();
            if piece.is_empty() {
                break;
            }
            assert!(piece.len() <= PIECE && pieces.given.len() <= REMEMBERED);
            waiting.push_back(piece);
            if waiting.len() > kept {
                all.extend_from_slice(&waiting.pop_front().unwrap());
            }
        }
        waiting.iter().for_each(|piece| all.extend_from_slice(piece));
        std::fs::remove_file(path).unwrap();
        assert!(all == bytes, "{name}");
    }

    #[test]
    fn pieces_are_the_files_bytes_however_many_wait_to_be_sent() {
        for (name, kept) in [("sent", 0), ("one", 1), ("some", 4), ("many", 9)] {
            check(name, 11 * PIECE + 7, kept);
        }
        check("exact", 2 * PIECE, 0);
        check("empty", 0, 0);
    }

    #[test]
    fn a_piece_that_was_sent_gives_its_memory_to_another() {
        let (path, _) = file("again", 3 * PIECE);
        let mut pieces = FilePieces::open(&path, 3 * PIECE as u64).unwrap();
        let first = pieces.next().unwrap();
        let place = first.as_ptr();
        drop(first);
        assert_eq!(pieces.next().unwrap().as_ptr(), place);
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_file_that_became_shorter_is_an_error() {
        let (path, _) = file("short", PIECE);
        let mut pieces = FilePieces::open(&path, PIECE as u64 + 1).unwrap();
        assert_eq!(pieces.next().unwrap().len(), PIECE);
        assert_eq!(pieces.next().unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        std::fs::remove_file(path).unwrap();
    }
}
