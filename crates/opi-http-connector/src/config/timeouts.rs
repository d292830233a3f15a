//! Limits of the single phases of a request.

use std::time::Duration;

use opi_net::{Deadline, Phase};

/// How long a phase of a request may take at most. The deadline of the call holds beside them, and
/// is the only limit where nothing is set.
///
/// ```
/// use opi_http_connector::Timeouts;
/// use std::time::Duration;
///
/// let timeouts = Timeouts::new().connect(Duration::from_secs(5)).idle(Duration::from_secs(30));
/// ```
#[must_use]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Timeouts {
    pub(crate) resolve: Option<Duration>,
    pub(crate) connect: Option<Duration>,
    pub(crate) proxy: Option<Duration>,
    pub(crate) tls: Option<Duration>,
    pub(crate) send: Option<Duration>,
    pub(crate) first_byte: Option<Duration>,
    pub(crate) idle: Option<Duration>,
}

impl Timeouts {
    /// No limit but the deadline.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looking up the name of the server. Default: no limit of its own.
    pub fn resolve(self, limit: Duration) -> Self {
        Self { resolve: Some(limit), ..self }
    }

    /// Opening the socket. Default: no limit of its own.
    pub fn connect(self, limit: Duration) -> Self {
        Self { connect: Some(limit), ..self }
    }

    /// Talking to the proxies of a route. Default: no limit of its own.
    pub fn proxy(self, limit: Duration) -> Self {
        Self { proxy: Some(limit), ..self }
    }

    /// The TLS handshake with the server. Default: no limit of its own.
    pub fn tls(self, limit: Duration) -> Self {
        Self { tls: Some(limit), ..self }
    }

    /// The longest time in which the server takes no byte of the request. Default: no limit of its
    /// own.
    pub fn send(self, limit: Duration) -> Self {
        Self { send: Some(limit), ..self }
    }

    /// From the last byte of the request to the head of the answer. Default: no limit of its own.
    pub fn first_byte(self, limit: Duration) -> Self {
        Self { first_byte: Some(limit), ..self }
    }

    /// The longest time between two pieces of the answer's body. Default: no limit of its own.
    pub fn idle(self, limit: Duration) -> Self {
        Self { idle: Some(limit), ..self }
    }

    /// `deadline`, with the limits of the phases in which a connection is opened.
    pub(crate) fn opening(&self, deadline: &Deadline) -> Deadline {
        let limits = [
            (Phase::Resolve, self.resolve),
            (Phase::Connect, self.connect),
            (Phase::Proxy, self.proxy),
            (Phase::Tls, self.tls),
        ];
        let set = limits.into_iter().filter_map(|(phase, limit)| Some((phase, limit?)));
        deadline.clone().with_phases(set)
    }

    /// `deadline`, with the limit of waiting for more of an answer.
    pub(crate) fn reading(&self, deadline: &Deadline) -> Deadline {
        let limit = self.idle.map(|limit| (Phase::Idle, limit));
        deadline.clone().with_phases(limit)
    }

    /// These limits, and those of `others` where these say nothing.
    pub(crate) fn or(self, others: Self) -> Self {
        Self {
            resolve: self.resolve.or(others.resolve),
            connect: self.connect.or(others.connect),
            proxy: self.proxy.or(others.proxy),
            tls: self.tls.or(others.tls),
            send: self.send.or(others.send),
            first_byte: self.first_byte.or(others.first_byte),
            idle: self.idle.or(others.idle),
        }
    }
}
