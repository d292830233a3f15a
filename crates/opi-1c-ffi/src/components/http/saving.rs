//! The answer's body to a file, from the options.

use std::path::PathBuf;

use opi::http::{Broken, Download, Durability, Error, Existing, Request, Response, Save, Session};
use opi::net::Deadline;

use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow};

/// Where the body goes, and for which answers.
#[derive(Clone, Debug)]
pub(super) struct Saving {
    save: Save,
    of: Answers,
}

/// The answers whose bodies are saved.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Answers {
    All,
    Successes,
}

/// A file that was saved.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) length: u64,
    /// How much of it an earlier request had brought.
    pub(super) resumed: u64,
}

impl Saving {
    /// What the options say; nothing when no file was asked for.
    pub(super) fn of(options: &mut Options) -> Result<Option<Self>, Fault> {
        let path = options.take::<String>(&OUTPUT_FILE)?;
        let folder = options.take::<String>(&OUTPUT_FOLDER)?;
        let resume = options.take::<bool>(&RESUME)?.unwrap_or_default();
        let (save, of) = match (path, folder, resume) {
            (None, None, _) => return nothing_left(options, resume),
            (Some(_), Some(_), _) => return Err(wrong(&OUTPUT_FOLDER, "give it or output_file")),
            (None, Some(_), true) => return Err(wrong(&RESUME, "it is for output_file")),
            (Some(path), None, false) => (Save::to(path), Answers::All),
            (Some(path), None, true) => (Save::to(path).broken(Broken::Keep), Answers::Successes),
            (None, Some(folder), false) => (Save::into_folder(folder), Answers::Successes),
        };
        Ok(Some(Self { save: careful(save, options)?, of }))
    }

    /// Sends `request` and saves the body of its answer; one that is not saved comes with it.
    pub(super) async fn run(
        &self,
        session: &Session,
        request: Request,
        deadline: &Deadline,
    ) -> Result<(Response, Option<File>), Error> {
        // A path that cannot be written is found out here before anything is sent.
        let download = session.download(request, &self.save, deadline).await?;
        let saved = match (download, self.of) {
            (Download::Saved(saved), _) => *saved,
            (Download::Refused(incoming), Answers::All) => incoming.save(&self.save).await?,
            (Download::Refused(incoming), Answers::Successes) => {
                return Ok((incoming.collect().await?, None));
            }
            // There is no third outcome; one that comes later must not be taken for a file.
            _ => return Err(opi::net::Error::new(opi::net::ErrorKind::Io).into()),
        };
        let file = File { path: saved.path, length: saved.length, resumed: saved.resumed };
        Ok((saved.response, Some(file)))
    }
}

/// The other options are about a file, so one must be asked for.
fn nothing_left(options: &Options, resume: bool) -> Result<Option<Saving>, Fault> {
    match FILE_ROWS.iter().find(|row| options.has_any(&[row])) {
        Some(row) => Err(wrong(row, NO_FILE)),
        None if resume => Err(wrong(&RESUME, NO_FILE)),
        None => Ok(None),
    }
}

const NO_FILE: &str = "it is about a file: give output_file or output_folder";

/// The settings that both kinds of places have.
fn careful(mut save: Save, options: &mut Options) -> Result<Save, Fault> {
    match options.take::<String>(&EXISTING)?.as_deref() {
        None => {}
        Some("number") => save = save.existing(Existing::Number),
        Some("refuse") => save = save.existing(Existing::Refuse),
        Some("replace") => save = save.existing(Existing::Replace),
        Some(other) => {
            let why = format!("expected number, refuse or replace, got {other:?}");
            return Err(wrong(&EXISTING, why));
        }
    }
    if let Some(most) = options.take::<u64>(&MAX_FILE)? {
        save = save.max(most);
    }
    if options.take::<bool>(&SYNC)? == Some(false) {
        save = save.durability(Durability::Cached);
    }
    match options.take::<String>(&SHA256)? {
        Some(hex) => save.sha256(&hex).map_err(|error| Fault::from(error).about(&SHA256)),
        None => Ok(save),
    }
}

fn wrong(row: &OptionRow, why: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Option, format!("{row}: {why}"))
}

/// The options that need a file, in the order of the reference page.
const FILE_ROWS: &[&OptionRow] = &[&EXISTING, &MAX_FILE, &SHA256, &SYNC];

/// Every option of a file, in the order of the reference page.
pub(super) const ROWS: &[&OptionRow] =
    &[&OUTPUT_FILE, &OUTPUT_FOLDER, &RESUME, &EXISTING, &MAX_FILE, &SHA256, &SYNC];

pub(super) const OUTPUT_FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("output_file", "ИмяВыходногоФайла"),
    Bilingual::new(
        "The path of a file for the answer's body, of any size: it is whole or not there, and a \
         file that is there is replaced.",
        "Путь к файлу для тела ответа любого размера: он цел или его нет; имеющийся файл \
         заменяется.",
    ),
);

const OUTPUT_FOLDER: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("output_folder", "ВыходнойКаталог"),
    Bilingual::new(
        "A folder for a file with the name that the server or the URL gives; one that is there gets \
         company with a number. Only answers of 200 to 299 are saved, others come as data. None.",
        "Каталог для файла с именем от сервера или из URL; рядом с имеющимся файлом новый получит \
         номер. Сохраняются только ответы с кодами 200-299, остальные приходят как data. Нет.",
    ),
);

const RESUME: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("resume", "Докачивать"),
    Bilingual::new(
        "Keep what came of an output_file that broke off, and ask for the rest when the same call is \
         made again, if the file on the server is the same; resumed tells how much was there. Only \
         answers of 200 to 299 are saved, others come as data. False.",
        "Хранить полученную часть прерванного output_file и при повторе вызова просить остаток, если \
         файл на сервере тот же; resumed говорит, сколько уже было. Сохраняются только ответы с \
         кодами 200-299, остальные приходят как data. Ложь.",
    ),
);

const EXISTING: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("existing_file", "ИмеющийсяФайл"),
    Bilingual::new(
        "What is done when the file is there: replace, number (name (1).txt) or refuse. replace; \
         number in a folder.",
        "Что делать, если файл уже есть: replace - заменить, number - дать номер (имя (1).txt), \
         refuse - ошибка. replace; в каталоге - number.",
    ),
);

const MAX_FILE: OptionRow = OptionRow::new(
    Kind::Length,
    Bilingual::new("max_file", "МаксимумФайла"),
    Bilingual::new(
        "The most bytes of the file; more is an error. What the disk holds.",
        "Сколько байт может быть в файле; больше - ошибка. Сколько вместит диск.",
    ),
);

const SHA256: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("sha256", "SHA256"),
    Bilingual::new(
        "The SHA-256 that the file must have, in hexadecimal; else it is not kept. Not checked.",
        "SHA-256, которую должен иметь файл, шестнадцатеричная; иначе он не сохраняется. Не \
         проверяется.",
    ),
);

const SYNC: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("sync_file", "ЗаписатьНаДиск"),
    Bilingual::new(
        "Wait until the file is on the disk and outlives a failure of power. True.",
        "Ждать, пока файл окажется на диске и переживёт отключение питания. Истина.",
    ),
);
