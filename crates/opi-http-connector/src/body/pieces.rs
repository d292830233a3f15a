//! The pieces of a body, read one after another.

use std::collections::VecDeque;
use std::io;
use std::pin::pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use opi_net::foreign;
use tokio::io::AsyncReadExt;

use super::file::FilePieces;
#[cfg(feature = "gzip")]
use super::packed::Packed;
use super::reader::Source;
#[cfg(feature = "aws")]
use super::signed::Signed;
use super::{Body, Piece};

/// The pieces of a body that are still to be read.
pub(super) struct Pieces {
    ahead: VecDeque<Piece>,
    now: Now,
}

/// The piece that is being read.
enum Now {
    File(FilePieces),
    Nothing,
    #[cfg(feature = "gzip")]
    Packed(Box<Packed>),
    Reader {
        source: Source,
        left: Option<u64>,
    },
    #[cfg(feature = "aws")]
    Signed(Box<Signed>),
}

impl Pieces {
    pub(super) fn new(body: &Body) -> Self {
        Self { ahead: body.pieces.iter().cloned().collect(), now: Now::Nothing }
    }

    /// The next bytes; none at the end. Those of a file come once the ones before were let go, of
    /// which nobody is told: who keeps a piece and waits for the next one waits forever.
    pub(super) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<Option<Bytes>>> {
        loop {
            let bytes = match &mut self.now {
                Now::File(file) => ready!(file.poll_next())?,
                Now::Reader { source, left } => ready!(poll_reader(source, left, context))?,
                Now::Nothing => Bytes::new(),
                #[cfg(feature = "gzip")]
                Now::Packed(packed) => ready!(packed.poll_next(context))?,
                #[cfg(feature = "aws")]
                Now::Signed(signed) => ready!(signed.poll_next(context))?,
            };
            if !bytes.is_empty() {
                return Poll::Ready(Ok(Some(bytes)));
            }
            self.now = match self.ahead.pop_front() {
                None => return Poll::Ready(Ok(None)),
                Some(Piece::Bytes(bytes)) if bytes.is_empty() => Now::Nothing,
                Some(Piece::Bytes(mut bytes)) => {
                    self.now = Now::Nothing;
                    let rest = bytes.split_off(bytes.len().min(PIECE as usize));
                    if !rest.is_empty() {
                        self.ahead.push_front(Piece::Bytes(rest));
                    }
                    return Poll::Ready(Ok(Some(bytes)));
                }
                Some(Piece::File { path, length }) => Now::File(FilePieces::open(&path, length)?),
                #[cfg(feature = "gzip")]
                Some(Piece::Packed(body)) => Now::Packed(Box::new(Packed::new(&body))),
                #[cfg(feature = "aws")]
                Some(Piece::Signed(signed)) => {
                    Now::Signed(Box::new(Signed::new(&signed.0, &signed.1)))
                }
                Some(Piece::Reader { reader, length }) => {
                    let source = reader.take().ok_or_else(spent)?;
                    Now::Reader { source, left: length }
                }
            };
        }
    }
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
    // A reader may wait for anything.
    let read = foreign(context, |it| pin!(limited.read_buf(&mut piece)).poll(it));
    let read = ready!(read)?;
    match left {
        Some(left) if read == 0 && *left > 0 => return Poll::Ready(Err(shorter())),
        Some(left) => *left -= read as u64,
        None => {}
    }
    Poll::Ready(Ok(piece.freeze()))
}

pub(super) fn shorter() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the body is shorter than announced")
}

fn spent() -> io::Error {
    io::Error::other("the body was read before and cannot be sent again")
}

/// The longest piece of what is in memory, and the most that a reader gives at once.
const PIECE: u64 = 256 * 1024;

/// What is asked of a reader at once.
const READ: usize = 64 * 1024;
