//! gzip (RFC 1952): members, each with a head, deflated data and a trailer.
//!
//! The checksum is taken here, of whole pieces: zlib-rs takes it together with the copy of its
//! window, which costs a tenth more.

use bytes::{Buf, Bytes};
use flate2::{Crc, Decompress};

use super::frame::{Head, Trailer};
use super::inflate::inflate;
use super::stage::{Broken, Undo};

/// Undoes gzip.
#[derive(Debug)]
pub(super) struct Members {
    place: Place,
    state: Decompress,
    sum: Crc,
}

/// Where in a member it is.
#[derive(Debug)]
enum Place {
    Head(Head),
    Data,
    Trailer(Trailer),
    End,
}

impl Members {
    pub(super) fn new() -> Self {
        let place = Place::Head(Head::default());
        Self { place, state: Decompress::new(false), sum: Crc::new() }
    }
}

impl Undo for Members {
    fn step(&mut self, input: &mut Bytes, output: &mut Vec<u8>) -> Result<(), Broken> {
        loop {
            match &mut self.place {
                Place::Head(head) => {
                    let used = head.feed(input)?;
                    input.advance(used);
                    if !head.is_whole() {
                        return Ok(());
                    }
                    self.place = Place::Data;
                }
                Place::Data => {
                    let before = output.len();
                    let ended = inflate(&mut self.state, input, output)?;
                    self.sum.update(output.get(before..).unwrap_or_default());
                    if !ended {
                        return Ok(());
                    }
                    self.place = Place::Trailer(Trailer::default());
                }
                Place::Trailer(trailer) => {
                    let used = trailer.feed(input);
                    input.advance(used);
                    let Some(told) = trailer.told() else { return Ok(()) };
                    // The length is told without what goes beyond 32 bits.
                    if told != [self.sum.sum(), self.state.total_out() as u32] {
                        return Err(Broken::new("the checksum or the length is another"));
                    }
                    self.place = Place::End;
                }
                Place::End => return Ok(()),
            }
        }
    }

    fn is_whole(&self) -> bool {
        matches!(self.place, Place::End)
    }

    fn again(&mut self) -> Result<(), Broken> {
        // Members follow each other (RFC 1952 section 2.2); anything else has no head.
        self.place = Place::Head(Head::default());
        self.state.reset(false);
        self.sum.reset();
        Ok(())
    }

    fn name(&self) -> &'static str {
        "gzip"
    }
}
