//! The add-in as its hosts load it: flows, threads, unloading, and under a memory checker.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code: a failure here must fail the test"
)]
#![forbid(unsafe_code)]

mod checks;
mod client;
mod faults;
mod flows;
mod http;
mod http_attacks;
mod http_files;
mod http_log;
mod http_options;
mod http_wrong;
mod life;
mod logs;
mod process;
mod server;
mod setting;
mod settings;
mod tcp;
mod threads;
mod weaknesses;
