//! The steps an operation goes through, as named in errors and timings.

use std::fmt;

/// A step of an operation.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Phase {
    /// Waiting for a connection to come free.
    Queue,
    /// Looking up the addresses of a name.
    Resolve,
    /// Opening the socket.
    Connect,
    /// Talking to a proxy.
    Proxy,
    /// The TLS handshake.
    Tls,
    /// Sending.
    Send,
    /// Waiting for the first byte of an answer.
    FirstByte,
    /// Waiting between bytes.
    Idle,
    /// The operation as a whole.
    Total,
}

impl Phase {
    /// Every phase, in the order in which an operation goes through them.
    pub const ALL: &[Self] = &[
        Self::Queue,
        Self::Resolve,
        Self::Connect,
        Self::Proxy,
        Self::Tls,
        Self::Send,
        Self::FirstByte,
        Self::Idle,
        Self::Total,
    ];

    /// The name in JSON and in the add-in; never renamed once released.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Proxy => "proxy",
            Self::Tls => "tls",
            Self::Send => "send",
            Self::FirstByte => "first_byte",
            Self::Idle => "idle",
            Self::Total => "total",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
