//! A body that is compressed while it is sent.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::Body as _;

use super::Body;
use super::outgoing::Outgoing;
use crate::coding::Gzip;

/// A body that is compressed while it is sent.
#[derive(Debug)]
pub(super) struct Packed {
    /// What is not yet compressed; nothing at the end.
    source: Option<Outgoing>,
    gzip: Gzip,
}

impl Packed {
    pub(super) fn new(body: &Body) -> Self {
        Self { source: Some(Outgoing::new(body)), gzip: Gzip::new() }
    }

    /// The next bytes; none of them at the end.
    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let mut packed = Vec::new();
        while packed.is_empty() {
            let Some(source) = &mut self.source else { break };
            match ready!(Pin::new(source).poll_frame(context)).transpose()? {
                Some(frame) => {
                    let data = frame.into_data().unwrap_or_default();
                    self.gzip.push(&data, &mut packed);
                }
                None => {
                    self.source = None;
                    self.gzip.end(&mut packed);
                }
            }
        }
        Poll::Ready(Ok(packed.into()))
    }
}
