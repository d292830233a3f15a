//! What went wrong in a server of the harness; it reaches the test even when nobody asks.

use std::{
    any::Any,
    mem,
    sync::{Arc, Mutex},
    thread,
};

/// The failures of one server; the last owner to go panics when there are any that nobody has seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict(Arc<Mutex<Vec<String>>>);

impl Verdict {
    pub(crate) fn fail(&self, failure: String) {
        self.0.lock().expect("no holder panics").push(failure);
    }

    /// Fails the test with everything that was noted so far.
    pub(crate) fn judge(&self) {
        let failures = mem::take(&mut *self.0.lock().expect("no holder panics"));
        if !failures.is_empty() && !thread::panicking() {
            panic!("{}", failures.join("\n"));
        }
    }
}

/// The text that a panic carried.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a text")
}
