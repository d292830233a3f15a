//! A connection that several calls use at once: one may send while another receives.

use std::net::SocketAddr;

use bytes::Bytes;
use opi::framing::{Codec, Decoder};
use opi::net::{Cancel, Deadline, Phase, TlsFacts};
use opi::tcp_client::{Connection, Error, ErrorKind, Reader, Received, Until, Writer};
use tokio::sync::Mutex;

use crate::fault::{Fault, FaultKind};

#[derive(Debug)]
pub(super) struct Open {
    pub(super) peer: Option<SocketAddr>,
    pub(super) tls: Option<TlsFacts>,
    codec: Option<Codec>,
    closed: Cancel,
    reader: Mutex<Receiving>,
    writer: Mutex<Writer>,
}

/// The receiving half, and where in a message it stands.
#[derive(Debug)]
struct Receiving {
    half: Reader,
    decoder: Option<Decoder>,
}

impl Open {
    pub(super) fn new(connection: Connection, codec: Option<Codec>) -> Self {
        let (peer, tls) = (connection.peer(), connection.tls().cloned());
        let (half, writer) = connection.into_split();
        let reader = Receiving { half, decoder: codec.as_ref().map(Codec::decoder) };
        let (reader, writer) = (Mutex::new(reader), Mutex::new(writer));
        Self { peer, tls, codec, closed: Cancel::new(), reader, writer }
    }

    /// How messages stand on the wire, when that was told.
    pub(super) fn codec(&self) -> Result<&Codec, Fault> {
        let missing = || Fault::new(FaultKind::Option, "Connect was given no codec (Кодек)");
        self.codec.as_ref().ok_or_else(missing)
    }

    /// Sends all of `data`, after the sends that came before.
    pub(super) async fn send(&self, data: &[u8], deadline: &Deadline) -> Result<(), Fault> {
        self.unless_closed(async {
            let turn = deadline.run(Phase::Send, self.writer.lock()).await;
            let mut writer = turn.map_err(|error| Fault::from(error).fact("sent", 0))?;
            let sending = writer.send(data, deadline).await;
            sending.map_err(|error| {
                let sent = error.sent();
                Fault::from(error).fact("sent", sent)
            })
        })
        .await
    }

    /// Receives, after the receives that came before; bytes that came before a failure are given
    /// to `rescue`, which may add them to the fault.
    pub(super) async fn receive(
        &self,
        until: Until,
        deadline: &Deadline,
        rescue: impl FnOnce(Fault, Bytes) -> Fault,
    ) -> Result<Received, Fault> {
        self.unless_closed(async {
            let mut reader = deadline.run(Phase::Idle, self.reader.lock()).await?;
            let received = reader.half.receive(until, deadline).await;
            received.map_err(|error| reader.failed(error, rescue))
        })
        .await
    }

    /// Receives the next message of the codec, as [`Self::receive`].
    pub(super) async fn message(
        &self,
        deadline: &Deadline,
        rescue: impl FnOnce(Fault, Bytes) -> Fault,
    ) -> Result<Received, Fault> {
        self.codec()?;
        self.unless_closed(async {
            let mut reader = deadline.run(Phase::Idle, self.reader.lock()).await?;
            let Receiving { half, decoder: Some(decoder) } = &mut *reader else {
                return Err(Fault::of(FaultKind::Internal));
            };
            let received = half.message(decoder, deadline).await;
            received.map_err(|error| reader.failed(error, rescue))
        })
        .await
    }

    /// Says that nothing more will be sent.
    pub(super) async fn finish(&self, deadline: &Deadline) -> Result<(), Fault> {
        self.unless_closed(self.farewell(deadline)).await
    }

    /// Ends the calls that wait, and says farewell. The socket goes with the last call that has it.
    pub(super) async fn close(&self, deadline: &Deadline) -> Result<(), Fault> {
        self.closed.cancel();
        self.farewell(deadline).await
    }

    async fn farewell(&self, deadline: &Deadline) -> Result<(), Fault> {
        let mut writer = deadline.run(Phase::Send, self.writer.lock()).await?;
        Ok(writer.finish(deadline).await?)
    }

    async fn unless_closed<T>(
        &self,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let done = self.closed.unless(work).await;
        done.unwrap_or_else(|| Err(Fault::new(FaultKind::NotOpen, "the connection was closed")))
    }
}

impl Receiving {
    fn failed(&mut self, error: Error, rescue: impl FnOnce(Fault, Bytes) -> Fault) -> Fault {
        match error.kind() {
            // The connection lives on, and the next call gets the bytes.
            ErrorKind::Net(opi::net::ErrorKind::Cancelled) => error.into(),
            _ => rescue(error.into(), self.half.take_buffered()),
        }
    }
}
