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
//! Invariants: no peer slows another; no lock is held while waiting; every queue has a bound
//! (connections, and unread bytes of each); every task has an owner, and after
//! [`Server::stop`] there is none.
#![forbid(unsafe_code)]

mod accept;
mod config;
mod connection;
mod error;
mod inbox;
mod reading;
mod server;

pub use config::Config;
pub use connection::{ConnectionFacts, ConnectionId, Message};
pub use error::{Error, ErrorKind};
pub use server::Server;
