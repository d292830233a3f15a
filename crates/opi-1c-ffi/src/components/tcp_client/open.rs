//! A connection that several calls use at once: one may send while another receives.

use std::net::SocketAddr;

use bytes::Bytes;
use opi::framing::{Codec, Decoder};
use opi::net::tls::Tls;
use opi::net::{Cancel, Deadline, Phase, Target};
use opi::tcp_client::{
    Connection, Drained, Error, ErrorKind, Reader, Received, ReceivedText, Text, Until, Writer,
};
use serde_json::Value as Json;
use tokio::sync::Mutex;

use super::facts::Facts;
use crate::fault::{Fault, FaultKind};

#[derive(Debug)]
pub(super) struct Open {
    pub(super) peer: Option<SocketAddr>,
    target: Target,
    codec: Option<Codec>,
    closed: Cancel,
    facts: Facts,
    reader: Mutex<Option<Receiving>>,
    writer: Mutex<Option<Writer>>,
}

/// The receiving half, and where in a message it stands.
#[derive(Debug)]
struct Receiving {
    half: Reader,
    decoder: Option<Decoder>,
}

impl Open {
    pub(super) fn new(connection: Connection, target: Target, codec: Option<Codec>) -> Self {
        let (peer, facts) = (connection.peer(), Facts::of(&connection));
        let (half, writer) = connection.into_split();
        let reader = Receiving { half, decoder: codec.as_ref().map(Codec::decoder) };
        let (reader, writer) = (Mutex::new(Some(reader)), Mutex::new(Some(writer)));
        Self { peer, target, codec, closed: Cancel::new(), facts, reader, writer }
    }

    /// How messages stand on the wire, when that was told.
    pub(super) fn codec(&self) -> Result<&Codec, Fault> {
        let missing = || Fault::new(FaultKind::Option, "Connect was given no codec (Кодек)");
        self.codec.as_ref().ok_or_else(missing)
    }

    /// What TLS agreed on, in the form of answers.
    pub(super) fn tls(&self) -> Json {
        self.facts.tls()
    }

    /// What the connection has done; a call under way counts when it has ended.
    pub(super) fn statistics(&self) -> Json {
        if let Ok(reader) = self.reader.try_lock() {
            reader.iter().for_each(|reading| self.facts.received(reading.half.traffic()));
        }
        self.facts.statistics(self.peer)
    }

    /// Sends all of `data`, after the sends that came before.
    pub(super) async fn send(&self, data: &[u8], deadline: &Deadline) -> Result<(), Fault> {
        let sending = async |writer: &mut Writer| writer.send(data, deadline).await;
        self.sending(deadline, sending).await
    }

    /// Sends all of `text`, after the sends that came before.
    pub(super) async fn send_text(
        &self,
        text: &str,
        form: &Text,
        deadline: &Deadline,
    ) -> Result<(), Fault> {
        let sending = async |writer: &mut Writer| writer.send_text(text, form, deadline).await;
        self.sending(deadline, sending).await
    }

    /// Receives, after the receives that came before; bytes that came before a failure are given
    /// to `rescue`, which may add them to the fault.
    pub(super) async fn receive(
        &self,
        until: Until,
        deadline: &Deadline,
        rescue: impl FnOnce(Fault, Bytes) -> Fault,
    ) -> Result<Received, Fault> {
        let receiving = async |reader: &mut Receiving| reader.half.receive(until, deadline).await;
        self.receiving(deadline, receiving, rescue).await
    }

    /// Receives text, as [`Self::receive`].
    pub(super) async fn receive_text(
        &self,
        until: Until,
        form: &Text,
        deadline: &Deadline,
        rescue: impl FnOnce(Fault, Bytes) -> Fault,
    ) -> Result<ReceivedText, Fault> {
        let receiving =
            async |reader: &mut Receiving| reader.half.receive_text(until, form, deadline).await;
        self.receiving(deadline, receiving, rescue).await
    }

