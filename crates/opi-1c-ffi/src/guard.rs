//! The one place where panics stop.
//!
//! Nothing is printed: the panic hook stays silent on threads that are inside [`run`] and on the
//! add-in's own threads, and passes every other panic to the hook that was there before. In the
//! add-in's library the hook is the library's own; a Rust program that links this crate keeps its
//! hook for its own panics.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

/// Code panicked; where, as `file.rs:line`, when known.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Panicked(pub(crate) String);

/// Runs `body`, which may panic; nothing it left half changed may be used afterwards.
pub(crate) fn run<T>(body: impl FnOnce() -> T) -> Result<T, Panicked> {
    HOOK.call_once(set_hook);
    let _inside = Inside::enter();
    panic::catch_unwind(AssertUnwindSafe(body)).map_err(|payload| {
        // The payload is foreign code's value: its destructor may panic in turn.
        if let Err(another) = panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            let _leaked = Box::into_raw(another);
        }
        Panicked(PLACE.take())
    })
}

/// Keeps panics of the current thread, which is the add-in's own, from being printed.
pub(crate) fn silence_thread() {
    HOOK.call_once(set_hook);
    DEPTH.set(1);
}

struct Inside;

impl Inside {
    fn enter() -> Self {
        DEPTH.set(DEPTH.get() + 1);
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

fn set_hook() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if DEPTH.get() == 0 {
            previous(info);
        } else {
            PLACE.set(place(info));
        }
    }));
}

/// The file's own name only: a path would name the machine that built the library.
fn place(info: &PanicHookInfo<'_>) -> String {
    let Some(location) = info.location() else { return String::new() };
    let file = location.file().rsplit(['/', '\\']).next().unwrap_or_default();
    format!("{file}:{}", location.line())
}

static HOOK: Once = Once::new();

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_value_with_its_place() {
        let Panicked(place) = run(|| panic!("boom")).unwrap_err();
        assert!(place.starts_with("guard.rs:"), "{place}");
        assert_eq!(run(|| 7), Ok(7));
    }

    #[test]
    fn a_payload_that_panics_when_dropped_is_stopped_too() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("again");
            }
        }
        assert!(run(|| panic::panic_any(Bomb)).is_err());
    }
}
