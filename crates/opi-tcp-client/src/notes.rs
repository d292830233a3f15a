//! What is remembered and logged of each call.

use crate::log::Log;
use crate::stats::Outcome;
use crate::{Drained, Error, Reason, Received, ReceivedText};

/// The outcome of the last call, and the log that all calls go to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    pub(crate) outcome: Option<Outcome>,
    pub(crate) log: Log,
}

impl Notes {
    /// Notes of a new object that goes on logging to the same log.
    pub(crate) fn anew(&self) -> Self {
        Self { outcome: None, log: self.log.clone() }
    }

    /// A call that sent `size` bytes has ended.
    pub(crate) fn sent(&mut self, size: usize, result: &Result<(), Error>) {
        match result {
            Ok(()) => self.log.sent(size),
            Err(error) => self.log.failed("send", error),
        }
        self.did(result);
    }

    /// A call that sent text has ended; it had so many bytes.
    pub(crate) fn sent_text(&mut self, result: &Result<usize, Error>) {
        match result {
            Ok(size) => self.log.sent(*size),
            Err(error) => self.log.failed("send", error),
        }
        self.did(result);
    }

    /// A call that received has ended.
    pub(crate) fn received(&mut self, result: &Result<Received, Error>) {
        self.brought(result.as_ref().map(|received| (received.data.len(), received.reason)));
    }

    /// A call that received text has ended; it had so many bytes.
    pub(crate) fn received_text(&mut self, result: &Result<(ReceivedText, usize), Error>) {
        self.brought(result.as_ref().map(|(received, size)| (*size, received.reason)));
    }

    /// A call that received for an answer has failed after all.
    pub(crate) fn failed(&mut self, error: &Error) {
        self.brought(Err(error));
    }

    fn brought(&mut self, result: Result<(usize, Reason), &Error>) {
        match result {
            Ok((size, reason)) => self.log.received(size, reason),
            Err(error) => self.log.failed("receive", error),
        }
        self.outcome = Some(result.map_or_else(Outcome::from, |(_, reason)| reason.into()));
    }

    /// A drain has ended.
    pub(crate) fn drained(&mut self, result: &Result<Drained, Error>) {
        match result {
            Ok(drained) => self.log.drained(drained),
            Err(error) => self.log.failed("drain", error),
        }
        self.did(result);
    }

    /// The sending direction was ended.
    pub(crate) fn finished(&mut self, result: &Result<(), Error>) {
        match result {
            Ok(()) => self.log.finished(),
            Err(error) => self.log.failed("end sending", error),
        }
        self.did(result);
    }

    fn did<T>(&mut self, result: &Result<T, Error>) {
        self.outcome = Some(result.as_ref().err().map_or(Outcome::Done, Outcome::from));
    }
}