    /// Receives the next message of the codec, as [`Self::receive`].
    pub(super) async fn message(
        &self,
        deadline: &Deadline,
        rescue: impl FnOnce(Fault, Bytes) -> Fault,
    ) -> Result<Received, Fault> {
        let mut decoder = self.codec()?.decoder();
        let receiving = async |reader: &mut Receiving| {
            let Receiving { half, decoder: kept } = reader;
            half.message(kept.as_mut().unwrap_or(&mut decoder), deadline).await
        };
        self.receiving(deadline, receiving, rescue).await
    }

    /// Reads and drops what comes until the peer's end, `limit` bytes at most.
    pub(super) async fn drain(&self, limit: u64, deadline: &Deadline) -> Result<Drained, Fault> {
        let draining = async |reader: &mut Receiving| reader.half.drain(limit, deadline).await;
        self.receiving(deadline, draining, |fault, _| fault).await
    }

    /// Encrypts the connection; when that fails there is none any more.
    pub(super) async fn encrypt(&self, tls: &Tls, deadline: &Deadline) -> Result<(), Fault> {
        self.unless_closed(async {
            let mut writer = deadline.run(Phase::Send, self.writer.lock()).await?;
            let mut reader = deadline.run(Phase::Idle, self.reader.lock()).await?;
            let (Some(Receiving { half, decoder }), Some(sending)) = (reader.take(), writer.take())
            else {
                return Err(gone());
            };
            let connection = Connection::from_split(half, sending);
            let connection = connection.ok_or_else(|| Fault::of(FaultKind::Internal))?;
            let connection = connection.upgrade(tls, &self.target, deadline).await?;
            self.facts.encrypted(&connection);
            let (half, sending) = connection.into_split();
            *reader = Some(Receiving { half, decoder });
            *writer = Some(sending);
            Ok(())
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
        Ok(writer.as_mut().ok_or_else(gone)?.finish(deadline).await?)
    }

    async fn sending(
        &self,
        deadline: &Deadline,
        work: impl AsyncFnOnce(&mut Writer) -> Result<(), Error>,
    ) -> Result<(), Fault> {
        self.unless_closed(async {
            let turn = deadline.run(Phase::Send, self.writer.lock()).await;
            let mut turn = turn.map_err(|error| Fault::from(error).fact("sent", 0))?;
            let writer = turn.as_mut().ok_or_else(gone)?;
            let sent = work(writer).await;
            self.facts.sent(writer.traffic());
            self.facts.ended(writer.outcome());
            sent.map_err(|error| {
                let sent = error.sent();
                Fault::from(error).fact("sent", sent)
            })
        })
        .await
    }

    async fn receiving<T>(
        &self,
        deadline: &Deadline,
        work: impl AsyncFnOnce(&mut Receiving) -> Result<T, Error>,
        rescue: impl FnOnce(Fault, Bytes) -> Fault,
    ) -> Result<T, Fault> {
        self.unless_closed(async {
            let mut turn = deadline.run(Phase::Idle, self.reader.lock()).await?;
            let reader = turn.as_mut().ok_or_else(gone)?;
            let received = work(reader).await;
            self.facts.received(reader.half.traffic());
            self.facts.ended(reader.half.outcome());
            received.map_err(|error| reader.failed(error, rescue))
        })
        .await
    }

    async fn unless_closed<T>(
        &self,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let done = self.closed.unless(work).await;
        done.unwrap_or_else(|| Err(gone()))
    }
}

impl Receiving {
    fn failed(&mut self, error: Error, rescue: impl FnOnce(Fault, Bytes) -> Fault) -> Fault {
        match error.kind() {
            // The connection lives on, and the next call gets the bytes.
            ErrorKind::Client(_) | ErrorKind::Net(opi::net::ErrorKind::Cancelled) => error.into(),
            _ => rescue(error.into(), self.half.take_buffered()),
        }
    }
}

fn gone() -> Fault {
    Fault::new(FaultKind::NotOpen, "the connection was closed")
}
