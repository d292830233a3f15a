//! A form of several parts, from the options: fields, and files from bytes or from disk.

use bytes::Bytes;
use opi::http::{Multipart, Part, Request};

use crate::blobs::Blobs;
use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow};

/// The request with a form of these fields and of the files of [`FILES`].
pub(super) fn multipart(
    request: Request,
    fields: Vec<(String, String)>,
    mut files: Vec<Options>,
    blobs: &Blobs,
) -> Result<Request, Fault> {
    let mut form = Multipart::new();
    for (name, value) in fields {
        form = form.field(name, value);
    }
    for file in &mut files {
        form = form.part(part(file, blobs)?);
    }
    Ok(request.multipart(form)?)
}

fn part(options: &mut Options, blobs: &Blobs) -> Result<Part, Fault> {
    let Some(name) = options.take::<String>(&NAME)? else {
        return Err(wrong(&NAME, "a file needs it"));
    };
    let mut part = content(name, options, blobs)?;
    if let Some(file_name) = options.take::<String>(&FILE_NAME)? {
        part = part.file_name(file_name);
    }
    part = match options.take::<String>(&TYPE)? {
        Some(kind) => part.content_type(&kind).map_err(|error| Fault::from(error).about(&TYPE))?,
        None => part.without_type(),
    };
    for (name, value) in options.take::<Vec<(String, String)>>(&HEADERS)?.unwrap_or_default() {
        part = part.header(&name, &value)?;
    }
    Ok(part)
}

fn content(name: String, options: &mut Options, blobs: &Blobs) -> Result<Part, Fault> {
    let (data, text) = (options.take::<String>(&DATA)?, options.take::<String>(&TEXT)?);
    match (data, text, options.take::<String>(&PATH)?) {
        (Some(number), None, None) => {
            let number = number.parse().map_err(|_| wrong(&DATA, "expected a number of bytes"))?;
            let bytes: Bytes = blobs.take(number).map_err(|fault| fault.about(&DATA))?;
            Ok(Part::bytes(name, bytes))
        }
        (None, Some(text), None) => Ok(Part::text(name, text)),
        (None, None, Some(path)) => {
            Part::file(name, path).map_err(|error| Fault::from(error).about(&PATH))
        }
        _ => Err(wrong(&DATA, format_args!("give it, {TEXT} or {PATH}, one of them"))),
    }
}

fn wrong(row: &OptionRow, why: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Option, format!("{row}: {why}"))
}

pub(super) const FILES: OptionRow = OptionRow::new(
    Kind::Objects(&[&NAME, &FILE_NAME, &TYPE, &HEADERS, &DATA, &TEXT, &PATH]),
    Bilingual::new("files", "Файлы"),
    Bilingual::new(
        "Files, which make the form one of several parts; its fields go before them.",
        "Файлы; с ними форма состоит из частей, поля идут перед файлами.",
    ),
);

const NAME: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("name", "Имя"),
    Bilingual::new("The name of the field.", "Имя поля."),
);

const FILE_NAME: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("filename", "ИмяФайла"),
    Bilingual::new(
        "The name of the file for the server. That of the path.",
        "Имя файла для сервера. Имя из пути.",
    ),
);

const TYPE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("type", "Тип"),
    Bilingual::new("The media type. None.", "Тип содержимого. Нет."),
);

const HEADERS: OptionRow = OptionRow::new(
    Kind::Texts,
    Bilingual::new("headers", "Заголовки"),
    Bilingual::new("Headers of the part. None.", "Заголовки части. Нет."),
);

const DATA: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("data", "Данные"),
    Bilingual::new(
        "The number of the bytes, from GiveBytes.",
        "Номер данных, из ПередатьДвоичныеДанные.",
    ),
);

const TEXT: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("text", "Текст"),
    Bilingual::new("The content as text, in UTF-8.", "Содержимое строкой, в UTF-8."),
);

const PATH: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("path", "Путь"),
    Bilingual::new(
        "The path of the file; it is read while it is sent.",
        "Путь к файлу; читается во время отправки.",
    ),
);
