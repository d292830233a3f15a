//! Puts a payload between marks.

use memchr::memmem;

use super::{Delimited, Escape, Marks};
use crate::{Error, Place, check::Covered};

impl Delimited {
    pub(crate) fn encode(
        &self,
        marks: &Marks,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let covered = Covered { start: &self.start, payload, end: &self.end };
        out.extend_from_slice(&marks.start);
        let opened = out.len();
        match self.check_at(Place::BeforeEnd) {
            Some(check) => self.write(&[payload, &check.of(covered)].concat(), out),
            None => self.write(payload, out),
        }
        let closed = out.len();
        out.extend_from_slice(marks.end.bytes());
        self.encodable(marks, &out[opened..], closed - opened)?;
        if let Some(check) = self.check_at(Place::AfterEnd) {
            out.extend(check.of(covered));
        }
        Ok(())
    }

    fn write(&self, body: &[u8], out: &mut Vec<u8>) {
        match self.escape {
            Escape::None => out.extend_from_slice(body),
            _ => self.escape.escape(body, self.start.first().copied(), self.end[0], out),
        }
    }

    /// Whether the end mark in `written` is found where it begins and nowhere before.
    fn encodable(&self, marks: &Marks, written: &[u8], closed: usize) -> Result<(), Error> {
        if closed == 0 && self.skips_ends() {
            return Err(Error::payload("at least one byte", "none"));
        }
        if self.escape != Escape::None {
            return Ok(());
        }
        match memmem::find(written, marks.end.bytes()) {
            Some(at) if at < closed => {
                let mark = marks.end.bytes().escape_ascii();
                let expected = format_args!("no end mark \"{mark}\" inside");
                Err(Error::payload(expected, format_args!("one at byte {at}")))
            }
            _ => Ok(()),
        }
    }
}
