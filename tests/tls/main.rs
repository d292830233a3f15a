//! TLS as server and as client, against rustls on the other side.
#![expect(clippy::unwrap_used, reason = "test code: a failure here must fail the test")]
#![forbid(unsafe_code)]

mod certificates;
mod client;
mod identity;
mod resumption;
mod server;
mod server_hostile;
mod setting;
mod system;
