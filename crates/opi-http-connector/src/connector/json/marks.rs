//! Marked JSON: every string begins with a letter that tells what it is, so that a reader which
//! takes strings for dates by their looks, as OneScript's does, cannot mistake any.
//!
//! `t` and the text; `l` and a local date; `u` and a date in UTC; for writing `d` and a date twice,
//! local and in UTC. Dates are written as `2019-01-21T00:24:00`.

use std::borrow::Cow;

use time::PrimitiveDateTime;

use super::dates::{self, DateForm, DateZone, Moment};
use super::lexer::{Lexer, Nest, Token, Wrong};
use super::writer::{Writer, WriterSettings};
use crate::{Error, ErrorKind};

/// What is known of the dates in a text.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    dates: Vec<String>,
    form: DateForm,
    nesting: usize,
}

impl ReadOptions {
    /// No property is a date; the nesting is at most [`MAX_NESTING`].
    #[must_use]
    pub fn new() -> Self {
        Self { dates: Vec::new(), form: DateForm::default(), nesting: MAX_NESTING }
    }

    /// The names of the properties that are dates, at any depth; elements of an array have the
    /// name of the array. None.
    #[must_use]
    pub fn dates(self, dates: Vec<String>) -> Self {
        Self { dates, ..self }
    }

    /// How they are written. ISO 8601.
    #[must_use]
    pub fn form(self, form: DateForm) -> Self {
        Self { form, ..self }
    }

    /// How many arrays and objects may stand in each other. 500.
    #[must_use]
    pub fn nesting(self, nesting: usize) -> Self {
        Self { nesting, ..self }
    }
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self::new()
    }
}

/// How many arrays and objects may stand in each other, unless something else is said.
pub const MAX_NESTING: usize = 500;

/// Marks the strings of a JSON text. Numbers keep their digits, `null` stays `null`.
///
/// # Errors
///
/// Fails for text that is no JSON, for nesting past the limit, and for a property that was said to
/// be a date and is a string of another form.
pub fn mark_json(text: &str, options: &ReadOptions) -> Result<String, Error> {
    let mut lexer = Lexer::new(text, options.nesting);
    let mut writer = Writer::new(WriterSettings::compact());
    let mut names = Names::default();
    while let Some(token) = lexer.next().map_err(no_json)? {
        let token = match names.note(token) {
            Token::Text(text) => Token::Text(marked(&text, names.current(), options)?.into()),
            other => other,
        };
        writer.write(&token);
    }
    Ok(writer.into_text())
}

/// How dates are written.
#[derive(Clone, Copy, Debug, Default)]
pub struct DateOptions {
    /// The form.
    pub form: DateForm,
    /// The zone, in the form ISO.
    pub zone: DateZone,
}

/// Writes marked JSON as JSON.
///
/// # Errors
///
/// Fails for text that is no marked JSON.
pub fn unmark_json(
    text: &str,
    dates: DateOptions,
    settings: WriterSettings,
) -> Result<String, Error> {
    let mut lexer = Lexer::new(text, MAX_NESTING);
    let mut writer = Writer::new(settings);
    while let Some(token) = lexer.next().map_err(no_json)? {
        match token {
            Token::Text(text) => writer.write(&Token::Text(unmarked(&text, dates)?)),
            other => writer.write(&other),
        }
    }
    Ok(writer.into_text())
}

/// The name that each open array or object stands under.
#[derive(Debug, Default)]
struct Names<'text> {
    last: Option<Cow<'text, str>>,
    open: Vec<(Nest, Option<Cow<'text, str>>)>,
}

impl<'text> Names<'text> {
    fn note(&mut self, token: Token<'text>) -> Token<'text> {
        match &token {
            Token::Begin(nest) => {
                let name = self.current().map(|name| Cow::Owned(name.to_owned()));
                self.open.push((*nest, name));
                self.last = None;
            }
            Token::End(_) => {
                self.open.pop();
            }
            Token::Name(name) => self.last = Some(name.clone()),
            Token::Plain(_) | Token::Text(_) => {}
        }
        token
    }

    fn current(&self) -> Option<&str> {
        match self.open.last() {
            Some((Nest::Array, name)) => name.as_deref(),
            _ => self.last.as_deref(),
        }
    }
}

fn marked(text: &str, name: Option<&str>, options: &ReadOptions) -> Result<String, Error> {
    let Some(name) = name.filter(|name| options.dates.iter().any(|date| date == name)) else {
        return Ok(format!("t{text}"));
    };
    match dates::read(text, options.form) {
        Some(moment @ Moment::Local(_)) => Ok(format!("l{moment}")),
        Some(moment @ Moment::Universal(_)) => Ok(format!("u{moment}")),
        None => {
            let form = match options.form {
                DateForm::Iso => "2019-01-21T00:24:00",
                DateForm::JavaScript => "new Date(1548030240000)",
                DateForm::Microsoft => "/Date(1548030240000)/",
            };
            let what = format!("the property {name:?} is no date such as {form}");
            Err(Error::new(ErrorKind::NotJson).detail(what))
        }
    }
}

fn unmarked(text: &str, options: DateOptions) -> Result<Cow<'_, str>, Error> {
    let date = |text: &str| match dates::read(text, DateForm::Iso) {
        Some(Moment::Local(date)) => Some::<PrimitiveDateTime>(date),
        _ => None,
    };
    if let Some(text) = text.strip_prefix('t') {
        return Ok(Cow::Owned(text.to_owned()));
    }
    let pair = text.strip_prefix('d').and_then(|text| text.split_at_checked(WIDTH));
    match pair.map(|(local, universal)| (date(local), date(universal))) {
        Some((Some(local), Some(universal))) => {
            Ok(dates::write(local, universal, options.form, options.zone).into())
        }
        _ => Err(Error::new(ErrorKind::BadJson).detail("a string has no mark")),
    }
}

