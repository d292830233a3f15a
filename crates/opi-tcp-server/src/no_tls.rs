//! Stands in for TLS where the feature is off: there is none, and nothing to decide.

use opi_net::{Deadline, Error, Stream};

/// Never there.
#[derive(Clone, Debug)]
pub(crate) enum ServerTls {}

impl ServerTls {
    #[expect(clippy::unused_async, reason = "it has the shape of what it stands in for")]
    pub(crate) async fn accept(&self, _: Stream, _: &Deadline) -> Result<Stream, Error> {
        match *self {}
    }
}
