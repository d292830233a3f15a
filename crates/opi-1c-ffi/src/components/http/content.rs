//! What a request carries, from the arguments and options of a call.

use opi::http::text::Charset;
use opi::http::{Body, Request};
use serde_json::Value as Json;

use super::multipart::{FILES, multipart};
use crate::argument::TextOrBytes;
use crate::blobs::Blobs;
use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow};

type Texts = Vec<(String, String)>;

/// The request with the body that the argument or one of the options is.
pub(super) fn with_body(
    request: Request,
    body: TextOrBytes,
    options: &mut Options,
    blobs: &Blobs,
) -> Result<Request, Fault> {
    let (json, form) = (options.take::<Json>(&JSON)?, options.take::<Texts>(&FORM)?);
    let (files, file) = (options.take_list(&FILES)?, options.take::<String>(&BODY_FILE)?);
    let charset = charset(options)?;
    let is_text = json.is_none() && file.is_none() && files.is_empty() && body.is_text();
    if charset.is_some() && !is_text {
        let message = format!("{BODY_ENCODING}: it is for a body that is text, or for {FORM}");
        return Err(Fault::new(FaultKind::Option, message));
    }
    let given = (!body.is_empty()).then_some(body);
    let request = match (given, json, form, file, files.is_empty()) {
        (None, None, form, None, false) => {
            multipart(request, form.unwrap_or_default(), files, blobs)?
        }
        (None, None, None, None, true) => request,
        (Some(body), None, None, None, true) => plain(request, body, charset)?,
        (None, Some(json), None, None, true) => request.json(&json)?,
        (None, None, Some(form), None, true) => of_form(request, &form, charset)?,
        (None, None, None, Some(path), true) => {
            let file = Body::file(path).map_err(|error| Fault::from(error).about(&BODY_FILE))?;
            request.body(file)
        }
        _ => return Err(too_much()),
    };
    let packed = options.take::<bool>(&GZIP_BODY)?.unwrap_or_default();
    Ok(if packed { request.gzip_body() } else { request })
}

fn charset(options: &mut Options) -> Result<Option<Charset>, Fault> {
    let Some(label) = options.take::<String>(&BODY_ENCODING)? else { return Ok(None) };
    let charset = label.parse::<Charset>();
    charset.map(Some).map_err(|error| Fault::from(error).about(&BODY_ENCODING))
}

fn plain(request: Request, body: TextOrBytes, charset: Option<Charset>) -> Result<Request, Fault> {
    match (body, charset) {
        (TextOrBytes::Text(text), Some(charset)) => {
            request.text_in(&text, charset).map_err(encoded)
        }
        (TextOrBytes::Text(text), None) => Ok(request.body(text)),
        (TextOrBytes::Bytes(bytes), _) => Ok(request.body(bytes)),
    }
}

fn of_form(
    request: Request,
    form: &[(String, String)],
    charset: Option<Charset>,
) -> Result<Request, Fault> {
    let fields = form.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    match charset {
        Some(charset) => request.form_in(fields, charset).map_err(encoded),
        None => Ok(request.form(fields)),
    }
}

fn encoded(error: opi::http::Error) -> Fault {
    Fault::from(error).about(&BODY_ENCODING)
}

fn too_much() -> Fault {
    let message = format!(
        "{JSON}, {FORM} with or without {FILES}, {BODY_FILE}: give one of them, or the parameter \
         Body (Тело)"
    );
    Fault::new(FaultKind::Option, message)
}

pub(super) const JSON: OptionRow = OptionRow::new(
    Kind::Json,
    Bilingual::new("json", "JSON"),
    Bilingual::new(
        "A value sent as JSON in place of the body.",
        "Значение, отправляемое как JSON вместо тела.",
    ),
);

pub(super) const FORM: OptionRow = OptionRow::new(
    Kind::Texts,
    Bilingual::new("form", "Форма"),
    Bilingual::new(
        "Fields sent as an HTML form in place of the body.",
        "Поля, отправляемые как форма HTML вместо тела.",
    ),
);

pub(super) const BODY_FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("body_file", "ФайлТела"),
    Bilingual::new(
        "The path of a file that is the body; it is read while it is sent.",
        "Путь к файлу, который станет телом; читается во время отправки.",
    ),
);

pub(super) const BODY_ENCODING: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("body_encoding", "КодировкаТела"),
    Bilingual::new(
        "Of a body that is text, or of a form: windows-1251, koi8-r or another of the WHATWG \
         Encoding Standard; Content-Type names it unless it was given. A character that it does not \
         have is an error. utf-8.",
        "Кодировка тела-строки или формы: windows-1251, koi8-r или другая из WHATWG Encoding \
         Standard; её назовёт Content-Type, если он не задан. Символ, которого в ней нет, - ошибка. \
         utf-8.",
    ),
);

pub(super) const GZIP_BODY: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("gzip_body", "СжатьТело"),
    Bilingual::new(
        "Pack the body by gzip while it is sent; the server must take that. False.",
        "Сжимать тело gzip во время отправки; сервер должен это понимать. Ложь.",
    ),
);
