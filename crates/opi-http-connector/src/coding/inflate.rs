//! deflate in both of its forms (RFC 1950, and RFC 1951 alone).

use bytes::{Buf, Bytes};
use flate2::{Decompress, FlushDecompress, Status};

use super::stage::{Broken, TRAILING, Undo};

/// Undoes deflate.
#[derive(Debug)]
pub(super) struct Inflate {
    form: Form,
    state: Decompress,
    is_whole: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Form {
    /// The first byte has not told it: with the frame of zlib, as RFC 9110 has it, or without, as
    /// old servers send it.
    Open,
    Settled,
}

impl Inflate {
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
        if !self.is_whole {
            self.is_whole = inflate(&mut self.state, input, output)?;
        }
        Ok(())
    }

    fn is_whole(&self) -> bool {
        self.is_whole
    }

    fn again(&mut self) -> Result<(), Broken> {
        Err(Broken::new(TRAILING))
    }

    fn name(&self) -> &'static str {
        "deflate"
    }
}

/// Inflates until `input` is used up, `output` is as long as its capacity, or the data ended;
/// returns whether it ended.
pub(super) fn inflate(
    state: &mut Decompress,
    input: &mut Bytes,
    output: &mut Vec<u8>,
) -> Result<bool, Broken> {
    let before = state.total_in();
    let outcome = state.decompress_vec(input, output, FlushDecompress::None);
    let used = state.total_in().saturating_sub(before);
    input.advance(usize::try_from(used).unwrap_or(usize::MAX).min(input.len()));
    match outcome {
        Ok(status) => Ok(status == Status::StreamEnd),
        Err(cause) if cause.needs_dictionary().is_some() => {
            Err(Broken::new("the data needs a dictionary that nobody has"))
        }
        Err(cause) => Err(Broken::because(cause)),
    }
}
