//! Zstandard (RFC 8878) with the window of HTTP (RFC 9659); frame and block bounds are found here, so
//! that the library is given whole blocks only.

use std::fmt;
use std::io::Read;

use bytes::{Buf, Bytes};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::stage::{Broken, Undo};

/// Undoes Zstandard. Until a frame ends, as much of it as its window is held back.
pub(super) struct Zstd {
    decoder: FrameDecoder,
    /// The beginning of what comes next, until it is whole.
    held: Vec<u8>,
    next: Next,
    has_checksum: bool,
    is_whole: bool,
}

/// What comes next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Next {
    Block,
    Frame,
    Skipped(u32),
}

impl Zstd {
    pub(super) fn new() -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MOST_WINDOW);
        Self { decoder, held: Vec::new(), next: Next::Frame, has_checksum: false, is_whole: false }
    }

    /// Moves bytes to what is held until it is whole; says whether it is.
    fn hold(&mut self, input: &mut Bytes) -> Result<bool, Broken> {
        loop {
            let wanted = match self.next {
                Next::Block => block_length(&self.held, self.has_checksum)?,
                Next::Frame => header_length(&self.held)?,
                Next::Skipped(_) => return Ok(false),
            };
            if self.held.len() == wanted {
                return Ok(true);
            }
            if input.is_empty() {
                return Ok(false);
            }
            let more = input.split_to(input.len().min(wanted.saturating_sub(self.held.len())));
            self.held.extend_from_slice(&more);
        }
    }

    fn begin(&mut self) -> Result<(), Broken> {
        if let Some(length) = skipped_length(&self.held) {
            self.next = Next::Skipped(length);
        } else {
            self.decoder.reset(self.held.as_slice()).map_err(|cause| told(&cause))?;
            self.has_checksum = self.held.get(4).is_some_and(|it| it & CHECKSUM != 0);
            self.next = Next::Block;
        }
        self.is_whole = self.next == Next::Skipped(0);
        if self.is_whole {
            self.next = Next::Frame;
        }
        Ok(())
    }

    fn block(&mut self) -> Result<(), Broken> {
        let one = BlockDecodingStrategy::UptoBlocks(1);
        self.decoder.decode_blocks(self.held.as_slice(), one).map_err(|cause| told(&cause))?;
        Ok(())
    }

    fn skip(&mut self, input: &mut Bytes, left: u32) {
        let step = input.len().min(left as usize);
        input.advance(step);
        let left = left.saturating_sub(u32::try_from(step).unwrap_or(left));
        self.is_whole = left == 0;
        self.next = if self.is_whole { Next::Frame } else { Next::Skipped(left) };
    }

    /// Gives out what the frame does not need any more.
    fn drain(&mut self, output: &mut Vec<u8>) -> Result<(), Broken> {
        let filled = output.len();
        if self.next != Next::Block
            || filled == output.capacity()
            || self.decoder.can_collect() == 0
        {
            return Ok(());
        }
        output.resize(output.capacity(), 0);
        let room = output.get_mut(filled..).unwrap_or_default();
        let written = self.decoder.read(room).map_err(Broken::because)?;
        output.truncate(filled.saturating_add(written));
        Ok(())
    }

    /// Ends a frame that was given out whole.
    fn close(&mut self) -> Result<(), Broken> {
        if self.next != Next::Block || !self.decoder.is_finished() || self.decoder.can_collect() > 0
        {
            return Ok(());
        }
        let told = self.decoder.get_checksum_from_data();
        if told.is_some() && told != self.decoder.get_calculated_checksum() {
            return Err(Broken::new("the checksum is wrong"));
        }
        (self.next, self.is_whole) = (Next::Frame, true);
        Ok(())
    }
}

impl Undo for Zstd {
    fn step(&mut self, input: &mut Bytes, output: &mut Vec<u8>) -> Result<(), Broken> {
        loop {
            self.drain(output)?;
            self.close()?;
            if self.is_whole || output.len() == output.capacity() {
                return Ok(());
            }
            if let Next::Skipped(left) = self.next {
                self.skip(input, left);
                return Ok(());
            }
            if !self.hold(input)? {
                return Ok(());
            }
            if self.next == Next::Frame {
                self.begin()?
            } else {
                self.block()?
            }
            self.held.clear();
        }
    }

    fn is_whole(&self) -> bool {
        self.is_whole
    }

    fn again(&mut self) -> Result<(), Broken> {
        self.is_whole = false;
        Ok(())
    }

    fn name(&self) -> &'static str {
        "zstd"
    }
}

impl fmt::Debug for Zstd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Zstd").field("next", &self.next).finish_non_exhaustive()
    }
}

/// The length of a frame's header, as far as its beginning tells (RFC 8878 section 3.1.1).
fn header_length(held: &[u8]) -> Result<usize, Broken> {
    let Some((magic, rest)) = held.split_first_chunk::<4>() else { return Ok(4) };
    let magic = u32::from_le_bytes(*magic);
    if magic & !0x0F == SKIPPABLE {
        return Ok(8);
    }
    if magic != MAGIC {
        return Err(Broken::new("no frame begins where one should"));
    }
    let Some(descriptor) = rest.first() else { return Ok(5) };
    let is_single = descriptor & 0x20 != 0;
    let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let content = match descriptor >> 6 {
        0 => usize::from(is_single),
        flag => 1 << flag,
    };
    Ok(5 + usize::from(!is_single) + dictionary + content)
}

/// How much of a skippable frame follows its header.
fn skipped_length(header: &[u8]) -> Option<u32> {
    let (magic, rest) = header.split_first_chunk::<4>()?;
    let length = u32::from_le_bytes(*rest.first_chunk::<4>()?);
    (u32::from_le_bytes(*magic) & !0x0F == SKIPPABLE).then_some(length)
}

/// The length of a block with its header, and with the checksum behind the last one.
fn block_length(held: &[u8], has_checksum: bool) -> Result<usize, Broken> {
    let Some(&[low, middle, high]) = held.first_chunk::<3>() else { return Ok(3) };
    let header = u32::from_le_bytes([low, middle, high, 0]);
    let size = (header >> 3) as usize;
    if size > MOST_BLOCK {
        return Err(Broken::new("a block is longer than 128 KiB"));
    }
    let is_repeated = (header >> 1) & 3 == 1;
    let content = if is_repeated { 1 } else { size };
    let checksum = if header & 1 == 1 && has_checksum { 4 } else { 0 };
    Ok(3 + content + checksum)
}

fn told(cause: &ruzstd::decoding::errors::FrameDecoderError) -> Broken {
    Broken::because(cause.to_string())
}

const CHECKSUM: u8 = 4;
const MAGIC: u32 = 0xFD2F_B528;
const SKIPPABLE: u32 = 0x184D_2A50;

/// RFC 8878 section 3.1.1.2.4.
const MOST_BLOCK: usize = 128 * 1024;

/// RFC 9659.
const MOST_WINDOW: u64 = 8 * 1024 * 1024;
