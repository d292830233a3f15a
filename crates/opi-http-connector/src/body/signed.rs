//! A body that goes out in chunks, each with a signature of AWS in front of it.

use std::io;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use opi_auth::AwsChunks;

use super::Body;
use super::pieces::Pieces;

/// A body whose chunks are signed while it is sent.
pub(super) struct Signed {
    /// What is not yet read; nothing at the end.
    source: Option<Pieces>,
    /// What signs the chunks; nothing behind the last one, which is empty.
    chunks: Option<AwsChunks>,
    /// What was read and is not yet signed.
    data: BytesMut,
}

/// The bytes of every chunk but the last two: 64 KiB.
const CHUNK: usize = 64 * 1024;

/// How many bytes a body of `length` bytes has in chunks.
pub(super) fn length(length: u64) -> u64 {
    AwsChunks::length(length, CHUNK as u64)
}

impl Signed {
    pub(super) fn new(body: &Body, chunks: &AwsChunks) -> Self {
        let (source, chunks) = (Some(Pieces::new(body)), Some(chunks.clone()));
        Self { source, chunks, data: BytesMut::new() }
    }

    /// The next chunk; none of its bytes at the end.
    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        while self.data.len() < CHUNK {
            let Some(source) = &mut self.source else { break };
            match ready!(source.poll_next(context))? {
                Some(data) => self.data.extend_from_slice(&data),
                None => self.source = None,
            }
        }
        let Some(chunks) = &mut self.chunks else { return Poll::Ready(Ok(Bytes::new())) };
        let data = self.data.split_to(self.data.len().min(CHUNK));
        let chunk = [chunks.line(&data).as_bytes(), &data, b"\r\n"].concat();
        if data.is_empty() {
            self.chunks = None;
        }
        Poll::Ready(Ok(chunk.into()))
    }
}
