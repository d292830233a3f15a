//! Brotli (RFC 7932), without the large windows that are not of HTTP.

use std::fmt;

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use bytes::{Buf, Bytes};

use super::stage::{Broken, TRAILING, Undo};

/// Undoes Brotli; its window is 16 MiB at most.
pub(super) struct Brotli {
    state: Box<State>,
    is_whole: bool,
}

type State = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

impl Brotli {
    pub(super) fn new() -> Self {
        let allocator = StandardAlloc::default;
        let state = Box::new(State::new_strict(allocator(), allocator(), allocator()));
        Self { state, is_whole: false }
    }
}

impl Undo for Brotli {
    fn step(&mut self, input: &mut Bytes, output: &mut Vec<u8>) -> Result<(), Broken> {
        if self.is_whole {
            return Ok(());
        }
        let filled = output.len();
        output.resize(output.capacity(), 0);
        let (mut unread, mut read) = (input.len(), 0);
        let (mut room, mut written, mut total) = (output.len() - filled, filled, 0);
        let outcome = BrotliDecompressStream(
            &mut unread,
            &mut read,
            input,
            &mut room,
            &mut written,
            output,
            &mut total,
            &mut self.state,
        );
        output.truncate(written);
        input.advance(read.min(input.len()));
        match outcome {
            BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => Ok(()),
            BrotliResult::ResultFailure => Err(Broken::new("the data is broken")),
            BrotliResult::ResultSuccess => {
                self.is_whole = true;
                Ok(())
            }
        }
    }

    fn is_whole(&self) -> bool {
        self.is_whole
    }

    fn again(&mut self) -> Result<(), Broken> {
        Err(Broken::new(TRAILING))
    }

    fn name(&self) -> &'static str {
        "br"
    }
}

impl fmt::Debug for Brotli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Brotli").field("is_whole", &self.is_whole).finish_non_exhaustive()
    }
}
