//! What the tests share.

use std::time::Duration;

use opi_net::Deadline;

/// Time enough for anything that ends at all.
pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(60))
}
