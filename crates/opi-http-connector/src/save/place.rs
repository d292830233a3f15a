//! A file on its way: written under another name in the same folder, then given its own.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind as Io, Write};
use std::path::{Path, PathBuf};

use super::{Durability, Existing};
use crate::{Error, ErrorKind};

/// Where a file will stand.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    existing: Existing,
    now: Option<Metadata>,
}

/// A file on its way. Dropped, it is removed, unless it is to be kept.
#[derive(Debug)]
pub(super) struct Writing {
    place: Place,
    file: File,
    /// Its name until it is whole; none when it is a device, which is written through.
    temporary: Option<PathBuf>,
    /// What is known of it, when it may stay unfinished.
    record: Option<PathBuf>,
    /// Whether it stays when it breaks off.
    pub(super) keeps: bool,
}

impl Place {
    /// # Errors
    ///
    /// There is a folder or a pipe of that name, or a file that is not to be replaced.
    pub(super) fn new(path: &Path, existing: Existing) -> Result<Self, Error> {
        if path.as_os_str().as_encoded_bytes().contains(&0) {
            return Err(failed(path, "a name holds no NUL"));
        }
        let now = fs::metadata(path).ok();
        if now.as_ref().is_some_and(Metadata::is_dir) {
            return Err(failed(path, "this is a folder"));
        }
        if folder(path).is_some_and(|it| !it.is_dir()) {
            return Err(failed(path, "there is no such folder"));
        }
        if now.is_some() && existing == Existing::Refuse {
            return Err(exists(path));
        }
        // A link stays a link: its file is the one that is replaced.
        let is_link = now.is_some() && path.is_symlink() && existing == Existing::Replace;
        let followed = if is_link { fs::canonicalize(path).ok() } else { None };
        Ok(Self { path: followed.unwrap_or_else(|| path.to_owned()), existing, now })
    }

    /// Begins to write.
    pub(super) fn begin(self) -> Result<Writing, Error> {
        let is_replaced = self.existing == Existing::Replace;
        match &self.now {
            Some(now) if is_replaced && !now.is_file() => {
                let file = device(&self.path, now)?;
                Ok(Writing { place: self, file, temporary: None, record: None, keeps: false })
            }
            now => {
                let rights = now.as_ref().filter(|_| is_replaced).map(Metadata::permissions);
                let (temporary, file) = temporary(&self.path)?;
                if let Some(rights) = rights {
                    // Where rights cannot be set, the file is private already.
                    let _kept = file.set_permissions(rights).is_err();
                }
                Ok(Writing {
                    place: self,
                    file,
                    temporary: Some(temporary),
                    record: None,
                    keeps: false,
                })
            }
        }
    }

    /// Goes on with a part and its record; `file` stands where writing goes on.
    pub(super) fn go_on(self, (part, record): (PathBuf, PathBuf), file: File) -> Writing {
        if let Some(now) = self.now.as_ref().filter(|_| self.existing == Existing::Replace) {
            let _kept = file.set_permissions(now.permissions()).is_err();
        }
        Writing { place: self, file, temporary: Some(part), record: Some(record), keeps: true }
    }

    /// The file's path; a link was followed.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a file will stand there, and no device.
    pub(super) fn is_regular(&self) -> bool {
        self.now.as_ref().is_none_or(Metadata::is_file)
    }
}

impl Writing {
    pub(super) fn write(&mut self, data: &[u8]) -> Result<(), Error> {
        self.file.write_all(data).map_err(|cause| unwritable(&self.place.path, cause))
    }

    /// Gives the file its name, and says which one that is.
    pub(super) fn commit(mut self, durability: Durability) -> Result<PathBuf, Error> {
        let path = self.place.path.clone();
        let Some(temporary) = self.temporary.clone() else { return Ok(path) };
        let named = self.synced(durability).and_then(|()| named(&temporary, &self.place));
        let path = named.map_err(|cause| match cause.kind() {
            Io::AlreadyExists => exists(&path),
            _ => unwritable(&path, cause),
        })?;
        self.temporary = None;
        self.forget();
        if durability == Durability::Synced {
            sync_folder(&path);
        }
        Ok(path)
    }

    /// Removes what was known of an unfinished file.
    fn forget(&mut self) {
        if let Some(record) = self.record.take() {
            let _gone = fs::remove_file(record).is_err();
        }
    }

    fn synced(&self, durability: Durability) -> io::Result<()> {
        match durability {
            Durability::Cached => Ok(()),
            Durability::Synced => self.file.sync_all(),
        }
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if let Some(temporary) = self.temporary.take().filter(|_| !self.keeps) {
            // What cannot be removed has been moved away by somebody else.
            let _gone = fs::remove_file(temporary).is_err();
            self.forget();
        }
    }
}

