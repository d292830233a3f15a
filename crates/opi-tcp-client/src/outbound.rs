//! Sending over any writer: all of it under one deadline, or how much went.

use std::io;

use opi_net::{Deadline, Error as NetError, Phase};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::Error;
use crate::stats::Meter;

/// What one sending direction remembers.
#[derive(Debug, Default)]
pub(crate) struct Outbound {
    pub(crate) meter: Meter,
}

impl Outbound {
    /// Sends all of `data`; an error says how much had gone.
    pub(crate) async fn send(
        &mut self,
        io: &mut (impl AsyncWrite + Unpin),
        data: &[u8],
        deadline: &Deadline,
    ) -> Result<(), Error> {
        let mut sent = 0;
        let sending = async {
            while sent < data.len() {
                match io.write(&data[sent..]).await? {
                    0 => return Err(io::ErrorKind::WriteZero.into()),
                    count => {
                        sent += count;
                        self.meter.add(count);
                    }
                }
            }
            io.flush().await
        };
        let outcome = deadline.run(Phase::Send, sending).await;
        let outcome =
            outcome.and_then(|done| done.map_err(|cause| NetError::from_io(cause, Phase::Send)));
        outcome.map_err(|error| Error::from(error).after_sending(sent))?;
        if !data.is_empty() {
            self.meter.whole();
        }
        Ok(())
    }
}

/// Says that nothing more will be sent.
pub(crate) async fn finish(
    io: &mut (impl AsyncWrite + Unpin),
    deadline: &Deadline,
) -> Result<(), Error> {
    let done = deadline.run(Phase::Send, io.shutdown()).await?;
    Ok(done.map_err(|cause| NetError::from_io(cause, Phase::Send))?)
}
