//! Servers that misbehave in 102 ways, each in four ways of writing and by five roads.
#![expect(clippy::unwrap_used, reason = "test code: a failure here must fail the test")]
#![forbid(unsafe_code)]

mod case;
mod client;
mod curl;
mod expected;
mod llhttp;
mod measures;
mod own;
mod reply;
mod road;
mod runs;
mod server;
mod writing;
