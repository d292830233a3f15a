//! What a session does the same way for every request.

use std::num::NonZeroUsize;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::dial::Dialing;
use crate::request::{parse_header, set_header};
use crate::{Auth, Error, PoolConfig, RedirectPolicy, RetryBudget, RetryPolicy};

mod timeouts;

pub use timeouts::Timeouts;

/// What a session does the same way for every request.
///
/// ```
/// use opi_http_connector::{Redirects, SessionConfig};
///
/// let config = SessionConfig::new()
///     .header("X-Client", "tests")?
///     .route("socks5://proxy.test:1080".parse()?)
///     .redirects(Redirects::Return);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct SessionConfig {
    pub(crate) auth: Auth,
    pub(crate) headers: HeaderMap,
    pub(crate) dialing: Dialing,
    pub(crate) redirects: RedirectPolicy,
    pub(crate) retries: RetryPolicy,
    pub(crate) retry_budget: RetryBudget,
    pub(crate) max_body: Option<usize>,
    pub(crate) pool: PoolConfig,
    pub(crate) timeouts: Timeouts,
}

/// What is done with an answer that points elsewhere.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Redirects {
    /// At most so many are followed; one more is an error.
    Follow(NonZeroUsize),
    /// The answer is returned as it is.
    Return,
}

impl Redirects {
    /// 30 are followed.
    pub(crate) const DEFAULT: Self = Self::Follow(NonZeroUsize::MIN.saturating_add(29));
}

impl SessionConfig {
    /// Straight routes, the system's roots, 30 redirects, bodies of 256 MiB at most in memory.
    pub fn new() -> Self {
        Self {
            auth: Auth::none(),
            headers: HeaderMap::new(),
            dialing: Dialing::default(),
            redirects: RedirectPolicy::new(),
            retries: RetryPolicy::never(),
            retry_budget: RetryBudget::default(),
            max_body: None,
            pool: PoolConfig::new(),
            timeouts: Timeouts::new(),
        }
    }

    /// A header of every request that does not set it itself, 1,000 at most. Default: none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadHeader`](crate::ErrorKind::BadHeader), naming the header.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, Error> {
        let (name, value): (HeaderName, HeaderValue) = parse_header(name, value)?;
        set_header(&mut self.headers, name, value)?;
        Ok(self)
    }

    /// What is done with redirects: how many are followed, or a whole [`RedirectPolicy`]. Default:
    /// 30 are followed, by the standards.
    pub fn redirects(self, redirects: impl Into<RedirectPolicy>) -> Self {
        Self { redirects: redirects.into(), ..self }
    }

    /// When requests are tried again. Default: never, see [`RetryPolicy`].
    pub fn retries(self, retries: RetryPolicy) -> Self {
        Self { retries, ..self }
    }

    /// How much of the session's traffic may be tries made again. Default: 20 for every hundred
    /// requests, and 100 beyond those.
    pub fn retry_budget(self, retry_budget: RetryBudget) -> Self {
        Self { retry_budget, ..self }
    }

    /// The most bytes of a body, before and after decoding; more is an error. Default: 256 MiB
    /// for bodies that are brought to memory, no limit for those that are read piece by piece.
    pub fn max_body(self, max_body: usize) -> Self {
        Self { max_body: Some(max_body), ..self }
    }

    /// How many connections there may be, and for how long they are kept. Default:
    /// [`PoolConfig::new`].
    pub fn pool(self, pool: PoolConfig) -> Self {
        Self { pool, ..self }
    }

    /// The most idle connections kept for later requests, as [`PoolConfig::max_idle`]; 0 keeps
    /// none. Default: 32.
    pub fn max_idle(self, max_idle: usize) -> Self {
        Self { pool: self.pool.max_idle(max_idle), ..self }
    }

    /// Limits of the single phases of every request. Default: none but the deadline.
    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }
    }
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self::new()
    }
}
