//! The text form of a codec: JSON for settings, command lines and other languages.

mod fields;
mod kind;
mod reference;
mod setting;
mod text;
mod word;

pub use kind::Kind;
pub use setting::{Accepts, Setting};

use crate::Codec;

impl Codec {
    /// Every kind of the text form.
    pub const KINDS: &[Kind] = kind::KINDS;

    /// Every setting of the text form.
    pub const SETTINGS: &[Setting] = setting::SETTINGS;
}
