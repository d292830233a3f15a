//! What a failure of hyper means.

use opi_net::Phase;

use super::meter::{Broken, Meter};
use crate::{Error, ErrorKind};

/// What a failure of hyper in `phase` means; what the socket said goes before it. `begun` tells
/// whether something of the answer had come.
pub(super) fn failed(cause: hyper::Error, meter: &Meter, phase: Phase, begun: bool) -> Error {
    match meter.take_broken() {
        Some(Broken::Socket(broken)) => return opi_net::Error::from_io(broken, phase).into(),
        Some(Broken::Protocol(what)) => return Error::new(ErrorKind::Protocol).detail(what),
        None => {}
    }
    if cause.is_user() {
        return unread(cause);
    }
    let kind = if cause.is_canceled() || cause.is_closed() {
        opi_net::ErrorKind::Closed
    } else if !(cause.is_incomplete_message() || is_cut(&cause)) {
        return Error::new(ErrorKind::Protocol).because(cause);
    } else if begun {
        opi_net::ErrorKind::Truncated
    } else {
        // Before any answer a close is a close; within an answer, the answer is not whole.
        opi_net::ErrorKind::Closed
    };
    opi_net::Error::new(kind).in_phase(phase).because(cause).into()
}

/// Whether a body ended before its end.
fn is_cut(cause: &hyper::Error) -> bool {
    below(cause).is_some_and(|below| below.kind() == std::io::ErrorKind::UnexpectedEof)
}

/// Whether bytes came that answer nothing.
pub(super) fn is_surplus(cause: &hyper::Error) -> bool {
    use std::error::Error as _;
    let ended = cause.is_incomplete_message() || cause.is_closed() || cause.is_canceled();
    !ended && cause.source().is_none()
}

/// The request's own body could not be read.
fn unread(cause: hyper::Error) -> Error {
    let detail = below(&cause).map(|below| format!("the request's body: {below}"));
    let error = Error::new(ErrorKind::BodyRead);
    match detail {
        Some(detail) => error.detail(detail),
        None => error.because(cause),
    }
}

fn below(cause: &hyper::Error) -> Option<&std::io::Error> {
    use std::error::Error as _;
    cause.source().and_then(|source| source.downcast_ref())
}
