//! The language of the scripts: what a peer does, one step after the other.

use std::{fmt, time::Duration};

use crate::gate::{Gate, Meter};

/// What a peer does with one connection. At the end of its steps it closes in good order.
///
/// A step that waits fails the test when it waits longer than the watchdog.
#[must_use]
#[derive(Clone, Debug, Default)]
pub struct Script {
    pub(super) steps: Vec<Step>,
    pub(super) handshake: Handshake,
}

/// How the TLS handshake is meant to end.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Handshake {
    #[default]
    Accepted,
    Refused,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Close,
    Cut,
    Drip(Vec<u8>, Duration),
    Expect(Vec<u8>),
    ExpectClose,
    ExpectGone,
    ExpectUntil(Vec<u8>),
    HalfClose,
    Hold,
    Open(Gate),
    Read(usize),
    ReadMetered(Meter),
    ReadToClose,
    Reset,
    Send(Vec<u8>),
    SendEndlessly(Vec<u8>),
    SendPieces(Vec<u8>, usize),
    Wait(Gate),
}

impl Script {
    /// A script without steps: the connection is accepted and closed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Expects the client to give up the TLS handshake; there are no steps after it.
    pub fn refused_handshake() -> Self {
        Self { steps: Vec::new(), handshake: Handshake::Refused }
    }

    /// Expects exactly these bytes next; the first that differs fails the test at once.
    pub fn expect(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.then(Step::Expect(bytes.into()))
    }

    /// Reads until `marker` has come, whatever stands before it.
    pub fn expect_until(self, marker: impl Into<Vec<u8>>) -> Self {
        self.then(Step::ExpectUntil(marker.into()))
    }

    /// Expects the client to end in good order (FIN, and under TLS close_notify) and to send nothing before.
    pub fn expect_close(self) -> Self {
        self.then(Step::ExpectClose)
    }

    /// Expects the client to go, in good order or not, whatever it sends before.
    pub fn expect_gone(self) -> Self {
        self.then(Step::ExpectGone)
    }

    /// Reads `count` bytes, whatever they are.
    pub fn read(self, count: usize) -> Self {
        self.then(Step::Read(count))
    }

    /// Reads until the client ends in good order, whatever it sends.
    pub fn read_to_close(self) -> Self {
        self.then(Step::ReadToClose)
    }

    /// Reads to the client's end, but no more than `meter` grants; stops when the peer is finished.
    /// The end is seen only when one byte more than was sent is granted.
    pub fn read_metered(self, meter: &Meter) -> Self {
        self.then(Step::ReadMetered(meter.clone()))
    }

    /// Sends `bytes` in one piece.
    pub fn send(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.then(Step::Send(bytes.into()))
    }

    /// Sends `bytes` in pieces of `size`, each with a flush (under TLS each is a record of its own).
    pub fn send_pieces(self, bytes: impl Into<Vec<u8>>, size: usize) -> Self {
        self.then(Step::SendPieces(bytes.into(), size))
    }

    /// Sends `bytes` again and again until the client goes or the peer is finished.
    pub fn send_endlessly(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.then(Step::SendEndlessly(bytes.into()))
    }

    /// Sends `bytes` again and again, once every `pause`, until the client goes or the peer is finished.
    ///
    /// For limits that must hold although something keeps coming; the pause is the subject, not a wait.
    pub fn drip(self, bytes: impl Into<Vec<u8>>, pause: Duration) -> Self {
        self.then(Step::Drip(bytes.into(), pause))
    }

    /// Stalls until the test opens `gate`.
    pub fn wait(self, gate: &Gate) -> Self {
        self.then(Step::Wait(gate.clone()))
    }

    /// Tells the test that the script has come this far.
    pub fn open(self, gate: &Gate) -> Self {
        self.then(Step::Open(gate.clone()))
    }

    /// Keeps the connection open and does nothing until the peer is finished or dropped.
    pub fn hold(self) -> Self {
        self.then(Step::Hold)
    }

    /// Ends the peer's own direction (FIN, under TLS close_notify before it), and goes on reading.
    pub fn half_close(self) -> Self {
        self.then(Step::HalfClose)
    }

    /// Closes in good order.
    pub fn close(self) -> Self {
        self.then(Step::Close)
    }

    /// Closes the socket without TLS's close_notify: a truncation. Without TLS the same as [`close`](Self::close).
    pub fn cut(self) -> Self {
        self.then(Step::Cut)
    }

    /// Resets the connection (RST).
    pub fn reset(self) -> Self {
        self.then(Step::Reset)
    }

    fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Close => f.write_str("close"),
            Self::Cut => f.write_str("cut"),
            Self::Drip(bytes, pause) => write!(f, "drip {} every {pause:?}", excerpt(bytes)),
            Self::Expect(bytes) => write!(f, "expect {}", excerpt(bytes)),
            Self::ExpectClose => f.write_str("expect the client's close"),
            Self::ExpectGone => f.write_str("expect the client to go"),
            Self::ExpectUntil(marker) => write!(f, "expect until {}", excerpt(marker)),
            Self::HalfClose => f.write_str("half-close"),
            Self::Hold => f.write_str("hold"),
            Self::Open(gate) => write!(f, "tell that {}", gate.name()),
            Self::Read(count) => write!(f, "read {count} bytes"),
            Self::ReadMetered(_) => f.write_str("read as granted"),
            Self::ReadToClose => f.write_str("read to the client's close"),
            Self::Reset => f.write_str("reset"),
            Self::Send(bytes) => write!(f, "send {}", excerpt(bytes)),
            Self::SendEndlessly(bytes) => write!(f, "send {} endlessly", excerpt(bytes)),
            Self::SendPieces(bytes, size) => {
                write!(f, "send {} in pieces of {size}", excerpt(bytes))
            }
            Self::Wait(gate) => write!(f, "wait until {}", gate.name()),
        }
    }
}

/// The beginning of `bytes`, quoted and readable, for messages.
pub(super) fn excerpt(bytes: &[u8]) -> String {
    const SHOWN: usize = 200;
    match bytes.get(..SHOWN) {
        Some(head) => format!("\"{}...\" ({} bytes)", head.escape_ascii(), bytes.len()),
        None => format!("\"{}\"", bytes.escape_ascii()),
    }
}
