//! Ctrl-C, and the system's wish that the command ends.

use std::io;

use opi::net::blocking::Runtime;
use opi::net::{Deadline, Error, ErrorKind as NetErrorKind};
use tokio::runtime::Builder;

use crate::failure::{ErrorKind, Failure};

/// Runs `operation` on the calling thread; an interruption drops it and is a failure.
///
/// # Errors
///
/// What the operation reports, or [`ErrorKind::Interrupted`].
pub(crate) fn or_interrupted<T>(
    operation: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let either = async {
        tokio::select! {
            biased;
            waited = signal() => Err(waited.map_or_else(unheard, |()| ErrorKind::Interrupted.into())),
            outcome = operation => outcome,
        }
    };
    // The operation has its own deadline, which is never longer.
    Runtime::new()?.run(Deadline::LONGEST, either)?
}

/// Runs `work` on the calling thread for as long as it takes; nobody waits afterwards for a read of
/// standard input that has not ended.
///
/// # Errors
///
/// What the work reports, or the system has no resources left for it.
pub(crate) fn foreground<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|cause| Error::new(NetErrorKind::Io).because(cause))?;
    let outcome = runtime.block_on(work);
    runtime.shutdown_background();
    outcome
}

/// The failure of a system that hands out no signals.
pub(crate) fn unheard(cause: io::Error) -> Failure {
    Error::new(NetErrorKind::Io).detail("signals cannot be listened to").because(cause).into()
}

/// Waits for Ctrl-C or SIGTERM.
///
/// # Errors
///
/// The system hands out no signals.
#[cfg(unix)]
pub(crate) async fn signal() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    }
}

/// Waits for Ctrl-C.
///
/// # Errors
///
/// The system hands out no signals.
#[cfg(not(unix))]
pub(crate) async fn signal() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
