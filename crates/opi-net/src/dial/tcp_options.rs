//! The options of TCP sockets.

use std::io;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;

use crate::{Error, ErrorKind};

/// The options of a TCP socket; one value serves many sockets, opened or accepted.
///
/// ```
/// use opi_net::{Keepalive, TcpOptions};
/// use std::time::Duration;
///
/// let often = Keepalive::new().idle(Duration::from_secs(10));
/// let options = TcpOptions::new().keepalive(often);
/// assert_ne!(options, TcpOptions::new().keepalive(None));
/// ```
#[must_use]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TcpOptions {
    keepalive: Option<Keepalive>,
    nagle: Nagle,
    user_timeout: Option<Duration>,
}

impl TcpOptions {
    /// [`Keepalive::new`], [`Nagle::Off`] and the system's own limit for data that nobody
    /// acknowledges.
    pub fn new() -> Self {
        Self { keepalive: Some(Keepalive::new()), nagle: Nagle::Off, user_timeout: None }
    }

    /// Probes for a peer that went away without a word, or none. Default: [`Keepalive::new`].
    pub fn keepalive(self, keepalive: impl Into<Option<Keepalive>>) -> Self {
        Self { keepalive: keepalive.into(), ..self }
    }

    /// Whether small writes wait. Default: [`Nagle::Off`].
    pub fn nagle(self, nagle: Nagle) -> Self {
        Self { nagle, ..self }
    }

    /// The longest time that sent data may stay unacknowledged before the connection is given up
    /// (RFC 5482, RFC 9293 section 3.8.3), from 1 ms to 24 hours; less or more is cut to that.
    /// Linux and Android alone have it; elsewhere a socket with it is not opened but answered with
    /// [`ErrorKind::Unsupported`]. With it Linux decides by this time instead of the number of
    /// probes. Default: the system's own limit, on Linux some 15 minutes.
    pub fn user_timeout(self, limit: Duration) -> Self {
        let limit = limit.clamp(Duration::from_millis(1), crate::Deadline::LONGEST);
        Self { user_timeout: Some(limit), ..self }
    }

    /// Sets the options on a connection, for example an accepted one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`]: the system refuses an option.
    pub fn apply(&self, socket: &TcpStream) -> Result<(), Error> {
        self.set(socket).map_err(|cause| Error::new(ErrorKind::Unsupported).because(cause))
    }

    pub(super) fn set<'a, S>(&self, socket: &'a S) -> io::Result<()>
    where
        SockRef<'a>: From<&'a S>,
    {
        let socket = SockRef::from(socket);
        socket.set_tcp_nodelay(self.nagle == Nagle::Off)?;
        match self.keepalive {
            Some(keepalive) => socket.set_tcp_keepalive(&keepalive.to_system())?,
            None => socket.set_keepalive(false)?,
        }
        self.user_timeout.map_or(Ok(()), |limit| set_user_timeout(&socket, limit))
    }
}

impl Default for TcpOptions {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(any(target_os = "android", target_os = "linux"))]
fn set_user_timeout(socket: &SockRef<'_>, limit: Duration) -> io::Result<()> {
    socket.set_tcp_user_timeout(Some(limit))
}

#[cfg(not(any(target_os = "android", target_os = "linux")))]
fn set_user_timeout(_socket: &SockRef<'_>, _limit: Duration) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "this system has no TCP user timeout"))
}

/// Whether small writes wait for the peer's acknowledgement, to be sent together
/// (RFC 9293 section 3.7.4).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Nagle {
    /// Every write is sent at once (`TCP_NODELAY`).
    #[default]
    Off,
    /// Small writes wait; fewer packets, and up to some 40 ms more for each answer.
    On,
}

/// Probes that find a peer which went away without a word (RFC 9293 section 3.8.4).
///
/// They also keep the connection alive in firewalls that forget idle ones.
#[must_use]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Keepalive {
    idle: Duration,
    interval: Duration,
    probes: u32,
}

impl Keepalive {
    /// After 60 s without data a probe each 15 s; 4 of them without an answer end the connection,
    /// so a dead peer is found within two minutes.
    pub fn new() -> Self {
        Self { idle: Duration::from_secs(60), interval: Duration::from_secs(15), probes: 4 }
    }

    /// The time without data before the first probe, in whole seconds from 1 to 32,767; a part of
    /// a second counts as one. Default: 60 s.
    pub fn idle(self, idle: Duration) -> Self {
        Self { idle: whole_seconds(idle), ..self }
    }

    /// The time between probes, in whole seconds from 1 to 32,767; a part of a second counts as
    /// one. Default: 15 s.
    pub fn interval(self, interval: Duration) -> Self {
        Self { interval: whole_seconds(interval), ..self }
    }

    /// How many probes may go unanswered, from 1 to 127. Default: 4.
    pub fn probes(self, probes: u32) -> Self {
        Self { probes: probes.clamp(1, 127), ..self }
    }

    #[cfg(not(target_os = "openbsd"))]
    fn to_system(self) -> TcpKeepalive {
        let keepalive = TcpKeepalive::new().with_time(self.idle);
        keepalive.with_interval(self.interval).with_retries(self.probes)
    }

    /// OpenBSD has times for the whole system only.
    #[cfg(target_os = "openbsd")]
    fn to_system(self) -> TcpKeepalive {
        TcpKeepalive::new()
    }
}

impl Default for Keepalive {
    fn default() -> Self {
        Self::new()
    }
}

/// The largest number of seconds that Linux takes.
const LONGEST: u64 = 32_767;

fn whole_seconds(time: Duration) -> Duration {
    let started = u64::from(time.subsec_nanos() > 0);
    Duration::from_secs(time.as_secs().saturating_add(started).clamp(1, LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: Duration, seconds: u64) {
        assert_eq!(whole_seconds(given), Duration::from_secs(seconds), "{given:?}");
    }

    #[test]
    fn times_are_whole_seconds_that_a_system_takes() {
        check(Duration::ZERO, 1);
        check(Duration::from_millis(1), 1);
        check(Duration::from_millis(1_001), 2);
        check(Duration::from_secs(LONGEST), LONGEST);
        check(Duration::from_secs(LONGEST + 1), LONGEST);
        check(Duration::MAX, LONGEST);
    }
}
