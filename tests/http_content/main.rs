//! Bodies against data of others: codings, encodings, forms of several parts, files.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a failure here must fail the test"
)]
#![forbid(unsafe_code)]

mod charset;
mod compression;
mod multipart;
mod requests;
mod save;
mod setting;
