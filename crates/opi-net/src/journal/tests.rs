//! Journals as their users meet them: files, sharing, and what goes wrong with files.

use std::error::Error as _;
use std::fs;
use std::path::Path;

use super::*;
use crate::ErrorKind;

/// No healthy file takes as long.
const LIMIT: Duration = Duration::from_secs(20);

fn to_file(path: &Path) -> LogFile {
    LogFile::new(path)
}

fn open(file: LogFile) -> Journal {
    Journal::open(&Settings::new().file(file)).unwrap()
}

fn texts(journal: &Journal, count: Option<usize>) -> Vec<String> {
    let entries = journal.entries(count.and_then(NonZeroUsize::new));
    entries.iter().map(|entry| entry.text().to_owned()).collect()
}

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn memory_keeps_the_newest() {
    let journal = Journal::open(&Settings::new().memory(3)).unwrap();
    for number in 0..3 {
        journal.log(Level::Info, format_args!("{number}"));
    }
    assert_eq!(texts(&journal, None), ["0", "1", "2"]);
    journal.log(Level::Info, format_args!("3"));
    assert_eq!(texts(&journal, None), ["1", "2", "3"]);
    assert_eq!(texts(&journal, Some(2)), ["2", "3"]);
    assert_eq!(texts(&journal, Some(9)), ["1", "2", "3"]);
    assert_eq!(journal.total(), 4);
    assert_eq!(journal.faults(), Faults::default());
}

#[test]
fn memory_keeps_300_unless_asked_otherwise() {
    let journal = Journal::open(&Settings::new()).unwrap();
    let none = Journal::open(&Settings::new().memory(0)).unwrap();
    for number in 0..301 {
        journal.log(Level::Info, format_args!("{number}"));
        none.log(Level::Info, format_args!("{number}"));
    }
    assert_eq!((journal.entries(None).len(), journal.total()), (300, 301));
    assert_eq!((none.entries(None).len(), none.total()), (0, 301));
}

#[test]
fn levels_beyond_the_setting_cost_nothing() {
    /// Must not be looked at.
    struct Untouched;

    impl fmt::Display for Untouched {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("was formatted")
        }
    }

    let journal = Journal::open(&Settings::new().level(Level::Warn)).unwrap();
    journal.log(Level::Info, format_args!("{Untouched}"));
    journal.log(Level::Warn, format_args!("seen"));
    journal.log(Level::Error, format_args!("too"));
    assert_eq!(texts(&journal, None), ["seen", "too"]);
}

#[test]
fn a_file_gets_one_line_an_entry_whatever_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let journal = open(to_file(&path));
    let forged = "bye\n[2026-01-01 00:00:00.000Z] error forged\x1b[1m";
    journal.log(Level::Info, format_args!("said {forged}, password=hunter2"));
    assert!(journal.flush(LIMIT));
    let found = lines(&path);
    let entry = journal.entries(None).remove(0);
    assert_eq!(found, [entry.to_string()]);
    let expected =
        "info said bye\\n[2026-01-01 00:00:00.000Z] error forged\\u{1b}[1m, password=***";
    assert!(found[0].ends_with(expected), "{found:?}");
}

#[test]
fn the_last_clone_writes_what_is_queued_and_a_later_journal_appends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    for round in 1..=2 {
        let journal = open(to_file(&path));
        let clone = journal.clone();
        drop(journal);
        for number in 0..1_000 {
            clone.log(Level::Info, format_args!("{number}"));
        }
        drop(clone);
        assert_eq!(lines(&path).len(), 1_000 * round);
    }
}

#[test]
fn journals_of_one_file_share_it_and_no_line_is_torn_or_lost_when_files_change() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let file = || to_file(&path).longest(8 * 1024).kept(100).queue(65_536);
    let journals = [open(file()), open(file())];
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let journal = &journals[thread % 2];
            scope.spawn(move || {
                for number in 0..500 {
                    journal.log(Level::Info, format_args!("{thread} {number} {}", "x".repeat(50)));
                }
            });
        }
    });
    assert_eq!(journals[0].faults(), Faults::default());
    drop(journals);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let name = entry.unwrap().path();
        assert!(fs::metadata(&name).unwrap().len() <= 8 * 1024, "{name:?}");
        found.extend(lines(&name));
    }
    assert_eq!(found.len(), 2_000);
    for line in &found {
        assert!(line.starts_with("[20") && line.ends_with(&"x".repeat(50)), "{line}");
    }
}

