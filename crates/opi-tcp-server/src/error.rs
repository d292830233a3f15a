//! Why a server could not do what was asked.

use std::{error, fmt, io};

use opi_net::Phase;

use crate::ConnectionId;

/// A server's failed operation.
///
/// `Display` prints this level only; the cause is in [`source`](error::Error::source).
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    detail: String,
    lower: Option<Lower>,
    sent: usize,
}

/// What failed below.
#[derive(Debug)]
enum Lower {
    Framing(opi_framing::Error),
    Io(io::Error),
    Net(opi_net::Error),
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self::with(kind, kind.words().to_owned(), None)
    }

    pub(crate) fn bind(address: std::net::SocketAddr, cause: io::Error) -> Self {
        let detail = match cause.kind() {
            io::ErrorKind::AddrInUse => format!("cannot listen on {address}: the port is in use"),
            _ => format!("cannot listen on {address}"),
        };
        Self::with(ErrorKind::Bind, detail, Some(Lower::Io(cause)))
    }

    pub(crate) fn unknown(id: ConnectionId) -> Self {
        let detail = format!("there is no connection {id}");
        Self::with(ErrorKind::UnknownConnection, detail, None)
    }

    pub(crate) fn option(name: &str, expected: impl fmt::Display, got: impl fmt::Display) -> Self {
        let detail = format!("{name}: expected {expected}, got {got}");
        Self::with(ErrorKind::BadOption, detail, None)
    }

    pub(crate) fn config(name: &str, expected: impl fmt::Display, got: impl fmt::Display) -> Self {
        let detail = format!("{name}: expected {expected}, got {got}");
        Self::with(ErrorKind::BadConfig, detail, None)
    }

    pub(crate) fn queue_full(unsent: usize, limit: usize) -> Self {
        let detail = format!("the send queue is full: {unsent} of {limit} bytes wait already");
        Self::with(ErrorKind::QueueFull, detail, None)
    }

    pub(crate) fn after_sending(mut self, sent: usize) -> Self {
        self.0.sent = sent;
        self
    }

    /// How many bytes of the data had been sent; 0 when the operation was no send.
    #[must_use]
    pub fn sent(&self) -> usize {
        self.0.sent
    }

    opi_net::error_row!(ErrorKind);

    /// The phase that failed, when it was a wait.
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        match &self.0.lower {
            Some(Lower::Net(net)) => net.phase(),
            _ => None,
        }
    }

    fn with(kind: ErrorKind, detail: String, lower: Option<Lower>) -> Self {
        Self(Box::new(Inner { kind, detail, lower, sent: 0 }))
    }
}

impl From<opi_framing::Error> for Error {
    fn from(framing: opi_framing::Error) -> Self {
        let kind = ErrorKind::Framing(framing.kind());
        Self::with(kind, String::new(), Some(Lower::Framing(framing)))
    }
}

impl From<opi_net::Error> for Error {
    fn from(net: opi_net::Error) -> Self {
        Self::with(ErrorKind::Net(net.kind()), String::new(), Some(Lower::Net(net)))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.lower {
            Some(Lower::Framing(framing)) => framing.fmt(f),
            Some(Lower::Net(net)) => net.fmt(f),
            Some(Lower::Io(_)) | None => f.write_str(&self.0.detail),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self.0.lower.as_ref()? {
            Lower::Framing(framing) => framing.source(),
            Lower::Io(cause) => Some(cause),
            Lower::Net(net) => net.source(),
        }
    }
}

opi_net::error_kinds! {
    /// The part of an [`Error`] that a program branches on.
    pub enum ErrorKind {
        /// The server cannot work with a setting, or not with it and another together.
        BadConfig {
            code: "server_bad_config",
            who: "caller",
            words: "the server cannot work with its settings",
            english: "Give the setting that the message names a value as it expects.",
            russian: "Задайте названной в сообщении настройке значение, которое там ожидается.",
        }
        /// A setting is wrong, or not possible together with another.
        BadOption {
            code: "server_bad_option",
            who: "caller",
            words: "a setting of the server is wrong",
            english: "Correct the setting that the message names.",
            russian: "Исправьте настройку, которая названа в сообщении.",
        }
        /// The address cannot be listened on.
        Bind {
            code: "server_bind",
            who: "administrator",
            words: "the address cannot be listened on",
            english: "Choose a free port and an address of this machine.",
            russian: "Выберите свободный порт и адрес этого компьютера.",
        }
        /// No runtime runs the caller, so the server's tasks cannot be started.
        NoRuntime {
            code: "server_no_runtime",
            who: "caller",
            words: "a server is started inside a tokio runtime",
            english: "Start the server from inside a tokio runtime.",
            russian: "Запускайте сервер внутри среды tokio.",
        }
        /// A peer takes its bytes too slowly: the queue of what waits for it is full.
        QueueFull {
            code: "server_queue_full",
            who: "peer",
            words: "the send queue of the connection is full",
            english: "Wait until the peer has taken what is queued, send with a deadline, or close the connection.",
            russian: "Дождитесь, пока другая сторона примет очередь, отправляйте с ожиданием или закройте соединение.",
        }
        /// Sending on the connection was finished by its owner.
        SendingFinished {
            code: "server_sending_finished",
            who: "caller",
            words: "sending on this connection was finished",
            english: "Send everything before finishing, or wait for a new connection.",
            russian: "Отправляйте всё до завершения отправки или дождитесь нового соединения.",
        }
        /// The server has been stopped.
        Stopped {
            code: "server_stopped",
            who: "caller",
            words: "the server is stopped",
            english: "Start the server before asking it for anything.",
            russian: "Запустите сервер, прежде чем обращаться к нему.",
        }
        /// There is no connection of that number, or it has ended.
        UnknownConnection {
            code: "server_unknown_connection",
            who: "caller",
            words: "there is no such connection",
            english: "Take the number from a message or the list; the connection may have ended.",
            russian: "Возьмите номер из сообщения или списка; соединение могло завершиться.",
        }
    }
    wraps {
        /// The bytes are no message of the codec, or it cannot carry them.
        Framing(opi_framing::ErrorKind) = opi_net::Advice::new
        /// The network failed.
        Net(opi_net::ErrorKind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_pointer_and_crosses_threads() {
        fn check<T: Send + Sync + 'static>() {}
        check::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
