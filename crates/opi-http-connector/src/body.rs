//! Bringing a body together, within its limit and with its content coding undone.

use std::io::{self, Write};

use bytes::Bytes;
use http::HeaderMap;

use crate::gzip::Decoder;
use crate::{Error, ErrorKind};

/// Brings a body together. The limit holds for the bytes received and for the decoded ones.
#[derive(Debug)]
pub(crate) struct Collector {
    received: usize,
    limit: usize,
    decoder: Decoder,
}

impl Collector {
    pub(crate) fn new(headers: &HeaderMap, limit: usize) -> Self {
        Self { received: 0, limit, decoder: Decoder::new(headers, Sink::new(limit)) }
    }

    pub(crate) fn push(&mut self, data: &[u8]) -> Result<(), Error> {
        self.received = self.received.saturating_add(data.len());
        if self.received > self.limit {
            return Err(too_long(self.limit));
        }
        self.decoder.push(data).map_err(|cause| self.failed(cause))
    }

    pub(crate) fn finish(self) -> Result<Bytes, Error> {
        let (received, limit) = (self.received, self.limit);
        // A HEAD answer may announce a coding and has nothing to decode.
        let outcome = if received == 0 { Ok(Vec::new()) } else { self.decoder.finish() };
        outcome.map(Bytes::from).map_err(|cause| judge(cause, limit))
    }

    fn failed(&self, cause: io::Error) -> Error {
        judge(cause, self.limit)
    }
}

fn judge(cause: io::Error, limit: usize) -> Error {
    if cause.kind() == io::ErrorKind::FileTooLarge {
        return too_long(limit);
    }
    Error::new(ErrorKind::BodyCoding).because(cause)
}

fn too_long(limit: usize) -> Error {
    Error::new(ErrorKind::BodyTooLong).detail(format!("the body is longer than {limit} bytes"))
}

/// Where decoded bytes go; refuses more than its limit.
#[derive(Debug)]
pub(crate) struct Sink {
    pub(crate) data: Vec<u8>,
    limit: usize,
}

impl Sink {
    pub(crate) fn new(limit: usize) -> Self {
        Self { data: Vec::new(), limit }
    }
}

impl Write for Sink {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if data.len() > self.limit - self.data.len() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.data.extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The decoder of a build without content codings: bodies stay as they came.
#[cfg(not(feature = "gzip"))]
#[derive(Debug)]
pub(crate) struct NoDecoder(Sink);

#[cfg(not(feature = "gzip"))]
impl NoDecoder {
    pub(crate) const ACCEPTED: &str = "identity";

    pub(crate) fn new(_headers: &HeaderMap, sink: Sink) -> Self {
        Self(sink)
    }

    pub(crate) fn push(&mut self, data: &[u8]) -> io::Result<()> {
        self.0.write_all(data)
    }

    pub(crate) fn finish(self) -> io::Result<Vec<u8>> {
        Ok(self.0.data)
    }
}
