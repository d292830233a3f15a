//! Who may wake the future of a caller that blocks, and what its thread hears of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// The two wakers of one run. Both wake the same thread; who holds a clone of which tells whether
/// the thread may wait elsewhere than in the reactor.
#[derive(Debug)]
pub(super) struct Wakers {
    heard: Arc<Heard>,
    counted: Arc<Counted>,
    counted_waker: Waker,
    trusted_waker: Waker,
}

/// Whether somebody woke the future.
#[derive(Debug, Default)]
struct Heard {
    woken: AtomicBool,
    is_parked: AtomicBool,
    parked: Mutex<Option<Waker>>,
}

/// Of the waker that the future is given: each clone is somebody who may wake it at any time.
#[derive(Debug)]
struct Counted(Arc<Heard>);

/// Of the waker that our own sockets, limits and switches use, whose waits are known.
#[derive(Debug)]
struct Trusted(Arc<Heard>);

impl Wakers {
    pub(super) fn new() -> Self {
        let heard = Arc::new(Heard::default());
        let counted = Arc::new(Counted(Arc::clone(&heard)));
        let counted_waker = Waker::from(Arc::clone(&counted));
        let trusted_waker = Waker::from(Arc::new(Trusted(Arc::clone(&heard))));
        Self { heard, counted, counted_waker, trusted_waker }
    }

    pub(super) fn counted(&self) -> &Waker {
        &self.counted_waker
    }

    pub(super) fn trusted(&self) -> &Waker {
        &self.trusted_waker
    }

    /// Whether `waker` is one of the two.
    pub(super) fn is_ours(&self, waker: &Waker) -> bool {
        waker.will_wake(&self.counted_waker) || waker.will_wake(&self.trusted_waker)
    }

    /// Whether somebody else than this value holds the counted waker.
    pub(super) fn others_may_wake(&self) -> bool {
        Arc::strong_count(&self.counted) > OWN
    }

    pub(super) fn is_woken(&self) -> bool {
        self.heard.woken.load(Ordering::SeqCst)
    }

    /// From here on a wake is heard anew.
    pub(super) fn listen(&self) {
        self.heard.woken.store(false, Ordering::SeqCst);
    }

    /// Lets go of whom a wake would wake, and with it of their runtime.
    pub(super) fn unpark(&self) {
        self.heard.is_parked.store(false, Ordering::SeqCst);
        let parked = self.heard.parked.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(parked);
    }

    /// Ready when somebody woke the future; wakes `context` when that comes later.
    pub(super) fn poll_woken(&self, context: &Context<'_>) -> Poll<()> {
        let heard = &*self.heard;
        *heard.parked.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(context.waker().clone());
        heard.is_parked.store(true, Ordering::SeqCst);
        if !self.is_woken() {
            return Poll::Pending;
        }
        heard.is_parked.store(false, Ordering::SeqCst);
        Poll::Ready(())
    }
}

/// The clones of the counted waker that [`Wakers`] itself holds.
const OWN: usize = 2;

impl Heard {
    fn wake(&self) {
        self.woken.store(true, Ordering::SeqCst);
        if self.is_parked.load(Ordering::SeqCst) {
            let parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner).take();
            parked.into_iter().for_each(Waker::wake);
        }
    }
}

impl Wake for Counted {
    fn wake(self: Arc<Self>) {
        self.0.wake();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.wake();
    }
}

impl Wake for Trusted {
    fn wake(self: Arc<Self>) {
        self.0.wake();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_of_the_counted_waker_is_somebody_else() {
        let wakers = Wakers::new();
        assert!(!wakers.others_may_wake());
        let trusted = wakers.trusted().clone();
        assert!(!wakers.others_may_wake());
        let counted = wakers.counted().clone();
        assert!(wakers.others_may_wake());
        drop(counted);
        assert!(!wakers.others_may_wake());
        assert!(wakers.is_ours(&trusted) && !wakers.is_ours(Waker::noop()));
    }

    #[test]
    fn a_wake_is_heard_once_and_from_any_thread() {
        let wakers = Wakers::new();
        for waker in [wakers.counted().clone(), wakers.trusted().clone()] {
            wakers.listen();
            assert!(!wakers.is_woken());
            std::thread::spawn(move || waker.wake()).join().unwrap();
            assert!(wakers.is_woken());
        }
    }

    #[test]
    fn a_parked_thread_is_woken() {
        let (wakers, parked) = (Wakers::new(), Wakers::new());
        let context = Context::from_waker(parked.trusted());
        assert!(wakers.poll_woken(&context).is_pending());
        assert!(!parked.is_woken());
        wakers.counted().wake_by_ref();
        assert!(parked.is_woken() && wakers.poll_woken(&context).is_ready());
    }
}
