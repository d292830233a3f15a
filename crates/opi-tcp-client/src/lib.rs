//! One TCP connection: open, send all, receive until a reason, half-close, close.
//!
//! ```
//! use opi_net::Deadline;
//! use opi_tcp_client::{Config, Connection, Reason, Until};
//! use std::time::Duration;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let peer = std::net::TcpListener::bind("127.0.0.1:0")?;
//! # let address = peer.local_addr()?.to_string();
//! # let echo = std::thread::spawn(move || -> std::io::Result<()> {
//! #     let (socket, _) = peer.accept()?;
//! #     std::io::copy(&mut &socket, &mut &socket).map(drop)
//! # });
//! let config = Config::new(address.parse()?);
//! let deadline = Deadline::after(Duration::from_secs(5));
//! let mut connection = Connection::open(&config, &deadline).await?;
//! connection.send(b"one\ntwo\n", &deadline).await?;
//! let first = connection.receive(Until::marker("\n")?, &deadline).await?;
//! assert_eq!((&first.data[..], first.reason), (&b"one\n"[..], Reason::Marker));
//! let second = connection.receive(Until::size(4), &deadline).await?;
//! assert_eq!((&second.data[..], second.reason), (&b"two\n"[..], Reason::Size));
//! # drop(connection);
//! # echo.join().map_err(|_| "the echo failed")??;
//! # Ok(())
//! # }
//! ```
//!
//! Invariants: a byte that was received is handed out once and never lost, also when a future is
//! dropped, a limit is reached or the peer goes away; a send sends all or says how much; every
//! wait has a [`Deadline`](opi_net::Deadline).
//!
//! | feature | adds | default |
//! |---|---|---|
//! | `proxy` | [`Config::route`]: SOCKS5 and HTTP proxies | yes |
//! | `tls` | [`Config::tls`]: encrypted connections | yes |
#![forbid(unsafe_code)]

mod config;
mod connection;
mod error;
mod open;
mod reader;
mod until;
mod writer;

pub use config::Config;
pub use connection::Connection;
pub use error::{Error, ErrorKind};
pub use reader::{Reader, Received};
pub use until::{Reason, Until};
pub use writer::Writer;
