//! For callers that block: runs a future on the calling thread, with a limit.

use std::pin::pin;
use std::time::Duration;
use std::{fmt, io};

use tokio::runtime::{Builder, Handle};

use crate::{Deadline, Error, ErrorKind, Phase, direct};

/// Runs one future to its end on the calling thread.
///
/// ```
/// use std::time::Duration;
///
/// let four = opi_net::blocking::block_on(Duration::from_secs(1), async { 2 + 2 })?;
/// assert_eq!(four, 4);
/// # Ok::<(), opi_net::Error>(())
/// ```
///
/// # Errors
///
/// As [`Runtime::run`].
pub fn block_on<F: Future>(limit: Duration, future: F) -> Result<F::Output, Error> {
    Runtime::new()?.run(limit, future)
}

/// Runs `future`, which itself knows when to end, on the calling thread; `runtime` is of one thread
/// and made by the caller, and driven only where the future waits for more than its streams.
///
/// # Errors
///
/// [`ErrorKind::InsideRuntime`] when the caller is itself run by a runtime, which a wait would stop.
pub fn run_on<F: Future>(runtime: &tokio::runtime::Runtime, future: F) -> Result<F::Output, Error> {
    if Handle::try_current().is_ok() {
        return Err(Error::new(ErrorKind::InsideRuntime));
    }
    Ok(direct::block_on(runtime, future))
}

/// A runtime without threads of its own, driven by whichever thread calls.
///
/// A connection may need the runtime it was opened on, so keep it as long as them; the sessions of
/// `opi-http-connector` move theirs to the runtime that asks.
pub struct Runtime(Option<tokio::runtime::Runtime>);

impl Runtime {
    /// A runtime; no thread is started.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when the operating system has no resources left for it.
    pub fn new() -> Result<Self, Error> {
        let failed = |cause: io::Error| Error::new(ErrorKind::Io).because(cause);
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        Ok(Self(Some(runtime)))
    }

    /// Runs `future` on the calling thread for `limit` at most.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Timeout`] when the limit passed, [`ErrorKind::InsideRuntime`] when the caller
    /// is itself run by a runtime, which a wait would stop.
    pub fn run<F: Future>(&self, limit: Duration, future: F) -> Result<F::Output, Error> {
        let (Some(runtime), Err(_)) = (&self.0, Handle::try_current()) else {
            return Err(Error::new(ErrorKind::InsideRuntime));
        };
        let deadline = Deadline::after(limit);
        // Pinned here, a large future is not moved again on its way.
        let future = pin!(future);
        direct::block_on(runtime, pin!(deadline.run(Phase::Total, future)))
    }
}

impl Drop for Runtime {
    /// Does not wait: a name look-up that hangs in the system's resolver must not hang the caller.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_limit_ends_the_wait() {
        let never = std::future::pending::<()>();
        let error = block_on(Duration::from_millis(1), never).unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Some(Phase::Total)));
    }

    #[test]
    fn blocking_inside_a_runtime_is_an_error() {
        let inner = block_on(SECOND, async { block_on(SECOND, async {}) }).unwrap();
        assert_eq!(inner.unwrap_err().kind(), ErrorKind::InsideRuntime);
    }

    #[test]
    fn one_runtime_serves_several_threads() {
        let runtime = Runtime::new().unwrap();
        std::thread::scope(|scope| {
            let calls: Vec<_> = (0..4)
                .map(|count| {
                    scope.spawn({
                        let runtime = &runtime;
                        move || runtime.run(SECOND, async move { count })
                    })
                })
                .collect();
            for (count, call) in calls.into_iter().enumerate() {
                assert_eq!(call.join().unwrap().unwrap(), count);
            }
        });
    }
}
