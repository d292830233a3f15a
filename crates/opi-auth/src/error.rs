//! Why credentials cannot be sent.

use std::{error, fmt};

/// Credentials that cannot be sent, or a server that cannot be trusted; never repeats a secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, Eq, PartialEq)]
struct Inner {
    kind: ErrorKind,
    detail: Option<String>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner { kind, detail: None }))
    }

    /// What is wrong in words of its own.
    #[cfg(any(feature = "aws", feature = "digest"))]
    pub(crate) fn detailed(kind: ErrorKind, detail: &str) -> Self {
        Self(Box::new(Inner { kind, detail: Some(detail.to_owned()) }))
    }

    /// A failure of a scheme of your own, of the kind [`ErrorKind::Scheme`]; `detail` is shown to
    /// the user and must hold no secret.
    #[must_use]
    pub fn of_scheme(detail: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind: ErrorKind::Scheme, detail: Some(detail.into()) }))
    }

    /// What is wrong with them.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The frozen code of the kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(detail) = &self.0.detail {
            return f.write_str(detail);
        }
        f.write_str(match self.0.kind {
            ErrorKind::BadDate => "the time of the signature is no time between 1970 and 9999",
            ErrorKind::BadDigest => {
                "digest: method, target and cnonce: expected visible ASCII characters, at least one"
            }
            ErrorKind::BadExpiry => "a signed URL lives 1 second to 7 days",
            ErrorKind::BadKeys => {
                "access key, token, region and service: expected visible ASCII characters, at least one"
            }
            ErrorKind::BadRequest => "the request cannot be signed: expected a path and a host",
            ErrorKind::BadToken => "token: expected visible ASCII characters, at least one",
            ErrorKind::BadValue => "the header of the scheme cannot be sent",
            ErrorKind::BodyUnknown => "the body is hashed before it is sent, and is not known whole",
            ErrorKind::ControlCharacter => "user or password: a control character stands in it",
            ErrorKind::Scheme => "the scheme failed",
            ErrorKind::ServerUnproven => {
                "the server does not know the password itself: it is not the one we want"
            }
            ErrorKind::UserColon => "user: a colon cannot stand in it",
        })
    }
}

impl error::Error for Error {}

/// The part of an [`Error`] that a program branches on.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ErrorKind {
    /// The time of a signature is no time, or not between 1970 and 9999.
    BadDate,
    /// Method, target or cnonce of a Digest answer are empty or hold anything but visible ASCII.
    BadDigest,
    /// A signed URL shall live less than a second or more than 7 days.
    BadExpiry,
    /// A key, the session token, the region or the service of a signature cannot be sent.
    BadKeys,
    /// A request cannot be signed: it has no path or no host.
    BadRequest,
    /// The token is empty or holds anything but visible ASCII.
    BadToken,
    /// A header of a scheme of one's own cannot be sent.
    BadValue,
    /// The body is hashed before it is sent (`auth-int`, a signature over a plain connection), and
    /// is not known whole.
    BodyUnknown,
    /// The user or the password holds a control character.
    ControlCharacter,
    /// A scheme of one's own failed.
    Scheme,
    /// The server tried to prove that it knows the password, and does not know it.
    ServerUnproven,
    /// The user holds a colon.
    UserColon,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::BadDate,
        Self::BadDigest,
        Self::BadExpiry,
        Self::BadKeys,
        Self::BadRequest,
        Self::BadToken,
        Self::BadValue,
        Self::BodyUnknown,
        Self::ControlCharacter,
        Self::Scheme,
        Self::ServerUnproven,
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
            Self::BadDate => [
                "auth_bad_date",
                "caller",
                "Write x-amz-date as 20150830T123600Z, and check the computer's clock.",
                "Укажите x-amz-date в виде 20150830T123600Z и проверьте часы компьютера.",
            ],
            Self::BadDigest => [
                "auth_bad_digest",
                "caller",
                "Use a method and a target of visible ASCII characters, without quotes.",
                "Задайте метод и адрес запроса видимыми символами ASCII без кавычек.",
            ],
            Self::BadExpiry => [
                "auth_bad_expiry",
                "caller",
                "Let the signed URL live 1 second to 7 days.",
                "Задайте срок подписанной ссылки от 1 секунды до 7 дней.",
            ],
            Self::BadKeys => [
                "auth_bad_keys",
                "caller",
                "Give access key, region and service without spaces, commas and line ends.",
                "Передайте ключ доступа, регион и сервис без пробелов, запятых и переводов строк.",
            ],
            Self::BadRequest => [
                "auth_bad_request",
                "caller",
                "Sign a request that has a host and a target that begins with a slash.",
                "Подписывайте запрос, у которого есть узел и путь, начинающийся с косой черты.",
            ],
            other => other.more_advice(),
        }
    }

    const fn more_advice(self) -> [&'static str; 4] {
        match self {
            Self::BadToken => [
                "auth_bad_token",
                "caller",
                "Give the token itself, without the word Bearer, spaces or line ends.",
                "Передайте сам токен без слова Bearer, пробелов и переводов строк.",
            ],
            Self::BadValue => [
                "auth_bad_value",
                "caller",
                "Give the scheme's header a token as name, and a value without line ends.",
                "Задайте имя заголовка схемы без пробелов, а значение - без переводов строк.",
            ],
            Self::BodyUnknown => [
                "auth_body_unknown",
                "caller",
                "Send a body whose hash can go before it: from memory or a file for Digest auth-int; for AWS without TLS from memory, or in signed chunks.",
                "Отправьте тело, хеш которого может идти раньше тела: для Digest auth-int - из памяти или файла; для AWS без TLS - из памяти или подписанными частями.",
            ],
            Self::ControlCharacter => [
                "auth_control_character",
                "caller",
                "Remove line ends and control characters from the user and the password.",
                "Уберите переводы строк и управляющие символы из имени и пароля.",
            ],
            Self::Scheme => [
                "auth_scheme",
                "caller",
                "See the message: the authentication scheme added by the program failed.",
                "См. сообщение: схема аутентификации, добавленная программой, завершилась ошибкой.",
            ],
            Self::ServerUnproven => [
                "auth_server_unproven",
                "peer",
                "Do not trust the server: it pretends to know the password; check the address and TLS.",
                "Не доверяйте серверу: он лишь делает вид, что знает пароль; проверьте адрес и TLS.",
            ],
            _ => [
                "auth_user_colon",
                "caller",
                "Basic authentication ends the user at the first colon; use a user without one.",
                "Basic завершает имя первым двоеточием; используйте имя без двоеточия.",
            ],
        }
    }
}
