//! Two futures at once, until both are done or one fails.

use std::pin::pin;
use std::task::Poll;

/// Polls both until both are done, or the first fails.
///
/// Returns what `second` brought; and that beside the error when only `first` failed.
pub(crate) async fn both<T, E>(
    first: impl Future<Output = Result<(), E>>,
    second: impl Future<Output = Result<T, E>>,
) -> Result<T, (E, Option<T>)> {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut first_is_done, mut brought) = (false, None);
    std::future::poll_fn(|context| {
        if brought.is_none()
            && let Poll::Ready(done) = second.as_mut().poll(context)
        {
            match done {
                Ok(value) => brought = Some(value),
                Err(error) => return Poll::Ready(Err((error, None))),
            }
        }
        if !first_is_done && let Poll::Ready(done) = first.as_mut().poll(context) {
            match done {
                Ok(()) => first_is_done = true,
                Err(error) => return Poll::Ready(Err((error, brought.take()))),
            }
        }
        match brought.take() {
            Some(value) if first_is_done => Poll::Ready(Ok(value)),
            value => {
                brought = value;
                Poll::Pending
            }
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn both_are_done_or_the_first_failure_ends_them() {
        assert_eq!(both(ready(Ok::<_, u8>(())), ready(Ok(2))).await, Ok(2));
        let later = async {
            tokio::task::yield_now().await;
            Ok::<_, u8>(())
        };
        assert_eq!(both(later, ready(Ok(2))).await, Ok(2));
        assert_eq!(both(ready(Err(1)), ready(Ok(2))).await, Err((1, Some(2))));
        assert_eq!(both(ready(Err(1)), pending::<Result<u8, _>>()).await, Err((1, None)));
        assert_eq!(both(pending(), ready(Err::<u8, _>(3))).await, Err((3, None)));
    }
}
