//! Sending and receiving at the same time: one request, one answer.

use opi_framing::Decoder;
use opi_net::Deadline;

use crate::both::both;
use crate::outbound::finish;
use crate::{Connection, Error, Received, Until};

/// How the end of an answer is found.
#[non_exhaustive]
#[derive(Debug)]
pub enum Answer<'a> {
    /// By a codec; keep the decoder as long as the connection.
    Message(&'a mut Decoder),
    /// By a marker, a size or the peer's end.
    Until(Until),
}

/// What happens to the sending direction once the data has gone.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AfterSend {
    /// The peer reads an end: for peers that answer only then.
    Finish,
    /// It stays open.
    #[default]
    KeepOpen,
}

/// What becomes of the bytes of an answer that is not whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Incomplete {
    /// They stay, and nothing is returned.
    Keep,
    /// They are returned.
    Take,
}

impl Answer<'_> {
    /// The same once more, for another read.
    pub(crate) fn again(&mut self) -> Answer<'_> {
        match self {
            Self::Message(decoder) => Answer::Message(decoder),
            Self::Until(until) => Answer::Until(until.clone()),
        }
    }

    /// Whether the peer's end ends it, and is no failure.
    pub(crate) fn ends_by_closing(&self) -> bool {
        matches!(self, Self::Until(until) if until.is_closed())
    }
}

impl Connection {
    /// Sends `data` and receives at the same time, under one deadline.
    ///
    /// A peer that answers before it has read everything would otherwise wait for us while we
    /// wait for it. Bytes that lie ready count as the answer's. The answer is as
    /// [`Self::receive`] or [`Self::message`] returns it.
    ///
    /// # Errors
    ///
    /// As [`Self::send`], [`Self::receive`] and [`Self::message`]. What had come stays, but for an
    /// answer that was whole when the sending failed: [`Error::received`] has it.
    ///
    /// # Cancel safety
    ///
    /// None: after dropping the future it is unknown how much has gone, and an answer that was
    /// whole already is lost. Use the deadline.
    pub async fn exchange(
        &mut self,
        data: &[u8],
        then: AfterSend,
        answer: impl Into<Answer<'_>>,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        self.exchange_or(Incomplete::Take, data, then, answer.into(), deadline).await
    }

    /// As [`Self::exchange`]; `incomplete` says what becomes of an answer that is not whole.
    pub(crate) async fn exchange_or(
        &mut self,
        incomplete: Incomplete,
        data: &[u8],
        then: AfterSend,
        answer: Answer<'_>,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        let went = self.outbound.meter.bytes();
        let (mut reading, mut writing) = tokio::io::split(&mut self.stream);
        let sending = async {
            self.outbound.send(&mut writing, data, deadline).await?;
            match then {
                AfterSend::Finish => finish(&mut writing, deadline).await,
                AfterSend::KeepOpen => Ok(()),
            }
        };
        let receiving = self.inbound.answer(&mut reading, answer, incomplete, deadline);
        let received = both(sending, receiving).await.map_err(|(error, received)| {
            received.into_iter().fold(error, |error, came| error.after_receiving(came.data))
        });
        let sent = usize::try_from(self.outbound.meter.bytes() - went).unwrap_or(usize::MAX);
        let received = received.map_err(|error| error.after_sending(sent));
        if received.is_ok() && !data.is_empty() {
            self.notes.log.sent(sent);
        }
        self.notes.received(&received);
        received
    }
}

impl From<Until> for Answer<'_> {
    fn from(until: Until) -> Self {
        Self::Until(until)
    }
}

impl<'a> From<&'a mut Decoder> for Answer<'a> {
    fn from(decoder: &'a mut Decoder) -> Self {
        Self::Message(decoder)
    }
}
