//! Receiving: new connections, messages, ends.

use opi_net::Deadline;

use super::Server;
use crate::{ConnectionFacts, ConnectionId, Error, Message, Until};

impl Server {
    /// The next connection that was accepted and not told by this method before, oldest first;
    /// nothing when the deadline passes first. One that has gone meanwhile is left out.
    ///
    /// Servers that give each connection a task of its own wait here and then by [`Self::next_of`];
    /// those that take bytes from anyone need only [`Self::next`].
    ///
    /// # Errors
    ///
    /// [`Stopped`](crate::ErrorKind::Stopped), or the wait was cancelled.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no connection.
    pub async fn accept(&self, deadline: &Deadline) -> Result<Option<ConnectionFacts>, Error> {
        let connection = self.wait(self.hub.inbox.newcomer(), deadline).await?;
        Ok(connection.map(|connection| connection.facts()))
    }

    /// The next connection that has left the list, oldest first, with its last facts: why it
    /// ended is in [`ConnectionFacts::end`]. Nothing when the deadline passes first.
    ///
    /// The last 256 ends are kept until they are told; [`Statistics`](crate::Statistics) counts
    /// those that were not.
    ///
    /// # Errors
    ///
    /// [`Stopped`](crate::ErrorKind::Stopped), or the wait was cancelled.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no end.
    pub async fn ended(&self, deadline: &Deadline) -> Result<Option<ConnectionFacts>, Error> {
        self.wait(self.hub.ends.next(), deadline).await
    }

    /// The next bytes of any connection, `limit` at most (the rest stays for the next call);
    /// nothing when the deadline passes first. Connections take turns.
    ///
    /// With a codec, one whole message, whatever its size; `limit` means nothing then.
    ///
    /// That a peer has finished is told with its last bytes, or by [`Self::next_of`]. That a
    /// message was lost, because it is wrong, cut off or too slow, is told here too: by a message
    /// without bytes whose [`end`](Message::end) says why.
    ///
    /// # Errors
    ///
    /// [`Stopped`](crate::ErrorKind::Stopped), or the wait was cancelled.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no message.
    pub async fn next(&self, limit: usize, deadline: &Deadline) -> Result<Option<Message>, Error> {
        self.wait(self.hub.inbox.next(limit.max(1), &self.hub.meter), deadline).await
    }

    /// The next messages, as [`Self::next`], at least one and `most` at most; those there are
    /// when the first one is. None when the deadline passes first. Connections take turns.
    ///
    /// # Errors
    ///
    /// [`Stopped`](crate::ErrorKind::Stopped), or the wait was cancelled.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no message.
    pub async fn next_many(
        &self,
        most: usize,
        limit: usize,
        deadline: &Deadline,
    ) -> Result<Vec<Message>, Error> {
        let Some(first) = self.next(limit, deadline).await? else { return Ok(Vec::new()) };
        let mut messages = vec![first];
        while messages.len() < most
            && let Some(message) = self.hub.inbox.take_next(limit.max(1), &self.hub.meter)
        {
            messages.push(message);
        }
        Ok(messages)
    }

    /// The next bytes of one connection, as [`Self::next`]; a message without bytes says that the
    /// connection has ended, and why.
    ///
    /// # Errors
    ///
    /// [`UnknownConnection`](crate::ErrorKind::UnknownConnection),
    /// [`Stopped`](crate::ErrorKind::Stopped), or the wait was cancelled.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no message.
    pub async fn next_of(
        &self,
        id: ConnectionId,
        limit: usize,
        deadline: &Deadline,
    ) -> Result<Option<Message>, Error> {
        let connection = self.connection(id)?;
        let limit = limit.max(1);
        let take = || connection.take(limit, &self.hub.meter).or_else(|| connection.over());
        self.one(id, &connection.arrived, take, deadline).await
    }

    /// The next bytes of one connection up to where `until` says; what follows stays. Nothing when
    /// the deadline passes first; then nothing was taken. When the connection ends first, what is
    /// left, with [`Reason::Closed`](crate::Reason::Closed).
    ///
    /// # Errors
    ///
    /// As [`Self::next_of`]; [`BadOption`](crate::ErrorKind::BadOption) on a server with a codec.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no byte.
    pub async fn read(
        &self,
        id: ConnectionId,
        until: &Until,
        deadline: &Deadline,
    ) -> Result<Option<Message>, Error> {
        if self.hub.config.codec.is_some() {
            return Err(Error::option("until", "a server without a codec", "one with a codec"));
        }
        let connection = self.connection(id)?;
        let (mut until, mut mark) = (until.bounded(self.hub.config.limits.max_unread), 0);
        let take = || {
            let taken = connection.take_until(&mut until, &mut mark, &self.hub.meter);
            taken.or_else(|| connection.over())
        };
        self.one(id, &connection.arrived, take, deadline).await
    }

    /// Waits until `take` has something, which is asked whenever `arrived` is told.
    async fn one(
        &self,
        id: ConnectionId,
        arrived: &tokio::sync::Notify,
        mut take: impl FnMut() -> Option<Message>,
        deadline: &Deadline,
    ) -> Result<Option<Message>, Error> {
        let waiting = async {
            loop {
                let arrived = arrived.notified();
                let listed = self.hub.inbox.get(id).is_some();
                match take() {
                    Some(message) => return Ok(message),
                    None if !listed => return Err(Error::unknown(id)),
                    None => arrived.await,
                }
            }
        };
        self.wait(waiting, deadline).await?.transpose()
    }
}
