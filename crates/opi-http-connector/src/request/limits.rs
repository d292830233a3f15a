//! Limits of one request, in place of the session's.

use crate::{Request, Timeouts};

impl Request {
    /// Limits of the single phases; those that are not set here are the session's.
    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }
    }

    /// The most bytes of the answer's body, before and after decoding; more is an error. Default:
    /// the session's.
    pub fn max_body(self, max_body: usize) -> Self {
        Self { max_body: Some(max_body), ..self }
    }
}
