//! The TCP client in depth: requests, upgrades, ends, cancelling, counts.
#![expect(clippy::unwrap_used, reason = "test code: a failure here must fail the test")]
#![forbid(unsafe_code)]

mod cancel;
mod ending;
mod journal;
mod persistent;
mod requests;
mod setting;
mod stats;
mod text;
mod upgrade;
mod ways;
mod weaknesses;
