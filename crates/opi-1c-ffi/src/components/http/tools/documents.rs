//! JSON with marks, XML as a tree, and an answer as the text of an exception.

use std::borrow::Cow;
use std::num::NonZeroUsize;

use bytes::Bytes;
use opi::http::connector::{
    self, DateForm, DateOptions, DateZone, Escape, ExceptionText, LineBreak, Quotes, ReadOptions,
    WriterSettings, mark_json, parse_xml, unmark_json,
};
use serde_json::json;

use super::rows::{
    CONTENT_TYPE, DATE_FORM, DATES, ERRORS, ESCAPES, INDENT, LINE_BREAK, NESTING, QUOTES,
    SHOWN_METHOD, SHOWN_URL, STATUS, TEXT_ENCODING, USER_TEXT, ZONE,
};
use crate::argument::Args;
use crate::components::http::connector::HttpConnector;
use crate::components::http::text;
use crate::dispatch::success;
use crate::fault::{Fault, FaultKind};
use crate::language::Language;
use crate::options::Options;
use crate::table::OptionRow;
use crate::value::Value;

impl HttpConnector {
    pub(super) fn exception_text(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (body, mut options): (Bytes, Options) = (args.next()?, args.next()?);
        let mut taken = |row| Ok::<_, Fault>(options.take::<String>(row)?.unwrap_or_default());
        let (user_text, method) = (taken(&USER_TEXT)?, taken(&SHOWN_METHOD)?);
        let url = taken(&SHOWN_URL)?;
        let status = options.take::<usize>(&STATUS)?.and_then(|it| u16::try_from(it).ok());
        let errors = options.take::<Vec<String>>(&ERRORS)?.unwrap_or_default();
        let encoding = options.take::<String>(&TEXT_ENCODING)?;
        let content_type = options.take::<String>(&CONTENT_TYPE)?;
        // An encoding that does not fit must not hide what happened.
        let body = text::decode(&body, content_type.as_deref(), encoding.as_deref()).ok();
        let shown = ExceptionText {
            user_text: &user_text,
            method: &method,
            url: &url,
            status: status.unwrap_or_default(),
            body: body.as_ref().map(|(text, _)| &**text),
            errors: &errors,
            language: match self.context().language.language() {
                Language::English => connector::Language::English,
                Language::Russian => connector::Language::Russian,
            },
        };
        success(&json!({ "text": shown.to_string() }))
    }
}

pub(super) fn read_json(args: &mut Args<'_>) -> Result<Value, Fault> {
    let (data, mut options): (Bytes, Options) = (args.next()?, args.next()?);
    let mut read = ReadOptions::new().form(form(&mut options)?);
    if let Some(names) = options.take::<Vec<String>>(&DATES)? {
        read = read.dates(names);
    }
    if let Some(nesting) = options.take::<NonZeroUsize>(&NESTING)? {
        read = read.nesting(nesting.get());
    }
    let (text, _) = text_of(&data, &mut options, None)?;
    let marked = mark_json(&text, &read)?;
    Ok(Value::Text(format!(r#"{{"result":true,"value":{marked}}}"#)))
}

pub(super) fn write_json(args: &mut Args<'_>) -> Result<Value, Fault> {
    let (text, mut options): (String, Options) = (args.next()?, args.next()?);
    let zone = chosen(&mut options, &ZONE, ZONES)?.unwrap_or_default();
    let dates = DateOptions { form: form(&mut options)?, zone };
    let written = unmark_json(&text, dates, settings(&mut options)?)?;
    success(&json!({ "text": written }))
}

pub(super) fn read_xml(args: &mut Args<'_>) -> Result<Value, Fault> {
    let (data, mut options): (Bytes, Options) = (args.next()?, args.next()?);
    let (text, _) = text_of(&data, &mut options, Some("text/xml"))?;
    success(&json!({ "root": parse_xml(&text)?.to_json() }))
}

pub(super) fn read_text(args: &mut Args<'_>) -> Result<Value, Fault> {
    let (data, mut options): (Bytes, Options) = (args.next()?, args.next()?);
    let (text, encoding) = text_of(&data, &mut options, None)?;
    success(&json!({ "text": text, "encoding": encoding }))
}

/// The text, and the name of its encoding; XML without any is looked into.
fn text_of<'data>(
    data: &'data [u8],
    options: &mut Options,
    otherwise: Option<&str>,
) -> Result<(Cow<'data, str>, &'static str), Fault> {
    let encoding = options.take::<String>(&TEXT_ENCODING)?;
    let content_type = options.take::<String>(&CONTENT_TYPE)?;
    text::decode(data, content_type.as_deref().or(otherwise), encoding.as_deref())
}

fn settings(options: &mut Options) -> Result<WriterSettings, Fault> {
    let mut settings = WriterSettings::new();
    if let Some(line_break) = chosen(options, &LINE_BREAK, LINE_BREAKS)? {
        settings = settings.line_break(line_break);
    }
    if let Some(indent) = options.take::<String>(&INDENT)? {
        settings = settings.indent(indent);
    }
    if let Some(quotes) = chosen(options, &QUOTES, QUOTES_KNOWN)? {
        settings = settings.quotes(quotes);
    }
    let Some(names) = options.take::<Vec<String>>(&ESCAPES)? else { return Ok(settings) };
    let escapes: Result<Vec<_>, _> = names.iter().map(|it| named(it, &ESCAPES, ESCAPED)).collect();
    Ok(settings.escapes(escapes?))
}

fn form(options: &mut Options) -> Result<DateForm, Fault> {
    Ok(chosen(options, &DATE_FORM, DATE_FORMS)?.unwrap_or_default())
}

fn chosen<T: Copy>(
    options: &mut Options,
    row: &OptionRow,
    known: &[(&str, T)],
) -> Result<Option<T>, Fault> {
    options.take::<String>(row)?.map(|name| named(&name, row, known)).transpose()
}

fn named<T: Copy>(name: &str, row: &OptionRow, known: &[(&str, T)]) -> Result<T, Fault> {
    let found = known.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        let message = format!("{row}: expected one of {}, got {name:?}", names.join(", "));
        Fault::new(FaultKind::Option, message)
    })
}

const DATE_FORMS: &[(&str, DateForm)] = &[
    ("iso", DateForm::Iso),
    ("javascript", DateForm::JavaScript),
    ("microsoft", DateForm::Microsoft),
];

const ZONES: &[(&str, DateZone)] = &[
    ("local", DateZone::Local),
    ("local_with_offset", DateZone::LocalWithOffset),
    ("universal", DateZone::Universal),
];

const LINE_BREAKS: &[(&str, LineBreak)] = &[
    ("auto", LineBreak::Auto),
    ("none", LineBreak::None),
    ("unix", LineBreak::Unix),
    ("windows", LineBreak::Windows),
];

const QUOTES_KNOWN: &[(&str, Quotes)] = &[("double", Quotes::Double), ("single", Quotes::Single)];

const ESCAPED: &[(&str, Escape)] = &[
    ("ampersand", Escape::Ampersand),
    ("angle_brackets", Escape::AngleBrackets),
    ("line_separators", Escape::LineSeparators),
    ("not_ascii", Escape::NotAscii),
    ("not_bmp", Escape::NotBmp),
    ("single_quotes", Escape::SingleQuotes),
    ("slash", Escape::Slash),
];
