//! How far a body has come, told while it moves.

use std::fmt;
use std::sync::Arc;

/// How far a body has come.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Progress {
    /// Which way the body goes.
    pub direction: Direction,
    /// The bytes so far: of a request as handed to the socket, of an answer as received and not
    /// yet decoded. A request that is sent again begins anew.
    pub bytes: u64,
    /// All that will come, where that is known.
    pub total: Option<u64>,
}

/// Which way a body goes.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Direction {
    /// From the server.
    Down,
    /// To the server.
    Up,
}

/// Whom to tell.
#[derive(Clone)]
pub(crate) struct Report(Arc<dyn Fn(Progress) + Send + Sync>);

impl Report {
    pub(crate) fn new(report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self(Arc::new(report))
    }

    pub(crate) fn tell(&self, direction: Direction, bytes: u64, total: Option<u64>) {
        (self.0)(Progress { direction, bytes, total });
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Report(..)")
    }
}
