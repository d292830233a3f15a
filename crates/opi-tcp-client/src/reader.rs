//! The receiving half of a connection.

use bytes::Bytes;
use opi_framing::Decoder;
use opi_net::{Deadline, Stream};
use tokio::io::ReadHalf;

use crate::inbound::Inbound;
use crate::notes::Notes;
use crate::stats::{Outcome, Traffic};
use crate::{Error, Received, Until};

/// The receiving half of a [`Connection`](crate::Connection).
#[derive(Debug)]
pub struct Reader {
    pub(crate) half: ReadHalf<Stream>,
    pub(crate) inbound: Inbound,
    pub(crate) notes: Notes,
}

impl Reader {
    pub(crate) fn new(half: ReadHalf<Stream>, inbound: Inbound, notes: Notes) -> Self {
        Self { half, inbound, notes }
    }

    /// Receives until what `until` asks for has come, the peer closed, or the deadline passed.
    ///
    /// Bytes past the end of what was asked for stay for the next read. When the deadline passes,
    /// the bytes that had come are returned with [`Reason::Timeout`](crate::Reason::Timeout).
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
    pub async fn receive(&mut self, until: Until, deadline: &Deadline) -> Result<Received, Error> {
        let received = self.inbound.receive(&mut self.half, until, deadline).await;
        self.notes.received(&received);
        received
    }

    /// Receives the next message that `decoder` finds; keep the decoder as long as the connection.
    ///
    /// The data is the message without what framed it. When the deadline passes, the beginning of
    /// a message stays for the next call, and the data is empty.
    /// [`Reason::Closed`](crate::Reason::Closed) comes between messages only.
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
        let received = self.inbound.message(&mut self.half, decoder, deadline).await;
        self.notes.received(&received);
        received
    }

    /// The bytes that came and were asked for by no read yet.
    #[must_use]
    pub fn take_buffered(&mut self) -> Bytes {
        self.inbound.take_all()
    }

    /// What came so far.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.inbound.meter.traffic()
    }

    /// How the last call ended; nothing before the first.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.notes.outcome
    }
}
