//! Text of bodies: which encoding it is in, and both ways between its bytes and characters.
//!
//! What an answer's body is read in, the first that there is:
//!
//! 1. the encoding that the program names ([`Reading::charset`]);
//! 2. a byte order mark: UTF-8, UTF-16LE, UTF-16BE (it wins over headers, as in the WHATWG Encoding
//!    Standard);
//! 3. the parameter `charset` of `Content-Type`, the first one, when its label is known;
//! 4. what a document says itself in its first 1024 bytes: `<?xml encoding=…?>` in XML,
//!    `<meta charset=…>` in HTML; both are looked for when there is no `Content-Type`;
//! 5. UTF-8. Text without a `charset` is not ISO-8859-1: RFC 9110 dropped that.
//!
//! Labels are those of the WHATWG Encoding Standard, without regard to case. The encodings that it
//! replaces because browsers were attacked with them (ISO-2022-KR, HZ and so on) are refused.
//! UTF-7 is no encoding here: it is read as what the next rule says.

mod charset;
mod declared;
mod read;

pub use charset::Charset;
pub use read::{Decoded, Invalid, Reading, decode};
