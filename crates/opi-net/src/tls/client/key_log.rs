//! Writes the secrets of sessions down, so that Wireshark can read what was captured.

use std::env::var_os;
use std::fmt::{self, Write as _};
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::{Error, ErrorKind};

/// Where the secrets of sessions are written to (the format of NSS's key log): whoever has the
/// file can read the connections.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub enum KeyLog {
    /// To the file that the variable `SSLKEYLOGFILE` names; nowhere when it is not set.
    Environment,
    /// To this file, at its end; a new one is readable by its owner only. A pipe is refused.
    File(PathBuf),
}

impl KeyLog {
    /// The open log; none when the environment names none.
    pub(super) fn open(&self) -> Result<Option<Arc<dyn rustls::KeyLog>>, Error> {
        let path = match self {
            Self::Environment => match var_os("SSLKEYLOGFILE").filter(|path| !path.is_empty()) {
                Some(path) => PathBuf::from(path),
                None => return Ok(None),
            },
            Self::File(path) => path.clone(),
        };
        let file = append(&path).map_err(|cause| {
            let words = format!("{}: the key log cannot be opened", path.display());
            Error::new(ErrorKind::Io).detail(words).because(cause)
        })?;
        tracing::warn!(path = %path.display(), "the secrets of TLS sessions are written down");
        Ok(Some(Arc::new(Log(Mutex::new(file)))))
    }
}

fn append(path: &Path) -> std::io::Result<File> {
    if is_pipe(path) {
        return Err(std::io::Error::other("it is a pipe, which could keep a handshake waiting"));
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    path.metadata().is_ok_and(|facts| facts.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_path: &Path) -> bool {
    false
}

struct Log(Mutex<File>);

impl rustls::KeyLog for Log {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let line = format!("{label} {} {}\n", hex(client_random), hex(secret));
        let mut file = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // The handshake does not depend on its log.
        let _unwritten = file.write_all(line.as_bytes()).is_err();
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Log")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Text can always be written to.
        let _infallible = write!(text, "{byte:02x}").is_err();
        text
    })
}
