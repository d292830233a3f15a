//! The sending half of a connection.

use opi_net::{Deadline, Error as NetError, Phase, Stream};
use tokio::io::{AsyncWriteExt, WriteHalf};

use crate::Error;

/// The sending half of a [`Connection`](crate::Connection).
#[derive(Debug)]
pub struct Writer {
    half: WriteHalf<Stream>,
}

impl Writer {
    pub(crate) fn new(half: WriteHalf<Stream>) -> Self {
        Self { half }
    }

    /// Sends all of `data`.
    ///
    /// # Errors
    ///
    /// The connection failed or the deadline passed; [`Error::sent`] says how many bytes of
    /// `data` had gone, and the peer may wait for the rest.
    ///
    /// # Cancel safety
    ///
    /// None: after dropping the future it is unknown how much has gone. Use the deadline.
    pub async fn send(&mut self, data: &[u8], deadline: &Deadline) -> Result<(), Error> {
        let mut sent = 0;
        let sending = async {
            while sent < data.len() {
                match self.half.write(&data[sent..]).await? {
                    0 => return Err(std::io::ErrorKind::WriteZero.into()),
                    count => sent += count,
                }
            }
            self.half.flush().await
        };
        let outcome = deadline.run(Phase::Send, sending).await;
        let outcome =
            outcome.and_then(|done| done.map_err(|cause| NetError::from_io(cause, Phase::Send)));
        outcome.map_err(|error| Error::from(error).after_sending(sent))
    }

    /// Says that nothing more will be sent; the peer reads an end, receiving goes on.
    ///
    /// # Errors
    ///
    /// The connection failed or the deadline passed.
    pub async fn finish(&mut self, deadline: &Deadline) -> Result<(), Error> {
        let done = deadline.run(Phase::Send, self.half.shutdown()).await?;
        Ok(done.map_err(|cause| NetError::from_io(cause, Phase::Send))?)
    }

    pub(crate) fn into_half(self) -> WriteHalf<Stream> {
        self.half
    }
}
