//! gzip (RFC 1952), and deflate in both of its forms (RFC 1950, and RFC 1951 alone).

use bytes::{Buf, Bytes};
use flate2::{Decompress, FlushDecompress, Status};

use super::stage::{Broken, TRAILING, Undo};

/// Undoes gzip or deflate.
#[derive(Debug)]
pub(super) struct Inflate {
    form: Form,
    state: Decompress,
    is_whole: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Form {
    Gzip,
    /// Deflate whose first byte has not told its form: with the frame of zlib, as RFC 9110 has it,
    /// or without, as old servers send it.
    Open,
    Settled,
}

impl Inflate {
    pub(super) fn gzip() -> Self {
        Self { form: Form::Gzip, state: Decompress::new_gzip(WINDOW), is_whole: false }
    }

    pub(super) fn deflate() -> Self {
        Self { form: Form::Open, state: Decompress::new(true), is_whole: false }
    }

    /// The frame of zlib begins with the number of its method, 8. In raw deflate that would be a
    /// stored block with something in the bits that nobody uses, which no encoder writes.
    fn settle(&mut self, first: u8) {
        self.form = Form::Settled;
        if first & 0x0F != 8 {
            self.state = Decompress::new(false);
        }
    }
}

impl Undo for Inflate {
    fn step(&mut self, input: &mut Bytes, output: &mut Vec<u8>) -> Result<(), Broken> {
        if self.form == Form::Open {
            let Some(first) = input.first() else { return Ok(()) };
            self.settle(*first);
        }
        if self.is_whole {
            return Ok(());
        }
        let before = self.state.total_in();
        let outcome = self.state.decompress_vec(input, output, FlushDecompress::None);
        let used = self.state.total_in().saturating_sub(before);
        input.advance(usize::try_from(used).unwrap_or(usize::MAX).min(input.len()));
        match outcome {
            Ok(Status::StreamEnd) => self.is_whole = true,
            Ok(Status::Ok | Status::BufError) => {}
            Err(cause) if cause.needs_dictionary().is_some() => {
                return Err(Broken::new("the data needs a dictionary that nobody has"));
            }
            Err(cause) => return Err(Broken::because(cause)),
        }
        Ok(())
    }

    fn is_whole(&self) -> bool {
        self.is_whole
    }

    fn again(&mut self) -> Result<(), Broken> {
        if self.form != Form::Gzip {
            return Err(Broken::new(TRAILING));
        }
        // Members follow each other (RFC 1952 section 2.2); anything else has no header.
        self.state.reset(true);
        self.is_whole = false;
        Ok(())
    }

    fn name(&self) -> &'static str {
        if self.form == Form::Gzip { "gzip" } else { "deflate" }
    }
}

/// The largest window there is, 32 KiB.
const WINDOW: u8 = 15;
