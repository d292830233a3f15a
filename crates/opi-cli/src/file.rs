//! Reads a file whole, as long as it is no longer than it may be.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::failure::{ErrorKind, Failure};

/// The bytes of the file, `limit` at most; `what` is what it holds, for the message.
///
/// # Errors
///
/// [`ErrorKind::File`]: it cannot be read. [`ErrorKind::Usage`]: it is longer, or does not end,
/// as a device.
pub(crate) fn read(path: &Path, what: &str, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut data = Vec::new();
    let reading = File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut data));
    reading.map_err(|cause| {
        let message = format!("{}: {what} cannot be read", path.display());
        Failure::new(ErrorKind::File, message).because(&cause)
    })?;
    if data.len() as u64 > limit {
        let message = format!("{}: expected at most {limit} bytes", path.display());
        return Err(Failure::new(ErrorKind::Usage, message));
    }
    Ok(data)
}

/// The most bytes of a file of certificates, keys or settings: 16 MiB; the certificates of all
/// public authorities are less than 1 MiB.
pub(crate) const SETTINGS: u64 = 16 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_exact() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        std::fs::write(&path, b"12345").unwrap();
        assert_eq!(read(&path, "data", 5).unwrap(), b"12345");
        assert_eq!(read(&path, "data", 4).unwrap_err().code(), "cli_usage");
        assert_eq!(read(folder.path(), "data", 4).unwrap_err().code(), "cli_file");
    }

    #[cfg(unix)]
    #[test]
    fn a_device_without_an_end_is_refused() {
        let failure = read(Path::new("/dev/zero"), "data", 1000).unwrap_err();
        assert!(failure.message().contains("at most 1000 bytes"), "{failure:?}");
    }
}
