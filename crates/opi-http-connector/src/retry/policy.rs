//! What is tried again, how often, and for how long.

use std::time::Duration;

use http::{Method, StatusCode};

use super::RetryPause;

/// When a request is tried again. A session tries nothing again unless it is given one.
///
/// What failed before it could be sent is tried again whatever its method is; an answer, or a
/// failure after something was sent, only for the methods allowed. An answer whose body breaks off
/// has failed where all of it is brought ([`Session::send`](crate::Session::send)); where it is
/// read piece by piece, the caller has seen some of it, and nothing is tried again. Wrong URLs, refused
/// certificates, failed TLS handshakes and logins are never tried again: they would fail as before.
/// A body that can be read once only is sent once. Every try is signed, dated and given its cookies
/// anew. Over the tries of a session a [`RetryBudget`](super::RetryBudget) holds.
///
/// ```
/// use opi_http_connector::{RetryMethods, RetryPolicy};
/// use std::time::Duration;
///
/// let policy = RetryPolicy::new().retries(5).within(Duration::from_secs(60));
/// let also_posts = policy.methods(RetryMethods::All);
/// ```
#[must_use]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RetryPolicy {
    pub(super) retries: u32,
    pub(super) within: Duration,
    pub(super) longest_retry_after: Duration,
    pub(super) methods: RetryMethods,
    pub(super) pause: RetryPause,
    pub(super) statuses: RetryStatuses,
}

/// Which methods are tried again after something was sent.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RetryMethods {
    /// Every method: the server is known to bear a second POST.
    All,
    /// Those whose repetition changes nothing (RFC 9110 section 9.2.2): GET, HEAD, OPTIONS, TRACE,
    /// PUT, DELETE.
    Idempotent,
    /// These and no others.
    Only(Vec<Method>),
}

/// Which answers are tried again.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RetryStatuses {
    /// These; and 413, 429 and 503 with `Retry-After`.
    Listed(Vec<StatusCode>),
    /// All of 500 and above; and 413 and 429 with `Retry-After`.
    ServerErrors,
    /// 408, 425, 429, 500, 502, 503 and 504, which name what may pass; and 413 with `Retry-After`.
    Transient,
}

impl RetryPolicy {
    /// 3 retries within 10 minutes of idempotent requests whose failure may pass, with jitter.
    pub fn new() -> Self {
        Self {
            retries: 3,
            within: Duration::from_secs(600),
            longest_retry_after: Duration::from_secs(600),
            methods: RetryMethods::Idempotent,
            pause: RetryPause::default(),
            statuses: RetryStatuses::Transient,
        }
    }

    /// Nothing is tried again.
    pub fn never() -> Self {
        Self::new().retries(0)
    }

    /// How often a request is tried again at most, its redirects included; it is sent once more
    /// than that. Default: 3.
    pub fn retries(self, retries: u32) -> Self {
        Self { retries, ..self }
    }

    /// No try begins later than this after the first. Default: 10 minutes. The deadline of the
    /// call holds beside it: a pause that would outlast it is not begun.
    pub fn within(self, within: Duration) -> Self {
        Self { within, ..self }
    }

    /// The pauses between tries. Default: [`RetryPause::default`]. `Retry-After` makes them longer.
    pub fn pause(self, pause: RetryPause) -> Self {
        Self { pause, ..self }
    }

    /// The longest `Retry-After` that is waited for; one that asks for more is cut to this.
    /// Default: 10 minutes.
    pub fn longest_retry_after(self, longest_retry_after: Duration) -> Self {
        Self { longest_retry_after, ..self }
    }

    /// The methods that are tried again after something was sent. Default: the idempotent ones.
    pub fn methods(self, methods: RetryMethods) -> Self {
        Self { methods, ..self }
    }

    /// The answers that are tried again. Default: [`RetryStatuses::Transient`].
    pub fn statuses(self, statuses: RetryStatuses) -> Self {
        Self { statuses, ..self }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl RetryMethods {
    pub(super) fn cover(&self, method: &Method) -> bool {
        match self {
            Self::All => true,
            Self::Idempotent => method.is_idempotent(),
            Self::Only(methods) => methods.contains(method),
        }
    }
}

impl RetryStatuses {
    pub(super) fn cover(&self, status: StatusCode, retry_after: Option<Duration>) -> bool {
        let status = status.as_u16();
        let asks = retry_after.is_some() && matches!(status, 413 | 429 | 503);
        asks || match self {
            Self::Listed(statuses) => statuses.iter().any(|it| it.as_u16() == status),
            Self::ServerErrors => status >= 500,
            Self::Transient => matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504),
        }
    }
}
