//! Moving a connection's bytes from inside the caller's own future.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use crate::direct::trusting;

/// Runs `step` to its end, letting `connection` move the bytes that the step waits for.
///
/// No task is spawned: both are polled by the caller, so nothing is left behind when it goes away.
/// The two may wait for each other, for streams, deadlines and switches of this crate. What else
/// they wait for belongs into [`foreign`](crate::foreign), or a caller that blocks hears of it up
/// to 50 ms late.
///
/// When the connection ends first, the step is polled on; it learns of the end by itself. Returns
/// what the step returned, and what the connection returned if it has ended.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let connection = std::pin::pin!(std::future::pending::<()>());
/// assert_eq!(opi_net::drive(connection, async { 2 + 2 }).await, (4, None));
/// # }
/// ```
pub async fn drive<C: Future, S: Future>(
    mut connection: Pin<&mut C>,
    step: S,
) -> (S::Output, Option<C::Output>) {
    let mut step = pin!(step);
    let mut ended = None;
    let mut turn = |context: &mut Context<'_>| {
        loop {
            if let Poll::Ready(output) = step.as_mut().poll(context) {
                return Poll::Ready((output, ended.take()));
            }
            if ended.is_some() {
                return Poll::Pending;
            }
            match connection.as_mut().poll(context) {
                Poll::Ready(output) => ended = Some(output),
                Poll::Pending => return Poll::Pending,
            }
        }
    };
    poll_fn(|context| trusting(context, &mut turn)).await
}
