//! The options of a call: a JSON object whose keys are rows of the table.

use std::fmt::Display;
use std::num::NonZeroUsize;
use std::time::Duration;

use serde_json::{Map, Value as Json};

use crate::argument::{size, wait};
use crate::fault::{Fault, FaultKind};
use crate::table::{Kind, OptionRow, Param};
use crate::unique;

/// Options that were given, each under its English name.
#[derive(Debug, Default)]
pub(crate) struct Options(Map<String, Json>);

impl Options {
    /// Reads `text`, in which every key must be one of `rows`, in either language.
    pub(crate) fn parse(
        text: &str,
        rows: &'static [&'static OptionRow],
        param: &Param,
    ) -> Result<Self, Fault> {
        if text.trim().is_empty() {
            return Ok(Self(Map::new()));
        }
        let no_json = |cause| Fault::new(FaultKind::Option, format!("{param} is no JSON: {cause}"));
        Self::of(unique::parse(text).map_err(no_json)?, rows, param)
    }

    fn of(json: Json, rows: &[&OptionRow], whose: &dyn Display) -> Result<Self, Fault> {
        let what = |wrong: String| Fault::new(FaultKind::Option, format!("{whose} {wrong}"));
        let Json::Object(given) = json else { return Err(what("must be a JSON object".into())) };
        let mut known = Map::new();
        for (key, value) in given {
            let Some(row) = rows.iter().find(|row| row.name.matches(&key).is_some()) else {
                return Err(what(format!("has the unknown key {key:?}; accepted: {}", list(rows))));
            };
            if known.insert(row.name.en.to_owned(), value).is_some() {
                return Err(what(format!("has the key {} twice", row.name.en)));
            }
        }
        Ok(Self(known))
    }

    /// Takes an option that is an object of options itself.
    pub(crate) fn take_options(&mut self, row: &OptionRow) -> Result<Option<Self>, Fault> {
        let Kind::Options(rows) = row.kind else { return Err(Fault::of(FaultKind::Internal)) };
        let given = self.take::<Json>(row)?.filter(|given| !given.is_null());
        given.map(|given| Self::of(given, rows, row)).transpose()
    }

    /// Takes an option that is a list of objects of options.
    pub(crate) fn take_list(&mut self, row: &OptionRow) -> Result<Vec<Self>, Fault> {
        let Kind::Objects(rows) = row.kind else { return Err(Fault::of(FaultKind::Internal)) };
        match self.take::<Json>(row)? {
            None | Some(Json::Null) => Ok(Vec::new()),
            Some(Json::Array(items)) => {
                items.into_iter().map(|it| Self::of(it, rows, row)).collect()
            }
            Some(_) => Err(wrong(row)),
        }
    }

    /// Whether any of `rows` was given and not taken yet.
    pub(crate) fn has_any(&self, rows: &[&OptionRow]) -> bool {
        let given = |row: &&&OptionRow| self.0.get(row.name.en).is_some_and(|it| !it.is_null());
        rows.iter().find(given).is_some()
    }

    /// Those of `rows` that were given, as text; none when there is none.
    pub(crate) fn text_of(&self, rows: &[&OptionRow]) -> Option<String> {
        let value = |row: &&OptionRow| self.0.get(row.name.en).filter(|it| !it.is_null());
        let given = rows.iter().filter_map(|row| Some((row.name.en, value(row)?)));
        let given: Vec<_> = given.map(|(name, value)| format!("{name}={value}")).collect();
        (!given.is_empty()).then(|| given.join(","))
    }

    /// Takes the value of an option; JSON's `null` is as if it was not given.
    pub(crate) fn take<T: Optional>(&mut self, row: &OptionRow) -> Result<Option<T>, Fault> {
        let given =
            self.0.remove(row.name.en).filter(|given| T::NULL_IS_A_VALUE || !given.is_null());
        given.map(|given| T::from_json(given).ok_or_else(|| wrong(row))).transpose()
    }
}

fn wrong(row: &OptionRow) -> Fault {
    Fault::new(FaultKind::Option, format!("{row}: expected {}", row.kind.expected()))
}

fn list(rows: &[&OptionRow]) -> String {
    let names: Vec<_> = rows.iter().map(|row| row.name.en).collect();
    names.join(", ")
}

/// What the value of an option can be turned into.
pub(crate) trait Optional: Sized {
    /// Whether `null` is a value of its own rather than none.
    const NULL_IS_A_VALUE: bool = false;

    /// Converts, or gives `None` for a value of another type.
    fn from_json(json: Json) -> Option<Self>;
}

impl Optional for bool {
    fn from_json(json: Json) -> Option<Self> {
        json.as_bool()
    }
}

impl Optional for Duration {
    fn from_json(json: Json) -> Option<Self> {
        whole(&json).and_then(wait)
    }
}

