//! A request as it would be sent.

use http::{HeaderMap, Method};
use url::Url;

use crate::Body;

/// A request as it would be sent: nothing of it has gone anywhere.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The method.
    pub method: Method,
    /// The URL, without a login.
    pub url: Url,
    /// The headers in the order in which they would be sent; those that are secrets are marked
    /// as sensitive.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
}
