//! Why a connection ended.

use std::{fmt, io};

/// Why a connection ended.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum End {
    /// The owner closed it.
    ClosedByOwner,
    /// Its place was needed for a new connection.
    Evicted,
    /// The socket failed, in the system's words.
    Failed(String),
    /// What came was no message of the codec, or was cut off: the kind of the fault and its words.
    Framing(opi_framing::ErrorKind, String),
    /// No byte came or went for longer than [`Config::idle_timeout`](crate::Config::idle_timeout).
    Idle,
    /// A message took longer than [`Config::message_timeout`](crate::Config::message_timeout).
    MessageTimeout,
    /// A message could only be sent in part, so that nothing can follow it.
    MessageCut,
    /// The peer ended without the end that TLS demands (`close_notify`): bytes may be missing.
    PeerCut,
    /// The peer has finished sending.
    PeerFinished,
    /// The peer broke the connection off.
    PeerReset,
    /// The server was stopped.
    Stopped,
    /// The peer took none of the queued bytes for longer than
    /// [`Config::write_timeout`](crate::Config::write_timeout).
    WriteTimeout,
}

impl End {
    /// The name that programs compare; never renamed once released.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ClosedByOwner => "closed_by_owner",
            Self::Evicted => "evicted",
            Self::Failed(_) => "failed",
            Self::Framing(kind, _) => kind.code(),
            Self::Idle => "idle_timeout",
            Self::MessageCut => "message_cut",
            Self::MessageTimeout => "message_timeout",
            Self::PeerCut => "cut",
            Self::PeerFinished => "closed",
            Self::PeerReset => "reset",
            Self::Stopped => "stopped",
            Self::WriteTimeout => "write_timeout",
        }
    }

    /// Whether a message was lost, which the owner has to be told with the messages.
    pub(crate) fn loses_a_message(&self) -> bool {
        matches!(self, Self::Framing(..) | Self::MessageTimeout)
    }

    /// Whether the wire is of no use any more.
    pub(crate) fn breaks_the_wire(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::PeerCut | Self::PeerReset | Self::WriteTimeout)
    }

    pub(crate) fn framing(error: &opi_framing::Error) -> Self {
        Self::Framing(error.kind(), error.to_string())
    }

    /// What a failed read or write means.
    pub(crate) fn of(cause: &io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset => Self::PeerReset,
            io::ErrorKind::UnexpectedEof => Self::PeerCut,
            _ => Self::Failed(cause.to_string()),
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClosedByOwner => "closed by the owner",
            Self::Evicted => "closed to make room for a new connection",
            Self::Failed(words) | Self::Framing(_, words) => words,
            Self::Idle => "nothing came or went for too long",
            Self::MessageCut => "a message could only be sent in part",
            Self::MessageTimeout => "a message took too long to come whole",
            Self::PeerCut => "the peer ended without the end that TLS demands",
            Self::PeerFinished => "the peer has finished",
            Self::PeerReset => "the peer broke the connection off",
            Self::Stopped => "the server was stopped",
            Self::WriteTimeout => "the peer took no bytes for too long",
        })
    }
}
