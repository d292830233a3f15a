//! What an answer is to be, and whether it came.

use bytes::Bytes;
use opi::framing::Codec;
use opi::net::{Deadline, Error as NetError, ErrorKind as NetErrorKind, Phase, Target};
use opi::tcp_client::{Error, Reader, Reason, Received, Until};

use super::message::Form;
use crate::args::RequestArgs;
use crate::failure::{ErrorKind, Failure};

/// What an answer is to be.
#[derive(Debug)]
pub(crate) struct Wanted {
    end: End,
    /// The reason by which a read for it ends well.
    good: Reason,
    /// What a close comes before.
    words: &'static str,
    max: usize,
}

#[derive(Debug)]
enum End {
    Message(Codec),
    Until(Until),
}

impl Wanted {
    /// What `args` ask for.
    ///
    /// # Errors
    ///
    /// The marker is none.
    pub(crate) fn new(args: &RequestArgs, form: &Form) -> Result<Self, Failure> {
        let wanted = |end, good, words, max| Self { end, good, words, max };
        if let Some(codec) = form.codec() {
            let end = End::Message(codec.clone());
            return Ok(wanted(end, Reason::Message, "a message", codec.max()));
        }
        let max = args.max.map_or(Until::LIMIT, usize::from);
        if let Some(size) = args.size {
            let end = End::Until(Until::size(size));
            return Ok(wanted(end, Reason::Size, "so many bytes", size));
        }
        if args.until_closed {
            // One byte more than allowed shows that the answer is too long.
            let end = End::Until(Until::closed().at_most(max.saturating_add(1)));
            return Ok(wanted(end, Reason::Closed, "its end", max));
        }
        let marker = args.until.as_deref().unwrap_or(b"\n");
        let until = match (args.text, std::str::from_utf8(marker)) {
            (Some(encoding), Ok(text)) => Until::text(text, encoding)?,
            _ => Until::marker(marker)?,
        };
        let end = End::Until(until.at_most(max));
        Ok(wanted(end, Reason::Marker, "the marker", max))
    }

    /// Receives what is wanted.
    ///
    /// # Errors
    ///
    /// The connection or the framing broke.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no byte.
    pub(crate) async fn receive(
        &self,
        reader: &mut Reader,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        match &self.end {
            End::Message(codec) => reader.message(&mut codec.decoder(), deadline).await,
            End::Until(until) => reader.receive(until.clone(), deadline).await,
        }
    }

    /// The data as far as it may be told, and what is wrong with it.
    pub(crate) fn judge(
        &self,
        received: &Received,
        target: &Target,
        deadline: &Deadline,
    ) -> (Bytes, Option<Failure>) {
        let data = received.data.slice(..received.data.len().min(self.max));
        let phase = if data.is_empty() { Phase::FirstByte } else { Phase::Idle };
        let failure = match received.reason {
            good if good == self.good => None,
            Reason::Timeout => Some(deadline.error(NetErrorKind::Timeout, phase).on(target).into()),
            Reason::Size => {
                let message = format!("{target}: more than {} bytes came", self.max);
                Some(Failure::new(ErrorKind::TooLong, message))
            }
            _ => {
                let error = NetError::new(NetErrorKind::Truncated).in_phase(phase).on(target);
                let error = error.detail(format!("the peer closed before {} came", self.words));
                Some(error.into())
            }
        };
        (data, failure)
    }
}
