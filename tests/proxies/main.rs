//! Proxies of every kind, the evil ones included, and the tables of logins and of hosts that go
//! around them.
#![expect(clippy::unwrap_used, reason = "test code: a failure here must fail the test")]
#![forbid(unsafe_code)]

mod digest;
mod evil;
mod failover;
mod login;
mod no_proxy;
mod secure;
mod setting;
mod socks;
