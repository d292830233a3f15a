//! What is sent as it comes: bytes, digits, or lines that are messages.

use std::io;
use std::path::Path;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use opi::framing::{Codec, Decoder};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::carry::PIECE;
use super::message::Form;
use crate::failure::{ErrorKind, Failure};
use crate::hex::Digits;

/// A file or standard input, read piece by piece.
pub(crate) struct Source {
    from: Pin<Box<dyn AsyncRead + Send>>,
    name: String,
    /// The bytes it has, when that is known.
    length: Option<u64>,
}

impl Source {
    /// What `text` names: `-` is standard input, `@FILE` a file.
    ///
    /// # Errors
    ///
    /// It names nothing, or the file cannot be read.
    pub(crate) async fn open(text: &str) -> Result<Self, Failure> {
        if text == "-" {
            return Ok(Self::stdin());
        }
        let Some(path) = text.strip_prefix('@') else {
            let message = format!("DATA: expected @FILE, or - for standard input, got {text:?}");
            return Err(Failure::new(ErrorKind::Usage, message));
        };
        let opening = async {
            let file = tokio::fs::File::open(Path::new(path)).await?;
            let facts = file.metadata().await?;
            Ok((file, facts.is_file().then_some(facts.len())))
        };
        let (file, length) = opening.await.map_err(|cause| unreadable(path, &cause))?;
        Ok(Self { from: Box::pin(file), name: path.to_owned(), length })
    }

    /// Standard input.
    pub(crate) fn stdin() -> Self {
        let name = "standard input".to_owned();
        Self { from: Box::pin(tokio::io::stdin()), name, length: None }
    }

    /// The bytes it has, when that is known.
    pub(crate) fn length(&self) -> Option<u64> {
        self.length
    }

    async fn piece(&mut self, buffer: &mut BytesMut) -> Result<bool, Failure> {
        buffer.reserve(PIECE);
        let count = self.from.read_buf(buffer).await;
        Ok(count.map_err(|cause| unreadable(&self.name, &cause))? > 0)
    }
}

/// What is to go out, made of a [`Source`].
pub(crate) struct Outgoing {
    source: Source,
    form: Form,
    buffer: BytesMut,
    cut: Cut,
}

/// How the input is cut.
enum Cut {
    Digits(Digits),
    /// Each line is a message.
    Lines(Decoder),
    Pieces,
}

impl Outgoing {
    /// What `source` brings, by `form`.
    ///
    /// # Errors
    ///
    /// None that a caller could cause.
    pub(crate) fn new(source: Source, form: Form) -> Result<Self, Failure> {
        let cut = match (form.codec(), form.is_hex()) {
            (Some(_), _) => Cut::Lines(Codec::preset("lines")?.at_most(LINE)?.decoder()),
            (None, true) => Cut::Digits(Digits::default()),
            (None, false) => Cut::Pieces,
        };
        Ok(Self { source, form, buffer: BytesMut::new(), cut })
    }

    /// The next bytes for the wire; nothing at the end of the input.
    ///
    /// # Errors
    ///
    /// The input cannot be read, or is no message or no digits.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future may lose input.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        match &mut self.cut {
            Cut::Pieces => {
                let more = self.source.piece(&mut self.buffer).await?;
                Ok(more.then(|| self.buffer.split().freeze()))
            }
            Cut::Digits(digits) => {
                let more = self.source.piece(&mut self.buffer).await?;
                let mut bytes = Vec::with_capacity(self.buffer.len() / 2);
                let taken = digits.take(&self.buffer.split(), &mut bytes);
                let ended = if more { taken } else { taken.and_then(|()| digits.end()) };
                ended.map_err(|wrong| no_digits(&self.source.name, &wrong))?;
                Ok(more.then(|| bytes.into()))
            }
            Cut::Lines(_) => match self.line().await? {
                Some(line) => self.form.frame(self.form.read(line, &self.source.name)?).map(Some),
                None => Ok(None),
            },
        }
    }

    /// The next line without its end; the last one needs none.
    async fn line(&mut self) -> Result<Option<Bytes>, Failure> {
        let Cut::Lines(decoder) = &mut self.cut else { return Ok(None) };
        loop {
            if let Some(frame) = decoder.decode(&self.buffer)? {
                let line = self.buffer.split_to(frame.size()).freeze();
                return Ok(Some(bare(&line)));
            }
            if !self.source.piece(&mut self.buffer).await? {
                let rest = self.buffer.split().freeze();
                return Ok((!rest.is_empty()).then(|| bare(&rest)));
            }
        }
    }
}

/// A line without its end.
fn bare(line: &Bytes) -> Bytes {
    let text = line.strip_suffix(b"\n").unwrap_or(line);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    line.slice_ref(text)
}

fn unreadable(name: &str, cause: &io::Error) -> Failure {
    Failure::new(ErrorKind::File, format!("{name}: the data cannot be read")).because(cause)
}

fn no_digits(name: &str, wrong: &str) -> Failure {
    Failure::new(ErrorKind::Usage, format!("--hex: {name}: {wrong}"))
}

/// The most bytes of a line that is a message: 64 MiB.
const LINE: usize = 64 * 1024 * 1024;
