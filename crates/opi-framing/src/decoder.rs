//! Takes frames off the front of one connection's buffer.

use crate::{
    Codec, Error, ErrorKind, Frame, Framing,
    framing::Compiled,
    needle::Search,
    progress::{Failure, Progress, Resume, Step},
};

/// Takes frames off the front of a buffer that grows: the state of one connection.
///
/// It remembers how far it has looked, so a frame that comes in many pieces is read once. After
/// an error it stays failed, and returns the same error, until [`Self::recover`] has found where
/// to go on; not every codec can tell.
#[derive(Clone, Debug)]
pub struct Decoder {
    codec: Codec,
    progress: Progress,
    seen: usize,
    missing: usize,
    failure: Option<Failure>,
    search: Search,
}

/// What to do with the buffer after an error.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Recovery {
    /// The codec has no mark to look for: close the connection.
    Impossible,
    /// Take so many bytes off the front; decoding then goes on.
    Skip(usize),
    /// Take so many bytes off the front, and ask again when more have come.
    Wait(usize),
}

impl Decoder {
    pub(crate) fn new(codec: Codec) -> Self {
        Self {
            codec,
            progress: Progress::default(),
            seen: 0,
            missing: 1,
            failure: None,
            search: Search::default(),
        }
    }

    /// The codec it decodes by.
    #[must_use]
    pub fn codec(&self) -> &Codec {
        &self.codec
    }

    /// The frame at the front of `buffer`, once it is whole.
    ///
    /// `buffer` begins with the bytes given last time, less the frame that was returned, and may
    /// have grown at its end.
    ///
    /// # Errors
    ///
    /// The bytes are no frame of the codec, or a longer one than it allows: as soon as that is
    /// known, without waiting for the rest. The same error is returned until [`Self::recover`].
    pub fn decode(&mut self, buffer: &[u8]) -> Result<Option<Frame>, Error> {
        if let Some(failure) = &self.failure {
            return Err(failure.error.clone());
        }
        if buffer.len() < self.seen {
            self.progress = Progress::default();
        }
        self.seen = buffer.len();
        let inner = self.codec.inner();
        match inner.compiled.decode(&mut self.progress, buffer, inner.max) {
            Ok(Step::Frame(frame)) => Ok(Some(self.whole(frame))),
            Ok(Step::Missing(missing)) => {
                self.missing = missing;
                Ok(None)
            }
            Err(failure) => Err(self.fail(failure)),
        }
    }

    /// How many more bytes must come before there can be a frame, at least. Never more than the
    /// codec's limit; still a number the peer named, so make room for it piece by piece.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// Tells that the codec's [`gap`](Codec::gap) has passed without a byte, which ends a frame
    /// of [`Idle`](crate::Idle) and means nothing to the others.
    ///
    /// # Errors
    ///
    /// As [`Self::decode`]; a gap with an empty buffer ends the failure of an idle codec.
    pub fn gap(&mut self, buffer: &[u8]) -> Result<Option<Frame>, Error> {
        if !matches!(self.codec.framing(), Framing::Idle(_)) {
            return Ok(None);
        }
        if buffer.is_empty() {
            self.restart();
            return Ok(None);
        }
        let none = self.decode(buffer)?;
        Ok(none.or_else(|| Some(self.whole(Frame::new(buffer.len(), 0..buffer.len())))))
    }

    /// Tells that the stream has ended, after [`Self::decode`] found no more frames in `buffer`.
    ///
    /// The end ends the last frame of [`Idle`](crate::Idle) too.
    ///
    /// # Errors
    ///
    /// [`Truncated`](ErrorKind::Truncated): the stream ended inside a frame; or the error that
    /// decoding ended with.
    pub fn end(&mut self, buffer: &[u8]) -> Result<Option<Frame>, Error> {
        if let Some(failure) = &self.failure {
            return Err(failure.error.clone());
        }
        if buffer.len() <= self.progress.skipped {
            return Ok(None);
        }
        if let Some(frame) = self.gap(buffer)? {
            return Ok(Some(frame));
        }
        let expected = format_args!("at least {} bytes more", self.missing);
        Err(Error::at(ErrorKind::Truncated, buffer.len(), expected, "the end of the stream"))
    }

    /// Looks for the next place where a frame may begin, after an error.
    ///
    /// Codecs with a start mark go on at the next one, those with an end mark only after it.
    /// Nothing that was skipped is looked at twice. Without an error there is nothing to skip.
    pub fn recover(&mut self, buffer: &[u8]) -> Recovery {
        let Some(failure) = &mut self.failure else { return Recovery::Skip(0) };
        let compiled = &self.codec.inner().compiled;
        let from = match (failure.resume, &compiled.framing) {
            (Resume::After(size), _) => {
                self.restart();
                return Recovery::Skip(size);
            }
            (_, Framing::Idle(_)) => return Recovery::Wait(buffer.len()),
            (Resume::Never, _) => return Recovery::Impossible,
            (Resume::From(from), _) => from.min(buffer.len()),
        };
        let Some((needle, past)) = &compiled.landmark else { return Recovery::Impossible };
        let Some(at) = needle.find(&mut self.search, &buffer[from..]) else {
            let skip = buffer.len() - self.search.matched;
            self.search.searched = self.search.matched;
            failure.resume = Resume::From(0);
            return Recovery::Wait(skip);
        };
        let skip = from + at + past;
        self.restart();
        Recovery::Skip(skip)
    }

    fn whole(&mut self, frame: Frame) -> Frame {
        self.progress = Progress::default();
        self.seen = 0;
        self.missing = 1;
        frame
    }

    fn fail(&mut self, failure: Failure) -> Error {
        self.progress = Progress::default();
        self.search = Search::default();
        let error = failure.error.clone();
        self.failure = Some(failure);
        error
    }

    fn restart(&mut self) {
        self.progress = Progress::default();
        self.search = Search::default();
        self.failure = None;
        self.seen = 0;
        self.missing = 1;
    }
}

/// Whether `frame` is one frame and nothing else.
pub(crate) fn whole(compiled: &Compiled, frame: &[u8], max: usize) -> Result<(), Error> {
    let got = match compiled.decode(&mut Progress::default(), frame, max) {
        Ok(Step::Frame(found)) if found.size() == frame.len() => return Ok(()),
        Ok(Step::Frame(found)) => format!("{} bytes after it", frame.len() - found.size()),
        Ok(Step::Missing(missing)) => format!("{missing} bytes too few"),
        Err(failure) => failure.error.to_string(),
    };
    Err(Error::payload("one whole frame", got))
}
