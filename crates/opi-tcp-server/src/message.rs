//! What a server hands to its owner.

use std::net::SocketAddr;

use bytes::Bytes;

use crate::{ConnectionId, End};

/// What came from a connection.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Message {
    /// The connection it came from.
    pub connection: ConnectionId,
    /// The address of the peer.
    pub peer: SocketAddr,
    /// The bytes; none when the connection has ended and all its bytes were taken.
    pub data: Bytes,
    /// Whether more may come; a peer that has finished can be answered all the same.
    pub open: bool,
    /// What ended this message.
    pub reason: Reason,
    /// Why nothing more comes, when that is so.
    pub end: Option<End>,
}

/// What ended a message.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reason {
    /// Nothing more comes: [`Message::end`] says why. The bytes, if there are any, are what was
    /// left.
    Closed,
    /// These bytes have come; their end means nothing.
    Data,
    /// The mark that was asked for; the bytes end with it.
    Marker,
    /// The codec.
    Message,
    /// The size that was asked for, or that is the limit.
    Size,
}

impl Reason {
    /// The name that programs compare; never renamed once released.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Data => "data",
            Self::Marker => "marker",
            Self::Message => "message",
            Self::Size => "size",
        }
    }
}
