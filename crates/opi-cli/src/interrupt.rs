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

/// Waits for Ctrl-C, SIGTERM, or the end of the terminal, unless that is to be ignored.
///
/// # Errors
///
/// The system hands out no signals.
#[cfg(unix)]
pub(crate) async fn signal() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = if keeps_on() { None } else { Some(signal(SignalKind::hangup())?) };
    let hung_up = async {
        match &mut hangup {
            Some(hangup) => hangup.recv().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
        _ = hung_up => Ok(()),
    }
}

/// Whether the command was started to outlive its terminal, as `nohup` does. Where the system does
/// not tell, SIGHUP does what it did.
#[cfg(unix)]
fn keeps_on() -> bool {
    let status = std::fs::read_to_string("/proc/self/status");
    status.map_or(true, |status| ignores_hangup(&status) != Some(false))
}

/// Whether SIGHUP, the first signal, is among the ignored ones of `/proc/self/status`.
#[cfg(unix)]
fn ignores_hangup(status: &str) -> Option<bool> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    let mask = u128::from_str_radix(mask.trim(), 16).ok()?;
    Some(mask & 1 == 1)
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored_is_read_from_the_system() {
        for (status, expected) in [
            ("Name:\topi\nSigIgn:\t0000000000000001\n", Some(true)),
            ("SigIgn:\t0000000000001000\nSigCgt:\t0000000000000001\n", Some(false)),
            ("SigIgn:\tzz\n", None),
            ("SigBlk:\t0000000000000001\n", None),
        ] {
            assert_eq!(ignores_hangup(status), expected, "{status}");
        }
    }
}
