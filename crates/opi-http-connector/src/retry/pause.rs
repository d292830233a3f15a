//! How long is waited before the next try.

use std::time::Duration;

/// How the pauses between tries grow.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RetryPause {
    /// `first`, then twice as long each time, exactly: clients that fail together return together.
    Exact {
        /// Before the second try.
        first: Duration,
    },
    /// Anything from nothing to a bound that begins with `first`, doubles each time and ends at
    /// `most`: clients that fail together return one by one.
    FullJitter {
        /// The bound before the second try.
        first: Duration,
        /// The bound that is never passed.
        most: Duration,
    },
}

impl RetryPause {
    /// The pause before the try after `retries` others; `random` is any number.
    pub(super) fn before(self, retries: u32, random: u64) -> Duration {
        let growth = 1_u32.checked_shl(retries).unwrap_or(u32::MAX);
        match self {
            Self::Exact { first } => first.saturating_mul(growth),
            Self::FullJitter { first, most } => {
                let bound = first.saturating_mul(growth).min(most).as_nanos();
                // The product of 64 bits of chance and the bound, without its lower 64 bits, is
                // spread evenly over 0 to the bound; 96 bits hold the longest Duration in use.
                let share = bound.saturating_mul(u128::from(random)) >> 64;
                Duration::from_nanos(u64::try_from(share).unwrap_or(u64::MAX))
            }
        }
    }
}

impl Default for RetryPause {
    /// Full jitter from half a second, up to half a minute.
    fn default() -> Self {
        Self::FullJitter { first: Duration::from_millis(500), most: Duration::from_secs(30) }
    }
}
