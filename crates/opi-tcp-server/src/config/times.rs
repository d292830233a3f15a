//! How long things may take, and when a connection's time is over. Pure.

use std::time::Duration;

use crate::End;

#[derive(Clone, Debug)]
pub(crate) struct Times {
    pub(crate) handshake: Duration,
    pub(crate) idle: Option<Duration>,
    pub(crate) keepalive: Duration,
    pub(crate) linger: Duration,
    pub(crate) message: Duration,
    pub(crate) write: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            idle: None,
            keepalive: Duration::from_secs(60),
            linger: Duration::from_secs(30),
            message: Duration::from_secs(60),
            write: Duration::from_secs(30),
        }
    }
}

/// How a connection stands at a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    /// The time since a byte came or went.
    pub(crate) quiet: Duration,
    /// Whether bytes wait to be taken or sent.
    pub(crate) waiting: bool,
    /// The time since the first byte of a message that is not whole yet.
    pub(crate) partial: Option<Duration>,
}

/// Whether the time is over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    Over(End),
    /// Look again after so long.
    Wait(Duration),
}

impl Times {
    /// Whether a connection that stands so has to end.
    pub(crate) fn verdict(&self, standing: Standing, codec: bool) -> Verdict {
        let idle = self.idle.map(|limit| {
            let quiet = if standing.waiting { Duration::ZERO } else { standing.quiet };
            (limit, quiet, End::Idle)
        });
        let message = codec.then(|| {
            (self.message, standing.partial.unwrap_or(Duration::ZERO), End::MessageTimeout)
        });
        let mut wait = Duration::MAX;
        for (limit, passed, end) in [message, idle].into_iter().flatten() {
            match limit.checked_sub(passed) {
                Some(left) if !left.is_zero() => wait = wait.min(left),
                _ => return Verdict::Over(end),
            }
        }
        Verdict::Wait(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_over_at_its_limit_and_not_before() {
        let second = Duration::from_secs;
        let times = Times { idle: Some(second(10)), message: second(5), ..Times::default() };
        let standing = |quiet, waiting, partial: Option<u64>| Standing {
            quiet: second(quiet),
            waiting,
            partial: partial.map(second),
        };
        let (wait, over) = (|left| Verdict::Wait(second(left)), Verdict::Over);
        for (given, codec, expected) in [
            (standing(0, false, None), false, wait(10)),
            (standing(9, false, None), false, wait(1)),
            (standing(10, false, None), false, over(End::Idle)),
            (standing(99, true, None), false, wait(10)),
            (standing(0, false, None), true, wait(5)),
            (standing(8, false, None), true, wait(2)),
            (standing(0, true, Some(4)), true, wait(1)),
            (standing(0, true, Some(5)), true, over(End::MessageTimeout)),
            (standing(0, true, Some(5)), false, wait(10)),
        ] {
            assert_eq!(times.verdict(given, codec), expected, "{given:?}");
        }
        let nothing = Times::default().verdict(standing(99, false, None), false);
        assert_eq!(nothing, Verdict::Wait(Duration::MAX));
    }
}
