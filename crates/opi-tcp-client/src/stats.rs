//! What a connection has done so far: counts, times, and how the last call ended.

use std::time::{Duration, SystemTime};

use opi_net::{Phase, Timings};
use tokio::time::Instant;

use crate::{Error, Reason};

/// What a connection has done until the moment it was asked.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stats {
    /// When the connection was opened, by the clock of this machine.
    pub opened: SystemTime,
    /// For how long it has been open.
    pub age: Duration,
    /// How long opening took, the TLS of an upgrade included; zero for a connection made of a
    /// stream.
    pub timings: Timings,
    /// What came.
    pub received: Traffic,
    /// What went.
    pub sent: Traffic,
    /// How the last call ended; nothing before the first.
    pub outcome: Option<Outcome>,
}

/// What went in one direction.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Traffic {
    /// Bytes of data, those still unread included; what TLS and proxies add is not counted.
    pub bytes: u64,
    /// Sends that sent all, or reads that ended with a marker, a size or a message.
    pub messages: u64,
    /// How long ago the last byte went.
    pub idle: Option<Duration>,
}

/// How a call ended. The next call replaces it, whether it fails or not.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It did what it was to do, and received nothing.
    Done,
    /// It failed.
    Failed {
        /// The frozen code of the error.
        code: &'static str,
        /// The phase that failed.
        phase: Option<Phase>,
    },
    /// It received, and ended for this reason.
    Received(Reason),
}

impl From<Reason> for Outcome {
    fn from(reason: Reason) -> Self {
        Self::Received(reason)
    }
}

impl From<&Error> for Outcome {
    fn from(error: &Error) -> Self {
        Self::Failed { code: error.code(), phase: error.phase() }
    }
}

/// Counts one direction.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Meter {
    bytes: u64,
    messages: u64,
    last: Option<Instant>,
}

impl Meter {
    /// Counts bytes that have just gone.
    pub(crate) fn add(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
        self.last = Some(Instant::now());
    }

    /// Counts a message that is whole.
    pub(crate) fn whole(&mut self) {
        self.messages += 1;
    }

    /// How many bytes have gone.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether nothing has gone yet.
    pub(crate) fn is_unused(&self) -> bool {
        self.bytes == 0
    }

    pub(crate) fn traffic(&self) -> Traffic {
        let idle = self.last.map(|last| last.elapsed());
        Traffic { bytes: self.bytes, messages: self.messages, idle }
    }
}
