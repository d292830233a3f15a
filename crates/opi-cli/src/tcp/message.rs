//! What is a message on the wire, and how its bytes are written here.

use std::path::Path;

use bytes::Bytes;
use opi::framing::Codec;

use crate::answer::Body;
use crate::args::MessageArgs;
use crate::failure::{ErrorKind, Failure};
use crate::{file, hex};

/// How bytes are read and written: framed or not, as they are or in hexadecimal.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    codec: Option<Codec>,
    hex: bool,
}

impl Form {
    /// What `args` say.
    ///
    /// # Errors
    ///
    /// The codec is none, or its file cannot be read.
    pub(crate) fn new(args: &MessageArgs) -> Result<Self, Failure> {
        Ok(Self { codec: args.codec.as_deref().map(codec).transpose()?, hex: args.hex })
    }

    /// How messages are told apart, if they are.
    pub(crate) fn codec(&self) -> Option<&Codec> {
        self.codec.as_ref()
    }

    /// Whether bytes are written as digits.
    pub(crate) fn is_hex(&self) -> bool {
        self.hex
    }

    /// The bytes that `text` means, not framed yet; `place` is where it stands.
    ///
    /// # Errors
    ///
    /// It is no hexadecimal text.
    pub(crate) fn read(&self, text: Bytes, place: &str) -> Result<Bytes, Failure> {
        if !self.hex {
            return Ok(text);
        }
        let bytes = hex::parse(&text)
            .map_err(|wrong| Failure::new(ErrorKind::Usage, format!("--hex: {place}: {wrong}")))?;
        Ok(bytes.into())
    }

    /// `payload` as it stands on the wire.
    ///
    /// # Errors
    ///
    /// The codec cannot carry it.
    pub(crate) fn frame(&self, payload: Bytes) -> Result<Bytes, Failure> {
        let Some(codec) = &self.codec else { return Ok(payload) };
        let mut wire = Vec::with_capacity(payload.len());
        codec.encode(&payload, &mut wire)?;
        Ok(wire.into())
    }

    /// Bytes that came, as a result.
    pub(crate) fn body(&self, data: Bytes) -> Body {
        if self.hex { Body::Hex(hex::text(&data)) } else { Body::Bytes(data) }
    }
}

/// The codec of `--codec`.
fn codec(text: &str) -> Result<Codec, Failure> {
    let parse = |text: &str| {
        text.parse::<Codec>().map_err(|error| Failure::from(error).detail("in --codec"))
    };
    let Some(path) = text.strip_prefix('@') else { return parse(text) };
    let held = file::read(Path::new(path), "the settings of the codec", file::SETTINGS)?;
    parse(&String::from_utf8_lossy(&held)).map_err(|failure| failure.detail(format!("of {path}")))
}
