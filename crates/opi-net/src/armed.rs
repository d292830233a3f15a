//! One timer of each thread that stays armed, so that limits set later wake nobody.
//!
//! tokio rings its reactor for each timer that is due before all those it waits for, though the
//! thread that sets it is the one that will look. A wait whose limit is never reached, which is
//! nearly every one, then costs two calls of the system. While an earlier timer is armed it costs
//! none; when that one is due, the thread wakes once and for nothing.

use std::cell::RefCell;
use std::pin::Pin;

use tokio::runtime::{Handle, Id};
use tokio::time::{Instant, Sleep, sleep_until};

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

struct Kept {
    runtime: Id,
    timer: Pin<Box<Sleep>>,
}

/// Sees to it that a timer of this thread is armed that is due at `moment` or before.
pub(crate) fn keep(moment: Instant) {
    let Ok(runtime) = Handle::try_current().map(|it| it.id()) else { return };
    // At the thread's end there is nothing to keep.
    let _ended = KEPT.try_with(|kept| {
        let Ok(mut kept) = kept.try_borrow_mut() else { return };
        match &mut *kept {
            Some(kept) if kept.runtime == runtime && !kept.timer.is_elapsed() => {
                if kept.timer.deadline() > moment {
                    kept.timer.as_mut().reset(moment);
                }
            }
            kept => {
                let mut timer = Box::pin(sleep_until(moment));
                // Armed without anybody who waits for it.
                timer.as_mut().reset(moment);
                *kept = Some(Kept { runtime, timer });
            }
        }
    });
}

/// Drops the timer of this thread, and with it what it holds of its runtime.
#[cfg(feature = "blocking")]
pub(crate) fn release() {
    let _ended = KEPT.try_with(|kept| kept.take());
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::runtime::Builder;

    use super::*;

    fn due() -> Option<Instant> {
        KEPT.with_borrow(|kept| kept.as_ref().map(|it| it.timer.deadline()))
    }

    #[tokio::test(start_paused = true)]
    async fn the_earliest_limit_stays_armed_until_it_is_due() {
        let begun = Instant::now();
        let after = |seconds| begun + Duration::from_secs(seconds);
        for (limit, kept) in [(30, 30), (40, 30), (5, 5), (6, 5)] {
            keep(after(limit));
            assert_eq!(due(), Some(after(kept)));
        }
        sleep_until(after(7)).await;
        keep(after(60));
        assert_eq!(due(), Some(after(60)));
    }

    #[test]
    fn another_runtime_has_a_timer_of_its_own() {
        let mut armed = Vec::new();
        for seconds in [10, 20] {
            let runtime = Builder::new_current_thread().enable_time().build().unwrap();
            let _inside = runtime.enter();
            let moment = Instant::now() + Duration::from_secs(seconds);
            keep(moment);
            armed.push(due() == Some(moment));
        }
        assert_eq!(armed, [true, true]);
    }
}
