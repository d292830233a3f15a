//! Waiting for the first of several events, in one task.

use std::pin::pin;
use std::task::Poll;

/// The outcome of whichever completes first; the other is dropped. `one` is asked first.
pub(crate) async fn first<T>(one: impl Future<Output = T>, two: impl Future<Output = T>) -> T {
    let (mut one, mut two) = (pin!(one), pin!(two));
    std::future::poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Pending => two.as_mut().poll(context),
        done => done,
    })
    .await
}
