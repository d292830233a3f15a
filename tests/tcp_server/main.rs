//! The TCP server against plain sockets, hostile ones among them.
#![expect(clippy::unwrap_used, reason = "test code: a failure here must fail the test")]
#![forbid(unsafe_code)]

mod admission;
mod descriptors;
mod evil;
mod framing;
mod journal;
mod proxy_protocol;
mod reading;
mod sending;
mod setting;
mod stopping;
mod tls;
mod waiting;
mod weaknesses;
