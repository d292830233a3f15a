//! From text to bytes. Pure.

use std::borrow::Cow;

use super::encoding::{Encoding, Kind, Order};
use crate::Error;

/// The bytes of `text` in `encoding`.
pub(super) fn encode(encoding: Encoding, text: &str) -> Result<Cow<'_, [u8]>, Error> {
    match encoding.0 {
        #[cfg(feature = "encodings")]
        Kind::Legacy(legacy) => super::legacy::encode(legacy, text),
        Kind::Utf16(order) => Ok(Cow::Owned(utf16(order, text))),
        Kind::Utf8 => Ok(Cow::Borrowed(text.as_bytes())),
    }
}

fn utf16(order: Order, text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(2 * text.len());
    for unit in text.encode_utf16() {
        bytes.extend_from_slice(&match order {
            Order::Big => unit.to_be_bytes(),
            Order::Little => unit.to_le_bytes(),
        });
    }
    bytes
}
