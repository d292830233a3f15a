//! An HTTP client session: pool, cookies, redirects, JSON, proxies and TLS, under one deadline.
//!
//! ```
//! use opi_http_connector::{Request, Session, SessionConfig};
//! use opi_net::Deadline;
//! use std::time::Duration;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use std::io::{Read, Write};
//! # let peer = std::net::TcpListener::bind("127.0.0.1:0")?;
//! # let address = peer.local_addr()?;
//! # let server = std::thread::spawn(move || -> std::io::Result<()> {
//! #     let (mut socket, _) = peer.accept()?;
//! #     socket.read(&mut [0; 4096])?;
//! #     socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"answer\": \"42\"}")
//! # });
//! let session = Session::new(SessionConfig::new());
//! let request = Request::get(&format!("http://{address}/ask"))?.query("question", "6 * 7");
//! let deadline = Deadline::after(Duration::from_secs(5));
//! let response = session.send(request, &deadline).await?;
//! assert_eq!(response.status(), 200);
//! assert_eq!(response.json()?["answer"], "42");
//! # server.join().map_err(|_| "the server failed")??;
//! # Ok(())
//! # }
//! ```
//!
//! A caller that blocks waits by `opi_net::blocking`, with the feature `blocking` of `opi-net`:
//!
//! ```no_run
//! use opi_http_connector::{Request, Response, Session};
//! use opi_net::Deadline;
//! use opi_net::blocking::block_on;
//! use std::time::Duration;
//!
//! fn ask(session: &Session) -> Result<Response, Box<dyn std::error::Error>> {
//!     let limit = Duration::from_secs(5);
//!     let request = Request::get("http://api.example/items")?;
//!     let deadline = Deadline::after(limit);
//!     Ok(block_on(limit, session.send(request, &deadline))??)
//! }
//! ```
//!
//! Invariants: a credential does not cross an origin (scheme, host, port), and once dropped it is
//! not restored; a request that is not idempotent is sent once; a truncated body is an error;
//! no task is spawned, the caller's future moves every byte.
//!
//! | feature | adds | default |
//! |---|---|---|
//! | `aws` | requests signed by AWS Signature Version 4 | no |
//! | `brotli` | answers in Brotli are asked for and decoded | no |
//! | `connector` | [`connector`]: URLs taken apart, HMAC, gzip, statuses, JSON, XML | no |
//! | `cookies` | a cookie jar in the session (RFC 6265bis) | yes |
//! | `encodings` | [`text`] in every encoding of the WHATWG Encoding Standard; without it UTF-8 and UTF-16 | yes |
//! | `gzip` | answers in gzip and deflate are asked for and decoded; bodies of requests in gzip | yes |
//! | `public-suffix` | cookies for the domain of a registry (`co.uk`) are refused, by the list of publicsuffix.org | yes |
//! | `save` | [`Save`] and [`Session::download`]: bodies to files, whole or not there, with resumption and digests | yes |
//! | `tls` | `https` URLs and [`SessionConfig::tls`] | yes |
//! | `zstd` | answers in Zstandard are asked for and decoded | no |
#![forbid(unsafe_code)]

mod address;
mod auth;
mod body;
mod config;
mod connection;
pub mod dates;
mod dial;
mod error;
mod exchange;
mod incoming;
mod multipart;
mod parameters;
mod pool;
mod progress;
mod redirect;
mod request;
mod response;
mod retry;
#[cfg(feature = "save")]
mod save;
mod session;

#[cfg(feature = "connector")]
pub mod connector;

#[cfg(feature = "cookies")]
mod cookies;
#[cfg(not(feature = "cookies"))]
mod cookies {
    //! No jar in this build.
    pub(crate) use crate::session::NoJar as Cookies;
}

pub mod coding;
pub mod text;

pub use address::assume_http;
pub use auth::Auth;
pub use body::Body;
pub use config::{Redirects, SessionConfig, Timeouts};
#[cfg(feature = "cookies")]
pub use cookies::{Cookie, CookieChoice, CookieFile, Cookies, CookiesRead};
pub use error::{Error, ErrorKind};
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use incoming::Incoming;
pub use multipart::{Multipart, Part};
pub use pool::{Closed, PoolConfig, PoolStats};
pub use progress::{Direction, Progress};
pub use redirect::{Downgrade, RedirectPolicy, RedirectRule, RedirectStatus};
pub use request::Request;
pub use response::{Facts, Hop, Reason, Response, Timings};
pub use retry::{RetryBudget, RetryMethods, RetryPause, RetryPolicy, RetryStatuses, retry_after};
#[cfg(feature = "save")]
pub use save::{Broken, Download, Durability, Existing, Save, Saved};
pub use session::{Prepared, Session};
pub use url::Url;
