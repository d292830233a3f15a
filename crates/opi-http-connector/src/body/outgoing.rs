//! A body on its way out: hyper asks for one piece after another.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use hyper::body::{Body as HyperBody, Frame, SizeHint};
use tokio::io::AsyncReadExt;

#[cfg(feature = "gzip")]
use super::packed::Packed;
use super::reader::Source;
use super::{Body, Piece};
use crate::connection::Meter;

/// A body on its way out.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// At most one piece, in memory.
    Once(Bytes),
    Streamed(Box<Streamed>),
}

/// Pieces that are read while they are sent.
pub(crate) struct Streamed {
    ahead: VecDeque<Piece>,
    now: Now,
    /// What is still to come, when that is known.
    left: Option<u64>,
    meter: Arc<Meter>,
}

/// The piece that is being read.
enum Now {
    File {
        file: File,
        left: u64,
    },
    Nothing,
    #[cfg(feature = "gzip")]
    Packed(Box<Packed>),
    Reader {
        source: Source,
        left: Option<u64>,
    },
}

impl Outgoing {
    /// `body` on its way over the connection of `meter`.
    pub(crate) fn new(body: &Body, held: bool, meter: &Arc<Meter>) -> Self {
        match &*body.pieces {
            [] => Self::Once(Bytes::new()),
            [Piece::Bytes(bytes)] if !held => Self::Once(bytes.clone()),
            pieces => Self::Streamed(Box::new(Streamed {
                ahead: pieces.iter().cloned().collect(),
                now: Now::Nothing,
                left: body.length(),
                meter: Arc::clone(meter),
            })),
        }
    }
}

impl Streamed {
    /// The next bytes; none at the end.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        if self.meter.is_held() {
            // Whoever lets it go polls the connection again.
            return Poll::Pending;
        }
        loop {
            let bytes = match &mut self.now {
                Now::File { file, left } => next_of_file(file, left)?,
                Now::Reader { source, left } => ready!(poll_reader(source, left, context))?,
                Now::Nothing => Bytes::new(),
                #[cfg(feature = "gzip")]
                Now::Packed(packed) => ready!(packed.poll_next(context))?,
            };
            if !bytes.is_empty() {
                return Poll::Ready(Ok(Some(bytes)));
            }
            self.now = match self.ahead.pop_front() {
                None => return Poll::Ready(Ok(None)),
                Some(Piece::Bytes(bytes)) if bytes.is_empty() => Now::Nothing,
                Some(Piece::Bytes(bytes)) => {
                    self.now = Now::Nothing;
                    return Poll::Ready(Ok(Some(bytes)));
                }
                Some(Piece::File { path, length }) => {
                    Now::File { file: open(&path)?, left: length }
                }
                #[cfg(feature = "gzip")]
                Some(Piece::Packed(body)) => Now::Packed(Box::new(Packed::new(&body))),
                Some(Piece::Reader { reader, length }) => {
                    let source = reader.take().ok_or_else(spent)?;
                    Now::Reader { source, left: length }
                }
            };
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    File::open(path)
        .map_err(|cause| io::Error::new(cause.kind(), format!("{}: {cause}", path.display())))
}

/// At most [`PIECE`] bytes of a file, none when all of its length was read.
fn next_of_file(file: &mut File, left: &mut u64) -> io::Result<Bytes> {
    let wanted = PIECE.min(*left);
    if wanted == 0 {
        return Ok(Bytes::new());
    }
    let mut piece = Vec::with_capacity(wanted as usize);
    let read = file.take(wanted).read_to_end(&mut piece)?;
    if (read as u64) < wanted {
        return Err(shorter());
    }
    *left -= wanted;
    Ok(piece.into())
}

/// What a reader gives next; no more than its length, and nothing at its end.
fn poll_reader(
    source: &mut Source,
    left: &mut Option<u64>,
    context: &mut Context<'_>,
) -> Poll<io::Result<Bytes>> {
    let wanted = left.unwrap_or(PIECE).min(PIECE);
    if wanted == 0 {
        return Poll::Ready(Ok(Bytes::new()));
    }
    let mut piece = BytesMut::with_capacity((wanted as usize).min(READ));
    let mut limited = source.take(wanted);
    let read = ready!(pin!(limited.read_buf(&mut piece)).poll(context))?;
    match left {
        Some(left) if read == 0 && *left > 0 => return Poll::Ready(Err(shorter())),
        Some(left) => *left -= read as u64,
        None => {}
    }
    Poll::Ready(Ok(piece.freeze()))
}

fn shorter() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the body is shorter than announced")
}

fn spent() -> io::Error {
    io::Error::other("the body was read before and cannot be sent again")
}

impl HyperBody for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match &mut *self {
            Self::Once(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Once(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Self::Streamed(streamed) => {
                let next = ready!(streamed.poll_next(context)).transpose();
                if let (Some(Ok(bytes)), Some(left)) = (&next, &mut streamed.left) {
                    *left = left.saturating_sub(bytes.len() as u64);
                }
                if next.is_none() || streamed.left == Some(0) {
                    streamed.meter.upload_ends();
                }
                Poll::Ready(next.map(|piece| piece.map(Frame::data)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Once(bytes) => bytes.is_empty(),
            Self::Streamed(streamed) => streamed.left == Some(0),
        }
    }

    fn size_hint(&self) -> SizeHint {
        let left = match self {
            Self::Once(bytes) => Some(bytes.len() as u64),
            Self::Streamed(streamed) => streamed.left,
        };
        left.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}

impl std::fmt::Debug for Streamed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Streamed").field("left", &self.left).finish_non_exhaustive()
    }
}

/// What is read of a file at once.
const PIECE: u64 = 256 * 1024;

/// What is asked of a reader at once.
const READ: usize = 64 * 1024;
