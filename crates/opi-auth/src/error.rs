//! Why credentials cannot be sent.

use std::{error, fmt};

/// Credentials that cannot be sent; never repeats them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Error(Box<ErrorKind>);

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }

    /// What is wrong with them.
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
            ErrorKind::BadDigest => {
                "digest: method, target and cnonce: expected visible ASCII characters, at least one"
            }
            ErrorKind::BodyUnknown => "digest: the server wants the body hashed (auth-int)",
            ErrorKind::BadToken => "token: expected visible ASCII characters, at least one",
            ErrorKind::ControlCharacter => "user or password: a control character stands in it",
            ErrorKind::UserColon => "user: a colon cannot stand in it",
        })
    }
}

impl error::Error for Error {}

/// The part of an [`Error`] that a program branches on.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ErrorKind {
    /// Method, target or cnonce of a Digest answer are empty or hold anything but visible ASCII.
    BadDigest,
    /// The token is empty or holds anything but visible ASCII.
    BadToken,
    /// The server wants `auth-int`, which covers the body, and the body is not known.
    BodyUnknown,
    /// The user or the password holds a control character.
    ControlCharacter,
    /// The user holds a colon.
    UserColon,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::BadDigest,
        Self::BadToken,
        Self::BodyUnknown,
        Self::ControlCharacter,
        Self::UserColon,
    ];

    /// The name that programs compare; never renamed once released.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.advice()[0]
    }

    /// The row of this kind: its code, who must act, and a cure in English and in Russian.
    #[must_use]
    pub const fn advice(self) -> [&'static str; 4] {
        match self {
            Self::BadDigest => [
                "auth_bad_digest",
                "caller",
                "Use a method and a target of visible ASCII characters, without quotes.",
                "Задайте метод и адрес запроса видимыми символами ASCII без кавычек.",
            ],
            Self::BodyUnknown => [
                "auth_body_unknown",
                "caller",
                "The server wants Digest over the body (auth-int): send a body that is known whole.",
                "Сервер требует Digest вместе с телом (auth-int): отправьте тело, известное целиком.",
            ],
            Self::BadToken => [
                "auth_bad_token",
                "caller",
                "Give the token itself, without the word Bearer, spaces or line ends.",
                "Передайте сам токен без слова Bearer, пробелов и переводов строк.",
            ],
            Self::ControlCharacter => [
                "auth_control_character",
                "caller",
                "Remove line ends and control characters from the user and the password.",
                "Уберите переводы строк и управляющие символы из имени и пароля.",
            ],
            Self::UserColon => [
                "auth_user_colon",
                "caller",
                "Basic authentication ends the user at the first colon; use a user without one.",
                "Basic завершает имя первым двоеточием; используйте имя без двоеточия.",
            ],
        }
    }
}
