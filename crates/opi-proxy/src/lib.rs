//! Routes to a target: straight, through SOCKS4 and 4a, SOCKS5 (RFC 1928, RFC 1929), HTTP CONNECT
//! (RFC 9110 section 9.3.6) to plain and TLS proxies, and chains of them.
//!
//! ```
//! use opi_net::{Deadline, Target};
//! use opi_proxy::Route;
//! use std::time::Duration;
//!
//! let route: Route = "socks5://user:hunter2@proxy.test:1080".parse()?;
//! assert_eq!(route.to_string(), "socks5://user@proxy.test:1080");
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let peer = std::net::TcpListener::bind("127.0.0.1:0")?;
//! # let target = Target::from(peer.local_addr()?);
//! let deadline = Deadline::after(Duration::from_secs(5));
//! let stream = opi_proxy::connect(&Route::direct(), &target, &deadline).await?;
//! assert!(stream.peer().is_some());
//! # Ok(())
//! # }
//! # main()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariants: bytes that follow a proxy's answer belong to the target and are handed on; a
//! proxy's credentials never reach the target; nothing is retried, but that a proxy
//! that asks for Digest is answered; names go to the proxy as the user wrote them, but for SOCKS4,
//! which knows none, and where it is asked otherwise.
//!
//! | feature | adds | default |
//! |---|---|---|
//! | `http` | HTTP proxies with Basic and Digest authentication | yes |
//! | `idn` | hosts in other letters than ASCII | yes |
//! | `socks4` | SOCKS4 and SOCKS4a proxies | yes |
//! | `socks5` | SOCKS5 proxies with and without a password | yes |
//! | `tls` | TLS to proxies, and in `opi-net` | yes |
#![forbid(unsafe_code)]

mod bypass;
mod connect;
#[cfg(feature = "tls")]
mod encryption;
#[cfg(not(feature = "tls"))]
#[path = "no_encryption.rs"]
mod encryption;
mod error;
mod hop;
mod names;
mod parse;
mod route;
mod routes;
mod settings;

#[cfg(feature = "socks5")]
mod bound;
#[cfg(feature = "http")]
mod http_connect;
#[cfg(feature = "socks4")]
mod socks4;
#[cfg(feature = "socks5")]
mod socks5;

pub use bypass::Bypass;
pub use connect::{connect, connect_by, connect_over, connect_timed, connect_to_proxy};
pub use error::{Culprit, Error, ErrorKind, Reply};
pub use hop::{Hop, Login, LoginBy, Names, Protocol};
pub use parse::ParseRouteError;
pub use route::Route;
pub use routes::Routes;
pub use settings::{ProxySettings, Traffic};