#[test]
fn a_file_that_is_open_with_other_limits_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    let _journal = open(to_file(&path));
    let other = Settings::new().file(to_file(&path).kept(1));
    let error = Journal::open(&other).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::JournalFile);
    assert!(error.to_string().ends_with("is open with other limits"), "{error}");
    drop(_journal);
    drop(Journal::open(&other).unwrap());
}

#[test]
fn a_file_that_cannot_be_opened_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    for path in ["none/a.log", "file/a.log", ""] {
        let path = folder.path().join(path);
        let error = Journal::open(&Settings::new().file(to_file(&path))).unwrap_err();
        assert_eq!(error.code(), "journal_file");
        assert!(error.to_string().contains(&format!("{path:?}")), "{error}");
        assert!(error.source().is_some());
    }
    assert!(!folder.path().join("none").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_counted_and_told() {
    let journal = open(to_file(Path::new("/dev/full")));
    journal.log(Level::Info, format_args!("one"));
    journal.log(Level::Info, format_args!("two"));
    assert!(journal.flush(LIMIT));
    let faults = journal.faults();
    assert_eq!((faults.failed, faults.dropped), (2, 0));
    assert!(faults.last.is_some_and(|last| last.contains("space")));
    assert_eq!(texts(&journal, None), ["one", "two"]);
}

#[cfg(target_os = "linux")]
mod pipes {
    use std::io::{BufRead, BufReader};
    use std::path::PathBuf;
    use std::process::Command;

    use super::*;

    fn pipe(folder: &Path) -> PathBuf {
        let path = folder.join("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    }

    #[test]
    fn a_pipe_that_nobody_reads_stops_no_caller_and_drops_are_counted() {
        const LINES: u64 = 1_000;
        let folder = tempfile::tempdir().unwrap();
        let path = pipe(folder.path());
        let end = fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
        let journal = open(to_file(&path).queue(8));
        for number in 0..LINES {
            journal.log(Level::Info, format_args!("{number} {}", "x".repeat(1_000)));
        }
        // A pipe holds 64 KiB, and the queue eight lines more.
        assert!(!journal.flush(Duration::ZERO));
        let dropped = journal.faults().dropped;
        assert!((LINES - 100..LINES).contains(&dropped), "{dropped}");
        assert!(writers() > 0);

        // Once it is read, every line is there or is told to be missing.
        let mut lines = BufReader::new(end).lines().map(Result::unwrap);
        let (mut got, mut missing) = (0, 0);
        while got + missing < LINES {
            let line = lines.next().unwrap();
            match line.split_once(" warn ") {
                Some((_, gap)) => missing += gap.split(' ').next().unwrap().parse::<u64>().unwrap(),
                None => got += 1,
            }
        }
        assert_eq!((got + missing, missing), (LINES, dropped));
        assert!(journal.flush(LIMIT));
    }

    #[test]
    fn a_file_that_takes_nothing_holds_no_owner_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let path = pipe(folder.path());
        // Opening waits for a reader, who never comes.
        let error = Journal::open(&Settings::new().file(to_file(&path))).unwrap_err();
        assert_eq!(error.code(), "journal_file");

        let end = fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
        let journal = open(to_file(&path));
        for _ in 0..100 {
            journal.log(Level::Info, format_args!("{}", "x".repeat(1_000)));
        }
        // Returns although the thread hangs.
        drop(journal);
        drop(end);
    }
}

#[cfg(unix)]
#[test]
fn a_link_leads_to_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("a.log"), folder.path().join("link.log"));
    fs::write(&path, "").unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let file = |path: &Path| to_file(path).longest(8 * 1024);
    let journals = [open(file(&link)), open(file(&path))];
    for number in 0..200 {
        journals[number % 2].log(Level::Info, format_args!("{}", "x".repeat(100)));
    }
    assert!(journals[1].flush(LIMIT));
    drop(journals);
    assert!(link.is_symlink() && folder.path().join("a.log.1").exists());
    assert!(!folder.path().join("link.log.1").exists());
}

#[test]
fn a_journal_crosses_threads_and_shows_no_entry() {
    fn check<T: Clone + Send + Sync + 'static>(_: &T) {}
    let journal = Journal::open(&Settings::new()).unwrap();
    check(&journal);
    journal.log(Level::Info, format_args!("what was said"));
    assert!(!format!("{journal:?}").contains("said"));
}
