//! How long each phase of opening took.

use std::time::Duration;

use tokio::time::Instant;

/// How long each phase of opening a connection took; whoever opens adds to it, also when it fails.
///
/// Zero for what was not needed. Attempts that failed count too, so that the phases together are
/// the time it all took.
///
/// ```
/// use opi_net::{Deadline, Dialer, Timings};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let peer = std::net::TcpListener::bind("127.0.0.1:0")?;
/// # let target = peer.local_addr()?.into();
/// let (deadline, mut timings) = (Deadline::after(Duration::from_secs(5)), Timings::default());
/// let _stream = Dialer::new().connect_timed(&target, &deadline, &mut timings).await?;
/// assert!(timings.connect > Duration::ZERO && timings.total() <= deadline.elapsed());
/// # Ok(())
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Timings {
    /// Looking up names here.
    pub resolve: Duration,
    /// Opening sockets.
    pub connect: Duration,
    /// Talking to proxies, TLS to the proxies themselves included.
    pub proxy: Duration,
    /// The TLS handshake with the target.
    pub tls: Duration,
}

impl Timings {
    /// All phases together.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.resolve + self.connect + self.proxy + self.tls
    }
}

/// Runs `step` and adds the time it took to `phase`.
///
/// # Cancel safety
///
/// As that of `step`; the time of a step that is dropped is not added.
pub async fn timed<F: Future>(phase: &mut Duration, step: F) -> F::Output {
    let started = Instant::now();
    let output = step.await;
    *phase += started.elapsed();
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn times_add_up() {
        let mut timings = Timings::default();
        for _ in 0..2 {
            timed(&mut timings.proxy, tokio::time::advance(Duration::from_secs(1))).await;
        }
        timed(&mut timings.tls, tokio::time::advance(Duration::from_secs(3))).await;
        let expected = (Duration::ZERO, Duration::from_secs(2), Duration::from_secs(5));
        assert_eq!((timings.connect, timings.proxy, timings.total()), expected);
    }
}
