//! The receiving half of a connection, with the bytes that came too early for the last read.

use bytes::{Bytes, BytesMut};
use opi_framing::{Decoder, Frame};
use opi_net::{Deadline, Error as NetError, ErrorKind as NetErrorKind, Phase, Stream};
use tokio::io::{AsyncReadExt, ReadHalf};

use crate::{Error, Reason, Until};

/// The receiving half of a [`Connection`](crate::Connection).
#[derive(Debug)]
pub struct Reader {
    half: ReadHalf<Stream>,
    buffer: BytesMut,
    ended: bool,
    broken: Option<NetErrorKind>,
}

/// What a read returned, and why it ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Received {
    /// The bytes; with [`Reason::Marker`] they end with the marker.
    pub data: Bytes,
    /// The one reason the read ended for.
    pub reason: Reason,
}

impl Reader {
    pub(crate) fn new(half: ReadHalf<Stream>) -> Self {
        Self { half, buffer: BytesMut::new(), ended: false, broken: None }
    }

    /// Receives until what `until` asks for has come, the peer closed, or the deadline passed.
    ///
    /// Bytes past the end of what was asked for stay for the next read. When the deadline passes,
    /// the bytes that had come are returned with [`Reason::Timeout`].
    ///
    /// # Errors
    ///
    /// The connection failed, was reset, or ended without TLS's farewell
    /// ([`Truncated`](opi_net::ErrorKind::Truncated)), or the wait was cancelled. Bytes that came
    /// before stay: [`Self::take_buffered`] hands them out.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no byte.
    pub async fn receive(
        &mut self,
        mut until: Until,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        let phase = if self.buffer.is_empty() { Phase::FirstByte } else { Phase::Idle };
        match deadline.run(phase, self.wait(&mut until)).await {
            Ok(Ok((size, reason))) => Ok(self.take(size, reason)),
            Ok(Err(error)) => Err(error),
            Err(error) if error.kind() == NetErrorKind::Timeout => {
                Ok(self.take(until.rest(self.buffer.len()), Reason::Timeout))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Receives the next message that `decoder` finds; keep the decoder as long as the connection.
    ///
    /// The data is the message without what framed it. When the deadline passes, the beginning of
    /// a message stays for the next call, and the data is empty. [`Reason::Closed`] comes between
    /// messages only.
    ///
    /// # Errors
    ///
    /// The bytes are no message of the codec, or the connection ended inside one
    /// ([`ErrorKind::Framing`](crate::ErrorKind::Framing)), or as [`Self::receive`]. The bytes stay.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no byte.
    pub async fn message(
        &mut self,
        decoder: &mut Decoder,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        let phase = if self.buffer.is_empty() { Phase::FirstByte } else { Phase::Idle };
        match deadline.run(phase, self.frame(decoder)).await {
            Ok(Ok(Some(frame))) => Ok(self.unframe(frame)),
            Ok(Ok(None)) => Ok(Received { data: Bytes::new(), reason: Reason::Closed }),
            Ok(Err(error)) => Err(error),
            Err(error) if error.kind() == NetErrorKind::Timeout => {
                Ok(Received { data: Bytes::new(), reason: Reason::Timeout })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The bytes that came and were asked for by no read yet.
    #[must_use]
    pub fn take_buffered(&mut self) -> Bytes {
        self.buffer.split().freeze()
    }

    async fn wait(&mut self, until: &mut Until) -> Result<(usize, Reason), Error> {
        loop {
            if let Some(end) = until.end(&self.buffer) {
                return Ok(end);
            }
            if self.ended {
                return Ok((until.rest(self.buffer.len()), Reason::Closed));
            }
            self.fill().await?;
        }
    }

    /// The next frame, or nothing at the end of the connection.
    async fn frame(&mut self, decoder: &mut Decoder) -> Result<Option<Frame>, Error> {
        loop {
            if let Some(frame) = decoder.decode(&self.buffer)? {
                return Ok(Some(frame));
            }
            if self.ended {
                return Ok(decoder.end(&self.buffer)?);
            }
            match decoder.codec().gap() {
                Some(gap) if !self.buffer.is_empty() => {
                    if let Ok(filled) = tokio::time::timeout(gap, self.fill()).await {
                        filled?;
                    } else if let Some(frame) = decoder.gap(&self.buffer)? {
                        return Ok(Some(frame));
                    }
                }
                _ => self.fill().await?,
            }
        }
    }

    /// Brings what comes next into the buffer.
    async fn fill(&mut self) -> Result<(), Error> {
        // A connection that broke does not become one that has ended.
        if let Some(kind) = self.broken {
            return Err(NetError::new(kind).in_phase(Phase::Idle).into());
        }
        self.buffer.reserve(PIECE);
        match self.half.read_buf(&mut self.buffer).await {
            Ok(count) => self.ended = count == 0,
            Err(cause) => {
                let error = NetError::from_io(cause, Phase::Idle);
                self.broken = Some(error.kind());
                return Err(error.into());
            }
        }
        Ok(())
    }

    fn unframe(&mut self, frame: Frame) -> Received {
        let whole = self.buffer.split_to(frame.size()).freeze();
        let data = match frame.range() {
            Some(range) => whole.slice(range),
            None => frame.into_vec(&whole).into(),
        };
        Received { data, reason: Reason::Message }
    }

    fn take(&mut self, size: usize, reason: Reason) -> Received {
        Received { data: self.buffer.split_to(size).freeze(), reason }
    }

    pub(crate) fn into_half(self) -> ReadHalf<Stream> {
        self.half
    }
}

/// The room made for one read.
const PIECE: usize = 64 * 1024;
