//! A TCP server for programs that ask: listen, then take the next message of any connection.
//!
//! ```
//! use opi_net::Deadline;
//! use opi_tcp_server::{Config, Server};
//! use std::io::{Read, Write};
//! use std::time::Duration;
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Server::start(Config::new("127.0.0.1:0".parse()?))?;
//! let mut client = std::net::TcpStream::connect(server.address())?;
//! client.write_all(b"hello")?;
//!
//! let deadline = Deadline::after(Duration::from_secs(5));
//! let Some(message) = server.next(1024, &deadline).await? else { return Ok(()) };
//! assert_eq!(&message.data[..], b"hello");
//! server.send(message.connection, b"hello to you", &deadline).await?;
//!
//! let mut answer = [0; 12];
//! client.read_exact(&mut answer)?;
//! assert_eq!(&answer, b"hello to you");
//! server.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! | feature | adds | default |
//! |---|---|---|
//! | `journal` | `Config::journal`: a log in memory and in a file | no |
//! | `tls` | `Config::tls`: encrypted connections, client certificates | yes |
//!
//! Invariants: no peer slows another; no lock is held while waiting; every queue has a bound
//! (connections, and unread bytes of each); every task has an owner, and after
//! [`Server::stop`] there is none.
#![forbid(unsafe_code)]

mod accept;
mod config;
mod connection;
mod end;
mod ends;
mod error;
mod handshake;
mod hub;
mod inbox;
mod listen;
mod log;
mod message;
mod meter;
mod network;
#[cfg(not(feature = "tls"))]
mod no_tls;
mod places;
pub mod proxy_protocol;
mod race;
mod server;
mod task;
mod until;

pub use config::{Config, Ipv6, ProxyProtocol, Untrusted, WhenFull};
pub use connection::{ConnectionFacts, ConnectionId};
pub use end::End;
pub use error::{Error, ErrorKind};
pub use message::{Message, Reason};
pub use network::Network;
pub use server::{Queued, Server, Statistics, To};
pub use until::Until;

#[cfg(not(feature = "tls"))]
use no_tls::ServerTls;
#[cfg(feature = "tls")]
use opi_net::tls::ServerTls;
