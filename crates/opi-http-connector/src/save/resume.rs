//! The files of a save that broke off: what came, and what is known of it.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind as Io, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::digest::Hashing;
use super::place::{failed, unwritable};
use super::plan::Known;
use crate::Error;

/// The names of those files.
#[derive(Clone, Debug)]
pub(super) struct Part {
    path: PathBuf,
    record: PathBuf,
}

/// What an earlier try left.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) known: Known,
    pub(super) file: File,
    pub(super) length: u64,
}

impl Part {
    /// The files of a save to `path`.
    pub(super) fn of(path: &Path) -> Self {
        let with = |ending: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        Self { path: with(".opi-part"), record: with(".opi-part.json") }
    }

    /// The file itself and the record beside it.
    pub(super) fn names(&self) -> (PathBuf, PathBuf) {
        (self.path.clone(), self.record.clone())
    }

    /// What an earlier try for this URL left.
    ///
    /// # Errors
    ///
    /// Another save to the same path is under way, or the file cannot be written.
    pub(super) fn find(&self, url: &str) -> Result<Option<Found>, Error> {
        let record = fs::read(&self.record).ok();
        let known: Option<Known> = record.and_then(|it| serde_json::from_slice(&it).ok());
        let Some(known) = known.filter(|it| it.url == url) else { return Ok(None) };
        let mut file = match File::options().read(true).write(true).open(&self.path) {
            Ok(file) => file,
            Err(gone) if gone.kind() == Io::NotFound => return Ok(None),
            Err(cause) => return Err(unwritable(&self.path, cause)),
        };
        self.lock(&file)?;
        let length = file.seek(SeekFrom::End(0)).map_err(|cause| unwritable(&self.path, cause))?;
        Ok(Some(Found { known, file, length }))
    }

    /// An empty file, with what is known of what will come.
    pub(super) fn create(&self, known: &Known) -> Result<File, Error> {
        let bad = |cause| unwritable(&self.path, cause);
        let mut options = File::options();
        let file =
            options.write(true).create(true).truncate(false).open(&self.path).map_err(bad)?;
        self.lock(&file)?;
        // Without its record a file is no part, so the old record goes first and the new one last.
        let _none = fs::remove_file(&self.record).is_err();
        file.set_len(0).map_err(bad)?;
        let record = serde_json::to_vec(known).map_err(|cause| bad(cause.into()))?;
        create_private(&self.record).and_then(|mut it| it.write_all(&record)).map_err(bad)?;
        Ok(file)
    }

    /// One save at a time; the lock goes with the file.
    fn lock(&self, file: &File) -> Result<(), Error> {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Err(failed(&self.path, "another save is under way")),
            // Where files cannot be locked, nothing is known of others.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
        }
    }
}

impl Found {
    /// Adds what is there to `sums`, and stands at its end.
    pub(super) fn add_to(&mut self, path: &Path, sums: &mut [&mut Hashing]) -> Result<(), Error> {
        if sums.iter().all(|it| it.is_empty()) {
            return Ok(());
        }
        let bad = |cause| unwritable(path, cause);
        self.file.seek(SeekFrom::Start(0)).map_err(bad)?;
        let mut piece = vec![0; PIECE];
        let mut left = self.length;
        while left > 0 {
            let read = self.file.read(&mut piece).map_err(bad)?;
            if read == 0 {
                return Err(failed(path, "the part became shorter while it was read"));
            }
            let data = piece.get(..read).unwrap_or_default();
            sums.iter_mut().for_each(|it| it.update(data));
            left = left.saturating_sub(read as u64);
        }
        Ok(())
    }
}

/// A file that only its owner reads: a signed URL in it is a secret.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// What is read at once.
const PIECE: usize = 256 * 1024;
