//! How much of a session's traffic may be tries made again.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// What the retries of a session may cost: when a server is down, many clients that each try again
/// a few times multiply what it has to bear.
///
/// A reserve is spent by retries, one each, and is filled by requests: each adds a share, up to the
/// whole reserve. When it is empty, failures are returned as they are.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RetryBudget {
    /// The reserve, in retries, and the share of one that each request adds, in percent.
    Share {
        /// As many retries as may be made beyond the share.
        reserve: u16,
        /// Retries for every hundred requests.
        percent: u8,
    },
    /// The policy of each request is all that limits it.
    Unlimited,
}

impl Default for RetryBudget {
    /// 20 retries for every hundred requests, and 100 beyond those.
    fn default() -> Self {
        Self::Share { reserve: 100, percent: 20 }
    }
}

/// What is left of a budget, in hundredths of a retry.
#[derive(Debug)]
pub(crate) struct Purse {
    budget: RetryBudget,
    left: AtomicU32,
}

impl Purse {
    pub(crate) fn new(budget: RetryBudget) -> Self {
        Self { budget, left: AtomicU32::new(full(budget)) }
    }

    /// A request begins.
    pub(crate) fn earn(&self) {
        let RetryBudget::Share { percent, .. } = self.budget else { return };
        let full = full(self.budget);
        if self.left.load(Relaxed) < full {
            let more = |left: u32| Some(left.saturating_add(percent.into()).min(full));
            let _earned = self.left.fetch_update(Relaxed, Relaxed, more);
        }
    }

    /// Takes the price of one retry, if it is there.
    pub(crate) fn spend(&self) -> bool {
        match self.budget {
            RetryBudget::Unlimited => true,
            RetryBudget::Share { .. } => {
                self.left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(RETRY)).is_ok()
            }
        }
    }
}

fn full(budget: RetryBudget) -> u32 {
    match budget {
        RetryBudget::Share { reserve, .. } => u32::from(reserve) * RETRY,
        RetryBudget::Unlimited => 0,
    }
}

const RETRY: u32 = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn spent(purse: &Purse) -> usize {
        std::iter::from_fn(|| purse.spend().then_some(())).count()
    }

    #[test]
    fn retries_are_a_share_of_the_requests() {
        let purse = Purse::new(RetryBudget::Share { reserve: 10, percent: 20 });
        assert_eq!(spent(&purse), 10);
        (0..4).for_each(|_| purse.earn());
        assert_eq!(spent(&purse), 0);
        (0..46).for_each(|_| purse.earn());
        assert_eq!(spent(&purse), 10);
        (0..100).for_each(|_| purse.earn());
        assert_eq!(spent(&purse), 10, "the reserve has an end");
    }

    #[test]
    fn a_budget_of_nothing_and_one_without_end() {
        let nothing = Purse::new(RetryBudget::Share { reserve: 0, percent: 20 });
        (0..100).for_each(|_| nothing.earn());
        assert!(!nothing.spend());
        let endless = Purse::new(RetryBudget::Unlimited);
        assert!((0..1000).all(|_| endless.spend()));
    }
}
