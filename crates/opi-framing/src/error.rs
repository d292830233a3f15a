//! Why a framing cannot be used.

use std::{error, fmt};

/// A framing that cannot be used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Error(Box<ErrorKind>);

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }

    /// What is wrong with it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        *self.0
    }

    /// The frozen code of the kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self.0 {
            ErrorKind::EmptyDelimiter => "delimiter: expected at least one byte, got none",
            ErrorKind::LongDelimiter => "delimiter: expected at most 4096 bytes, got more",
        })
    }
}

impl error::Error for Error {}

/// The part of an [`Error`] that a program branches on.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ErrorKind {
    /// The delimiter has no bytes.
    EmptyDelimiter,
    /// The delimiter has more than 4096 bytes.
    LongDelimiter,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::EmptyDelimiter, Self::LongDelimiter];

    /// The name that programs compare; never renamed once released.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.advice()[0]
    }

    /// The row of this kind: its code, who must act, and a cure in English and in Russian.
    #[must_use]
    pub const fn advice(self) -> [&'static str; 4] {
        match self {
            Self::EmptyDelimiter => [
                "framing_empty_delimiter",
                "caller",
                "Give the bytes that end a message, for example LF.",
                "Укажите байты, которыми кончается сообщение, например LF.",
            ],
            Self::LongDelimiter => [
                "framing_long_delimiter",
                "caller",
                "Give a delimiter of at most 4096 bytes.",
                "Укажите разделитель не длиннее 4096 байт.",
            ],
        }
    }
}
