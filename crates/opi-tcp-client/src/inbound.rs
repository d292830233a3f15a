//! Receiving over any reader, with the bytes that came too early for the last read.

use bytes::{Buf, Bytes, BytesMut};
use opi_framing::{Decoder, Frame};
use opi_net::{Deadline, Error as NetError, ErrorKind as NetErrorKind, Phase};
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::exchange::{Answer, Incomplete};
use crate::room::Room;
use crate::stats::Meter;
use crate::{Error, Reason, Received, Until};

/// What one receiving direction remembers.
#[derive(Debug, Default)]
pub(crate) struct Inbound {
    buffer: BytesMut,
    room: Room,
    ended: bool,
    broken: Option<NetErrorKind>,
    taken: bool,
    pub(crate) meter: Meter,
}

impl Inbound {
    /// Receives what `until` asks for; when the deadline passes, what had come.
    pub(crate) async fn receive(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
        mut until: Until,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        let (size, reason) = self.end(io, &mut until, deadline).await?;
        Ok(self.take(size, reason))
    }

    /// Waits for what `until` asks for; says how many bytes it is and why, and takes none.
    pub(crate) async fn end(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
        until: &mut Until,
        deadline: &Deadline,
    ) -> Result<(usize, Reason), Error> {
        match deadline.run(self.phase(), self.wait(io, until)).await {
            Ok(ended) => ended,
            Err(error) if error.kind() == NetErrorKind::Timeout => {
                Ok((until.rest(self.buffer.len()), Reason::Timeout))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Receives the next message; when the deadline passes, nothing.
    pub(crate) async fn message(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
        decoder: &mut Decoder,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        match deadline.run(self.phase(), self.frame(io, decoder)).await {
            Ok(Ok(Some(frame))) => Ok(self.unframe(frame)),
            Ok(Ok(None)) => Ok(Received { data: Bytes::new(), reason: Reason::Closed }),
            Ok(Err(error)) => Err(error),
            Err(error) if error.kind() == NetErrorKind::Timeout => {
                Ok(Received { data: Bytes::new(), reason: Reason::Timeout })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Receives an answer; when it is not whole, `incomplete` says what becomes of its bytes.
    pub(crate) async fn answer(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
        answer: Answer<'_>,
        incomplete: Incomplete,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        let mut until = match answer {
            Answer::Message(decoder) => return self.message(io, decoder, deadline).await,
            Answer::Until(until) => until,
        };
        let (size, reason) = self.end(io, &mut until, deadline).await?;
        let is_whole = match reason {
            Reason::Timeout => false,
            Reason::Closed => until.is_closed(),
            _ => true,
        };
        let kept = !is_whole && incomplete == Incomplete::Keep;
        Ok(self.take(if kept { 0 } else { size }, reason))
    }

    /// What lies ready.
    pub(crate) fn buffer(&self) -> &[u8] {
        &self.buffer
    }

    /// Whether no byte has been handed out yet.
    pub(crate) fn is_untouched(&self) -> bool {
        !self.taken
    }

    /// Hands out what lies ready.
    pub(crate) fn take_all(&mut self) -> Bytes {
        self.taken |= !self.buffer.is_empty();
        self.buffer.split().freeze()
    }

    /// Hands out the first `size` bytes, the end of a read for `reason`.
    pub(crate) fn take(&mut self, size: usize, reason: Reason) -> Received {
        if matches!(reason, Reason::Marker | Reason::Message | Reason::Size) {
            self.meter.whole();
        }
        self.taken |= size > 0;
        if size > COPIED {
            return Received { data: self.buffer.split_to(size).freeze(), reason };
        }
        let data = Bytes::copy_from_slice(&self.buffer[..size]);
        self.buffer.advance(size);
        Received { data, reason }
    }

    /// Drops the first `size` bytes.
    pub(crate) fn skip(&mut self, size: usize) {
        self.taken |= size > 0;
        drop(self.buffer.split_to(size));
    }

    fn phase(&self) -> Phase {
        if self.buffer.is_empty() { Phase::FirstByte } else { Phase::Idle }
    }

    async fn wait(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
        until: &mut Until,
    ) -> Result<(usize, Reason), Error> {
        loop {
            if let Some(end) = until.end(&self.buffer) {
                return Ok(end);
            }
            if self.ended {
                return Ok((until.rest(self.buffer.len()), Reason::Closed));
            }
            self.fill(io, until.missing(self.buffer.len())).await?;
        }
    }

    /// The next frame, or nothing at the end of the connection.
    async fn frame(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
        decoder: &mut Decoder,
    ) -> Result<Option<Frame>, Error> {
        loop {
            if let Some(frame) = decoder.decode(&self.buffer)? {
                return Ok(Some(frame));
            }
            if self.ended {
                return Ok(decoder.end(&self.buffer)?);
            }
            match decoder.codec().gap() {
                Some(gap) if !self.buffer.is_empty() => {
                    if let Ok(filled) = tokio::time::timeout(gap, self.fill(io, 0)).await {
                        filled?;
                    } else if let Some(frame) = decoder.gap(&self.buffer)? {
                        return Ok(Some(frame));
                    }
                }
                _ => self.fill(io, 0).await?,
            }
        }
    }

    /// Brings what comes next into the buffer; `wanted` bytes are known to be missing.
    ///
    /// Dropping the future loses no byte.
    pub(crate) async fn fill(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
        wanted: usize,
    ) -> Result<(), Error> {
        // A connection that broke does not become one that has ended.
        if let Some(kind) = self.broken {
            return Err(NetError::new(kind).in_phase(Phase::Idle).into());
        }
        let room = self.room.make(&mut self.buffer, wanted);
        match io.read_buf(&mut self.buffer).await {
            Ok(0) => self.ended = true,
            Ok(count) => {
                self.room.learn(room, count);
                self.meter.add(count);
            }
            Err(cause) => {
                let error = NetError::from_io(cause, Phase::Idle);
                self.broken = Some(error.kind());
                return Err(error.into());
            }
        }
        Ok(())
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended
    }

    fn unframe(&mut self, frame: Frame) -> Received {
        let whole = self.take(frame.size(), Reason::Message).data;
        let data = match frame.range() {
            Some(range) => whole.slice(range),
            None => frame.into_vec(&whole).into(),
        };
        Received { data, reason: Reason::Message }
    }
}

/// The largest read that is copied out: a copy costs less than sharing the buffer, and a small
/// message that is kept does not keep the whole buffer.
const COPIED: usize = 1024;
