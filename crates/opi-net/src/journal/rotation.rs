//! One log file and the older ones beside it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::LogFile;

/// The file that is written, and how much of it is used.
#[derive(Debug)]
pub(super) struct Rotation {
    settings: LogFile,
    open: Option<Open>,
    /// When it was last seen that the path still leads to the file.
    seen: Instant,
}

#[derive(Debug)]
struct Open {
    file: File,
    /// Nothing for what has no length, such as a pipe.
    used: Option<u64>,
    /// Whether the last line stands there in part.
    torn: bool,
}

impl Rotation {
    pub(super) fn open(mut settings: LogFile) -> io::Result<Self> {
        let open = Some(Open::new(&settings.path)?);
        // Of a link, the file is to move on and not the link; and the current folder may change.
        settings.path = settings.path.canonicalize()?;
        Ok(Self { settings, open, seen: Instant::now() })
    }

    /// Writes one line, after a change of files when it does not fit.
    pub(super) fn write(&mut self, line: &[u8]) -> io::Result<()> {
        self.look();
        let changed = match &self.open {
            Some(open) if open.is_full(line.len(), self.settings.longest) => self.change(),
            _ => Ok(()),
        };
        let open = match self.open.take() {
            Some(open) => open,
            None => Open::new(&self.settings.path)?,
        };
        self.open.insert(open).write(line).and(changed)
    }

    /// A file that someone else moved away is made anew.
    fn look(&mut self) {
        if self.seen.elapsed() >= LOOK {
            self.seen = Instant::now();
            let gone = !self.settings.path.exists();
            self.open.take_if(|open| gone && open.used.is_some());
        }
    }

    /// Moves every file one place on. When that fails, the file goes on for as long again.
    fn change(&mut self) -> io::Result<()> {
        let moved = move_on(&self.settings.path, self.settings.kept);
        match &moved {
            Ok(()) => self.open = None,
            Err(_) => self.open.iter_mut().for_each(|open| open.used = Some(0)),
        }
        moved
    }
}

/// How often it is looked whether the file is still there.
const LOOK: Duration = Duration::from_secs(1);

impl Open {
    fn new(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        let about = file.metadata()?;
        let used = about.is_file().then_some(about.len());
        Ok(Self { file, used, torn: false })
    }

    fn is_full(&self, more: usize, longest: u64) -> bool {
        self.used.is_some_and(|used| used > 0 && used.saturating_add(more as u64) > longest)
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        if self.torn {
            self.put(b"\n")?;
            self.torn = false;
        }
        self.put(line)
    }

    fn put(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        let whole = bytes.len();
        while !bytes.is_empty() {
            match self.file.write(bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    bytes = &bytes[count..];
                    self.used = self.used.map(|used| used + count as u64);
                }
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => {
                    self.torn |= bytes.len() < whole;
                    return Err(cause);
                }
            }
        }
        Ok(())
    }
}

/// `name` becomes `name.1`, that becomes `name.2`, and so on; the last of `kept` goes.
fn move_on(path: &Path, kept: usize) -> io::Result<()> {
    if kept == 0 {
        return fs::remove_file(path);
    }
    for older in (1..kept).rev() {
        match fs::rename(numbered(path, older), numbered(path, older + 1)) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
            _ => {}
        }
    }
    fs::rename(path, numbered(path, 1))
}

fn numbered(path: &Path, number: usize) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path, kept: usize) -> Rotation {
        let settings = LogFile::new(folder.join("a.log")).longest(0).kept(kept);
        Rotation::open(settings).unwrap()
    }

    /// The first letter of each file, the newest file first.
    fn files(folder: &Path) -> String {
        let names = (0..9).map(|number| match number {
            0 => folder.join("a.log"),
            number => numbered(&folder.join("a.log"), number),
        });
        names.filter_map(|name| Some(char::from(*fs::read(name).ok()?.first()?))).collect()
    }

    /// Lines of 5,000 bytes, of which two do not fit into one file of 8 KiB.
    #[track_caller]
    fn check(kept: usize, expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        let mut file = open(folder.path(), kept);
        for letter in b'a'..=b'e' {
            let mut line = vec![letter; 4_999];
            line.push(b'\n');
            file.write(&line).unwrap();
        }
        assert_eq!(files(folder.path()), expected, "{kept}");
    }

    #[test]
    fn so_many_older_files_are_kept() {
        check(0, "e");
        check(1, "ed");
        check(3, "edcb");
        check(9, "edcba");
    }

    #[test]
    fn a_file_is_full_to_the_last_byte_before_it_moves_on() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = open(folder.path(), 1);
        file.write(&[b'a'; 4_096]).unwrap();
        file.write(&[b'b'; 4_096]).unwrap();
        assert_eq!(files(folder.path()), "a");
        file.write(b"c").unwrap();
        assert_eq!(files(folder.path()), "ca");
        drop(file);
        let mut again = open(folder.path(), 1);
        again.write(&[b'd'; 8_192]).unwrap();
        assert_eq!(files(folder.path()), "dc", "what stands there already counts");
    }

    #[test]
    fn a_file_that_cannot_move_on_goes_on_and_tells() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = open(folder.path(), 1);
        file.write(&[b'a'; 8_000]).unwrap();
        fs::create_dir(folder.path().join("a.log.1")).unwrap();
        assert!(file.write(&[b'b'; 8_000]).is_err());
        assert_eq!(fs::read(folder.path().join("a.log")).unwrap().len(), 16_000);
    }

    #[test]
    fn a_file_that_someone_moved_away_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = open(folder.path(), 1);
        file.write(b"a\n").unwrap();
        fs::rename(folder.path().join("a.log"), folder.path().join("elsewhere")).unwrap();
        file.seen = Instant::now().checked_sub(LOOK).unwrap();
        file.write(b"b\n").unwrap();
        assert_eq!(fs::read(folder.path().join("a.log")).unwrap(), b"b\n");
    }

    #[test]
    fn a_line_after_a_torn_one_begins_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = open(folder.path(), 1);
        file.write(b"half a li").unwrap();
        if let Some(open) = &mut file.open {
            open.torn = true;
        }
        file.write(b"b\n").unwrap();
        assert_eq!(fs::read(folder.path().join("a.log")).unwrap(), b"half a li\nb\n");
    }
}