impl Optional for usize {
    fn from_json(json: Json) -> Option<Self> {
        whole(&json).and_then(size)
    }
}

/// How many, at least one.
impl Optional for NonZeroUsize {
    fn from_json(json: Json) -> Option<Self> {
        usize::from_json(json).and_then(Self::new)
    }
}

/// A list of texts, or one text.
impl Optional for Vec<String> {
    fn from_json(json: Json) -> Option<Self> {
        match json {
            Json::Array(items) => items.into_iter().map(String::from_json).collect(),
            one => String::from_json(one).map(|one| vec![one]),
        }
    }
}

impl Optional for String {
    fn from_json(json: Json) -> Option<Self> {
        match json {
            Json::String(text) => Some(text),
            _ => None,
        }
    }
}

impl Optional for Json {
    const NULL_IS_A_VALUE: bool = true;

    fn from_json(json: Json) -> Option<Self> {
        Some(json)
    }
}

/// Names and texts, in the order given; a list of texts repeats its name.
impl Optional for Vec<(String, String)> {
    fn from_json(json: Json) -> Option<Self> {
        let pairs = Vec::<(String, Option<String>)>::from_json(json)?;
        pairs.into_iter().map(|(name, value)| value.map(|value| (name, value))).collect()
    }
}

/// As names and texts, from an object or from a list of pairs; `null` is a name without a value.
impl Optional for Vec<(String, Option<String>)> {
    fn from_json(json: Json) -> Option<Self> {
        let members: Vec<(String, Json)> = match json {
            Json::Object(object) => object.into_iter().collect(),
            Json::Array(pairs) => pairs.into_iter().map(pair).collect::<Option<_>>()?,
            _ => return None,
        };
        let mut pairs = Self::new();
        for (name, value) in members {
            match value {
                Json::Array(values) => {
                    for value in values {
                        pairs.push((name.clone(), text_or_none(value)?));
                    }
                }
                value => pairs.push((name, text_or_none(value)?)),
            }
        }
        Some(pairs)
    }
}

/// A list of two: a name and what stands under it.
fn pair(json: Json) -> Option<(String, Json)> {
    let Json::Array(pair) = json else { return None };
    let [name, value] = <[Json; 2]>::try_from(pair).ok()?;
    Some((String::from_json(name)?, value))
}

fn text_or_none(json: Json) -> Option<Option<String>> {
    if json.is_null() { Some(None) } else { scalar(json).map(Some) }
}

/// A point of time, in seconds since 1970.
impl Optional for i64 {
    fn from_json(json: Json) -> Option<Self> {
        whole(&json)
    }
}

/// How long something is, in bytes.
impl Optional for u64 {
    fn from_json(json: Json) -> Option<Self> {
        whole(&json).and_then(|number| Self::try_from(number).ok())
    }
}

/// Statuses of HTTP: some, or a name for many.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Statuses {
    Listed(Vec<u16>),
    Named(String),
}

impl Optional for Statuses {
    fn from_json(json: Json) -> Option<Self> {
        let status = |item: &Json| whole(item).and_then(|it| u16::try_from(it).ok());
        match json {
            Json::Array(items) => items.iter().map(status).collect::<Option<_>>().map(Self::Listed),
            Json::String(name) => Some(Self::Named(name)),
            _ => None,
        }
    }
}

fn scalar(json: Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text),
        Json::Bool(flag) => Some(flag.to_string()),
        Json::Number(number) => Some(number.to_string()),
        Json::Array(_) | Json::Null | Json::Object(_) => None,
    }
}

