//! The settings of the text form, one row each.

use std::fmt;

use super::word::{Escapes, words};
use crate::{Covers, Endian, Forms, Includes, Keep, Place, Sum};

/// A setting of the text form: one row of [`Codec::SETTINGS`](crate::Codec::SETTINGS).
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name; never renamed once released.
    pub name: &'static str,
    /// The values it takes.
    pub accepts: Accepts,
    /// Its value when it is not given, as JSON; without one it must be given.
    pub default: Option<&'static str>,
    /// What it says, in English and in Russian.
    pub meaning: [&'static str; 2],
}

/// The values that a setting takes. `Display` says it in words.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub enum Accepts {
    /// Bytes, as a text of hexadecimal digits; spaces between bytes are allowed.
    Bytes,
    /// A whole number.
    Number,
    /// Any text.
    Text,
    /// One of some words.
    Words(fn() -> Vec<&'static str>),
}

impl fmt::Display for Accepts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes => f.write_str("bytes in hexadecimal, as \"0D0A\""),
            Self::Number => f.write_str("a whole number"),
            Self::Text => f.write_str("a text"),
            Self::Words(words) => write!(f, "one of {}", words().join(", ")),
        }
    }
}

const fn setting(
    name: &'static str,
    accepts: Accepts,
    default: Option<&'static str>,
    meaning: [&'static str; 2],
) -> Setting {
    Setting { name, accepts, default, meaning }
}

/// Every setting, in the order they are written.
pub(super) const SETTINGS: &[Setting] = &[
    setting(
        "start",
        Accepts::Bytes,
        Some("\"\""),
        ["what a frame begins with", "чем начинается кадр"],
    ),
    setting("end", Accepts::Bytes, None, ["what a frame ends with", "чем кончается кадр"]),
    setting(
        "size",
        Accepts::Number,
        None,
        ["the bytes of every frame", "длина каждого кадра в байтах"],
    ),
    setting(
        "gap_ms",
        Accepts::Number,
        None,
        [
            "the silence that ends a frame, milliseconds, 1 to 3600000",
            "тишина, которой кончается кадр, миллисекунды, от 1 до 3600000",
        ],
    ),
    setting(
        "width",
        Accepts::Number,
        None,
        ["the bytes or digits of the length, 1 to 8", "байтов или цифр в длине, от 1 до 8"],
    ),
    setting(
        "endian",
        Accepts::Words(words::<Endian>),
        Some("\"big\""),
        [
            "how the length is written; ascii: decimal digits",
            "как записана длина; ascii — десятичные цифры",
        ],
    ),
    setting(
        "offset",
        Accepts::Number,
        Some("0"),
        ["the bytes before the length, 0 to 4096", "байтов перед длиной, от 0 до 4096"],
    ),
    setting(
        "includes",
        Accepts::Words(words::<Includes>),
        Some("\"payload\""),
        [
            "what the length counts: what follows it, itself too, or the whole header too",
            "что считает длина: то, что следует за ней, ещё и себя или ещё и весь заголовок",
        ],
    ),
    setting(
        "adjust",
        Accepts::Number,
        Some("0"),
        [
            "bytes that follow and are not counted; below zero: counted, but do not follow",
            "байты, которые следуют, но не сосчитаны; меньше нуля — сосчитаны, но не следуют",
        ],
    ),
    setting(
        "check",
        Accepts::Words(words::<Option<Sum>>),
        Some("\"none\""),
        ["the check of a frame", "контрольная сумма кадра"],
    ),
    setting(
        "check_covers",
        Accepts::Words(words::<Covers>),
        Some("\"payload_end\""),
        ["what the check is computed over", "по чему считается контрольная сумма"],
    ),
    setting(
        "check_endian",
        Accepts::Words(words::<Endian>),
        Some("\"big\""),
        [
            "how the check is written; ascii: hexadecimal digits",
            "как записана контрольная сумма; ascii — шестнадцатеричные цифры",
        ],
    ),
    setting(
        "check_place",
        Accepts::Words(words::<Place>),
        Some("\"after_end\""),
        [
            "whether the check stands after the end mark or before it",
            "стоит контрольная сумма после конца кадра или перед ним",
        ],
    ),
    setting(
        "escape",
        Accepts::Words(words::<Escapes>),
        Some("\"none\""),
        [
            "how marks inside the payload are hidden",
            "как скрываются байты начала и конца внутри данных",
        ],
    ),
    setting(
        "escape_byte",
        Accepts::Bytes,
        Some("\"7D\""),
        [
            "the byte before a replaced one, with the escapes pairs and xor",
            "байт перед заменённым, при escape pairs и xor",
        ],
    ),
    setting(
        "escape_mask",
        Accepts::Bytes,
        Some("\"20\""),
        [
            "what a byte is changed by, with the escape xor; 00 leaves it as it is",
            "чем изменяется байт, при escape xor; 00 оставляет его как есть",
        ],
    ),
    setting(
        "escape_pairs",
        Accepts::Bytes,
        Some("\"\""),
        [
            "each byte and what stands for it after the escape, with the escape pairs",
            "каждый байт и его замена после байта экранирования, при escape pairs",
        ],
    ),
    setting(
        "forms",
        Accepts::Words(words::<Forms>),
        Some("\"counted\""),
        ["whether lines that end with LF are read too", "читать ли и строки, которые кончаются LF"],
    ),
    setting(
        "begin",
        Accepts::Text,
        Some("\"FIX.4.4\""),
        ["the version, FIX's field 8", "версия, поле 8 FIX"],
    ),
    setting(
        "keep",
        Accepts::Words(words::<Keep>),
        Some("\"payload\""),
        [
            "what the payload is: without marks and length, or the whole frame",
            "что считать данными: без границ и длины или весь кадр",
        ],
    ),
    setting(
        "max",
        Accepts::Number,
        Some("16777216"),
        ["the most bytes of a frame on the wire", "наибольшая длина кадра на проводе, байт"],
    ),
];
