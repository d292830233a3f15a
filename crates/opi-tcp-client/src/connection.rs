//! An open connection.

use std::net::SocketAddr;
use std::time::SystemTime;

use bytes::Bytes;
use opi_framing::Decoder;
use opi_net::{Deadline, Stream, Timings, TlsFacts};
use tokio::time::Instant;

use crate::inbound::Inbound;
use crate::notes::Notes;
use crate::open::open;
use crate::outbound::{Outbound, finish};
use crate::stats::Stats;
use crate::{Config, Error, Reader, Received, Until, Writer};

/// An open connection.
///
/// Dropping it closes the socket at once; [`Self::close`] says farewell first.
#[derive(Debug)]
pub struct Connection {
    pub(crate) stream: Stream,
    pub(crate) inbound: Inbound,
    pub(crate) outbound: Outbound,
    pub(crate) tls: Option<TlsFacts>,
    pub(crate) timings: Timings,
    #[cfg(feature = "proxy")]
    pub(crate) way: Option<opi_proxy::Route>,
    pub(crate) notes: Notes,
    /// Whether an answer to an earlier request may still come.
    pub(crate) owed: bool,
    pub(crate) peer: Option<SocketAddr>,
    pub(crate) opened: (SystemTime, Instant),
}

impl Connection {
    /// Opens a connection: name, route, socket and TLS under one deadline.
    ///
    /// # Errors
    ///
    /// What the network or a proxy answered; see [`Error::code`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes what was opened.
    pub async fn open(config: &Config, deadline: &Deadline) -> Result<Self, Error> {
        let notes = Notes { outcome: None, log: config.log() };
        notes.log.connecting(&config.target);
        let opened = open(config, deadline).await;
        let opened = opened.inspect_err(|error| notes.log.failed("connect", error))?;
        notes.log.connected(&opened);
        Ok(Self {
            timings: opened.timings,
            #[cfg(feature = "proxy")]
            way: Some(opened.way),
            notes,
            ..Self::from(opened.stream)
        })
    }

    /// Sends all of `data`.
    ///
    /// # Errors
    ///
    /// As [`Writer::send`].
    ///
    /// # Cancel safety
    ///
    /// None, as [`Writer::send`].
    pub async fn send(&mut self, data: &[u8], deadline: &Deadline) -> Result<(), Error> {
        let sent = self.outbound.send(&mut self.stream, data, deadline).await;
        self.notes.sent(data.len(), &sent);
        sent
    }

    /// Receives until what `until` asks for has come, the peer closed, or the deadline passed.
    ///
    /// # Errors
    ///
    /// As [`Reader::receive`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no byte.
    pub async fn receive(&mut self, until: Until, deadline: &Deadline) -> Result<Received, Error> {
        let received = self.inbound.receive(&mut self.stream, until, deadline).await;
        self.notes.received(&received);
        received
    }

    /// Receives the next message that `decoder` finds; keep the decoder as long as the connection.
    ///
    /// # Errors
    ///
    /// As [`Reader::message`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no byte.
    pub async fn message(
        &mut self,
        decoder: &mut Decoder,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        let received = self.inbound.message(&mut self.stream, decoder, deadline).await;
        self.notes.received(&received);
        received
    }

    /// The bytes that came and were asked for by no read yet.
    #[must_use]
    pub fn take_buffered(&mut self) -> Bytes {
        self.inbound.take_all()
    }

    /// Says that nothing more will be sent; the peer reads an end, receiving goes on.
    ///
    /// # Errors
    ///
    /// As [`Writer::finish`].
    pub async fn finish_sending(&mut self, deadline: &Deadline) -> Result<(), Error> {
        let finished = finish(&mut self.stream, deadline).await;
        self.notes.finished(&finished);
        finished
    }

    /// Says farewell (with TLS: `close_notify`) and closes the socket.
    ///
    /// Bytes that the peer sent and nobody read make the system reset the connection, and the
    /// peer may lose what it has not read yet; [`Self::close_drained`] waits for the peer's end.
    ///
    /// # Errors
    ///
    /// The farewell could not be sent; the socket is closed all the same.
    pub async fn close(mut self, deadline: &Deadline) -> Result<(), Error> {
        let finished = finish(&mut self.stream, deadline).await;
        self.notes.log.closed();
        finished
    }

    /// The two halves, to send and receive at the same time; each keeps its counts.
    #[must_use]
    pub fn into_split(self) -> (Reader, Writer) {
        let (reader, writer) = tokio::io::split(self.stream);
        let reader = Reader::new(reader, self.inbound, self.notes.anew());
        (reader, Writer::new(writer, self.outbound, self.notes.anew()))
    }

    /// The connection that two halves were, with its counts, for [`upgrade`](Self::upgrade) and the
    /// like; nothing when the halves are those of two connections, which then are closed. How long
    /// opening took is not known any more.
    #[must_use]
    pub fn from_split(reader: Reader, writer: Writer) -> Option<Self> {
        if !reader.half.is_pair_of(&writer.half) {
            return None;
        }
        let stream = reader.half.unsplit(writer.half);
        let (inbound, outbound) = (reader.inbound, writer.outbound);
        Some(Self { inbound, outbound, notes: reader.notes.anew(), ..Self::from(stream) })
    }

    /// The stream itself and the bytes received too early, for a protocol that takes over.
    #[must_use]
    pub fn into_stream(mut self) -> Stream {
        let early = self.inbound.take_all();
        self.notes.log.handed_over();
        self.stream.with_early(early)
    }

    /// The address at the far end of the socket: the target's, or the first proxy's.
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    /// The route that was taken; nothing for a connection made of a stream.
    #[cfg(feature = "proxy")]
    #[must_use]
    pub fn route(&self) -> Option<&opi_proxy::Route> {
        self.way.as_ref()
    }

    /// What TLS agreed on, when the connection is encrypted.
    #[must_use]
    pub fn tls(&self) -> Option<&TlsFacts> {
        self.tls.as_ref()
    }

    /// What the connection has done so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats {
            opened: self.opened.0,
            age: self.opened.1.elapsed(),
            timings: self.timings,
            received: self.inbound.meter.traffic(),
            sent: self.outbound.meter.traffic(),
            outcome: self.notes.outcome,
        }
    }
}

impl From<Stream> for Connection {
    fn from(stream: Stream) -> Self {
        Self {
            peer: stream.peer(),
            tls: stream.tls(),
            inbound: Inbound::default(),
            outbound: Outbound::default(),
            timings: Timings::default(),
            #[cfg(feature = "proxy")]
            way: None,
            notes: Notes::default(),
            owed: false,
            opened: (SystemTime::now(), Instant::now()),
            stream,
        }
    }
}
