//! Why a server could not do what was asked.

use std::{error, fmt, io};

use opi_net::{Advice, Phase};

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
    net: Option<opi_net::Error>,
    source: Option<io::Error>,
    sent: usize,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self::with(kind, kind.words().to_owned(), None, None)
    }

    pub(crate) fn bind(address: std::net::SocketAddr, cause: io::Error) -> Self {
        let detail = format!("cannot listen on {address}");
        Self::with(ErrorKind::Bind, detail, None, Some(cause))
    }

    pub(crate) fn unknown(id: ConnectionId) -> Self {
        let detail = format!("there is no connection {id}");
        Self::with(ErrorKind::UnknownConnection, detail, None, None)
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

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The frozen code of the kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.advice().code
    }

    /// The row of the kind: its code, who must act, and the cure.
    #[must_use]
    pub fn advice(&self) -> Advice {
        self.0.kind.advice()
    }

    /// The phase that failed, when it was a wait.
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        self.0.net.as_ref().and_then(opi_net::Error::phase)
    }

    fn with(
        kind: ErrorKind,
        detail: String,
        net: Option<opi_net::Error>,
        source: Option<io::Error>,
    ) -> Self {
        Self(Box::new(Inner { kind, detail, net, source, sent: 0 }))
    }
}

impl From<opi_net::Error> for Error {
    fn from(net: opi_net::Error) -> Self {
        Self::with(ErrorKind::Net(net.kind()), String::new(), Some(net), None)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.net {
            Some(net) => net.fmt(f),
            None => f.write_str(&self.0.detail),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        if let Some(net) = &self.0.net {
            return net.source();
        }
        let source: &(dyn error::Error + 'static) = self.0.source.as_ref()?;
        Some(source)
    }
}

opi_net::error_kinds! {
    /// The part of an [`Error`] that a program branches on.
    pub enum ErrorKind {
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
