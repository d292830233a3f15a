//! What a journal keeps, and where.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Level;

/// What a journal keeps, and where.
///
/// ```
/// use opi_net::journal::{Level, LogFile, Settings};
///
/// let settings = Settings::new()
///     .memory(1_000)
///     .file(LogFile::new("/var/log/exchange.log").longest(1024 * 1024))
///     .level(Level::Debug);
/// # let _ = settings;
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Settings {
    pub(super) file: Option<LogFile>,
    pub(super) level: Level,
    pub(super) memory: Option<NonZeroUsize>,
}

impl Settings {
    /// The most entries that memory may be asked to keep.
    pub const MOST: usize = 100_000;

    /// The newest 300 entries in memory, no file, [`Level::Info`].
    pub fn new() -> Self {
        Self { file: None, level: Level::Info, memory: NonZeroUsize::new(300) }
    }

    /// How many of the newest entries memory keeps, at most [`Self::MOST`]; 0 keeps none.
    /// Default: 300.
    pub fn memory(self, entries: usize) -> Self {
        Self { memory: NonZeroUsize::new(entries.min(Self::MOST)), ..self }
    }

    /// Writes the entries to `file` as well. Default: no file.
    pub fn file(self, file: LogFile) -> Self {
        Self { file: Some(file), ..self }
    }

    /// The last level that is kept. Default: [`Level::Info`].
    pub fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new()
    }
}

/// A file for entries, a line each, in UTF-8.
///
/// When the next line does not fit, `name` becomes `name.1`, `name.1` becomes `name.2`, and so on;
/// the oldest goes. What is no regular file, such as a pipe, is written to and nothing else.
#[must_use]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogFile {
    pub(super) path: PathBuf,
    pub(super) longest: u64,
    pub(super) kept: usize,
    pub(super) queue: usize,
}

impl LogFile {
    /// How long opening may take, and how long the last journal waits for what is still queued.
    pub const PATIENCE: Duration = Duration::from_secs(2);

    /// Appends to the file at `path`, which is made when there is none; its folder must exist.
    pub fn new(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref().to_owned();
        Self { path, longest: 10 * 1024 * 1024, kept: 3, queue: 1_024 }
    }

    /// The most bytes of one file, at least 8 KiB. Default: 10 MiB.
    pub fn longest(self, bytes: u64) -> Self {
        Self { longest: bytes.max(8 * 1024), ..self }
    }

    /// How many older files are kept, at most 100; 0 keeps none. Default: 3.
    pub fn kept(self, files: usize) -> Self {
        Self { kept: files.min(100), ..self }
    }

    /// How many lines wait for the file while it is slow, from 1 to 65,536; more are dropped and
    /// counted. Default: 1,024.
    pub fn queue(self, lines: usize) -> Self {
        Self { queue: lines.clamp(1, 65_536), ..self }
    }
}
