//! Undoing all codings of a body, within limits.

use std::collections::VecDeque;

use bytes::Bytes;
use http::HeaderMap;

use super::accepted;
use super::limits::Limits;
use super::stage::{Broken, Stage};
use crate::{Error, ErrorKind};

/// Undoes the content codings of a body, piece by piece.
///
/// Call [`pull`](Self::pull) until it has nothing, then [`push`](Self::push) what came or
/// [`end`](Self::end), and pull again.
///
/// ```
/// use opi_http_connector::HeaderMap;
/// use opi_http_connector::coding::{Decoder, Limits};
///
/// let mut decoder = Decoder::new(&HeaderMap::new(), Limits::new())?;
/// decoder.push("as it ".into());
/// decoder.push("came".into());
/// decoder.end();
/// let mut body = Vec::new();
/// while let Some(piece) = decoder.pull()? {
///     body.extend_from_slice(&piece);
/// }
/// assert_eq!(body, b"as it came");
/// # Ok::<(), opi_http_connector::Error>(())
/// ```
#[derive(Debug)]
pub struct Decoder {
    stages: Vec<Stage>,
    source: Source,
    limits: Limits,
    decoded: u64,
}

/// What came and was not yet taken.
#[derive(Debug, Default)]
struct Source {
    /// In front of the others; most bodies come as one.
    first: Option<Bytes>,
    pieces: VecDeque<Bytes>,
    received: u64,
    ended: bool,
}

/// What there is to take.
enum Drawn {
    Ended,
    Hungry,
    Piece(Bytes),
}

impl Decoder {
    /// A decoder for a body with these headers.
    ///
    /// A body with a coding that this build does not know stays as it came; see
    /// [`is_plain`](Self::is_plain).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BodyCoding`]: there are more codings than `limits` allow.
    pub fn new(headers: &HeaderMap, limits: Limits) -> Result<Self, Error> {
        let stages = accepted::stages(headers, limits.codings)?;
        Ok(Self { stages, source: Source::default(), limits, decoded: 0 })
    }

    /// Whether bytes go through as they are: there is no coding, or one that is not known.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.stages.is_empty()
    }

    /// Takes what came.
    pub fn push(&mut self, data: Bytes) {
        self.source.received = self.source.received.saturating_add(data.len() as u64);
        if !data.is_empty() {
            self.source.push(data);
        }
    }

    /// Says that nothing more comes.
    pub fn end(&mut self) {
        self.source.ended = true;
    }

    /// The next piece of the body, of 64 KiB at most when there is a coding; nothing when more must
    /// come, or when all of it was given out.
    ///
    /// A body of no bytes at all has nothing to decode, as the answer to a HEAD request has not.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BodyCoding`]: the data is broken, ends too early or goes on behind its end;
    /// [`ErrorKind::BodyTooLong`] or [`ErrorKind::BodyTooDense`]: it unpacks to more than allowed.
    pub fn pull(&mut self) -> Result<Option<Bytes>, Error> {
        if self.source.ended && self.source.received == 0 {
            return Ok(None);
        }
        let Drawn::Piece(piece) = draw(&mut self.stages, &mut self.source, &self.limits)? else {
            return Ok(None);
        };
        if self.stages.is_empty() {
            self.decoded = self.decoded.saturating_add(piece.len() as u64);
            self.limits.judge(self.source.received, self.decoded)?;
        }
        Ok(Some(piece))
    }
}

/// All of `data` as `stage` undoes it.
#[cfg(feature = "gzip")]
pub(super) fn decode(stage: Stage, data: Bytes, limits: Limits) -> Result<Vec<u8>, Error> {
    let (mut stages, mut source) = ([stage], Source { ended: true, ..Source::default() });
    source.received = data.len() as u64;
    source.push(data);
    let mut plain = Vec::new();
    while let Drawn::Piece(piece) = draw(&mut stages, &mut source, &limits)? {
        plain.extend_from_slice(&piece);
    }
    Ok(plain)
}

/// The next piece behind `stages`, of which the first undoes the coding that was applied last.
fn draw(stages: &mut [Stage], source: &mut Source, limits: &Limits) -> Result<Drawn, Error> {
    let Some((last, before)) = stages.split_last_mut() else { return Ok(source.next()) };
    loop {
        let next = last.next().map_err(|broken| failed(last.name(), broken))?;
        if let Some(piece) = next {
            limits.judge(source.received, last.decoded)?;
            return Ok(Drawn::Piece(piece));
        }
        match draw(before, source, limits)? {
            Drawn::Ended => {
                last.finish().map_err(|broken| failed(last.name(), broken))?;
                return Ok(Drawn::Ended);
            }
            Drawn::Hungry => return Ok(Drawn::Hungry),
            Drawn::Piece(piece) => last.feed(piece),
        }
    }
}

impl Source {
    fn push(&mut self, data: Bytes) {
        if self.first.is_none() && self.pieces.is_empty() {
            self.first = Some(data);
        } else {
            self.pieces.push_back(data);
        }
    }

    fn next(&mut self) -> Drawn {
        match self.first.take().or_else(|| self.pieces.pop_front()) {
            Some(piece) => Drawn::Piece(piece),
            None if self.ended => Drawn::Ended,
            None => Drawn::Hungry,
        }
    }
}

fn failed(coding: &str, broken: Broken) -> Error {
    let error = Error::new(ErrorKind::BodyCoding).detail(format!("{coding}: {}", broken.words));
    match broken.source {
        Some(source) => error.because(source),
        None => error,
    }
}
