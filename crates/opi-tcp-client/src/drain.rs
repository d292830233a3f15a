//! Reading and dropping what still comes, so that a connection ends in good order.

use opi_net::{Deadline, ErrorKind as NetErrorKind, Phase};
use tokio::io::AsyncRead;

use crate::inbound::Inbound;
use crate::{Connection, Error, Reader, Reason};

/// What was dropped, and why it ended.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Drained {
    /// How many bytes were dropped, those that lay ready included.
    pub bytes: u64,
    /// [`Reason::Closed`], [`Reason::Size`] when the limit was reached first, or
    /// [`Reason::Timeout`].
    pub reason: Reason,
}

impl Connection {
    /// Reads and drops what still comes until the peer's end, at most `limit` bytes; what came
    /// past the limit stays for the next read.
    ///
    /// # Errors
    ///
    /// The connection failed, was reset, or ended without TLS's farewell, or the wait was
    /// cancelled.
    ///
    /// # Cancel safety
    ///
    /// After dropping the future it is unknown how much was dropped; nothing else is lost.
    pub async fn drain(&mut self, limit: u64, deadline: &Deadline) -> Result<Drained, Error> {
        let drained = self.inbound.drain(&mut self.stream, limit, deadline).await;
        self.notes.drained(&drained);
        drained
    }

    /// Says farewell, waits for the peer's end, dropping at most `limit` bytes, and closes.
    ///
    /// Use it where the peer must not lose what was sent last: closing a socket with unread bytes
    /// resets the connection.
    ///
    /// # Errors
    ///
    /// The farewell could not be sent, or as [`Self::drain`]; the socket is closed all the same.
    pub async fn close_drained(
        mut self,
        limit: u64,
        deadline: &Deadline,
    ) -> Result<Drained, Error> {
        self.finish_sending(deadline).await?;
        let drained = self.drain(limit, deadline).await;
        self.notes.log.closed();
        drained
    }
}

impl Reader {
    /// Reads and drops what still comes, as [`Connection::drain`].
    ///
    /// # Errors
    ///
    /// As [`Connection::drain`].
    ///
    /// # Cancel safety
    ///
    /// As [`Connection::drain`].
    pub async fn drain(&mut self, limit: u64, deadline: &Deadline) -> Result<Drained, Error> {
        let drained = self.inbound.drain(&mut self.half, limit, deadline).await;
        self.notes.drained(&drained);
        drained
    }
}

impl Inbound {
    async fn drain(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
        limit: u64,
        deadline: &Deadline,
    ) -> Result<Drained, Error> {
        let mut bytes = 0;
        let dropping = async {
            loop {
                let left = usize::try_from(limit - bytes).unwrap_or(usize::MAX);
                let ready = self.buffer().len().min(left);
                self.skip(ready);
                bytes += ready as u64;
                if bytes == limit {
                    return Ok(Reason::Size);
                }
                if self.has_ended() {
                    return Ok(Reason::Closed);
                }
                self.fill(io, 0).await?;
            }
        };
        match deadline.run(Phase::Idle, dropping).await {
            Ok(reason) => reason.map(|reason| Drained { bytes, reason }),
            Err(error) if error.kind() == NetErrorKind::Timeout => {
                Ok(Drained { bytes, reason: Reason::Timeout })
            }
            Err(error) => Err(error.into()),
        }
    }
}
