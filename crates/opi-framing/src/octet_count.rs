//! Messages behind a decimal length and a space (RFC 6587 section 3.4.1).

use crate::{
    Error, Frame, Keep,
    decimal::Decimal,
    delimited::Marks,
    progress::{Decoded, Extent, Failure, Progress, Resume, Step, hex, too_long, wrong_start},
};

/// Messages behind a decimal length and a space, as syslog over TCP sends them.
#[must_use]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct OctetCount {
    pub(crate) forms: Forms,
    pub(crate) keep: Keep,
}

/// Which forms of RFC 6587 are read. Written is always the counted one.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Forms {
    /// A length and a space (section 3.4.1). The default.
    #[default]
    Counted,
    /// That, or a line that ends with LF and does not begin with a digit from 1 to 9 (3.4.2).
    Either,
}

impl OctetCount {
    /// The counted form.
    pub const fn new() -> Self {
        Self { forms: Forms::Counted, keep: Keep::Payload }
    }

    /// Which forms are read. Default: [`Forms::Counted`].
    pub const fn forms(self, forms: Forms) -> Self {
        Self { forms, ..self }
    }

    /// Whether the payload has the length, or the LF. Default: [`Keep::Payload`].
    pub const fn keep(self, keep: Keep) -> Self {
        Self { keep, ..self }
    }

    pub(crate) fn smallest(self) -> usize {
        match self.forms {
            Forms::Counted => b"1 x".len(),
            Forms::Either => b"\n".len(),
        }
    }

    pub(crate) fn decode(
        self,
        marks: &Marks,
        progress: &mut Progress,
        buffer: &[u8],
        max: usize,
    ) -> Decoded {
        let Some(first) = buffer.first() else { return Ok(Step::Missing(self.smallest())) };
        let decoded = match (first, self.forms) {
            (b'1'..=b'9', _) => self.counted(progress, buffer, max),
            (_, Forms::Either) => self.line(marks, progress, buffer, max),
            (first, Forms::Counted) => Err(wrong_start(
                0,
                format_args!("a digit from {} to {}", hex(b'1'), hex(b'9')),
                *first,
            )),
        };
        decoded.map_err(Failure::never)
    }

    fn counted(self, progress: &mut Progress, buffer: &[u8], max: usize) -> Decoded {
        if progress.extent.is_none()
            && let Some(Decimal { number, past }) = Decimal::read(buffer, 0, b' ')?
        {
            progress.extent = Some(Extent::announced(past, number, max, 0)?);
        }
        Ok(progress.announced(buffer, self.keep))
    }

    fn line(self, marks: &Marks, progress: &mut Progress, buffer: &[u8], max: usize) -> Decoded {
        let hay = &buffer[..buffer.len().min(max)];
        match (marks.end.find(&mut progress.search, hay), self.keep) {
            (Some(at), Keep::Frame) => Ok(Step::Frame(Frame::new(at + 1, 0..at + 1))),
            (Some(at), Keep::Payload) => Ok(Step::Frame(Frame::new(at + 1, 0..at))),
            (None, _) if buffer.len() < max => Ok(Step::Missing(1)),
            (None, _) => {
                let error = too_long(max, max, "a longer one");
                Err(Failure { error, resume: Resume::Never })
            }
        }
    }

    pub(crate) fn encode(payload: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        if payload.is_empty() {
            return Err(Error::payload("at least one byte", "none"));
        }
        out.extend(format!("{} ", payload.len()).bytes());
        out.extend_from_slice(payload);
        Ok(())
    }
}