/// 1C writes every number it likes as a fraction, so `5000.0` is whole too.
fn whole(json: &Json) -> Option<i64> {
    let fraction = || json.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 1e15);
    json.as_i64().or_else(|| fraction().map(|number| number as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Bilingual;
    use crate::table::Kind;

    const WAIT: OptionRow = OptionRow::new(
        Kind::Milliseconds,
        Bilingual::new("timeout", "таймаут"),
        Bilingual::new("", ""),
    );
    const BODY: OptionRow =
        OptionRow::new(Kind::Json, Bilingual::new("json", "json"), Bilingual::new("", ""));
    const HEADERS: OptionRow =
        OptionRow::new(Kind::Texts, Bilingual::new("headers", "заголовки"), Bilingual::new("", ""));
    const ROWS: &[&OptionRow] = &[&WAIT, &BODY, &HEADERS];

    fn parse(text: &str) -> Result<Options, Fault> {
        let name = Bilingual::new("Options", "Параметры");
        Options::parse(text, ROWS, &Param::required(Kind::Options(ROWS), name, name))
    }

    #[test]
    fn keys_are_known_in_both_languages() {
        for text in [r#"{"timeout": 5}"#, r#"{"Таймаут": 5.0}"#, r#"{"TIMEOUT": 5}"#] {
            let wait: Option<Duration> = parse(text).unwrap().take(&WAIT).unwrap();
            assert_eq!(wait, Some(Duration::from_millis(5)), "{text}");
        }
    }

    #[test]
    fn a_wrong_object_is_a_fault_that_says_why() {
        let table = [
            ("{", "is no JSON: EOF"),
            ("[]", "must be a JSON object"),
            (r#"{"tmeout": 5}"#, "unknown key \"tmeout\"; accepted: timeout, json, headers"),
            (r#"{"timeout": 5, "таймаут": 6}"#, "has the key timeout twice"),
            (r#"{"timeout": 5, "timeout": 6}"#, "the key \"timeout\" stands twice"),
            (r#"{"headers": {"a": "1", "a": "2"}}"#, "the key \"a\" stands twice"),
        ];
        for (text, why) in table {
            let message = parse(text).unwrap_err().to_string();
            assert!(message.contains(why), "{text}: {message}");
        }
        for value in ["\"5\"", "-1", "0.5", "true", "[]"] {
            let mut options = parse(&format!("{{\"timeout\": {value}}}")).unwrap();
            let fault = options.take::<Duration>(&WAIT).unwrap_err();
            assert_eq!(
                fault.to_string(),
                "option timeout (таймаут): expected a whole number of milliseconds from 0 to 86400000",
            );
        }
    }

    #[test]
    fn null_is_nothing_except_where_json_is_wanted() {
        let mut options = parse(r#"{"timeout": null, "json": null}"#).unwrap();
        assert_eq!(options.take::<Duration>(&WAIT).unwrap(), None);
        assert_eq!(options.take::<Json>(&BODY).unwrap(), Some(Json::Null));
    }

    #[test]
    fn options_within_options_are_checked_too() {
        const INNER: OptionRow = OptionRow::new(
            Kind::Options(ROWS),
            Bilingual::new("inner", "внутри"),
            Bilingual::new("", ""),
        );
        let inner =
            |value| Options(Map::from_iter([("inner".to_owned(), value)])).take_options(&INNER);
        let mut options = inner(serde_json::json!({ "Таймаут": 7 })).unwrap().unwrap();
        assert_eq!(options.take(&WAIT).unwrap(), Some(Duration::from_millis(7)));
        assert!(inner(Json::Null).unwrap().is_none());
        let unknown = inner(serde_json::json!({ "tmeout": 7 })).unwrap_err().to_string();
        assert!(unknown.starts_with("option inner (внутри) has the unknown key"), "{unknown}");
        assert!(inner(serde_json::json!(5)).unwrap_err().to_string().contains("a JSON object"));
    }

    #[test]
    fn counts_are_at_least_one_and_a_text_is_a_list_of_one() {
        let count = |value| NonZeroUsize::from_json(value).map(NonZeroUsize::get);
        assert_eq!(count(serde_json::json!(1)), Some(1));
        assert_eq!(count(serde_json::json!(0)), None);
        assert_eq!(count(serde_json::json!(2_147_483_648_u32)), None);
        let list = |value| Vec::<String>::from_json(value);
        assert_eq!(list(serde_json::json!("a")), Some(vec!["a".to_owned()]));
        assert_eq!(list(serde_json::json!(["a", "b"])).map(|list| list.len()), Some(2));
        assert_eq!(list(serde_json::json!(["a", 1])), None);
    }

    #[test]
    fn texts_repeat_and_keep_their_order() {
        let mut options = parse(r#"{"headers": {"b": "1", "a": ["2", 3, true]}}"#).unwrap();
        let pairs: Vec<(String, String)> = options.take(&HEADERS).unwrap().unwrap();
        let shown: Vec<_> = pairs.iter().map(|(name, text)| format!("{name}={text}")).collect();
        assert_eq!(shown, ["b=1", "a=2", "a=3", "a=true"]);
        let mut listed =
            parse(r#"{"headers": [["b", "1"], ["a", ["2", 3]], ["b", "4"]]}"#).unwrap();
        let pairs: Vec<(String, String)> = listed.take(&HEADERS).unwrap().unwrap();
        let shown: Vec<_> = pairs.iter().map(|(name, text)| format!("{name}={text}")).collect();
        assert_eq!(shown, ["b=1", "a=2", "a=3", "b=4"]);
        let bare = Vec::<(String, Option<String>)>::from_json(serde_json::json!({ "a": null }));
        assert_eq!(bare, Some(vec![("a".to_owned(), None)]));
        for wrong in ["[[\"a\"]]", "[[1, 2]]", "[\"a\"]", "{\"a\": null}", "5"] {
            let json = serde_json::from_str(wrong).unwrap();
            assert_eq!(Vec::<(String, String)>::from_json(json), None, "{wrong}");
        }
        let mut nested = parse(r#"{"headers": {"a": {}}}"#).unwrap();
        assert!(nested.take::<Vec<(String, String)>>(&HEADERS).is_err());
    }
}
