//! Plays one script on one connection.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time,
};

use super::{
    Received,
    script::{Handshake, Script, Step, excerpt},
};
use crate::{
    connection::Connection,
    gate::Meter,
    service::{Incoming, Stop},
    watch::within,
};

pub(super) async fn play(
    incoming: Incoming,
    script: &Script,
    received: Received,
) -> Result<(), String> {
    let (index, watchdog, stop) = (incoming.index, incoming.watchdog, incoming.stop.clone());
    note(&received, index, &[]);
    let opened = within(watchdog, "the TLS handshake", incoming.open()).await?;
    let connection = match (opened, script.handshake) {
        (Ok(connection), Handshake::Accepted) => connection,
        (Err(_), Handshake::Refused) => return Ok(()),
        (Ok(_), Handshake::Refused) => return Err("the client accepted the handshake".to_owned()),
        (Err(error), Handshake::Accepted) => return Err(format!("TLS handshake: {error}")),
    };
    let mut stage = Stage { connection, index, pending: Vec::new(), received, stop };
    for (number, step) in script.steps.iter().enumerate() {
        let told = |fault: String| format!("step {} ({step}): {fault}", number + 1);
        let performed = match step {
            Step::Close => return stage.close().await.map_err(told),
            Step::Cut => return Ok(()),
            Step::Reset => return stage.connection.reset().map_err(|e| told(e.to_string())),
            Step::Drip(..) | Step::Hold | Step::ReadMetered(_) | Step::SendEndlessly(_) => {
                stage.perform_endless(step).await
            }
            _ => within(watchdog, "its end", stage.perform(step)).await.and_then(|done| done),
        };
        performed.map_err(told)?;
    }
    stage.close().await
}

struct Stage {
    connection: Connection,
    index: usize,
    /// What has been read and not been expected yet.
    pending: Vec<u8>,
    received: Received,
    stop: Stop,
}

impl Stage {
    async fn perform(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Expect(bytes) => self.expect(bytes).await,
            Step::ExpectClose => self.expect_close().await,
            Step::ExpectGone => self.expect_gone().await,
            Step::ExpectUntil(marker) => self.expect_until(marker).await,
            Step::HalfClose => self.connection.shutdown().await.map_err(|error| error.to_string()),
            Step::Open(gate) => {
                gate.open();
                Ok(())
            }
            Step::Read(count) => self.read(*count).await,
            Step::ReadToClose => self.read_to_close().await,
            Step::Send(bytes) => self.send(bytes).await,
            Step::SendPieces(bytes, size) => self.send_pieces(bytes, *size).await,
            Step::Wait(gate) => {
                gate.opened().await;
                Ok(())
            }
            Step::Close
            | Step::Cut
            | Step::Drip(..)
            | Step::Hold
            | Step::ReadMetered(_)
            | Step::Reset
            | Step::SendEndlessly(_) => Ok(()),
        }
    }

    /// The steps that have no end of their own: the client or the test ends them.
    async fn perform_endless(&mut self, step: &Step) -> Result<(), String> {
        let mut stop = self.stop.clone();
        let working = async {
            match step {
                Step::Drip(bytes, pause) => self.drip(bytes, *pause).await,
                Step::ReadMetered(meter) => self.read_metered(meter).await,
                Step::SendEndlessly(bytes) => while self.send(bytes).await.is_ok() {},
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            () = working => {}
            () = stop.wait() => {}
        }
        Ok(())
    }

    async fn expect(&mut self, wanted: &[u8]) -> Result<(), String> {
        while self.pending.len() < wanted.len() {
            self.compare(wanted)?;
            self.read_more(&excerpt(wanted)).await?;
        }
        self.compare(wanted)?;
        self.pending.drain(..wanted.len());
        Ok(())
    }

    fn compare(&self, wanted: &[u8]) -> Result<(), String> {
        match self.pending.iter().zip(wanted).all(|(got, wanted)| got == wanted) {
            true => Ok(()),
            false => Err(format!("got {}", excerpt(&self.pending))),
        }
    }

    async fn expect_until(&mut self, marker: &[u8]) -> Result<(), String> {
        loop {
            let found = self.pending.windows(marker.len()).position(|window| window == marker);
            if let Some(at) = found {
                self.pending.drain(..at + marker.len());
                return Ok(());
            }
            self.read_more("the marker").await?;
        }
    }

    async fn expect_close(&mut self) -> Result<(), String> {
        while self.pending.is_empty() {
            match self.fill().await {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) => return Err(error.to_string()),
            }
        }
        Err(format!("the client sent {} before", excerpt(&self.pending)))
    }

    async fn expect_gone(&mut self) -> Result<(), String> {
        while matches!(self.fill().await, Ok(1..)) {}
        Ok(())
    }

    async fn read(&mut self, count: usize) -> Result<(), String> {
        while self.pending.len() < count {
            self.read_more(&format!("{count} bytes")).await?;
        }
        self.pending.drain(..count);
        Ok(())
    }

    async fn read_to_close(&mut self) -> Result<(), String> {
        while self.fill().await.map_err(|error| error.to_string())? > 0 {
            self.pending.clear();
        }
        Ok(())
    }

    async fn read_metered(&mut self, meter: &Meter) {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let granted = meter.take(buffer.len()).await;
            let mut left = granted;
            while left > 0 {
                match self.connection.read(&mut buffer[..left]).await {
                    Ok(read @ 1..) => {
                        note(&self.received, self.index, &buffer[..read]);
                        left -= read;
                    }
                    Ok(0) | Err(_) => return,
                }
            }
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.connection.write_all(bytes).await.map_err(|error| error.to_string())?;
        self.connection.flush().await.map_err(|error| error.to_string())
    }

    async fn send_pieces(&mut self, bytes: &[u8], size: usize) -> Result<(), String> {
        for piece in bytes.chunks(size) {
            self.send(piece).await?;
        }
        Ok(())
    }

    async fn drip(&mut self, bytes: &[u8], pause: Duration) {
        let mut ticks = time::interval(pause);
        while self.send(bytes).await.is_ok() {
            ticks.tick().await;
        }
    }

    async fn close(mut self) -> Result<(), String> {
        // The client may be gone already; whether that is right is for the steps to say.
        self.connection.shutdown().await.ok();
        self.connection.discard_unread();
        Ok(())
    }

    async fn read_more(&mut self, what: &str) -> Result<(), String> {
        match self.fill().await {
            Ok(0) => Err(format!(
                "the client closed before {what}; it had sent {}",
                excerpt(&self.pending)
            )),
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn fill(&mut self) -> io::Result<usize> {
        let mut buffer = vec![0; 16 * 1024];
        let read = self.connection.read(&mut buffer).await?;
        note(&self.received, self.index, &buffer[..read]);
        self.pending.extend_from_slice(&buffer[..read]);
        Ok(read)
    }
}

fn note(received: &Received, index: usize, bytes: &[u8]) {
    let mut received = received.lock().expect("no holder panics");
    if received.len() <= index {
        received.resize(index + 1, Vec::new());
    }
    received[index].extend_from_slice(bytes);
}
