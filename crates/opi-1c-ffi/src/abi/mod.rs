//! The Native API of 1C: pointers and layouts, and no decision of opi's. The only unsafe code.
//!
//! What the host hands over is read at once and never kept past the call, except the two
//! interfaces that it lends until `Done` and destruction. What it gets is allocated by its own
//! memory manager. Every entry is NULL-safe and goes through [`guard`](crate::guard).

mod entry;
mod exports;
mod host;
mod init_done;
mod interfaces;
#[cfg(not(windows))]
mod itanium;
mod language;
mod locale;
mod memory;
mod methods;
#[cfg(any(windows, test))]
#[cfg_attr(not(windows), expect(dead_code, reason = "only its destructors are tested here"))]
mod msvc;
mod object;
mod pin;
mod properties;
mod text;
mod variant;

#[cfg(test)]
mod tests;

#[cfg(not(windows))]
use itanium as cpp;
#[cfg(windows)]
use msvc as cpp;

pub(crate) use pin::pin_module;
