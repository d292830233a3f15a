//! A file that journals share: a bounded queue before the one thread that writes.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::rotation::Rotation;
use super::writer::write_all_lines;
use super::{Entry, LogFile};
use crate::{Error, ErrorKind};

/// What a file did not get.
#[non_exhaustive]
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Faults {
    /// Lines that were dropped because the file was too slow.
    pub dropped: u64,
    /// Lines that could not be written, and changes of files that failed.
    pub failed: u64,
    /// What the system said last.
    pub last: Option<String>,
}

/// An open file with its queue and its thread.
pub(super) struct Sink {
    file: LogFile,
    /// The file's path after every link.
    key: PathBuf,
    queue: Option<SyncSender<String>>,
    ended: Mutex<Receiver<()>>,
    progress: Arc<Progress>,
}

impl Sink {
    /// The sink of `file`: that of another journal, or a new one.
    pub(super) fn open(file: &LogFile) -> Result<Arc<Self>, Error> {
        let fail = |detail: String| {
            let path = &file.path;
            Error::new(ErrorKind::JournalFile).detail(format!("the log file {path:?} {detail}"))
        };
        // Held while the file is opened, so that two journals never open one file twice; the wait
        // is bounded, and nobody who logs takes this lock.
        let mut open = lock(&OPEN);
        open.retain(|sink| sink.strong_count() > 0);
        let shared =
            |key: &PathBuf| open.iter().filter_map(Weak::upgrade).find(|it| it.key == *key);
        if let Some(sink) = real_path(&file.path).ok().as_ref().and_then(shared) {
            let same = LogFile { path: sink.file.path.clone(), ..file.clone() } == sink.file;
            return if same { Ok(sink) } else { Err(fail("is open with other limits".into())) };
        }
        let sink = Arc::new(
            Self::start(file).map_err(|cause| fail("cannot be written".into()).because(cause))?,
        );
        open.push(Arc::downgrade(&sink));
        Ok(sink)
    }

    fn start(file: &LogFile) -> std::io::Result<Self> {
        let (queue, lines) = sync_channel(file.queue);
        let (ends, ended) = sync_channel(1);
        let (opens, opened) = sync_channel(1);
        let progress = Arc::new(Progress::default());
        let (counted, rotation) = (progress.clone(), file.clone());
        // Opening is the thread's: a pipe that nobody reads and a lost network drive hang there.
        std::thread::Builder::new().name("opi-journal".into()).spawn(move || {
            let _running = super::writer::Running::new();
            match Rotation::open(rotation) {
                Ok(rotation) => {
                    let gone = opens.send(Ok(())).is_err();
                    if !gone {
                        write_all_lines(rotation, &lines, &counted);
                    }
                }
                // Whoever opens may have gone already.
                Err(cause) => drop(opens.send(Err(cause))),
            }
            drop(ends);
        })?;
        let late = |_| Err(std::io::ErrorKind::TimedOut.into());
        opened.recv_timeout(LogFile::PATIENCE).unwrap_or_else(late)?;
        let key = real_path(&file.path)?;
        Ok(Self { file: file.clone(), key, queue: Some(queue), ended: Mutex::new(ended), progress })
    }

    /// Queues the line of `entry`, or counts it as dropped; never waits.
    pub(super) fn put(&self, entry: &Entry) {
        let Some(queue) = &self.queue else { return };
        let mut counts = self.progress.lock();
        match queue.try_send(format!("{entry}\n")) {
            Ok(()) => counts.queued += 1,
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                counts.faults.dropped += 1;
            }
        }
    }

    pub(super) fn faults(&self) -> Faults {
        self.progress.lock().faults.clone()
    }

    pub(super) fn flush(&self, limit: Duration) -> bool {
        let counts = self.progress.lock();
        let due = counts.queued;
        let waiting = self.progress.moved.wait_timeout_while(counts, limit, |it| it.done < due);
        waiting
            .map_or_else(|poisoned| poisoned.into_inner().0.done >= due, |(it, _)| it.done >= due)
    }

    pub(super) fn path(&self) -> &Path {
        &self.file.path
    }
}

impl Drop for Sink {
    /// The thread ends when it has written what is queued.
    fn drop(&mut self) {
        drop(self.queue.take());
        // A file that takes nothing keeps its thread, which ends when the system lets it go.
        let _late = lock(&self.ended).recv_timeout(LogFile::PATIENCE).is_err();
    }
}

/// The path after every link, also of a file that was just moved away.
fn real_path(path: &Path) -> std::io::Result<PathBuf> {
    path.canonicalize().or_else(|cause| {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(cause);
        };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        Ok(folder.canonicalize()?.join(name))
    })
}

/// The files that are open in this process: two writers of one file would undo each other's
/// changes of files.
static OPEN: Mutex<Vec<Weak<Sink>>> = Mutex::new(Vec::new());

/// How far the thread is, and what went wrong.
#[derive(Default)]
pub(super) struct Progress {
    counts: Mutex<Counts>,
    pub(super) moved: Condvar,
}

#[derive(Default)]
pub(super) struct Counts {
    pub(super) queued: u64,
    pub(super) done: u64,
    pub(super) faults: Faults,
}

impl Progress {
    pub(super) fn lock(&self) -> MutexGuard<'_, Counts> {
        lock(&self.counts)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
