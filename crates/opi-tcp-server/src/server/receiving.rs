//! Receiving: new connections, messages, ends.

use std::future::poll_fn;
use std::task::Poll;

use opi_net::{Deadline, Phase};

use super::Server;
use crate::connection::{Connection, Outcome, State, Waiting};
use crate::{ConnectionFacts, ConnectionId, Error, ErrorKind, Message, Until};

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
        let take =
            |state: &mut State| connection.take(state, limit).or_else(|| connection.over(state));
        self.one(&connection, take, deadline).await
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
        let take = |state: &mut State| {
            let taken = connection.take_until(state, &mut until, &mut mark);
            taken.or_else(|| connection.over(state))
        };
        self.one(&connection, take, deadline).await
    }

    /// Waits until `take` has something of a connection, and reads for itself where it can.
    async fn one(
        &self,
        connection: &Connection,
        mut take: impl FnMut(&mut State) -> Option<Message>,
        deadline: &Deadline,
    ) -> Result<Option<Message>, Error> {
        let mut waiting = Waiting::new(connection, &self.hub, &mut take, deadline.moment());
        // A server that stops tells each of its connections, and so wakes whoever waits here.
        let step = poll_fn(|context| {
            if self.hub.stopping.is_cancelled() {
                return Poll::Ready(Err(Error::new(ErrorKind::Stopped)));
            }
            waiting.poll(context.waker()).map(Ok)
        });
        match deadline.unless_cancelled(Phase::Idle, step).await?? {
            Outcome::Taken(message) => Ok(Some(message)),
            Outcome::Late => Ok(None),
            Outcome::Occupied => {
                drop(waiting);
                self.another(connection, take, deadline).await
            }
        }
    }

    /// Waits until `take` has something of a connection that its task, or another caller, reads.
    async fn another(
        &self,
        connection: &Connection,
        mut take: impl FnMut(&mut State) -> Option<Message>,
        deadline: &Deadline,
    ) -> Result<Option<Message>, Error> {
        let waiting = async {
            loop {
                let arrived = connection.arrived.notified();
                if let Some(message) = connection.settled(&self.hub.meter, &mut take) {
                    return message;
                }
                arrived.await;
            }
        };
        self.wait(waiting, deadline).await
    }
}
