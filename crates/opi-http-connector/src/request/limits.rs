//! Limits of one request, in place of the session's.

use std::time::Duration;

use crate::{Request, Timeouts};

impl Request {
    /// Limits of the single phases; those that are not set here are the session's.
    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }
    }

    /// Sends `Expect: 100-continue` (RFC 9110 section 10.1.1) and the body only when the server
    /// gives leave, or after `wait` without a word of it; 1 s is usual. A server that refuses gets
    /// no body; one that does not know the expectation (417) is asked again without. Default: the
    /// body is sent at once. Without a body nothing changes.
    pub fn expect_continue(self, wait: Duration) -> Self {
        Self { expect_continue: Some(wait), ..self }
    }

    /// The most bytes of the answer's body, before and after decoding; more is an error. Default:
    /// the session's.
    pub fn max_body(self, max_body: usize) -> Self {
        Self { max_body: Some(max_body), ..self }
    }
}
