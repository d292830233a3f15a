//! A connection that several calls use at once: one may send while another receives.

use std::net::SocketAddr;

use bytes::Bytes;
use opi::net::{Cancel, Deadline, Phase, TlsFacts};
use opi::tcp_client::{Connection, ErrorKind, Reader, Received, Until, Writer};
use tokio::sync::Mutex;

use crate::fault::{Fault, FaultKind};

#[derive(Debug)]
pub(super) struct Open {
    pub(super) peer: Option<SocketAddr>,
    pub(super) tls: Option<TlsFacts>,
    closed: Cancel,
    reader: Mutex<Reader>,
    writer: Mutex<Writer>,
}

impl Open {
    pub(super) fn new(connection: Connection) -> Self {
        let (peer, tls) = (connection.peer(), connection.tls().cloned());
        let (reader, writer) = connection.into_split();
        let (reader, writer) = (Mutex::new(reader), Mutex::new(writer));
        Self { peer, tls, closed: Cancel::new(), reader, writer }
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
            let received = reader.receive(until, deadline).await;
            received.map_err(|error| match error.kind() {
                // The connection lives on, and the next call gets the bytes.
                ErrorKind::Net(opi::net::ErrorKind::Cancelled) => error.into(),
                _ => rescue(error.into(), reader.take_buffered()),
            })
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
