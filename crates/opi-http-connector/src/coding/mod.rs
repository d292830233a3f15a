//! Content codings of answers, undone piece by piece within a limit.

#[cfg(feature = "gzip")]
mod gzip;

use bytes::Bytes;
use http::HeaderMap;

use crate::{Error, ErrorKind};

/// What an answer's body may grow to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The most bytes of the body, as received and as decoded.
    pub(crate) body: usize,
}

/// Undoes the content coding of a body.
#[derive(Debug)]
pub(crate) struct Decoder {
    coding: Coding,
    ready: Option<Bytes>,
    decoded: usize,
    limits: Limits,
}

#[derive(Debug)]
enum Coding {
    #[cfg(feature = "gzip")]
    Gzip(gzip::Gzip),
    Plain,
}

impl Decoder {
    /// What `Accept-Encoding` asks for.
    pub(crate) const ACCEPTED: &str = if cfg!(feature = "gzip") { "gzip" } else { "identity" };

    /// Bodies in a coding that nobody asked for stay as they came.
    pub(crate) fn new(headers: &HeaderMap, limits: Limits) -> Result<Self, Error> {
        Ok(Self { coding: Coding::of(headers), ready: None, decoded: 0, limits })
    }

    /// Takes the next bytes as received; what was ready must have been pulled.
    pub(crate) fn push(&mut self, data: Bytes) -> Result<(), Error> {
        let decoded = match &mut self.coding {
            #[cfg(feature = "gzip")]
            Coding::Gzip(gzip) => gzip.push(&data, self.limits.body - self.decoded)?,
            Coding::Plain => data,
        };
        self.give(decoded)
    }

    /// No more comes: a stream that was cut off is an error.
    pub(crate) fn end(&mut self) -> Result<(), Error> {
        match &mut self.coding {
            #[cfg(feature = "gzip")]
            Coding::Gzip(gzip) => {
                let rest = gzip.end()?;
                self.give(rest)
            }
            Coding::Plain => Ok(()),
        }
    }

    /// The next decoded bytes, if some are ready.
    pub(crate) fn pull(&mut self) -> Result<Option<Bytes>, Error> {
        Ok(self.ready.take())
    }

    fn give(&mut self, decoded: Bytes) -> Result<(), Error> {
        if decoded.len() > self.limits.body - self.decoded {
            return Err(too_long(self.limits.body));
        }
        self.decoded += decoded.len();
        self.ready = (!decoded.is_empty()).then_some(decoded);
        Ok(())
    }
}

impl Coding {
    #[cfg(feature = "gzip")]
    fn of(headers: &HeaderMap) -> Self {
        match headers.get(http::header::CONTENT_ENCODING) {
            Some(coding) if gzip::is_named(coding.as_bytes()) => Self::Gzip(gzip::Gzip::new()),
            _ => Self::Plain,
        }
    }

    #[cfg(not(feature = "gzip"))]
    fn of(_headers: &HeaderMap) -> Self {
        Self::Plain
    }
}

/// The error of a body that is longer than `limit`.
pub(crate) fn too_long(limit: usize) -> Error {
    Error::new(ErrorKind::BodyTooLong).detail(format!("the body is longer than {limit} bytes"))
}
