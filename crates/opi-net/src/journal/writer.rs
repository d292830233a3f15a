//! The thread that writes a file's lines.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::time::SystemTime;

use super::rotation::Rotation;
use super::sink::Progress;
use super::{Entry, Level};

/// How many threads write log files in this process: one for each open file, and those that hang
/// in a file that takes nothing. A library that is unloaded must wait for 0.
#[must_use]
pub fn writers() -> usize {
    WRITERS.load(Ordering::Acquire)
}

static WRITERS: AtomicUsize = AtomicUsize::new(0);

/// Counts a thread while it runs.
#[derive(Debug)]
pub(super) struct Running;

impl Running {
    pub(super) fn new() -> Self {
        WRITERS.fetch_add(1, Ordering::AcqRel);
        Self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        WRITERS.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Writes `lines` until nobody can queue one any more.
pub(super) fn write_all_lines(mut file: Rotation, lines: &Receiver<String>, progress: &Progress) {
    let mut told = 0;
    while let Ok(line) = lines.recv() {
        note(file.write(line.as_bytes()), progress);
        let dropped = {
            let mut counts = progress.lock();
            counts.done += 1;
            counts.faults.dropped
        };
        progress.moved.notify_all();
        if dropped > told {
            note(file.write(gap(dropped - told).as_bytes()), progress);
            told = dropped;
        }
    }
}

/// The line that stands where lines are missing.
fn gap(lines: u64) -> String {
    let text = format!("{lines} lines were dropped here or later: the file is too slow");
    format!("{}\n", Entry::new(SystemTime::now(), Level::Warn, text.into()))
}

fn note(outcome: io::Result<()>, progress: &Progress) {
    let Err(cause) = outcome else { return };
    let first = {
        let mut counts = progress.lock();
        counts.faults.failed += 1;
        counts.faults.last.replace(cause.to_string()).is_none()
    };
    if first {
        tracing::warn!(%cause, "a log file cannot be written");
    }
}
