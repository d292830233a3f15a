//! The sending half of a connection.

use opi_net::{Deadline, Stream};
use tokio::io::WriteHalf;

use crate::Error;
use crate::notes::Notes;
use crate::outbound::{Outbound, finish};
use crate::stats::{Outcome, Traffic};

/// The sending half of a [`Connection`](crate::Connection).
#[derive(Debug)]
pub struct Writer {
    pub(crate) half: WriteHalf<Stream>,
    pub(crate) outbound: Outbound,
    pub(crate) notes: Notes,
}

impl Writer {
    pub(crate) fn new(half: WriteHalf<Stream>, outbound: Outbound, notes: Notes) -> Self {
        Self { half, outbound, notes }
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
        let sent = self.outbound.send(&mut self.half, data, deadline).await;
        self.notes.sent(data.len(), &sent);
        sent
    }

    /// Says that nothing more will be sent; the peer reads an end, receiving goes on.
    ///
    /// # Errors
    ///
    /// The connection failed or the deadline passed.
    pub async fn finish(&mut self, deadline: &Deadline) -> Result<(), Error> {
        let finished = finish(&mut self.half, deadline).await;
        self.notes.finished(&finished);
        finished
    }

    /// What went so far.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.outbound.meter.traffic()
    }

    /// How the last call ended; nothing before the first.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.notes.outcome
    }
}
