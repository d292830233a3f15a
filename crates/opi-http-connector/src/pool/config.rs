//! The limits of a pool.

use std::num::NonZeroUsize;
use std::time::Duration;

/// How many connections a session holds, and for how long it keeps them.
///
/// Everything is decided when the pool is used: there is no background task, so a connection that
/// is too old lies there, unused, until the next request, [`Session::close_idle`] or the end of
/// the session.
///
/// ```
/// use opi_http_connector::PoolConfig;
/// use std::time::Duration;
///
/// let config = PoolConfig::new().max_idle(4).idle_limit(Duration::from_secs(15));
/// assert_ne!(config, PoolConfig::default());
/// ```
///
/// [`Session::close_idle`]: crate::Session::close_idle
#[must_use]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PoolConfig {
    pub(crate) idle_limit: Duration,
    pub(crate) max_age: Duration,
    pub(crate) max_idle: usize,
    pub(crate) max_open: NonZeroUsize,
    pub(crate) max_open_per_host: NonZeroUsize,
    pub(crate) max_waiting: usize,
}

impl PoolConfig {
    /// 256 open connections, 64 of them to one host, 32 idle ones for a minute each, none used
    /// for longer than ten minutes, 4096 requests waiting.
    pub fn new() -> Self {
        Self {
            idle_limit: Duration::from_secs(60),
            max_age: Duration::from_secs(600),
            max_idle: 32,
            max_open: NonZeroUsize::MIN.saturating_add(255),
            max_open_per_host: NonZeroUsize::MIN.saturating_add(63),
            max_waiting: 4096,
        }
    }

    /// The longest time that an unused connection is kept; one unused for longer is closed.
    /// Default: 60 s.
    pub fn idle_limit(self, idle_limit: Duration) -> Self {
        Self { idle_limit, ..self }
    }

    /// The age, since it was opened, at which a connection takes no further request, so that a
    /// name that moved is looked up again. Default: 10 minutes.
    pub fn max_age(self, max_age: Duration) -> Self {
        Self { max_age, ..self }
    }

    /// The most idle connections; the one unused longest gives way, 0 keeps none. Default: 32.
    pub fn max_idle(self, max_idle: usize) -> Self {
        Self { max_idle, ..self }
    }

    /// The most open connections, idle ones included; an idle one gives way to a new one, and
    /// where none is idle, requests wait in the order in which they came. Default: 256.
    pub fn max_open(self, max_open: NonZeroUsize) -> Self {
        Self { max_open, ..self }
    }

    /// The most open connections to one host: to one scheme, host and port by the same route with
    /// the same TLS. Default: 64.
    pub fn max_open_per_host(self, max_open_per_host: NonZeroUsize) -> Self {
        Self { max_open_per_host, ..self }
    }

    /// The most requests that wait for a connection; one more is an error at once. Default: 4096.
    pub fn max_waiting(self, max_waiting: usize) -> Self {
        Self { max_waiting, ..self }
    }
}

impl Default for PoolConfig {
    fn default() -> Self {
        Self::new()
    }
}
