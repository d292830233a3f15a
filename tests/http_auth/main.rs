//! Authentication over HTTP: signatures and logins against tables, scripted servers and proxies.
#![expect(clippy::unwrap_used, reason = "test code: a failure here must fail the test")]
#![forbid(unsafe_code)]

mod aws_chunks;
mod aws_clock;
mod aws_oracle;
mod aws_suite;
mod body_hash;
mod canary;
mod digest;
#[path = "../fuzz/fuzz_targets/oracle/aws.rs"]
mod oracle;
mod proxies;
mod redirects;
mod schemes;
mod setting;
