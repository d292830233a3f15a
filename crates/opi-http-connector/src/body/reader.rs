//! A reader as part of a body: read once, by whoever sends first.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::AsyncRead;

pub(super) type Source = Pin<Box<dyn AsyncRead + Send>>;

/// A reader that clones of a body share; the first one that sends takes it.
#[derive(Clone)]
pub(super) struct Reader(Arc<Mutex<Option<Source>>>);

impl Reader {
    pub(super) fn new(source: impl AsyncRead + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Some(Box::pin(source)))))
    }

    /// Whether nobody has taken it.
    pub(super) fn is_there(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// The reader, unless it was taken before.
    pub(super) fn take(&self) -> Option<Source> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reader(..)")
    }
}
