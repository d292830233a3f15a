//! Unix sockets in place of addresses.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UnixStream;

use crate::{Deadline, Error, ErrorKind, Phase, Stream};

/// The path of a unix socket, if one takes the place of addresses.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Place(Option<Arc<Path>>);

impl Place {
    pub(super) fn at(path: &Path) -> Self {
        Self(Some(path.into()))
    }

    /// Opens the socket, if there is a path.
    pub(super) async fn open(&self, deadline: &Deadline) -> Option<Result<Stream, Error>> {
        let path = self.0.as_deref()?;
        let opened = deadline.run(Phase::Connect, connect(path)).await;
        Some(
            opened.and_then(|socket| socket.map(Stream::from).map_err(|cause| failed(path, cause))),
        )
    }
}

/// Waits while the queue of the listener is full: there is no event that tells of a free place.
async fn connect(path: &Path) -> io::Result<UnixStream> {
    loop {
        match UnixStream::connect(path).await {
            Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {
                tokio::time::sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

/// The pause before a full listener is asked again.
const PAUSE: Duration = Duration::from_millis(10);

fn failed(path: &Path, cause: io::Error) -> Error {
    let refused = cause.kind() == io::ErrorKind::ConnectionRefused;
    let kind = if refused { ErrorKind::Refused } else { ErrorKind::Connect };
    let detail = format!("the unix socket {path:?} cannot be connected to");
    Error::new(kind).in_phase(Phase::Connect).detail(detail).because(cause)
}
