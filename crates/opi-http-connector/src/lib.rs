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
//! Invariants: a credential does not cross an origin (scheme, host, port), and once dropped it is
//! not restored; a request that is not idempotent is sent once; a truncated body is an error;
//! no task is spawned, the caller's future moves every byte.
//!
//! | feature | adds | default |
//! |---|---|---|
//! | `connector` | [`connector`]: URLs taken apart, HMAC, gzip, statuses, JSON, XML | no |
//! | `cookies` | a cookie jar in the session (RFC 6265) | yes |
//! | `gzip` | answers in gzip are asked for and decoded | yes |
//! | `tls` | `https` URLs and [`SessionConfig::tls`] | yes |
#![forbid(unsafe_code)]

mod address;
mod body;
mod coding;
mod config;
mod connection;
mod dial;
mod error;
mod exchange;
mod incoming;
mod pool;
mod redirect;
mod request;
mod response;
mod session;

#[cfg(feature = "connector")]
pub mod connector;

#[cfg(feature = "cookies")]
mod cookies;
#[cfg(not(feature = "cookies"))]
mod cookies {
    //! No jar in this build.
    pub(crate) use crate::session::NoJar as Jar;
}

pub use body::Body;
pub use config::{Redirects, SessionConfig, Timeouts};
pub use error::{Error, ErrorKind};
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use incoming::Incoming;
pub use pool::{Closed, PoolConfig, PoolStats};
pub use request::Request;
pub use response::{Facts, Hop, Reason, Response, Timings};
pub use session::{Prepared, Session};
pub use url::Url;
