//! A body that is compressed while it is sent.

use std::io;
use std::task::{Context, Poll, ready};

use super::Body;
use super::pieces::Pieces;
use crate::coding::Gzip;
use bytes::Bytes;

/// A body that is compressed while it is sent.
pub(super) struct Packed {
    /// What is not yet compressed; nothing at the end.
    source: Option<Pieces>,
    gzip: Gzip,
}

impl Packed {
    pub(super) fn new(body: &Body) -> Self {
        Self { source: Some(Pieces::new(body)), gzip: Gzip::new() }
    }

    /// The next bytes; none of them at the end.
    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let mut packed = Vec::new();
        while packed.is_empty() {
            let Some(source) = &mut self.source else { break };
            match ready!(source.poll_next(context))? {
                Some(data) => self.gzip.push(&data, &mut packed),
                None => {
                    self.source = None;
                    self.gzip.end(&mut packed);
                }
            }
        }
        Poll::Ready(Ok(packed.into()))
    }
}
