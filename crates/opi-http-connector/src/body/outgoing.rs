//! A body on its way out: hyper asks for one piece after another.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Body as HyperBody, Frame, SizeHint};

use super::pieces::Pieces;
use super::{Body, Piece};
use crate::Direction;
use crate::connection::Meter;
use crate::progress::Report;

/// A body on its way out.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// At most one piece, in memory.
    Once(Bytes),
    Streamed(Box<Streamed>),
}

/// Pieces that are read while they are sent.
pub(crate) struct Streamed {
    pieces: Pieces,
    /// What is still to come, when that is known.
    left: Option<u64>,
    meter: Arc<Meter>,
    report: Option<Report>,
    handed: u64,
}

impl Outgoing {
    /// `body` on its way over the connection of `meter`; one that is `held` waits to be let go.
    pub(crate) fn new(
        body: &Body,
        held: bool,
        report: Option<&Report>,
        meter: &Arc<Meter>,
    ) -> Self {
        match &*body.pieces {
            [] => Self::Once(Bytes::new()),
            [Piece::Bytes(bytes)] if !held && report.is_none() => Self::Once(bytes.clone()),
            _ => Self::Streamed(Box::new(Streamed {
                pieces: Pieces::new(body),
                left: body.length(),
                meter: Arc::clone(meter),
                report: report.cloned(),
                handed: 0,
            })),
        }
    }
}

impl Streamed {
    fn hand_out(&mut self, bytes: u64) {
        self.handed += bytes;
        let total = self.left.map(|left| self.handed - bytes + left);
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(bytes);
        }
        if let Some(report) = &self.report {
            report.tell(Direction::Up, self.handed, total);
        }
    }

    /// The next bytes; none at the end.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        if self.meter.is_held() {
            // Whoever lets it go polls the connection again.
            return Poll::Pending;
        }
        let next = self.pieces.poll_next(context);
        if next.is_pending() {
            self.meter.awaits_room();
        }
        next
    }
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
                if let Some(Ok(bytes)) = &next {
                    streamed.hand_out(bytes.len() as u64);
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
