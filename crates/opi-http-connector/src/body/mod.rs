//! What a request carries: pieces from memory, from files and from readers, in order.

mod outgoing;
mod reader;

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tokio::io::AsyncRead;

use crate::{Error, ErrorKind};

pub(crate) use outgoing::Outgoing;
use reader::Reader;

/// What a request carries: pieces one after another, each read only when it is sent.
///
/// ```
/// use opi_http_connector::Body;
///
/// let body = Body::from("from memory, ").then(Body::from(vec![0x21; 3]));
/// assert_eq!(body.length(), Some(16));
/// assert!(body.is_replayable());
/// ```
#[must_use]
#[derive(Clone, Debug, Default)]
pub struct Body {
    pieces: Vec<Piece>,
}

/// A part of a body.
#[derive(Clone, Debug)]
enum Piece {
    Bytes(Bytes),
    File { path: PathBuf, length: u64 },
    Reader { reader: Reader, length: Option<u64> },
}

impl Body {
    /// Nothing.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The file at `path`, as long as it is now. It is opened and read when the request is sent,
    /// in pieces of 256 KiB, on the thread that sends.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BodyRead`]: there is no such file, or it is no regular one.
    pub fn file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref().to_owned();
        let bad = |detail: &str| {
            Error::new(ErrorKind::BodyRead).detail(format!("{}: {detail}", path.display()))
        };
        let found = fs::metadata(&path).map_err(|cause| bad("cannot be read").because(cause))?;
        if !found.is_file() {
            return Err(bad("this is no file"));
        }
        Ok(Self { pieces: vec![Piece::File { length: found.len(), path }] })
    }

    /// What `reader` gives, once: such a request is not sent again. Without a `length` it goes out
    /// in chunks (RFC 9112 section 7.1); with one, a reader that ends sooner breaks the request off.
    pub fn reader(reader: impl AsyncRead + Send + 'static, length: Option<u64>) -> Self {
        Self { pieces: vec![Piece::Reader { reader: Reader::new(reader), length }] }
    }

    /// This body, and `other` behind it.
    pub fn then(mut self, other: Self) -> Self {
        self.pieces.extend(other.pieces);
        self
    }

    /// The length in bytes; none when a reader does not tell its own.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.pieces.iter().try_fold(0_u64, |sum, piece| Some(sum.saturating_add(piece.length()?)))
    }

    /// Whether it can be sent a second time: it holds no reader.
    #[must_use]
    pub fn is_replayable(&self) -> bool {
        !self.pieces.iter().any(|piece| matches!(piece, Piece::Reader { .. }))
    }

    /// All of it, when all of it is in memory.
    #[must_use]
    pub fn in_memory(&self) -> Option<Bytes> {
        let bytes = |piece: &Piece| match piece {
            Piece::Bytes(bytes) => Some(bytes.clone()),
            _ => None,
        };
        match &*self.pieces {
            [] => Some(Bytes::new()),
            [piece] => bytes(piece),
            pieces => {
                let parts: Option<Vec<_>> = pieces.iter().map(bytes).collect();
                parts.map(|parts| parts.concat().into())
            }
        }
    }

    /// Whether it is known to hold nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.length() == Some(0)
    }
}

impl Piece {
    fn length(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::File { length, .. } => Some(*length),
            Self::Reader { length, .. } => *length,
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        if bytes.is_empty() {
            return Self::empty();
        }
        Self { pieces: vec![Piece::Bytes(bytes)] }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl From<&'static [u8]> for Body {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}
