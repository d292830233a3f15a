//! What a pool has done and holds.

/// What the pool of a session holds at this moment, and what it has done since the session began.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct PoolStats {
    /// Connections that are open or being opened, idle ones included.
    pub open: usize,
    /// Connections that wait for a request.
    pub idle: usize,
    /// Requests that wait for a connection.
    pub waiting: usize,
    /// Connections that have been opened.
    pub opened: u64,
    /// Requests that were given a connection which had served before.
    pub reused: u64,
    /// Connections that have been closed, by the reason.
    pub closed: Closed,
}

/// How many connections were closed, and why.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Closed {
    /// They had reached their age.
    pub aged: u64,
    /// They were idle and gave way to another connection.
    pub crowded: u64,
    /// The server had closed them while they were idle.
    pub dead: u64,
    /// They were idle for too long.
    pub idle: u64,
    /// Bytes that nobody had asked for came while they were idle.
    pub leftover: u64,
    /// The caller closed the idle connections.
    pub on_request: u64,
    /// The exchange ended so that they could not serve again: the server said so, it failed, or it
    /// was given up.
    pub spent: u64,
}

impl Closed {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        let Self { aged, crowded, dead, idle, leftover, on_request, spent } = self;
        aged + crowded + dead + idle + leftover + on_request + spent
    }

    pub(super) fn count(&mut self, reason: Reason) {
        let counter = match reason {
            Reason::Aged => &mut self.aged,
            Reason::Crowded => &mut self.crowded,
            Reason::Dead => &mut self.dead,
            Reason::Idle => &mut self.idle,
            Reason::Leftover => &mut self.leftover,
            Reason::OnRequest => &mut self.on_request,
            Reason::Spent => &mut self.spent,
        };
        *counter += 1;
    }
}

/// Why a connection is closed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reason {
    Aged,
    Crowded,
    Dead,
    Idle,
    Leftover,
    OnRequest,
    Spent,
}