/// Gives `temporary` a name that is free, or the name of what it replaces.
fn named(temporary: &Path, place: &Place) -> io::Result<PathBuf> {
    if place.existing == Existing::Replace {
        return fs::rename(temporary, &place.path).map(|()| place.path.clone());
    }
    for number in 0..MOST_NUMBERS {
        let path = numbered(&place.path, number);
        match claim(temporary, &path) {
            Err(taken) if taken.kind() == Io::AlreadyExists => {}
            outcome => return outcome.map(|()| path),
        }
        if place.existing == Existing::Refuse {
            break;
        }
    }
    Err(Io::AlreadyExists.into())
}

/// Gives `temporary` the name `path` unless that is taken, whoever else is at it.
fn claim(temporary: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(temporary, path) {
        Ok(()) => fs::remove_file(temporary),
        Err(taken) if taken.kind() == Io::AlreadyExists => Err(taken),
        // A disk without links: an empty file holds the name until ours takes its place.
        Err(_) => {
            drop(File::create_new(path)?);
            fs::rename(temporary, path)
        }
    }
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    if number == 0 {
        return path.to_owned();
    }
    let text = |part: Option<&std::ffi::OsStr>| part.map(|it| it.to_string_lossy().into_owned());
    let stem = text(path.file_stem()).unwrap_or_default();
    let extension = text(path.extension()).map(|it| format!(".{it}")).unwrap_or_default();
    path.with_file_name(format!("{stem} ({number}){extension}"))
}

/// A new file beside `path`, with the rights that any new file gets.
fn temporary(path: &Path) -> Result<(PathBuf, File), Error> {
    for _ in 0..TRIES {
        let mut random = [0; 8];
        getrandom::getrandom(&mut random)
            .map_err(|cause| failed(path, "the system gives no random numbers").because(cause))?;
        let beside = path.with_file_name(format!(".opi-{:016x}.part", u64::from_ne_bytes(random)));
        match File::create_new(&beside) {
            Ok(file) => return Ok((beside, file)),
            Err(taken) if taken.kind() == Io::AlreadyExists => {}
            Err(cause) => return Err(unwritable(path, cause)),
        }
    }
    Err(failed(path, "no name is free for the file on its way"))
}

/// A device, which no file may replace.
fn device(path: &Path, now: &Metadata) -> Result<File, Error> {
    if is_pipe(now) {
        return Err(failed(path, "a pipe is no file; read the body piece by piece"));
    }
    File::options().write(true).open(path).map_err(|cause| unwritable(path, cause))
}

#[cfg(unix)]
fn is_pipe(now: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    now.file_type().is_fifo() || now.file_type().is_socket()
}

#[cfg(not(unix))]
fn is_pipe(_now: &Metadata) -> bool {
    false
}

/// The folder of `path`, unless it is the one we are in.
fn folder(path: &Path) -> Option<&Path> {
    path.parent().filter(|it| !it.as_os_str().is_empty())
}

/// Puts the new name on the disk, where folders can be opened.
fn sync_folder(path: &Path) {
    if let Some(Ok(folder)) = folder(path).map(File::open) {
        let _kept = folder.sync_all().is_err();
    }
}

/// The error of a file that cannot be written; a full disk is told as such.
pub(super) fn unwritable(path: &Path, cause: io::Error) -> Error {
    let words = match cause.kind() {
        Io::StorageFull => "the disk is full",
        Io::QuotaExceeded => "the share of the disk is used up",
        Io::FileTooLarge => "the disk takes no file of this length",
        _ => "the file cannot be written",
    };
    failed(path, words).because(cause)
}

pub(super) fn failed(path: &Path, words: &str) -> Error {
    Error::new(ErrorKind::File).detail(format!("{}: {words}", path.display()))
}

fn exists(path: &Path) -> Error {
    Error::new(ErrorKind::FileExists).detail(format!("{}: this is there already", path.display()))
}

/// The most numbers that are tried for one name.
const MOST_NUMBERS: u32 = 10_000;

/// The most random names that are tried.
const TRIES: u32 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_nul_is_told_before_anything_is_asked() {
        let error = Place::new(Path::new("a\0b"), Existing::Replace).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File);
        assert!(error.to_string().contains("NUL"), "{error}");
    }

    #[test]
    fn a_number_stands_before_the_extension() {
        for (name, expected) in
            [("a.txt", "a (3).txt"), ("a", "a (3)"), ("a.tar.gz", "a.tar (3).gz")]
        {
            assert_eq!(numbered(Path::new(name), 3), Path::new(expected));
        }
    }
}
