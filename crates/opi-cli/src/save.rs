//! A file that appears when it is whole: written under a temporary name, then renamed.
//!
//! `-o` alone is no `Save` of the connector, which makes files and nothing else: here a device, a
//! pipe or a link is written through, a file that is replaced keeps its rights, the place is tried
//! before anything is sent, and TCP commands write so too.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::failure::{ErrorKind, Failure};

/// A file on its way. Dropping it leaves what was there before.
#[derive(Debug)]
pub(crate) struct Saving {
    path: PathBuf,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// A device, a pipe or a link, which no file may replace: it is written through.
    Device,
    /// A file of another name in the same folder.
    Temporary(NamedTempFile),
}

impl Saving {
    /// Makes the temporary file, before anything is sent that could not be saved.
    ///
    /// # Errors
    ///
    /// The folder cannot be written to, or there is a folder of that name.
    pub(crate) fn start(path: &Path) -> Result<Self, Failure> {
        let existing = path.metadata().ok();
        if existing.as_ref().is_some_and(std::fs::Metadata::is_dir) {
            let message = format!("{}: this is a folder", path.display());
            return Err(Failure::new(ErrorKind::File, message));
        }
        let place = match existing {
            Some(existing) if !existing.is_file() || path.is_symlink() => Place::Device,
            Some(existing) => Place::Temporary(like(&existing, temporary(path)?)),
            None => Place::Temporary(temporary(path)?),
        };
        Ok(Self { path: path.to_owned(), place })
    }

    /// The name it will have.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where data that comes piece by piece is written; [`Self::commit`] follows.
    ///
    /// # Errors
    ///
    /// The file cannot be written to.
    pub(crate) async fn stream(&self) -> Result<tokio::fs::File, Failure> {
        let opened = match &self.place {
            Place::Device => device(&self.path).await,
            Place::Temporary(file) => file.as_file().try_clone().map(tokio::fs::File::from_std),
        };
        opened.map_err(|cause| unwritable(&self.path).because(&cause))
    }

    /// Gives the file its name; the data is written and flushed.
    ///
    /// # Errors
    ///
    /// The disk is full, or the file cannot be renamed; what was there before stays.
    pub(crate) fn commit(self) -> Result<(), Failure> {
        let Self { path, place } = self;
        let Place::Temporary(file) = place else { return Ok(()) };
        let synced = file.as_file().sync_all();
        let named = synced.and_then(|()| file.persist(&path).map(drop).map_err(|it| it.error));
        named.map_err(|cause| unwritable(&path).because(&cause))
    }
}

/// A device or a pipe, opened off the thread that listens for signals: a pipe that nobody reads
/// waits.
async fn device(path: &Path) -> io::Result<tokio::fs::File> {
    tokio::fs::File::options().write(true).truncate(true).open(path).await
}

/// The new file with the rights of the one it will replace: a private file stays private.
fn like(existing: &std::fs::Metadata, file: NamedTempFile) -> NamedTempFile {
    // Where rights cannot be set, the file is private already.
    let _kept = file.as_file().set_permissions(existing.permissions()).is_err();
    file
}

/// A new file next to `path`, with the rights that any new file gets.
fn temporary(path: &Path) -> Result<NamedTempFile, Failure> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    tempfile::Builder::new()
        .prefix(".opi-")
        .suffix(".part")
        .make_in(folder, |path| File::create_new(path))
        .map_err(|cause| unwritable(path).because(&cause))
}

fn unwritable(path: &Path) -> Failure {
    Failure::new(ErrorKind::File, format!("{}: the file cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    async fn write(saving: Saving, data: &[u8]) {
        let mut file = saving.stream().await.unwrap();
        file.write_all(data).await.unwrap();
        file.flush().await.unwrap();
        saving.commit().unwrap();
    }

    #[tokio::test]
    async fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let entries = || std::fs::read_dir(folder.path()).unwrap().count();
        drop(Saving::start(&path).unwrap());
        assert_eq!(entries(), 0);
        write(Saving::start(&path).unwrap(), b"one").await;
        let saving = Saving::start(&path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        write(saving, b"two").await;
        assert_eq!((std::fs::read(&path).unwrap(), entries()), (b"two".to_vec(), 1));
    }

    #[test]
    fn what_cannot_be_written_is_told_before_anything_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("none/out")] {
            assert_eq!(Saving::start(&path).unwrap_err().code(), "cli_file");
        }
    }
}
