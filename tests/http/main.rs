//! The HTTP connector against servers and proxies that do not use it.
#![expect(clippy::unwrap_used, reason = "test code: a failure here must fail the test")]
#![forbid(unsafe_code)]

mod attacks;
mod bodies;
mod broken_off;
mod callers;
mod client_tables;
mod connections;
mod cookie_files;
mod cookie_table;
mod cookies;
mod dates;
mod defects;
mod early;
mod errors;
#[cfg(target_os = "linux")]
mod huge;
mod idna_rows;
mod limits;
mod options;
mod pool_keys;
mod post_once;
mod public_suffix;
mod redirects;
mod regress_connector;
mod requests;
mod retries;
mod routes;
mod runtimes;
mod setting;
mod streams;
mod unasked;
mod url_rows;
mod waits;
