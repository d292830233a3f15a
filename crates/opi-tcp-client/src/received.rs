//! What a read returned, and why it ended.

use bytes::Bytes;

use crate::Reason;

/// What a read returned, and why it ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Received {
    /// The bytes; with [`Reason::Marker`] they end with the marker.
    pub data: Bytes,
    /// The one reason the read ended for.
    pub reason: Reason,
}
