//! Why bytes are no frame, or why a codec cannot be used.

mod kind;

use std::{borrow::Cow, error, fmt};

pub use kind::ErrorKind;

/// Bytes that are no frame, a payload that no frame can carry, or a codec that cannot be used.
///
/// `Display` says what was expected, what came and at which byte.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, Eq, PartialEq)]
struct Inner {
    kind: ErrorKind,
    text: Cow<'static, str>,
    offset: Option<usize>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, text: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, text: text.into(), offset: None }))
    }

    /// What is wrong with the byte at `offset` of a frame.
    pub(crate) fn at(
        kind: ErrorKind,
        offset: usize,
        expected: impl fmt::Display,
        got: impl fmt::Display,
    ) -> Self {
        let text = format!("expected {expected}, got {got}").into();
        Self(Box::new(Inner { kind, text, offset: Some(offset) }))
    }

    /// What is wrong with a setting of a codec.
    pub(crate) fn option(name: &str, expected: impl fmt::Display, got: impl fmt::Display) -> Self {
        let text = format!("codec option `{name}`: expected {expected}, got {got}");
        Self::new(ErrorKind::BadOption, text)
    }

    /// Why a payload cannot be encoded.
    pub(crate) fn payload(expected: impl fmt::Display, got: impl fmt::Display) -> Self {
        Self::new(ErrorKind::BadPayload, format!("payload: expected {expected}, got {got}"))
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The frozen code of the kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }

    /// The byte at fault, counted from the front of its frame; none when no frame was decoded.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        self.0.offset
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, text, offset } = &*self.0;
        match offset {
            Some(offset) => write!(f, "{}: {text} at byte {offset} of the frame", kind.subject()),
            None => f.write_str(text),
        }
    }
}

impl error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_pointer_wide_and_can_travel() {
        fn travels<T: Send + Sync + 'static>() {}
        travels::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn an_error_says_what_was_expected_what_came_and_where() {
        let error = Error::at(ErrorKind::WrongStart, 1, "0x0B", "0x41");
        assert_eq!(
            error.to_string(),
            "frame start: expected 0x0B, got 0x41 at byte 1 of the frame"
        );
        assert_eq!(error.offset(), Some(1));
        let error = Error::option("width", "1 to 8", 9);
        assert_eq!(error.to_string(), "codec option `width`: expected 1 to 8, got 9");
        assert_eq!((error.code(), error.offset()), ("framing_bad_option", None));
    }
}
