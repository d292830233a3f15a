//! Whether a connection that is lost was of use, so that its loss begins a new count. Pure.

use std::time::Duration;

use crate::Stats;

/// Bytes that came prove it. So do sends, though a peer that accepts and hangs up takes one as
/// well: a second one has to have gone, and after at least the time that is waited for after
/// another failure.
pub(super) fn was_of_use(stats: &Stats, wait: Duration) -> bool {
    let lived = stats.sent.idle.map(|idle| stats.age.saturating_sub(idle));
    let sends = stats.sent.messages > 1 && lived.is_some_and(|lived| lived >= wait);
    stats.received.bytes > 0 || sends
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::Traffic;

    #[test]
    fn bytes_that_came_or_sends_that_went_for_long_enough_prove_it() {
        let stats = |came, sends, idle: Option<u64>| Stats {
            opened: SystemTime::UNIX_EPOCH,
            age: Duration::from_secs(10),
            timings: opi_net::Timings::default(),
            received: Traffic { bytes: came, ..Traffic::default() },
            sent: Traffic { bytes: 9, messages: sends, idle: idle.map(Duration::from_secs) },
            outcome: None,
        };
        for (stats, expected) in [
            (stats(1, 0, None), true),
            (stats(0, 0, None), false),
            (stats(0, 0, Some(1)), false),
            (stats(0, 1, Some(1)), false),
            (stats(0, 2, Some(1)), true),
            (stats(0, 2, Some(4)), true),
            (stats(0, 2, Some(5)), false),
        ] {
            assert_eq!(was_of_use(&stats, Duration::from_secs(6)), expected, "{stats:?}");
        }
    }
}
