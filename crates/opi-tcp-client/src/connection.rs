//! An open connection.

use std::net::SocketAddr;

use bytes::Bytes;
use opi_framing::Decoder;
use opi_net::{Deadline, Stream, TlsFacts};

use crate::open::open;
use crate::{Config, Error, Reader, Received, Until, Writer};

/// An open connection.
///
/// Dropping it closes the socket at once; [`Self::close`] says farewell first.
#[derive(Debug)]
pub struct Connection {
    reader: Reader,
    writer: Writer,
    peer: Option<SocketAddr>,
    tls: Option<TlsFacts>,
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
        Ok(Self::from(open(config, deadline).await?))
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
        self.writer.send(data, deadline).await
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
        self.reader.receive(until, deadline).await
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
        self.reader.message(decoder, deadline).await
    }

    /// The bytes that came and were asked for by no read yet.
    #[must_use]
    pub fn take_buffered(&mut self) -> Bytes {
        self.reader.take_buffered()
    }

    /// Says that nothing more will be sent; the peer reads an end, receiving goes on.
    ///
    /// # Errors
    ///
    /// As [`Writer::finish`].
    pub async fn finish_sending(&mut self, deadline: &Deadline) -> Result<(), Error> {
        self.writer.finish(deadline).await
    }

    /// Says farewell (with TLS: `close_notify`) and closes the socket.
    ///
    /// # Errors
    ///
    /// The farewell could not be sent; the socket is closed all the same.
    pub async fn close(mut self, deadline: &Deadline) -> Result<(), Error> {
        self.writer.finish(deadline).await
    }

    /// The two halves, to send and receive at the same time.
    #[must_use]
    pub fn into_split(self) -> (Reader, Writer) {
        (self.reader, self.writer)
    }

    /// The stream itself and the bytes received too early, for a protocol that takes over.
    #[must_use]
    pub fn into_stream(mut self) -> Stream {
        let early = self.reader.take_buffered();
        self.reader.into_half().unsplit(self.writer.into_half()).with_early(early)
    }

    /// The address at the far end of the socket: the target's, or the first proxy's.
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    /// What TLS agreed on, when the connection is encrypted.
    #[must_use]
    pub fn tls(&self) -> Option<&TlsFacts> {
        self.tls.as_ref()
    }
}

impl From<Stream> for Connection {
    fn from(stream: Stream) -> Self {
        let (peer, tls) = (stream.peer(), stream.tls());
        let (reader, writer) = tokio::io::split(stream);
        Self { reader: Reader::new(reader), writer: Writer::new(writer), peer, tls }
    }
}
