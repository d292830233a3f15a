//! The acceptance list of the HTTP connector as far as it needs no real server; the rest is in `tests/real/acceptance`.
#![expect(clippy::unwrap_used, reason = "test code: a failure here must fail the test")]
#![forbid(unsafe_code)]

mod codecs;
mod complete;
mod signatures;
mod urls;
mod values;
