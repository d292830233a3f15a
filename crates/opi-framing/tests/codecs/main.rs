//! Codecs as their users see them: golden bytes, splits, limits, errors, recovery and the text form.
#![expect(clippy::panic, clippy::unwrap_used, reason = "what is not expected fails the test")]
#![forbid(unsafe_code)]

mod composed;
mod errors;
mod limits;
mod presets;
mod recovery;
mod splits;
mod stream;
#[cfg(feature = "json")]
mod text_form;
