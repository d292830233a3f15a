//! Where a message ends: bytes come in, message ends come out. Pure, incremental, linear.
//!
//! ```
//! use opi_framing::Delimiter;
//!
//! let mut lines = Delimiter::new(b"\r\n".as_slice())?;
//! let mut buffer = b"first\r".to_vec();
//! assert_eq!(lines.find(&buffer), None);
//! buffer.extend_from_slice(b"\nsecond");
//! assert_eq!(lines.find(&buffer), Some(7));
//! # Ok::<(), opi_framing::Error>(())
//! ```
//!
//! Invariants: no socket and no clock is known here; no byte is searched twice, but for the few
//! that may begin a delimiter; nothing is allocated by a length the peer named.
#![forbid(unsafe_code)]

mod delimiter;
mod error;

pub use delimiter::Delimiter;
pub use error::{Error, ErrorKind};
