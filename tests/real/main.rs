//! The crates against real servers and proxies; run by `cargo xtask test`, which starts them.
#![expect(clippy::unwrap_used, reason = "test code: a failure here must fail the test")]
#![forbid(unsafe_code)]

mod acceptance;
mod authentication;
mod cells;
mod clients;
mod http;
mod http_matrix;
mod https;
mod matrix;
mod moto;
mod openssl;
mod process;
mod proxies;
mod proxy_protocol;
mod routes;
mod server_tls;
mod servers;
mod starttls;
mod tcp;
