//! The kinds of errors, one row each: code, who must act, a cure in English and in Russian.

/// The part of an [`Error`](crate::Error) that a program branches on.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ErrorKind {
    /// The check of a frame is not the check of its bytes.
    BadCheck,
    /// An escape is followed by a byte that means nothing.
    BadEscape,
    /// A length is no number, or too small to be one.
    BadLength,
    /// A setting of a codec is unknown, wrong or contradicts another.
    BadOption,
    /// The codec cannot carry the payload.
    BadPayload,
    /// The delimiter has no bytes.
    EmptyDelimiter,
    /// The delimiter has more than 4096 bytes.
    LongDelimiter,
    /// The frame is longer than the codec allows.
    TooLong,
    /// The stream ended inside a frame.
    Truncated,
    /// The frame does not end as its length says.
    WrongEnd,
    /// The frame does not begin with its start bytes.
    WrongStart,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::BadCheck,
        Self::BadEscape,
        Self::BadLength,
        Self::BadOption,
        Self::BadPayload,
        Self::EmptyDelimiter,
        Self::LongDelimiter,
        Self::TooLong,
        Self::Truncated,
        Self::WrongEnd,
        Self::WrongStart,
    ];

    /// The name that programs compare; never renamed once released.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.advice()[0]
    }

    /// The part of a frame that an error with an offset is about.
    pub(crate) const fn subject(self) -> &'static str {
        match self {
            Self::BadCheck => "frame check",
            Self::BadEscape => "frame escape",
            Self::BadLength => "frame length",
            Self::TooLong => "frame limit",
            Self::WrongEnd => "frame end",
            Self::WrongStart => "frame start",
            _ => "frame",
        }
    }

    /// The row of this kind: its code, who must act, and a cure in English and in Russian.
    #[must_use]
    pub const fn advice(self) -> [&'static str; 4] {
        match self {
            Self::BadCheck => BAD_CHECK,
            Self::BadEscape => BAD_ESCAPE,
            Self::BadLength => BAD_LENGTH,
            Self::BadOption => BAD_OPTION,
            Self::BadPayload => BAD_PAYLOAD,
            Self::EmptyDelimiter => EMPTY_DELIMITER,
            Self::LongDelimiter => LONG_DELIMITER,
            Self::TooLong => TOO_LONG,
            Self::Truncated => TRUNCATED,
            Self::WrongEnd => WRONG_END,
            Self::WrongStart => WRONG_START,
        }
    }
}

const BAD_CHECK: [&str; 4] = [
    "framing_bad_check",
    "peer",
    "Ask for the message again; if it happens every time, compare the check, what it covers and its byte order with the peer's manual.",
    "Запросите сообщение повторно; если так каждый раз, сверьте контрольную сумму, что она охватывает и порядок её байтов с описанием устройства.",
];
const BAD_ESCAPE: [&str; 4] = [
    "framing_bad_escape",
    "peer",
    "Compare the codec's escape with the peer's manual, or ask for the message again.",
    "Сверьте экранирование байтов с описанием устройства или запросите сообщение повторно.",
];
const BAD_LENGTH: [&str; 4] = [
    "framing_bad_length",
    "peer",
    "Compare where the length stands, its width, byte order and what it includes with the peer's manual.",
    "Сверьте место длины, её ширину, порядок байтов и что она включает с описанием устройства.",
];
const BAD_OPTION: [&str; 4] = [
    "framing_bad_option",
    "caller",
    "Correct the option of the codec that the message names.",
    "Исправьте параметр кодека, который назван в сообщении.",
];
const BAD_PAYLOAD: [&str; 4] = [
    "framing_bad_payload",
    "caller",
    "Send a payload that the codec can carry, or take a codec with an escape or a length.",
    "Передайте данные, которые кодек может передать, или выберите кодек с экранированием или длиной.",
];
const EMPTY_DELIMITER: [&str; 4] = [
    "framing_empty_delimiter",
    "caller",
    "Give the bytes that end a message, for example LF.",
    "Укажите байты, которыми кончается сообщение, например LF.",
];
const LONG_DELIMITER: [&str; 4] = [
    "framing_long_delimiter",
    "caller",
    "Give a delimiter of at most 4096 bytes.",
    "Укажите разделитель не длиннее 4096 байт.",
];
const TOO_LONG: [&str; 4] = [
    "framing_too_long",
    "peer",
    "Raise the codec's `max` if messages may be that long; otherwise check that the codec is the peer's.",
    "Увеличьте `max` кодека, если сообщения бывают такими длинными; иначе проверьте, что кодек соответствует устройству.",
];
const TRUNCATED: [&str; 4] = [
    "framing_truncated",
    "peer",
    "The peer closed inside a message: ask for it again.",
    "Соединение закрыто посреди сообщения: запросите его повторно.",
];
const WRONG_END: [&str; 4] = [
    "framing_wrong_end",
    "peer",
    "The announced length is not the real one: ask for the message again, or check that the codec is the peer's.",
    "Объявленная длина не совпала с действительной: запросите сообщение повторно или проверьте, что кодек соответствует устройству.",
];
const WRONG_START: [&str; 4] = [
    "framing_wrong_start",
    "peer",
    "Skip to the next start and go on, or check that the codec is the peer's.",
    "Пропустите данные до следующего начала сообщения или проверьте, что кодек соответствует устройству.",
];
