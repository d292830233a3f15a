//! Finds a frame between marks, and checks it.

use std::borrow::Cow;

use memchr::memmem;

use super::{Delimited, Escape, Marks};
use crate::{
    Check, Error, ErrorKind, Frame, Keep, Place,
    check::Covered,
    meter,
    needle::Search,
    progress::{Decoded, Extent, Failure, Progress, Resume, Step, too_long},
};

impl Delimited {
    pub(crate) fn decode(
        &self,
        marks: &Marks,
        progress: &mut Progress,
        buffer: &[u8],
        max: usize,
    ) -> Decoded {
        let extent = match progress.extent.take() {
            Some(extent) => extent,
            None => match self.locate(marks, progress, buffer, max)? {
                Some(extent) => extent,
                None => return Ok(Step::Missing(self.missing(marks, progress, buffer))),
            },
        };
        if buffer.len() < extent.size {
            let missing = extent.missing(buffer);
            progress.extent = Some(extent);
            return Ok(Step::Missing(missing));
        }
        self.open(marks, progress, &extent, buffer)
    }

    /// The parts of the frame, once its end mark has come.
    fn locate(
        &self,
        marks: &Marks,
        progress: &mut Progress,
        buffer: &[u8],
        max: usize,
    ) -> Result<Option<Extent>, Failure> {
        if !progress.starts(&marks.start, buffer)? {
            return Ok(None);
        }
        let hay = &buffer[..buffer.len().min(max)];
        let mark = marks.end.bytes().len();
        loop {
            let opened = marks.start.len() + progress.skipped;
            let Some(end) = self.find_end(marks, progress, hay, opened)? else { break };
            if end == opened && self.skips_ends() {
                progress.skipped += mark;
                progress.search = Search::default();
                continue;
            }
            let size = end + mark + self.check_at(Place::AfterEnd).map_or(0, |it| it.width());
            if size > max {
                return Err(over(marks, hay, max));
            }
            return Ok(Some(Extent { body: opened..end, size }));
        }
        if buffer.len() >= max { Err(over(marks, hay, max)) } else { Ok(None) }
    }

    fn find_end(
        &self,
        marks: &Marks,
        progress: &mut Progress,
        hay: &[u8],
        opened: usize,
    ) -> Result<Option<usize>, Failure> {
        if self.escape != Escape::None {
            return self.escape.find_end(self.end[0], progress, hay, opened);
        }
        let body = hay.get(opened..).unwrap_or_default();
        Ok(marks.end.find(&mut progress.search, body).map(|at| opened + at))
    }

    /// How many bytes the frame lacks at least, as long as its end mark has not come.
    fn missing(&self, marks: &Marks, progress: &Progress, buffer: &[u8]) -> usize {
        let start = marks.start.len().saturating_sub(buffer.len());
        let check = self.check_at(Place::AfterEnd).map_or(0, |it| it.width());
        // The DLE of the end mark may have come already.
        start + self.end.len().saturating_sub(progress.search.matched) + check
    }

    /// Checks a frame that is whole and takes its payload out.
    fn open(&self, marks: &Marks, progress: &Progress, extent: &Extent, buffer: &[u8]) -> Decoded {
        let Extent { body, size } = extent.clone();
        let wire = &buffer[body.clone()];
        let mut plain = match progress.escapes {
            0 => Cow::Borrowed(wire),
            escapes => self.escape.unescape(wire, escapes, self.end[0]).into(),
        };
        if let Some(check) = self.check {
            let after = body.end + marks.end.bytes().len();
            let length = self
                .verify(check, &plain, &buffer[after..size], [body.end, after])
                .map_err(|error| broken(marks, error, &buffer[..size]))?;
            plain = match plain {
                Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[..length]),
                Cow::Owned(mut bytes) => {
                    bytes.truncate(length);
                    Cow::Owned(bytes)
                }
            };
        }
        Ok(Step::Frame(match (self.keep, plain) {
            (Keep::Frame, _) => Frame::new(size, progress.skipped..size),
            (Keep::Payload, Cow::Borrowed(it)) => {
                Frame::new(size, body.start..body.start + it.len())
            }
            (Keep::Payload, Cow::Owned(bytes)) => Frame::owned(size, bytes),
        }))
    }

    /// How long the payload is, once its check is right; `ends` are where the end mark begins and
    /// ends.
    fn verify(
        &self,
        check: Check,
        plain: &[u8],
        after: &[u8],
        ends: [usize; 2],
    ) -> Result<usize, Error> {
        let covered = |payload| Covered { start: &self.start, payload, end: &self.end };
        if check.place == Place::AfterEnd {
            return check.verify(covered(plain), after, ends[1]).map(|()| plain.len());
        }
        let Some(length) = plain.len().checked_sub(check.width()) else {
            let expected = format_args!("{} bytes of check before it", check.width());
            return Err(Error::at(ErrorKind::BadCheck, ends[0], expected, plain.len()));
        };
        let (payload, got) = plain.split_at(length);
        let at = ends[0].saturating_sub(check.width());
        check.verify(covered(payload), got, at).map(|()| length)
    }
}

/// A frame whose check is wrong.
fn broken(marks: &Marks, error: Error, frame: &[u8]) -> Failure {
    let resume = last_start(marks, frame).unwrap_or(Resume::After(frame.len()));
    Failure { error, resume }
}

/// No end mark within the limit. The bytes that a mark may have begun in are searched again.
fn over(marks: &Marks, hay: &[u8], max: usize) -> Failure {
    let rest = Resume::From((max + 1).saturating_sub(marks.landmark_size()).max(1));
    let error = too_long(max, max, "a longer one");
    Failure { error, resume: last_start(marks, hay).unwrap_or(rest) }
}

/// Another frame may have begun inside one that came to nothing. The last of them is tried: with
/// any other one, bytes could be read over and over.
fn last_start(marks: &Marks, frame: &[u8]) -> Option<Resume> {
    if marks.start.is_empty() {
        return None;
    }
    let inside = frame.get(1..)?;
    meter::read(inside.len());
    memmem::rfind(inside, &marks.start).map(|at| Resume::From(at + 1))
}
