//! The line that tells how far a file is.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use opi::http::{Progress as Moved, Request};

use crate::progress::Progress;

/// How far the body is that moved last.
#[derive(Debug, Default)]
pub(super) struct Bar {
    done: AtomicU64,
    /// 0 when nobody knows.
    total: AtomicU64,
}

impl Bar {
    /// The request that tells the bar how far its bodies are.
    pub(super) fn watch(self: &Arc<Self>, request: Request) -> Request {
        let bar = Arc::clone(self);
        request.progress(move |moved: Moved| {
            bar.total.store(moved.total.unwrap_or(0), Ordering::Relaxed);
            bar.done.store(moved.bytes, Ordering::Relaxed);
        })
    }

    /// Tells until it is dropped, and never ends.
    pub(super) async fn tell(&self, quiet: bool) -> Infallible {
        let total = || Some(self.total.load(Ordering::Relaxed)).filter(|total| *total > 0);
        Progress::new().tell(|| (self.done.load(Ordering::Relaxed), total()), quiet).await
    }
}
