//! A file that is there whole or not at all, and that its owner alone may read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Error, ErrorKind};

/// Puts `text` in the place of the file at `path`.
pub(super) fn replace(path: &Path, text: &[u8]) -> Result<(), Error> {
    let beside = beside(path);
    let written = create(&beside).and_then(|file| fill(file, text));
    let put = written.and_then(|()| fs::rename(&beside, path));
    put.map_err(|cause| {
        // What was begun is of no use; it may not have been begun either.
        drop(fs::remove_file(&beside));
        failed(path, "cannot be written").because(cause)
    })
}

/// The file at `path`, up to the limit.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let unreadable = |cause: io::Error| failed(path, "cannot be read").because(cause);
    let mut text = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(LONGEST + 1).read_to_end(&mut text).map_err(unreadable)?;
    if text.len() as u64 > LONGEST {
        return Err(failed(path, "is longer than 64 MiB"));
    }
    Ok(text)
}

/// Names the file that `error` is about.
pub(super) fn named(path: &Path, error: Error) -> Error {
    failed(path, "holds no cookies").because(error)
}

fn failed(path: &Path, what: &str) -> Error {
    let detail = format!("cookies: the file {} {what}", path.display());
    Error::new(ErrorKind::CookieFile).detail(detail)
}

/// A name in the same folder that nobody else uses.
fn beside(path: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}-{count}.tmp", std::process::id()));
    path.with_file_name(name)
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn fill(mut file: File, text: &[u8]) -> io::Result<()> {
    file.write_all(text)?;
    file.sync_all()
}

const LONGEST: u64 = 64 * 1024 * 1024;
