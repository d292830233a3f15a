//! A value that crosses the boundary, free of pointers.

use std::fmt;

use bytes::Bytes;

/// What a parameter holds, or what a call gives back.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Value {
    /// A truth value.
    Bool(bool),
    /// Binary data.
    Bytes(Bytes),
    /// A date and a time of day.
    Date(Date),
    /// Nothing: `Undefined`, `Null`, or an omitted parameter.
    #[default]
    Empty,
    /// A number with a fraction, or a whole one that came as such.
    Float(f64),
    /// Text that is no text: half of a surrogate pair stands at this position.
    IllFormed(usize),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
    /// A value of a type that the add-in has no use for, by its number.
    Unknown(u16),
}

impl Value {
    /// Describes the value for a message: its type, and the value itself where it cannot be a
    /// secret.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Bool(flag) => flag.to_string(),
            Self::Bytes(bytes) => format!("binary data of {} bytes", bytes.len()),
            Self::Date(date) => format!("the date {date}"),
            Self::Empty => "nothing".to_owned(),
            Self::Float(number) => format!("the number {number}"),
            Self::IllFormed(at) => format!("text with half of a surrogate pair at {at}"),
            Self::Int(number) => format!("the number {number}"),
            Self::Text(text) => format!("text of {} characters", text.chars().count()),
            Self::Unknown(number) => format!("a value of type number {number}"),
        }
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A date as 1C has it: no zone, no fraction of a second.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Date {
    /// 1 to 9999.
    pub(crate) year: i32,
    /// 1 to 12.
    pub(crate) month: i32,
    /// 1 to 31.
    pub(crate) day: i32,
    /// 0 to 23.
    pub(crate) hour: i32,
    /// 0 to 59.
    pub(crate) minute: i32,
    /// 0 to 60.
    pub(crate) second: i32,
}

impl fmt::Display for Date {
    /// As ISO 8601 has it, for example `2026-01-31T23:59:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_iso_text() {
        let date = Date { year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5 };
        assert_eq!(date.to_string(), "2026-01-02T03:04:05");
    }

    #[test]
    fn a_description_never_shows_text_or_bytes() {
        for value in [Value::from("hunter2"), Value::Bytes(Bytes::from_static(b"hunter2"))] {
            assert!(!value.describe().contains("hunter2"), "{}", value.describe());
        }
    }
}
