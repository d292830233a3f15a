//! Proves the harness by plain tokio and std clients: it does what it says, and its failures fail tests.
#![forbid(unsafe_code)]
#![expect(clippy::expect_used, reason = "test code: a failure here must fail the test")]

mod certificates;
mod client;
mod http_server;
mod httpbin;
mod logs;
mod peer_failures;
mod peers;
mod proxies;
mod proxy_faults;
