//! TCP and HTTP that hold up in real networks: any proxy, real TLS, deadlines that hold, errors
//! that say what to do.
//!
//! This crate only gathers the others under one name; each can be taken alone.
//!
//! ```
//! use opi::net::Deadline;
//! use opi::tcp_client::{Config, Connection, Until};
//! use opi::tcp_server::{self, Server};
//! use std::time::Duration;
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let deadline = Deadline::after(Duration::from_secs(5));
//! let server = Server::start(tcp_server::Config::new("127.0.0.1:0".parse()?))?;
//!
//! let config = Config::new(server.address().into());
//! let mut connection = Connection::open(&config, &deadline).await?;
//! connection.send(b"ping\n", &deadline).await?;
//! let Some(message) = server.next(1024, &deadline).await? else { return Ok(()) };
//! server.send(message.connection, &message.data, &deadline).await?;
//!
//! let answer = connection.receive(Until::marker("\n")?, &deadline).await?;
//! assert_eq!(&answer.data[..], b"ping\n");
//! # Ok(())
//! # }
//! ```
//!
//! | module | what it is for |
//! |---|---|
//! | [`auth`] | authorization headers |
//! | [`framing`] | where a message ends |
//! | [`http`] | HTTP sessions |
//! | [`net`] | the words all others share: target, deadline, TLS |
//! | [`proxy`] | routes through proxies |
//! | [`tcp_client`] | one TCP connection |
//! | [`tcp_server`] | a TCP server |
//!
//! | feature | adds | default |
//! |---|---|---|
//! | `aws` | signatures of AWS (Signature Version 4) in [`auth`] and [`http`] | no |
//! | `blocking` | `net::blocking`, which runs futures on the calling thread | no |
//! | `brotli` | HTTP answers in Brotli are decoded | no |
//! | `codec-text` | codecs from and to text | no |
//! | `connector` | `http::connector`: URLs taken apart, HMAC, gzip, statuses, JSON, XML | no |
//! | `cookies` | a cookie jar in HTTP sessions | yes |
//! | `encodings` | text of TCP connections and HTTP bodies in windows-1251, KOI8-R, IBM866 and the rest | no |
//! | `encrypted-keys` | keys encrypted with a passphrase | no |
//! | `gzip` | HTTP answers in gzip and deflate are decoded, bodies of requests compressed | yes |
//! | `http` | [`http`] and [`auth`] | yes |
//! | `idn` | hosts in other letters than ASCII | yes |
//! | `journal` | `net::Journal`, a log in memory and in a file | no |
//! | `pkcs12` | certificates and keys in PKCS#12 | no |
//! | `proxy` | [`proxy`], and routes in the TCP client | yes |
//! | `public-suffix` | cookies for the domain of a registry (`co.uk`) are refused | yes |
//! | `save` | bodies of HTTP answers to files | yes |
//! | `tcp-client` | [`tcp_client`] and [`framing`] | yes |
//! | `tcp-server` | [`tcp_server`] | yes |
//! | `tls` | TLS in everything chosen | yes |
//! | `zstd` | HTTP answers in Zstandard are decoded | no |
//!
//! Invariant: there is no code here.
#![forbid(unsafe_code)]

#[cfg(feature = "http")]
pub use opi_auth as auth;
#[cfg(feature = "tcp-client")]
pub use opi_framing as framing;
#[cfg(feature = "http")]
pub use opi_http_connector as http;
pub use opi_net as net;
#[cfg(feature = "proxy")]
pub use opi_proxy as proxy;
#[cfg(feature = "tcp-client")]
pub use opi_tcp_client as tcp_client;
#[cfg(feature = "tcp-server")]
pub use opi_tcp_server as tcp_server;
