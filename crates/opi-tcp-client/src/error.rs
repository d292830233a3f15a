//! Why an operation on a connection failed.

use std::{error, fmt};

use bytes::Bytes;
use opi_net::{Advice, Phase};

use crate::ClientErrorKind;

/// A failed operation on a connection.
///
/// The text and the [`source`](error::Error::source) are those of the layer that failed.
#[derive(Debug)]
pub struct Error(Box<Inner>);

struct Inner {
    cause: Cause,
    sent: usize,
    received: Bytes,
}

/// What a program branches on: the kind of the layer that failed.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ErrorKind {
    /// The connection was used in a way that cannot work.
    Client(ClientErrorKind),
    /// The bytes are no message of the codec.
    Framing(opi_framing::ErrorKind),
    /// The network failed.
    Net(opi_net::ErrorKind),
    /// A proxy failed.
    #[cfg(feature = "proxy")]
    Proxy(opi_proxy::ErrorKind),
}

#[derive(Debug)]
enum Cause {
    Client(ClientErrorKind, String),
    Framing(opi_framing::Error),
    Net(opi_net::Error),
    #[cfg(feature = "proxy")]
    Proxy(opi_proxy::Error),
}

impl Error {
    /// An error of this crate's own, told in words.
    pub(crate) fn new(kind: ClientErrorKind, words: impl Into<String>) -> Self {
        Self::of(Cause::Client(kind, words.into()))
    }

    /// The peer refused the greeting of a [`Persistent`](crate::Persistent) connection, told in
    /// `words`; another try would not help.
    #[must_use]
    pub fn greeting_refused(words: impl Into<String>) -> Self {
        Self::new(ClientErrorKind::GreetingRefused, words)
    }

    fn of(cause: Cause) -> Self {
        Self(Box::new(Inner { cause, sent: 0, received: Bytes::new() }))
    }

    pub(crate) fn after_sending(mut self, sent: usize) -> Self {
        self.0.sent = sent;
        self
    }

    pub(crate) fn after_receiving(mut self, received: Bytes) -> Self {
        self.0.received = received;
        self
    }

    /// How many bytes of the data had been sent; 0 when the operation was no send.
    #[must_use]
    pub fn sent(&self) -> usize {
        self.0.sent
    }

    /// What had come before the failure, when the call has closed the connection it came on;
    /// otherwise the bytes are still the connection's, and this is empty.
    #[must_use]
    pub fn received(&self) -> &Bytes {
        &self.0.received
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match &self.0.cause {
            Cause::Client(kind, _) => ErrorKind::Client(*kind),
            Cause::Framing(error) => ErrorKind::Framing(error.kind()),
            Cause::Net(error) => ErrorKind::Net(error.kind()),
            #[cfg(feature = "proxy")]
            Cause::Proxy(error) => match error.kind() {
                opi_proxy::ErrorKind::Net(kind) => ErrorKind::Net(kind),
                kind => ErrorKind::Proxy(kind),
            },
        }
    }

    /// The frozen code of the kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.advice().code
    }

    /// The row of the kind: its code, who must act, and the cure.
    #[must_use]
    pub fn advice(&self) -> Advice {
        match self.kind() {
            ErrorKind::Client(kind) => kind.advice(),
            ErrorKind::Framing(kind) => Advice::new(kind.advice()),
            ErrorKind::Net(kind) => kind.advice(),
            #[cfg(feature = "proxy")]
            ErrorKind::Proxy(kind) => kind.advice(),
        }
    }

    /// The phase that failed.
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        match &self.0.cause {
            Cause::Client(..) | Cause::Framing(_) => None,
            Cause::Net(error) => error.phase(),
            #[cfg(feature = "proxy")]
            Cause::Proxy(error) => error.phase(),
        }
    }
}

impl From<opi_net::Error> for Error {
    fn from(error: opi_net::Error) -> Self {
        Self::of(Cause::Net(error))
    }
}

impl From<opi_framing::Error> for Error {
    fn from(error: opi_framing::Error) -> Self {
        Self::of(Cause::Framing(error))
    }
}

#[cfg(feature = "proxy")]
impl From<opi_proxy::Error> for Error {
    fn from(error: opi_proxy::Error) -> Self {
        Self::of(Cause::Proxy(error))
    }
}

/// What was received is payload, and only its size is shown.
impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cause, sent, received } = self;
        let mut shown = f.debug_struct("Inner");
        shown.field("cause", cause).field("sent", sent).field("received", &received.len()).finish()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.cause {
            Cause::Client(kind, words) => {
                f.write_str(if words.is_empty() { kind.plain() } else { words })
            }
            Cause::Framing(error) => error.fmt(f),
            Cause::Net(error) => error.fmt(f),
            #[cfg(feature = "proxy")]
            Cause::Proxy(error) => error.fmt(f),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.0.cause {
            Cause::Client(..) => None,
            Cause::Framing(error) => error.source(),
            Cause::Net(error) => error.source(),
            #[cfg(feature = "proxy")]
            Cause::Proxy(error) => error.source(),
        }
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

    #[test]
    fn debug_shows_no_payload() {
        let error = Error::new(ClientErrorKind::BadText, "").after_receiving("hunter2".into());
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        assert_eq!(error.to_string(), "the bytes are no text in the encoding");
    }
}
