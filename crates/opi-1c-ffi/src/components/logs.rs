//! The log of a connection or a server: the option that asks for it, and what `GetLog` gives.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use opi::net::Journal;
use opi::net::journal::{Level, LogFile, Settings, writers};
use serde_json::json;

use crate::abi;
use crate::dispatch::success;
use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow, Param, Preset};
use crate::value::Value;

/// The log of an object; it stays when the connection or the server ends, until the next begins.
#[derive(Debug, Default)]
pub(super) struct Logs(Mutex<Option<Kept>>);

/// A journal; it goes before what looks after its file's thread.
#[derive(Debug)]
struct Kept {
    journal: Journal,
    _file: OpenFile,
}

impl Logs {
    /// Begins a new log in place of the old one; without settings there is none.
    pub(super) fn begin(&self, settings: Option<&Settings>) -> Result<Option<Journal>, Fault> {
        self.end();
        let Some(settings) = settings else { return Ok(None) };
        let guard = OpenFile::new();
        let journal = Journal::open(settings).map_err(|error| Fault::from(error).about(&LOG))?;
        let kept = Kept { journal: journal.clone(), _file: guard };
        drop(self.slot().replace(kept));
        Ok(Some(journal))
    }

    /// Lets go of the log; its file gets what is still queued.
    pub(super) fn end(&self) {
        let kept = self.slot().take();
        drop(kept);
    }

    /// Waits until the file has what was logged, for a while.
    pub(super) fn flush(&self) {
        let journal = self.slot().as_ref().map(|kept| kept.journal.clone());
        // What a slow file has not taken by then is told by the counts.
        let _late = journal.is_some_and(|journal| !journal.flush(FLUSH));
    }

    /// The newest entries.
    pub(super) fn read(&self, count: Option<usize>) -> Result<Value, Fault> {
        self.flush();
        let journal = self.slot().as_ref().map(|kept| kept.journal.clone());
        let missing = || Fault::new(FaultKind::Option, format!("{LOG} was not given"));
        let journal = journal.ok_or_else(missing)?;
        let entries = journal.entries(count.and_then(NonZeroUsize::new));
        let lines: Vec<String> = entries.iter().map(ToString::to_string).collect();
        let faults = journal.faults();
        success(&json!({
            "total": journal.total(),
            "returned": lines.len(),
            "logs": lines,
            "dropped": faults.dropped,
            "failed": faults.failed,
            "file_error": faults.last,
        }))
    }

