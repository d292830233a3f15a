//! The runtime that tells of a socket.

use tokio::runtime::{Handle, Id, RuntimeFlavor};

/// The runtime of the caller, if there is one.
pub(crate) fn here() -> Option<Id> {
    Handle::try_current().ok().map(|here| here.id())
}

/// Whose reactor tells of a socket, where it does so only while somebody runs it: a runtime of one
/// thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home(Option<Id>);

impl Home {
    pub(crate) fn here() -> Self {
        let here = Handle::try_current().ok();
        let here = here.filter(|it| it.runtime_flavor() != RuntimeFlavor::MultiThread);
        Self(here.map(|here| here.id()))
    }

    /// Whether the caller is run by another runtime.
    pub(crate) fn is_elsewhere(self) -> bool {
        let elsewhere = |home| here().is_some_and(|here| here != home);
        self.0.is_some_and(elsewhere)
    }
}
