//! `Authorization` values: Basic (RFC 7617) and Bearer (RFC 6750).
//!
//! ```
//! let header = opi_auth::basic("Aladdin", "open sesame")?;
//! assert_eq!(header.expose(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
//! assert_eq!(format!("{header:?}"), "Authorization(..)");
//! # Ok::<(), opi_auth::Error>(())
//! ```
//!
//! Invariants: nothing here sends anything, reads a clock or makes random numbers; a secret is
//! never printed.
#![forbid(unsafe_code)]

mod authorization;
mod basic;
mod bearer;
mod error;

pub use authorization::Authorization;
pub use basic::basic;
pub use bearer::bearer;
pub use error::{Error, ErrorKind};