    /// Locked for a few instructions only, never while waiting.
    fn slot(&self) -> MutexGuard<'_, Option<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts the journals there may be files of; the last one sees that no thread is left behind.
#[derive(Debug)]
struct OpenFile;

impl OpenFile {
    fn new() -> Self {
        OPEN.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for OpenFile {
    /// A thread that hangs in a file pins the library, whose code it runs.
    fn drop(&mut self) {
        if OPEN.fetch_sub(1, Ordering::SeqCst) > 1 {
            return;
        }
        let begun = Instant::now();
        while writers() > 0 && begun.elapsed() < BRIEF {
            std::thread::yield_now();
        }
        if writers() > 0 && !abi::pin_module() {
            tracing::error!("the library could not be kept in memory");
        }
    }
}

static OPEN: AtomicUsize = AtomicUsize::new(0);

/// What [`LOG`] says.
pub(super) fn settings(options: &mut Options) -> Result<Option<Settings>, Fault> {
    let Some(mut given) = options.take_options(&LOG)? else { return Ok(None) };
    let memory = within(&mut given, &MEMORY, 0, Settings::MOST)?.unwrap_or(300);
    let level = level(&mut given)?;
    let settings = Settings::new().memory(memory).level(level);
    match file(&mut given)? {
        Some(file) => Ok(Some(settings.file(file))),
        None if memory == 0 => Err(wrong(&MEMORY, "a log without memory needs a file")),
        None => Ok(Some(settings)),
    }
}

fn file(given: &mut Options) -> Result<Option<LogFile>, Fault> {
    let longest = within(given, &MAX_SIZE, 8_192, usize::MAX)?;
    let kept = within(given, &KEEP, 0, 100)?;
    let Some(path) = given.take::<String>(&FILE)? else {
        return match (longest, kept) {
            (None, None) => Ok(None),
            _ => Err(wrong(&FILE, "max_size and keep are of a file, and none is given")),
        };
    };
    let mut file = LogFile::new(path);
    if let Some(longest) = longest {
        file = file.longest(longest as u64);
    }
    Ok(Some(kept.into_iter().fold(file, LogFile::kept)))
}

fn level(given: &mut Options) -> Result<Level, Fault> {
    let Some(name) = given.take::<String>(&LEVEL)? else { return Ok(Level::default()) };
    let found = Level::ALL.iter().copied().find(|level| level.name() == name);
    found.ok_or_else(|| wrong(&LEVEL, format!("expected error, warn, info or debug, got {name:?}")))
}

fn within(
    given: &mut Options,
    row: &OptionRow,
    least: usize,
    most: usize,
) -> Result<Option<usize>, Fault> {
    match given.take::<usize>(row)? {
        Some(number) if number < least => {
            Err(wrong(row, format!("expected {least} or more, got {number}")))
        }
        Some(number) if number > most => {
            Err(wrong(row, format!("expected {most} at most, got {number}")))
        }
        number => Ok(number),
    }
}

fn wrong(row: &OptionRow, why: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Option, format!("{row} in {LOG}: {why}"))
}

/// How many entries `GetLog` gives.
pub(super) const COUNT: Param = Param::optional(
    Kind::Size,
    Bilingual::new("Count", "Количество"),
    Bilingual::new(
        "How many of the newest entries; 0 is all that memory keeps.",
        "Сколько последних записей; 0 - все, что хранятся в памяти.",
    ),
    Preset::Int(100),
);

pub(super) const LOG: OptionRow = OptionRow::new(
    Kind::Options(&[&MEMORY, &FILE, &MAX_SIZE, &KEEP, &LEVEL]),
    Bilingual::new("log", "Журнал"),
    Bilingual::new(
        "Keep a log, see GetLog; {} takes the defaults. What was sent and received is never in it, but \
         for the headers of web requests at the level debug, without secrets. None.",
        "Вести журнал, см. ПолучитьЛог; {} - с обычными настройками. Отправленного и полученного в \
         нём не бывает, кроме заголовков веб-запросов на уровне debug, без секретов. Нет.",
    ),
);

const MEMORY: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("memory", "ВПамяти"),
    Bilingual::new(
        "How many of the newest entries memory keeps, 100000 at most; 0 is none. 300.",
        "Сколько последних записей хранить в памяти, не больше 100000; 0 - нисколько. 300.",
    ),
);

const FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("file", "Файл"),
    Bilingual::new(
        "The path of a file that entries are added to, in an existing folder. None.",
        "Путь к файлу, куда дописываются записи, в существующем каталоге. Нет.",
    ),
);

const MAX_SIZE: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("max_size", "МаксимальныйРазмер"),
    Bilingual::new(
        "The most bytes of the file, from 8192; then it becomes FILE.1 and a new one begins. 10485760.",
        "Наибольший размер файла в байтах, от 8192; затем он становится ФАЙЛ.1 и начинается новый. \
         10485760.",
    ),
);

const KEEP: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("keep", "ХранитьФайлов"),
    Bilingual::new(
        "How many older files are kept, 100 at most. 3.",
        "Сколько прежних файлов хранить, не больше 100. 3.",
    ),
);

const LEVEL: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("level", "Уровень"),
    Bilingual::new(
        "What is logged: error, warn (retries), info (connections that come and go, web requests) or \
         debug (each operation). info.",
        "Что записывать: error, warn (повторы), info (появление и конец соединений, веб-запросы) или \
         debug (каждую операцию). info.",
    ),
);

const FLUSH: Duration = Duration::from_secs(1);
/// What a thread needs to end that has nothing left to write.
const BRIEF: Duration = Duration::from_millis(200);
