//! How long to wait before the next try. Pure: the random number is an argument.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::num::NonZeroU32;
use std::time::Duration;

/// When to try again, and when to give up.
///
/// The wait before a try is random between nothing and a bound ("full jitter"), so that clients
/// that lost one server do not come back all at once; the bound doubles with every failure.
///
/// The loss of a connection is a failure too, and the first of a new count when the connection was
/// of use: bytes came, or two sends or more went whole, the last at least as long after the
/// connection was opened as the bound after another failure.
///
/// ```
/// use opi_tcp_client::Backoff;
/// use std::time::Duration;
///
/// let backoff = Backoff::new().first(Duration::from_secs(1)).longest(Duration::from_secs(5));
/// let bounds: Vec<_> = (1..=4).map(|failures| backoff.bound(failures).as_secs()).collect();
/// assert_eq!(bounds, [1, 2, 4, 5]);
/// ```
#[must_use]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    one_try: Duration,
    tries: Tries,
    seed: Option<u64>,
}

/// How many tries in a row may fail.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tries {
    /// So many; then the call fails with the last error, and the next call begins anew.
    AtMost(NonZeroU32),
    /// As many as the deadline of the call leaves time for.
    Unlimited,
}

impl Backoff {
    /// The default of each setting.
    pub fn new() -> Self {
        Self {
            first: Duration::from_millis(500),
            longest: Duration::from_secs(30),
            one_try: Duration::from_secs(10),
            tries: Tries::Unlimited,
            seed: None,
        }
    }

    /// The most to wait after the first failure. Default: 500 ms.
    pub fn first(self, first: Duration) -> Self {
        Self { first, ..self }
    }

    /// The most to wait after any failure. Default: 30 s.
    pub fn longest(self, longest: Duration) -> Self {
        Self { longest, ..self }
    }

    /// The most time that one try may take, greeting included. Default: 10 s.
    pub fn one_try(self, one_try: Duration) -> Self {
        Self { one_try, ..self }
    }

    /// How many tries in a row may fail. Default: [`Tries::Unlimited`].
    pub fn tries(self, tries: Tries) -> Self {
        Self { tries, ..self }
    }

    /// Makes the random waits those that follow from `seed`, for tests. Default: the system's
    /// randomness.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// The most to wait after `failures` failures in a row.
    #[must_use]
    pub fn bound(&self, failures: u32) -> Duration {
        let doubled = 2_u32.checked_pow(failures.saturating_sub(1));
        let bound = doubled.and_then(|times| self.first.checked_mul(times));
        bound.map_or(self.longest, |bound| bound.min(self.longest))
    }

    /// The wait after `failures` failures in a row, or nothing when it is time to give up.
    pub(super) fn wait(&self, failures: u32, random: u32) -> Option<Duration> {
        match self.tries {
            Tries::AtMost(most) if failures >= most.get() => None,
            // The random number is a fraction of 2 to the 32nd.
            _ => Some(self.bound(failures).mul_f64(f64::from(random) / TWO_TO_32)),
        }
    }

    pub(super) fn limit_of_one_try(&self) -> Duration {
        self.one_try
    }

    /// Where the random numbers begin.
    pub(super) fn dice(&self) -> Dice {
        Dice(self.seed.unwrap_or_else(|| RandomState::new().build_hasher().finish()))
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new()
    }
}

/// Random numbers (SplitMix64) that only have to differ from client to client.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn roll(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 32) as u32
    }
}

const TWO_TO_32: f64 = 4_294_967_296.0;

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: u32 = 1 << 31;

    #[test]
    fn the_wait_is_a_random_part_of_a_bound_that_doubles() {
        let backoff = Backoff::new().first(Duration::from_secs(2));
        for (failures, random, millis) in [
            (1, 0, 0),
            (1, HALF, 1_000),
            (2, HALF, 2_000),
            (4, HALF, 8_000),
            (5, HALF, 15_000),
            (u32::MAX, HALF, 15_000),
        ] {
            let wait = backoff.wait(failures, random);
            assert_eq!(wait, Some(Duration::from_millis(millis)), "{failures} {random}");
        }
        assert!(backoff.wait(1, u32::MAX).unwrap() <= backoff.bound(1));
    }

    #[test]
    fn tries_end_when_so_many_have_failed() {
        let three = Tries::AtMost(NonZeroU32::new(3).unwrap());
        let backoff = Backoff::new().tries(three);
        assert!(backoff.wait(2, 0).is_some());
        assert_eq!(backoff.wait(3, 0), None);
    }

    #[test]
    fn dice_differ_and_are_the_same_from_the_same_seed() {
        let rolls = |seed| {
            let mut dice = Backoff::new().seed(seed).dice();
            [dice.roll(), dice.roll(), dice.roll()]
        };
        assert_eq!(rolls(1), rolls(1));
        assert_ne!(rolls(1), rolls(2));
        let mut one = Backoff::new().dice();
        let mut other = Backoff::new().dice();
        assert_ne!((one.roll(), one.roll()), (other.roll(), other.roll()));
    }
}
