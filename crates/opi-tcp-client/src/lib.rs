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
//! | to | use |
//! |---|---|
//! | ask one question | [`request()`] |
//! | ask questions one after the other | [`Connection::request`] |
//! | send and receive at once | [`Connection::into_split`], [`Connection::exchange`] |
//! | receive messages of a protocol | [`Connection::message`] |
//! | send and receive text | [`Connection::send_text`], [`Connection::receive_text`] |
//! | begin TLS in mid-stream | [`Connection::upgrade`] |
//! | end in good order | [`Connection::close_drained`] |
//! | connect anew when the connection breaks | [`Persistent`] |
//! | see what happened | [`Connection::stats`] |
//!
//! Invariants: a byte that was received is handed out once and never lost, also when a future is
//! dropped, a limit is reached or the peer goes away; a send sends all or says how much; every
//! wait has a [`Deadline`](opi_net::Deadline).
//!
//! | feature | adds | default |
//! |---|---|---|
//! | `encodings` | [`Encoding`]s beside UTF-8 and UTF-16: windows-1251, KOI8-R, IBM866 and the rest of the WHATWG Encoding Standard | no |
//! | `idn` | hosts in other letters than ASCII | yes |
//! | `journal` | [`Config::journal`]: a log of what happens | no |
//! | `proxy` | [`Config::route`], [`Config::routes`]: SOCKS and HTTP proxies | yes |
//! | `tls` | [`Config::tls`] and [`Connection::upgrade`]: encrypted connections | yes |
#![forbid(unsafe_code)]

mod both;
mod config;
mod connection;
mod drain;
mod error;
mod exchange;
mod inbound;
mod kinds;
mod log;
mod notes;
mod open;
mod outbound;
mod persistent;
mod reader;
mod received;
mod request;
mod room;
mod stats;
mod text;
mod textual;
mod until;
#[cfg(feature = "tls")]
mod upgrade;
mod writer;

pub use config::Config;
pub use connection::Connection;
pub use drain::Drained;
pub use error::{Error, ErrorKind};
pub use exchange::{AfterSend, Answer};
pub use kinds::ClientErrorKind;
pub use persistent::{Backoff, Greeted, Greeting, Persistent, Repeat, State, Tries, Watch};
pub use reader::Reader;
pub use received::Received;
pub use request::request;
pub use stats::{Outcome, Stats, Traffic};
pub use text::{Encoding, Malformed, ReceivedText, Text};
pub use until::{Reason, Until};
pub use writer::Writer;

pub use opi_net::Timings;
