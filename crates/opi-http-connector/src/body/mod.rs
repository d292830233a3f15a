//! What a request carries: pieces from memory, from files and from readers, in order.

mod file;
mod hash;
mod outgoing;
#[cfg(feature = "gzip")]
mod packed;
mod pieces;
mod reader;
#[cfg(feature = "aws")]
mod signed;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
#[cfg(feature = "aws")]
use opi_auth::AwsChunks;
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
    /// What stands between the parts, when it is a form of several.
    boundary: Option<Arc<str>>,
}

/// A part of a body.
#[derive(Clone, Debug)]
enum Piece {
    Bytes(Bytes),
    File {
        path: PathBuf,
        length: u64,
    },
    /// What goes out in gzip.
    #[cfg(feature = "gzip")]
    Packed(Arc<Body>),
    Reader {
        reader: Reader,
        length: Option<u64>,
    },
    /// What goes out in chunks with signatures.
    #[cfg(feature = "aws")]
    Signed(Arc<(Body, AwsChunks)>),
}

impl Body {
    /// Nothing.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The file at `path`, as long as it is now. It is opened and read when the request is sent,
    /// in pieces of 48 KiB, on the thread that sends.
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
        Ok(Self::of(Piece::File { length: found.len(), path }))
    }

    /// What `reader` gives, once: such a request is not sent again. Without a `length` it goes out
    /// in chunks (RFC 9112 section 7.1); with one, a reader that ends sooner breaks the request off.
    pub fn reader(reader: impl AsyncRead + Send + 'static, length: Option<u64>) -> Self {
        Self::of(Piece::Reader { reader: Reader::new(reader), length })
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
        self.pieces.iter().all(|piece| match piece {
            Piece::Bytes(_) | Piece::File { .. } => true,
            #[cfg(feature = "gzip")]
            Piece::Packed(body) => body.is_replayable(),
            Piece::Reader { .. } => false,
            #[cfg(feature = "aws")]
            Piece::Signed(signed) => signed.0.is_replayable(),
        })
    }

    /// Whether it can still be sent: nobody has begun to read its reader.
    pub(crate) fn is_unspent(&self) -> bool {
        self.pieces.iter().all(|piece| match piece {
            Piece::Bytes(_) | Piece::File { .. } => true,
            #[cfg(feature = "gzip")]
            Piece::Packed(body) => body.is_unspent(),
            Piece::Reader { reader, .. } => reader.is_there(),
            #[cfg(feature = "aws")]
            Piece::Signed(signed) => signed.0.is_unspent(),
        })
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

    /// This body in gzip: in memory at once, else while it is sent.
    #[cfg(feature = "gzip")]
    pub(crate) fn packed(self) -> Self {
        let boundary = self.boundary.clone();
        let packed = match self.in_memory() {
            Some(bytes) => Self::from(crate::coding::gzip(&bytes)),
            None => Self::of(Piece::Packed(Arc::new(self))),
        };
        Self { boundary, ..packed }
    }

    /// This body in chunks that `chunks` signs while they are sent.
    #[cfg(feature = "aws")]
    pub(crate) fn in_chunks(&self, chunks: AwsChunks) -> Self {
        let boundary = self.boundary.clone();
        Self { boundary, ..Self::of(Piece::Signed(Arc::new((self.clone(), chunks)))) }
    }

    /// This body, which is a form with `boundary` between its parts.
    pub(crate) fn bounded(self, boundary: &str) -> Self {
        Self { boundary: Some(boundary.into()), ..self }
    }

    /// What stands between the parts, when it is a form of several.
    pub(crate) fn boundary(&self) -> Option<&str> {
        self.boundary.as_deref()
    }

    fn of(piece: Piece) -> Self {
        Self { pieces: vec![piece], boundary: None }
    }

    /// Whether some of it is read as it is sent.
    pub(crate) fn is_streamed(&self) -> bool {
        self.pieces.iter().any(|piece| !matches!(piece, Piece::Bytes(_)))
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
            #[cfg(feature = "gzip")]
            Self::Packed(_) => None,
            Self::Reader { length, .. } => *length,
            #[cfg(feature = "aws")]
            Self::Signed(signed) => signed.0.length().map(signed::length),
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        if bytes.is_empty() {
            return Self::empty();
        }
        Self::of(Piece::Bytes(bytes))
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
