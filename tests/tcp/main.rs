//! The TCP crates against peers that do not use them: plain, under TLS and through proxies.
#![expect(clippy::unwrap_used, reason = "test code: a failure here must fail the test")]
#![forbid(unsafe_code)]

mod client;
mod messages;
mod names;
mod routes;
mod server;
mod setting;
mod tls;
