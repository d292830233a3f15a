//! Bounded waiting: nothing in a test waits for ever, and a wait that fails says what it was for.

use std::{future::Future, time::Duration};

use tokio::time;

/// How long a wait lasts before it fails its test: far above anything a loaded machine needs.
pub const WATCHDOG: Duration = Duration::from_secs(20);

/// Waits for `future`, and fails the test when it takes longer than [`WATCHDOG`].
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// assert_eq!(harness::watch("the sum", async { 2 + 2 }).await, 4);
/// # });
/// ```
///
/// # Panics
///
/// The time is over; the message names `what`.
pub async fn watch<T>(what: &str, future: impl Future<Output = T>) -> T {
    watch_for(WATCHDOG, what, future).await
}

/// Waits for `future` no longer than `limit`: [`watch`] with another limit.
///
/// # Panics
///
/// The time is over; the message names `what`.
pub async fn watch_for<T>(limit: Duration, what: &str, future: impl Future<Output = T>) -> T {
    match within(limit, what, future).await {
        Ok(output) => output,
        Err(fault) => panic!("{fault}"),
    }
}

pub(crate) async fn within<T>(
    limit: Duration,
    what: &str,
    future: impl Future<Output = T>,
) -> Result<T, String> {
    time::timeout(limit, future).await.map_err(|_| format!("waited {limit:?} in vain for {what}"))
}
