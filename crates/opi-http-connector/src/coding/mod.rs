//! Content codings (RFC 9110 section 8.4): gzip, deflate, Brotli and Zstandard are undone piece by piece.
//!
//! [`Decoder`] takes what came and gives at most 64 KiB at a time, so a body that unpacks to
//! gigabytes takes no more memory than one that does not. What is not whole, what has a wrong
//! checksum and what goes on behind its end is an error; only NUL bytes may follow, as padding.
//!
//! A session asks for these codings and undoes them by itself. This module is for bytes that come
//! another way.

mod accepted;
mod decoder;
mod encode;
mod limits;
mod stage;

#[cfg(feature = "brotli")]
mod brotli;
#[cfg(feature = "gzip")]
mod frame;
#[cfg(feature = "gzip")]
mod gunzip;
#[cfg(feature = "gzip")]
mod inflate;
#[cfg(feature = "gzip")]
mod members;
#[cfg(feature = "zstd")]
mod zstd;

#[cfg(test)]
mod tests;

pub use accepted::ACCEPTED;
pub use decoder::Decoder;
#[cfg(feature = "gzip")]
pub(crate) use encode::Gzip;
#[cfg(feature = "gzip")]
pub use encode::gzip;
#[cfg(feature = "gzip")]
pub use gunzip::gunzip;
pub use limits::Limits;
pub(crate) use limits::too_long;
