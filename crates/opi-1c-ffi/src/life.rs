//! The life of an object: which calls are running, how they are ended, and that it is closed.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opi::net::{Cancel, Deadline};

/// Counts the running calls of one object, and ends those that wait.
#[derive(Debug, Default)]
pub(crate) struct Life {
    running: AtomicUsize,
    closed: AtomicBool,
    cancel: Mutex<Cancel>,
    gate: Mutex<()>,
    quiet: Condvar,
}

/// A call that is running; dropped when it has left.
#[derive(Debug)]
pub(crate) struct Running<'life>(&'life Life);

impl Life {
    /// Counts a call in. It may turn out that the object is closed; then the call must not begin.
    pub(crate) fn enter(&self) -> Running<'_> {
        self.running.fetch_add(1, Ordering::SeqCst);
        Running(self)
    }

    /// Whether the object is closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// A limit for a call that begins now; [`Self::cancel`] and [`Self::close`] end it sooner.
    pub(crate) fn deadline(&self, wait: Duration) -> Deadline {
        Deadline::after(wait).or_cancelled(&self.switch())
    }

    /// The switch that ends the calls which begin now.
    pub(crate) fn switch(&self) -> Cancel {
        lock(&self.cancel).clone()
    }

    /// Ends the calls that wait now; later ones are not touched.
    pub(crate) fn cancel(&self) {
        if self.is_closed() {
            return;
        }
        let thrown = std::mem::take(&mut *lock(&self.cancel));
        thrown.cancel();
    }

    /// Ends the calls that wait now and refuses all later ones; returns when every call has left,
    /// or after `patience`.
    pub(crate) fn close(&self, patience: Duration) {
        self.closed.store(true, Ordering::SeqCst);
        // This switch stays in its place, so a call that is just beginning meets it thrown.
        self.switch().cancel();
        let busy = |(): &mut ()| self.running.load(Ordering::SeqCst) > 0;
        let waited = self.quiet.wait_timeout_while(lock(&self.gate), patience, busy);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let Self(life) = self;
        if life.running.fetch_sub(1, Ordering::SeqCst) == 1 && life.is_closed() {
            // Under the gate, so that it cannot fall between the check and the wait of `close`.
            let _gate = lock(&life.gate);
            life.quiet.notify_all();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);
    const GUARD: Duration = Duration::from_secs(20);

    #[test]
    fn cancel_ends_the_calls_of_now_and_not_those_of_later() {
        let life = Life::default();
        let before = life.switch();
        life.cancel();
        assert!(before.is_cancelled());
        assert!(!life.switch().is_cancelled());
    }

    #[test]
    fn close_waits_until_the_last_call_has_left() {
        let life = Life::default();
        let running = life.enter();
        let switch = life.switch();
        std::thread::scope(|scope| {
            let closing = scope.spawn(|| life.close(LONG));
            let begun = Instant::now();
            while !switch.is_cancelled() && begun.elapsed() < GUARD {
                std::thread::yield_now();
            }
            let is_waiting = !closing.is_finished();
            drop(running);
            assert!(switch.is_cancelled(), "close ends the calls that wait");
            assert!(is_waiting);
        });
        assert!(life.switch().is_cancelled(), "a call after close must not wait");
    }

    #[test]
    fn close_gives_up_on_a_call_that_does_not_leave() {
        let life = Life::default();
        let _running = life.enter();
        let begun = Instant::now();
        life.close(Duration::from_millis(20));
        assert!(begun.elapsed() >= Duration::from_millis(20));
    }
}
