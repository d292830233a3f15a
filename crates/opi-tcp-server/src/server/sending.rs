//! Sending: to one connection, to its queue, to many.

use bytes::Bytes;
use opi_net::Deadline;

use super::Server;
use crate::log::Level;
use crate::{ConnectionId, End, Error};

/// Which connections a broadcast goes to.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum To<'a> {
    /// Every one.
    All,
    /// Those with this tag.
    Tag(&'a str),
}

/// What became of a broadcast at one connection.
#[non_exhaustive]
#[derive(Debug)]
pub struct Queued {
    /// The connection.
    pub connection: ConnectionId,
    /// Whether the bytes were queued.
    pub outcome: Result<(), Error>,
}

impl Server {
    /// Sends all of `data` on a connection, after the sends that came before.
    ///
    /// # Errors
    ///
    /// [`UnknownConnection`](crate::ErrorKind::UnknownConnection),
    /// [`SendingFinished`](crate::ErrorKind::SendingFinished), the connection failed, the deadline
    /// passed, or the server was [stopped](crate::ErrorKind::Stopped); [`Error::sent`] says how
    /// many bytes had gone.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future may have sent a part.
    pub async fn send(
        &self,
        id: ConnectionId,
        data: &[u8],
        deadline: &Deadline,
    ) -> Result<(), Error> {
        let sent = self.connection(id)?.send(data, deadline, &self.hub.stopped).await;
        self.log_sent(id, data.len(), sent.as_ref().err());
        sent
    }

    fn log_sent(&self, id: ConnectionId, size: usize, failed: Option<&Error>) {
        match failed {
            None => {
                let line = format_args!("connection {id}: sent {size} bytes");
                self.hub.config.log(Level::Debug, line);
            }
            Some(error) => {
                let sent = error.sent();
                let line = format_args!("connection {id}: sent {sent} of {size} bytes: {error}");
                self.hub.config.log(Level::Warn, line);
            }
        }
    }

    /// Sends `payload` as one message of the server's codec; without a codec, as it is. A
    /// connection on which only a part could be sent is closed, because nothing can follow it.
    ///
    /// # Errors
    ///
    /// As [`Self::send`], or the codec cannot carry the payload.
    ///
    /// # Cancel safety
    ///
    /// None: a part may have been sent, and the connection stays open.
    pub async fn send_message(
        &self,
        id: ConnectionId,
        payload: &[u8],
        deadline: &Deadline,
    ) -> Result<(), Error> {
        let Some(codec) = &self.hub.config.codec else {
            return self.send(id, payload, deadline).await;
        };
        let mut frame = Vec::with_capacity(payload.len() + ROOM);
        codec.encode(payload, &mut frame)?;
        let sent = self.send(id, &frame, deadline).await;
        sent.inspect_err(|error| {
            if (1..frame.len()).contains(&error.sent()) {
                // It may have ended by itself meanwhile.
                let _gone = self.hub.close(id, End::MessageCut).is_none();
            }
        })
    }

    /// Queues `data` for a connection and returns at once: whole, behind what is queued already,
    /// or not at all.
    ///
    /// # Errors
    ///
    /// [`QueueFull`](crate::ErrorKind::QueueFull): the peer takes its bytes too slowly; otherwise
    /// as [`Self::send`].
    pub fn queue(&self, id: ConnectionId, data: impl Into<Bytes>) -> Result<(), Error> {
        let limit = self.hub.config.limits.max_unsent;
        let (connection, data) = (self.connection(id)?, data.into());
        let size = data.len();
        connection.queue(&data, limit).inspect(|()| {
            let line = format_args!("connection {id}: queued {size} bytes");
            self.hub.config.log(Level::Debug, line);
        })
    }

    /// Queues `payload` as one message of the server's codec; without a codec, as it is.
    ///
    /// # Errors
    ///
    /// As [`Self::queue`], or the codec cannot carry the payload.
    pub fn queue_message(&self, id: ConnectionId, payload: &[u8]) -> Result<(), Error> {
        self.queue(id, self.frame(payload)?)
    }

    /// Queues `data` for many connections and returns at once: what became of it at each. The
    /// bytes are shared, not copied; a peer that is slow or gone changes nothing for the others.
    pub fn broadcast(&self, to: To<'_>, data: impl Into<Bytes>) -> Vec<Queued> {
        let (data, limit) = (data.into(), self.hub.config.limits.max_unsent);
        let chosen = self.chosen(to);
        let queued = chosen.iter().map(|connection| Queued {
            connection: connection.id,
            outcome: connection.queue(&data, limit),
        });
        queued.collect()
    }

    /// Queues `payload` as one message of the server's codec for many connections.
    ///
    /// # Errors
    ///
    /// The codec cannot carry the payload; nothing was queued then.
    pub fn broadcast_message(&self, to: To<'_>, payload: &[u8]) -> Result<Vec<Queued>, Error> {
        Ok(self.broadcast(to, self.frame(payload)?))
    }

    /// Tells the peer of a connection that nothing more will be sent, after what is queued;
    /// receiving goes on. A second time it does nothing.
    ///
    /// # Errors
    ///
    /// [`UnknownConnection`](crate::ErrorKind::UnknownConnection), or the connection failed.
    pub fn finish_sending(&self, id: ConnectionId) -> Result<(), Error> {
        self.connection(id)?.finish_sending()
    }

    /// Receives nothing more from a connection; sending goes on. What has come already can be
    /// taken; what still comes is thrown away, so that the peer is not held up and its end is
    /// seen.
    ///
    /// # Errors
    ///
    /// [`UnknownConnection`](crate::ErrorKind::UnknownConnection).
    pub fn finish_receiving(&self, id: ConnectionId) -> Result<(), Error> {
        self.connection(id)?.finish_receiving();
        Ok(())
    }

    fn frame(&self, payload: &[u8]) -> Result<Bytes, Error> {
        let Some(codec) = &self.hub.config.codec else {
            return Ok(Bytes::copy_from_slice(payload));
        };
        let mut frame = Vec::with_capacity(payload.len() + ROOM);
        codec.encode(payload, &mut frame)?;
        Ok(frame.into())
    }
}

/// Room for the marks and the header of a message.
const ROOM: usize = 16;
