//! The requests that were sent before the one whose answer counts.

use std::time::Duration;

use http::{Method, StatusCode};
use url::Url;

/// A request that another one followed.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Hop {
    /// The method that was sent.
    pub method: Method,
    /// The URL that was asked, without a login.
    pub url: Url,
    /// What it answered; none when no answer came.
    pub status: Option<StatusCode>,
    /// The code of the error, when no answer came or, with a status, when it broke off.
    pub error: Option<&'static str>,
    /// Why another request followed.
    pub reason: Reason,
    /// The time it took, opening a connection included, the pause behind it not.
    pub elapsed: Duration,
}

/// Why another request followed.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Reason {
    /// The server or a proxy asked for a login.
    Authentication,
    /// The server would not take the expectation of `Expect: 100-continue`.
    Expectation,
    /// The answer pointed elsewhere.
    Redirect,
    /// The try failed and was repeated.
    Retry,
}

impl Reason {
    /// The name in JSON and in the add-in; never renamed once released.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::Expectation => "expectation",
            Self::Redirect => "redirect",
            Self::Retry => "retry",
        }
    }
}
