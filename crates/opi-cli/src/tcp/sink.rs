//! Where what comes goes: standard output or a file, as it is, as digits, or message by message.

use std::pin::Pin;

use bytes::BytesMut;
use opi::framing::Decoder;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::events::{Events, Name};
use super::message::Form;
use crate::failure::{ErrorKind, Failure};
use crate::hex;

/// Takes what comes, as it comes.
pub(crate) struct Sink<'a> {
    place: Place<'a>,
    form: Form,
    decoder: Option<Decoder>,
    /// Whether digits were written, which a line end must follow.
    digits: bool,
}

/// Where it goes.
pub(crate) enum Place<'a> {
    /// Each piece is told as an event.
    Events(&'a Events<'a>, Name),
    /// It is counted elsewhere and dropped.
    Nowhere,
    /// It is written.
    Written(Pin<Box<dyn AsyncWrite + 'a>>),
}

impl<'a> Sink<'a> {
    /// A sink for one connection.
    pub(crate) fn new(place: Place<'a>, form: &Form) -> Self {
        let decoder = form.codec().map(opi::framing::Codec::decoder);
        Self { place, form: form.clone(), decoder, digits: false }
    }

    /// The silence that ends a message, by the codec.
    pub(crate) fn gap(&self) -> Option<std::time::Duration> {
        self.decoder.as_ref().and_then(|decoder| decoder.codec().gap())
    }

    /// Takes what it can of `buffer`.
    ///
    /// # Errors
    ///
    /// The bytes are no message, or cannot be written.
    pub(crate) async fn take(&mut self, buffer: &mut BytesMut) -> Result<(), Failure> {
        if matches!(self.place, Place::Nowhere) {
            buffer.clear();
            return Ok(());
        }
        let Some(decoder) = &mut self.decoder else { return self.piece(buffer).await };
        while let Some(frame) = decoder.decode(buffer)? {
            let whole = buffer.split_to(frame.size());
            let payload = frame.into_vec(&whole);
            Self::message(&mut self.place, &self.form, payload).await?;
        }
        self.flush().await
    }

    /// Tells that nothing has come for [`Self::gap`].
    ///
    /// # Errors
    ///
    /// As [`Self::take`].
    pub(crate) async fn silence(&mut self, buffer: &mut BytesMut) -> Result<(), Failure> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        if let Some(frame) = decoder.gap(buffer)? {
            let whole = buffer.split_to(frame.size());
            let payload = frame.into_vec(&whole);
            Self::message(&mut self.place, &self.form, payload).await?;
        }
        self.flush().await
    }

    /// Takes the end.
    ///
    /// # Errors
    ///
    /// The end came within a message, or as [`Self::take`].
    pub(crate) async fn end(&mut self, buffer: &mut BytesMut) -> Result<(), Failure> {
        if let Some(decoder) = &mut self.decoder
            && let Some(frame) = decoder.end(buffer)?
        {
            let whole = buffer.split_to(frame.size());
            let payload = frame.into_vec(&whole);
            Self::message(&mut self.place, &self.form, payload).await?;
        }
        if self.digits {
            self.digits = false;
            self.write(b"\n").await?;
        }
        self.flush().await
    }

    async fn piece(&mut self, buffer: &mut BytesMut) -> Result<(), Failure> {
        let piece = buffer.split().freeze();
        if piece.is_empty() {
            return Ok(());
        }
        if let Place::Events(events, name) = &self.place {
            return events.received(*name, self.form.body(piece)).await;
        }
        if self.form.is_hex() {
            self.digits = true;
            let digits = hex::text(&piece);
            self.write(digits.as_bytes()).await?;
        } else {
            self.write(&piece).await?;
        }
        self.flush().await
    }

    /// Each message is a line.
    async fn message(place: &mut Place<'_>, form: &Form, payload: Vec<u8>) -> Result<(), Failure> {
        match place {
            Place::Events(events, name) => events.received(*name, form.body(payload.into())).await,
            Place::Nowhere => Ok(()),
            Place::Written(out) => {
                let mut line =
                    if form.is_hex() { hex::text(&payload).into_bytes() } else { payload };
                line.push(b'\n');
                out.write_all(&line).await.map_err(|cause| unwritten(&cause))
            }
        }
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let Place::Written(out) = &mut self.place else { return Ok(()) };
        out.write_all(bytes).await.map_err(|cause| unwritten(&cause))
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        let Place::Written(out) = &mut self.place else { return Ok(()) };
        out.flush().await.map_err(|cause| unwritten(&cause))
    }
}

fn unwritten(cause: &std::io::Error) -> Failure {
    if cause.kind() == std::io::ErrorKind::BrokenPipe {
        return ErrorKind::OutputGone.into();
    }
    Failure::new(ErrorKind::File, "what came cannot be written").because(cause)
}
