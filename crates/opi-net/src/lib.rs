//! The words and the dialing of opi: [`Target`], [`Deadline`], [`Phase`], [`Secret`], name
//! resolution, racing connect (RFC 8305) and TLS questions.
//!
//! ```
//! use opi_net::{Deadline, Target};
//! use std::time::Duration;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let peer = std::net::TcpListener::bind("127.0.0.1:0")?;
//! # let address = peer.local_addr()?;
//! let target: Target = format!("localhost:{}", address.port()).parse()?;
//! let deadline = Deadline::after(Duration::from_secs(5));
//! let stream = opi_net::connect(&target, &deadline).await?;
//! assert_eq!(stream.peer().map(|peer| peer.port()), Some(target.port()));
//! # Ok(())
//! # }
//! ```
//!
//! Invariants: nothing here waits without a [`Deadline`]; a [`Target`] is never resolved to an
//! address and forgotten, because SNI, certificates and proxies need the name; no process-wide
//! rustls provider is installed.
//!
//! | feature | adds | default |
//! |---|---|---|
//! | `blocking` | [`blocking::Runtime`], which runs futures on the calling thread | no |
//! | `encrypted-keys` | private keys encrypted with a passphrase (PKCS#8) | no |
//! | `idn` | hosts in other letters than ASCII ([`Target::ascii_host`]), by the URL standard's rules | yes |
//! | `journal` | `Journal`: a log in memory and in a file, with one thread for each file | no |
//! | `pkcs12` | `tls::Identity::from_pkcs12`: keys and certificates in `.p12` and `.pfx` files | no |
//! | `tls` | [`tls::Tls`] and [`tls::ServerTls`]: rustls with `ring`, the system's roots, bundled roots as the fallback | yes |
#![forbid(unsafe_code)]

mod advice;
mod cancel;
mod deadline;
mod dial;
mod direct;
mod drive;
mod error;
mod home;
mod kinds;
mod phase;
mod resolve;
mod secret;
mod stream;
mod target;
mod timings;

#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "journal")]
pub mod journal;
#[cfg(feature = "tls")]
pub mod tls;

pub use advice::Advice;
pub use cancel::Cancel;
pub use deadline::{Deadline, due};
pub use dial::{Dialer, Family, Keepalive, Nagle, TcpOptions, connect};
pub use direct::{driving, foreign, look, look_anew};
pub use drive::drive;
pub use error::{Error, ErrorKind};
#[cfg(feature = "journal")]
pub use journal::Journal;
pub use phase::Phase;
pub use resolve::resolve;
pub use secret::Secret;
pub use stream::{Layer, Stream, TlsFacts, Watch};
pub use target::{ParseTargetError, Target};
pub use timings::{Timings, timed};
