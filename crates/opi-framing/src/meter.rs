//! Counts the bytes that decoding reads, in this crate's own tests; elsewhere it is nothing.

#[cfg(not(test))]
pub(crate) const fn read(_bytes: usize) {}

#[cfg(test)]
pub(crate) use counted::{read, take};

#[cfg(test)]
mod counted {
    use std::cell::Cell;

    thread_local! {
        static READ: Cell<usize> = const { Cell::new(0) };
    }

    pub(crate) fn read(bytes: usize) {
        READ.set(READ.get() + bytes);
    }

    /// How many bytes this thread has read since the last call.
    pub(crate) fn take() -> usize {
        READ.replace(0)
    }
}
