//! `Authorization` values: Basic (RFC 7617), Bearer (RFC 6750) and Digest (RFC 7616), and the
//! challenges that ask for them.
//!
//! ```
//! let header = opi_auth::basic("Aladdin", "open sesame")?;
//! assert_eq!(header.expose(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
//! assert_eq!(format!("{header:?}"), "Authorization(..)");
//! # Ok::<(), opi_auth::Error>(())
//! ```
//!
//! Invariants: nothing here sends anything, reads a clock or makes random numbers; a secret is
//! never printed; a challenge of the network is read within bounds and never a panic.
//!
//! | feature | adds | default |
//! |---|---|---|
//! | `digest` | Digest answers: MD5, SHA-256 and SHA-512-256 | no |
#![forbid(unsafe_code)]

mod authorization;
mod basic;
mod bearer;
mod challenge;
#[cfg(feature = "digest")]
mod digest;
mod error;
mod grammar;

pub use authorization::Authorization;
pub use basic::basic;
pub use bearer::bearer;
pub use challenge::Challenge;
#[cfg(feature = "digest")]
pub use digest::{AuthenticationInfo, Digest, DigestRequest, DigestSession, Proof};
pub use error::{Error, ErrorKind};
