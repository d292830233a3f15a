//! The log of a connection or a server: a ring in memory, a file, or both; never in the way of
//! those who log.
//!
//! Each entry is one line, whatever is logged: control characters and line breaks are escaped, its
//! length is bounded, and what looks like a password or a token is hidden.

mod clean;
mod entry;
mod redact;
mod ring;
mod rotation;
mod settings;
mod sink;
mod writer;

#[cfg(test)]
mod tests;

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use crate::Error;
use ring::Ring;
use sink::Sink;

pub use entry::{Entry, Level};
pub use settings::{LogFile, Settings};
pub use sink::Faults;
pub use writer::writers;

/// The log of a connection or a server; clones are the same log.
///
/// Logging never waits: what a slow file cannot take is dropped and counted in
/// [`Self::faults`]. The last clone to go writes what is still queued, for
/// [`LogFile::PATIENCE`] at most, and blocks its thread that long.
///
/// ```
/// use opi_net::Journal;
/// use opi_net::journal::{Level, Settings};
///
/// let journal = Journal::open(&Settings::new())?;
/// journal.log(Level::Info, format_args!("connecting to {}", "socks5://ann:hunter2@p.test:1080"));
/// let entries = journal.entries(None);
/// assert_eq!(entries[0].text(), "connecting to socks5://***@p.test:1080");
/// # Ok::<(), opi_net::Error>(())
/// ```
#[derive(Clone)]
pub struct Journal(Arc<Shared>);

struct Shared {
    level: Level,
    ring: Option<Ring>,
    sink: Option<Arc<Sink>>,
    total: AtomicU64,
}

impl Journal {
    /// Opens a log. Its file is opened here and now, for [`LogFile::PATIENCE`] at most; journals of
    /// one process that name the same file share it, and their lines do not mix.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::JournalFile`](crate::ErrorKind::JournalFile): the file cannot be opened, or it
    /// is open already with other limits.
    pub fn open(settings: &Settings) -> Result<Self, Error> {
        let sink = settings.file.as_ref().map(Sink::open).transpose()?;
        let ring = settings.memory.map(Ring::new);
        Ok(Self(Arc::new(Shared { level: settings.level, ring, sink, total: AtomicU64::new(0) })))
    }

    /// Whether entries of `level` are kept; others cost nothing.
    #[must_use]
    pub fn takes(&self, level: Level) -> bool {
        level <= self.0.level
    }

    /// Logs one line at `level`. The text is cut at [`Entry::LONGEST`].
    pub fn log(&self, level: Level, text: fmt::Arguments<'_>) {
        if !self.takes(level) {
            return;
        }
        self.0.total.fetch_add(1, Ordering::Relaxed);
        let entry = Entry::new(SystemTime::now(), level, clean::clean(text).into());
        if let Some(sink) = &self.0.sink {
            sink.put(&entry);
        }
        if let Some(ring) = &self.0.ring {
            ring.push(entry);
        }
    }

    /// The entries in memory, oldest first: the newest `count` of them, or all.
    #[must_use]
    pub fn entries(&self, count: Option<NonZeroUsize>) -> Vec<Entry> {
        self.0.ring.as_ref().map(|ring| ring.newest(count)).unwrap_or_default()
    }

    /// How many entries were logged since it was opened, those that memory no longer has included.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.total.load(Ordering::Relaxed)
    }

    /// What the file did not get, counted since it was opened by whichever journal did so first.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.0.sink.as_ref().map(|sink| sink.faults()).unwrap_or_default()
    }

    /// Waits until the file has what was logged before, for `limit` at most; tells whether it has.
    /// Blocks the thread.
    #[must_use]
    pub fn flush(&self, limit: Duration) -> bool {
        self.0.sink.as_ref().is_none_or(|sink| sink.flush(limit))
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Journal");
        shown.field("level", &self.0.level).field("total", &self.total());
        shown.field("file", &self.0.sink.as_ref().map(|sink| sink.path()));
        shown.finish_non_exhaustive()
    }
}