fn no_json(Wrong { at, what }: Wrong) -> Error {
    Error::new(ErrorKind::NotJson).detail(format!("at byte {at}: {what}"))
}

/// `2019-01-21T00:24:00`
const WIDTH: usize = 19;

#[cfg(test)]
mod tests {
    use super::super::writer::LineBreak;
    use super::*;

    #[test]
    fn strings_are_marked_by_what_they_are() {
        let text = r#"{"a": "x", "when": "2019-01-21T00:24:00", "in": [{"when": "2019-01-21T00:24:00+03:00"}],
            "dates": ["2019-01-21", null, 5], "other": ["2019-01-21"], "n": 1.50, "b": [true, null, {}]}"#;
        let options = ReadOptions::new().dates(vec!["when".to_owned(), "dates".to_owned()]);
        let expected = r#"{"a":"tx","when":"l2019-01-21T00:24:00","in":[{"when":"u2019-01-20T21:24:00"}],"dates":["l2019-01-21T00:00:00",null,5],"other":["t2019-01-21"],"n":1.50,"b":[true,null,{}]}"#;
        assert_eq!(mark_json(text, &options).unwrap(), expected);
        assert_eq!(mark_json("\"a\"", &options).unwrap(), "\"ta\"");
    }

    #[test]
    fn the_forms_of_dates_are_known() {
        for (form, text) in [
            (DateForm::JavaScript, r#"{"d":"new Date(1548030240000)"}"#),
            (DateForm::Microsoft, r#"{"d":"/Date(1548030240000)/"}"#),
            (DateForm::Microsoft, r#"{"d":"\/Date(1548030240000)\/"}"#),
        ] {
            let options = ReadOptions::new().dates(vec!["d".to_owned()]).form(form);
            assert_eq!(mark_json(text, &options).unwrap(), r#"{"d":"u2019-01-21T00:24:00"}"#);
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let options = ReadOptions::new().dates(vec!["d".to_owned()]);
        for (text, why) in [
            ("{\"d\": \"today\"}", "the property \"d\" is no date such as 2019-01-21T00:24:00"),
            ("<html>", "at byte 0: expected a value"),
            ("[1,", "at byte 3: the text ends too early"),
        ] {
            let error = mark_json(text, &options).unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::NotJson, why));
        }
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(mark_json(&nested(MAX_NESTING), &ReadOptions::new()).is_ok());
        assert!(mark_json(&nested(MAX_NESTING + 1), &ReadOptions::new()).is_err());
        assert!(mark_json("[[]]", &ReadOptions::new().nesting(1)).is_err());
    }

    #[test]
    fn marked_json_is_written_as_json() {
        let text =
            r#"{"Дата":"d2019-01-21T00:24:002019-01-20T21:24:00","t":"tтекст","n":[5,null,true]}"#;
        let written = |form, zone| {
            let settings = WriterSettings::new().line_break(LineBreak::None);
            unmark_json(text, DateOptions { form, zone }, settings).unwrap()
        };
        let with = |date: &str| format!(r#"{{"Дата":"{date}","t":"текст","n":[5,null,true]}}"#);
        assert_eq!(written(DateForm::Iso, DateZone::Local), with("2019-01-21T00:24:00"));
        // A-043
        assert_eq!(written(DateForm::Iso, DateZone::Universal), with("2019-01-20T21:24:00Z"));
        let offset = written(DateForm::Iso, DateZone::LocalWithOffset);
        assert_eq!(offset, with("2019-01-21T00:24:00+03:00"));
        assert_eq!(written(DateForm::Microsoft, DateZone::Local), with("/Date(1548019440000)/"));
        for wrong in ["\"x\"", "\"\"", "\"d2019\"", "\"dяяяяяяяяяяяяяяяяяя\""] {
            let written = unmark_json(wrong, DateOptions::default(), WriterSettings::new());
            assert_eq!(written.unwrap_err().kind(), ErrorKind::BadJson, "{wrong}");
        }
    }
}
