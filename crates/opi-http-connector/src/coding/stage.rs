//! One coding being undone, with what came for it and not yet went through.

use std::error;
use std::fmt;

use bytes::Bytes;

/// What undoes one coding.
pub(super) trait Undo: fmt::Debug + Send + Sync {
    /// Decodes until `input` is used up, `output` is as long as its capacity, or the stream ended.
    fn step(&mut self, input: &mut Bytes, output: &mut Vec<u8>) -> Result<(), Broken>;

    /// Whether the stream ended, so that nothing needs to follow.
    fn is_whole(&self) -> bool;

    /// Begins anew behind the end of a stream, where the coding lets another one follow.
    fn again(&mut self) -> Result<(), Broken>;

    /// The coding's name.
    fn name(&self) -> &'static str;
}

/// Why a body cannot be decoded.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) words: &'static str,
    pub(super) source: Option<Box<dyn error::Error + Send + Sync>>,
}

impl Broken {
    pub(super) fn new(words: &'static str) -> Self {
        Self { words, source: None }
    }

    #[cfg(any(feature = "gzip", feature = "zstd"))]
    pub(super) fn because(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { words: "the data is broken", source: Some(source.into()) }
    }
}

/// One coding being undone.
#[derive(Debug)]
pub(super) struct Stage {
    undo: Box<dyn Undo>,
    input: Bytes,
    output: Vec<u8>,
    room: usize,
    padded: bool,
    pub(super) decoded: u64,
}

impl Stage {
    pub(super) fn new(undo: Box<dyn Undo>) -> Self {
        Self {
            undo,
            input: Bytes::new(),
            output: Vec::new(),
            room: LEAST,
            padded: false,
            decoded: 0,
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.undo.name()
    }

    /// Takes more input; what there was is used up.
    pub(super) fn feed(&mut self, input: Bytes) {
        // A small body shall not be held in a large piece of memory.
        self.room = self.room.max(input.len().saturating_mul(4)).min(PIECE);
        self.input = input;
    }

    /// The next piece; nothing when more input is needed.
    pub(super) fn next(&mut self) -> Result<Option<Bytes>, Broken> {
        if self.output.capacity() == 0 {
            self.output = Vec::with_capacity(self.room);
        }
        self.run()?;
        if self.input.is_empty() {
            // Who reads the next piece finds the memory of this one free again.
            self.input = Bytes::new();
        }
        if self.output.is_empty() {
            return Ok(None);
        }
        let piece = Bytes::from(std::mem::take(&mut self.output));
        if piece.len() >= self.room {
            self.room = self.room.saturating_mul(2).min(PIECE);
        }
        self.decoded = self.decoded.saturating_add(piece.len() as u64);
        Ok(Some(piece))
    }

    /// Judges the end of the input.
    pub(super) fn finish(&self) -> Result<(), Broken> {
        if self.undo.is_whole() { Ok(()) } else { Err(Broken::new("the data ends too early")) }
    }

    fn run(&mut self) -> Result<(), Broken> {
        loop {
            if self.undo.is_whole() && !self.input.is_empty() {
                self.behind_the_end()?;
            }
            let before = (self.input.len(), self.output.len(), self.undo.is_whole());
            self.undo.step(&mut self.input, &mut self.output)?;
            if self.input.is_empty() || self.output.len() >= self.output.capacity() {
                return Ok(());
            }
            if before == (self.input.len(), self.output.len(), self.undo.is_whole()) {
                // Input and room are there: a decoder that takes neither never ends.
                return Err(Broken::new("the data leads nowhere"));
            }
        }
    }

    /// Only padding or another stream may follow an end.
    fn behind_the_end(&mut self) -> Result<(), Broken> {
        if !self.padded && self.input.first() != Some(&0) {
            return self.undo.again();
        }
        self.padded = true;
        if self.input.iter().any(|byte| *byte != 0) {
            return Err(Broken::new(TRAILING));
        }
        self.input = Bytes::new();
        Ok(())
    }
}

pub(super) const TRAILING: &str = "other bytes follow the end of the data";

/// The longest piece that is given out.
const PIECE: usize = 64 * 1024;

/// The room for the first piece of a small body.
const LEAST: usize = 1024;
