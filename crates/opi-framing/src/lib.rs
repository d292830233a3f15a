//! Where a message ends: bytes come in, messages come out. Pure, incremental, linear, bounded.
//!
//! ```
//! use opi_framing::Codec;
//!
//! let codec = Codec::preset("stx-etx-lrc")?;
//! let mut wire = Vec::new();
//! codec.encode(b"ABC", &mut wire)?;
//! assert_eq!(wire, b"\x02ABC\x03\x43");
//!
//! // Bytes come as they like: the decoder looks at a buffer that grows.
//! let mut decoder = codec.decoder();
//! assert_eq!(decoder.decode(&wire[..4])?, None);
//! wire.extend_from_slice(b"\x02next");
//! let Some(frame) = decoder.decode(&wire)? else { return Ok(()) };
//! assert_eq!(frame.payload(&wire), b"ABC");
//!
//! // What follows a frame stays in the buffer for the next one.
//! wire.drain(..frame.size());
//! assert_eq!(wire, b"\x02next");
//! assert_eq!(decoder.decode(&wire)?, None);
//! # Ok::<(), opi_framing::Error>(())
//! ```
//!
//! A [`Codec`] is a framing with a limit; it never changes, and client and server share it. A
//! [`Decoder`] is the state of one connection. Framings are [`Delimited`], [`Fix`], [`Fixed`],
//! [`Idle`], [`Length`], [`OctetCount`] and [`Varint`]. [`Delimiter`] alone finds an end mark and
//! knows nothing of payloads.
//!
//! # Invariants
//!
//! * No socket, no clock, no threads: of [`Idle`] the caller watches the time.
//! * However the input is cut, frames and errors are the same.
//! * A byte is read at most eight times, however it comes: a test counts.
//! * Nothing is allocated by a length the peer named; of bytes with escapes a copy is made that is
//!   no longer than they are.
//! * What is encoded is decoded to the same payload; what could not be is refused.
//! * The end of the stream inside a frame is an error: [`Decoder::end`].
//!
//! # Limits
//!
//! A frame has at most [`Codec::MAX`] bytes, 16 MiB, or as many as [`Codec::at_most`] says, marks,
//! header and check included. One byte more is an error as soon as it is announced, or, where
//! nothing is announced, as soon as so many bytes have come without an end.
//! Marks and headers have at most 4096 bytes, decimal lengths 20 digits, varints 10 bytes.
//!
//! # Errors
//!
//! An [`Error`] says what was expected, what came and at which byte of the frame. The decoder
//! then stays failed until [`Decoder::recover`] has found the next start mark, or the byte after
//! the next end mark; codecs that have neither cannot go on.
//!
//! # Standards
//!
//! RFC 6587 sections 3.4.1 and 3.4.2 (syslog), RFC 1006 section 6 (TPKT), RFC 1055 (SLIP), RFC
//! 1662 section 4 (HDLC-like framing); checks by their names in the catalog of parametrised CRCs.
//!
//! # Kinds, settings and presets
//!
//! The names are those of the text form, which the feature `json` reads and writes.
//!
#![doc = include_str!("../codecs.md")]
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `json` | no | the text form: `Codec: FromStr`, `Codec::to_json`, the tables as rows |
#![forbid(unsafe_code)]

mod check;
mod codec;
mod decimal;
mod decoder;
mod delimited;
mod delimiter;
mod endian;
mod error;
mod fix;
mod fixed;
#[cfg(feature = "json")]
mod form;
mod frame;
mod framing;
mod idle;
mod keep;
mod length;
mod meter;
mod needle;
mod octet_count;
mod preset;
mod progress;
#[cfg(test)]
mod tests;
mod varint;

pub use check::{Check, Covers, Place, Sum};
pub use codec::Codec;
pub use decoder::{Decoder, Recovery};
pub use delimited::{Delimited, Escape};
pub use delimiter::Delimiter;
pub use endian::Endian;
pub use error::{Error, ErrorKind};
pub use fix::Fix;
pub use fixed::Fixed;
#[cfg(feature = "json")]
pub use form::{Accepts, Kind, Setting};
pub use frame::Frame;
pub use framing::Framing;
pub use idle::Idle;
pub use keep::Keep;
pub use length::{Includes, Length};
pub use octet_count::{Forms, OctetCount};
pub use preset::Preset;
pub use varint::Varint;
