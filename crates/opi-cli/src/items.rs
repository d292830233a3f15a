//! Request items in HTTPie's short syntax. Pure; a wrong item is named by its place, because its
//! text may be a secret.

use serde_json::{Map, Value};

use crate::failure::{ErrorKind, Failure};

/// What a request is given besides its URL.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Items {
    /// `name:value`, in order.
    pub(crate) headers: Vec<(String, String)>,
    /// `name==value`, in order.
    pub(crate) query: Vec<(String, String)>,
    /// `name=value` and `name:=value`, in order.
    pub(crate) fields: Vec<(String, Field)>,
}

/// The value of a field.
#[derive(Debug, PartialEq)]
pub(crate) enum Field {
    /// Raw JSON, and its text.
    Json(Value, String),
    /// A string.
    Text(String),
}

impl Items {
    /// Reads all items.
    ///
    /// # Errors
    ///
    /// The first wrong one, by its place.
    pub(crate) fn parse(texts: &[String]) -> Result<Self, Failure> {
        let mut items = Self::default();
        for (place, text) in texts.iter().enumerate() {
            items.add(text).map_err(|wrong| {
                let message = format!("item {}: {wrong}", place + 1);
                Failure::new(ErrorKind::Usage, message)
            })?;
        }
        Ok(items)
    }

    /// The fields as a JSON object; of fields of one name the last one counts.
    pub(crate) fn object(&self) -> Value {
        let pairs = self.fields.iter().map(|(name, field)| (name.clone(), field.value()));
        pairs.collect::<Map<_, _>>().into()
    }

    /// The fields as an HTML form sends them.
    pub(crate) fn form(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, field)| (name.as_str(), field.text()))
    }

    fn add(&mut self, text: &str) -> Result<(), String> {
        let (name, separator, value) = split(text).ok_or(EXPECTED)?;
        if name.is_empty() {
            return Err(format!("the name before {separator} is missing"));
        }
        match separator {
            ":" if value.is_empty() => {
                return Err("a header cannot be left out; an empty one is written name;".to_owned());
            }
            ":" => self.headers.push((name, value)),
            ";" if value.is_empty() => self.headers.push((name, value)),
            ";" => return Err("nothing can stand after the ; of an empty header".to_owned()),
            "==" => self.query.push((name, value)),
            "=" => self.fields.push((name, Field::Text(value))),
            ":=" => {
                let json = serde_json::from_str(&value).map_err(|wrong| json_wrong(&wrong))?;
                self.fields.push((name, Field::Json(json, value)));
            }
            _ => return Err(format!("{separator} reads a file, which opi does not do here")),
        }
        Ok(())
    }
}

impl Field {
    fn value(&self) -> Value {
        match self {
            Self::Json(value, _) => value.clone(),
            Self::Text(text) => text.as_str().into(),
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Json(_, text) | Self::Text(text) => text,
        }
    }
}

/// The place of the mistake; what serde says beyond it repeats the text.
fn json_wrong(wrong: &serde_json::Error) -> String {
    format!("what stands after := is no JSON (line {}, column {})", wrong.line(), wrong.column())
}

const EXPECTED: &str = "expected name:value, name==value, name=value or name:=value";

/// The separators, longer ones before those they begin with.
const SEPARATORS: &[&str] = &["==@", ":=@", "=@", ":@", "==", ":=", "=", ":", "@", ";"];

/// Splits at the first separator that is not escaped; a backslash before one of `:=@;` goes.
fn split(text: &str) -> Option<(String, &'static str, String)> {
    let mut name = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(separator) = SEPARATORS.iter().find(|separator| rest.starts_with(**separator)) {
            return Some((name, *separator, unescaped(&rest[separator.len()..])));
        }
        let taken = escaped(rest).unwrap_or(first);
        name.push(taken);
        let skipped = if taken == first { 0 } else { first.len_utf8() };
        rest = &rest[skipped + taken.len_utf8()..];
    }
    None
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match escaped_after(c, rest.as_str()) {
            Some(special) => {
                plain.push(special);
                rest.next();
            }
            None => plain.push(c),
        }
    }
    plain
}

/// The character that a backslash at the beginning of `text` protects.
fn escaped(text: &str) -> Option<char> {
    let mut rest = text.chars();
    escaped_after(rest.next()?, rest.as_str())
}

fn escaped_after(first: char, rest: &str) -> Option<char> {
    let next = rest.chars().next()?;
    (first == '\\' && matches!(next, ':' | '=' | '@' | ';')).then_some(next)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(text: &str, name: &str, separator: &str, value: &str) {
        let expected = (name.to_owned(), separator, value.to_owned());
        assert_eq!(split(text), Some(expected), "{text:?}");
    }

    #[test]
    fn the_first_separator_splits_and_the_longest_there_wins() {
        check("a=b", "a", "=", "b");
        check("a==b", "a", "==", "b");
        check("a:=b", "a", ":=", "b");
        check("a:b=c", "a", ":", "b=c");
        check("a=b:c==d", "a", "=", "b:c==d");
        check("a=", "a", "=", "");
        check("mail=ann@h.test", "mail", "=", "ann@h.test");
        check("ж:я", "ж", ":", "я");
        check("f@x", "f", "@", "x");
        check("f=@x", "f", "=@", "x");
        check("f:=@x", "f", ":=@", "x");
        check("X-Empty;", "X-Empty", ";", "");
    }

    #[test]
    fn a_backslash_takes_the_meaning_of_a_separator_and_stands_elsewhere() {
        check("a\\:b:c", "a:b", ":", "c");
        check("a\\=\\=b=c", "a==b", "=", "c");
        check("a=\\@b", "a", "=", "@b");
        check("a=C:\\dir\\=", "a", "=", "C:\\dir=");
        check("a\\b=c\\", "a\\b", "=", "c\\");
        assert_eq!(split("nothing"), None);
        assert_eq!(split("a\\=b"), None);
    }

    fn parse(texts: &[&str]) -> Result<Items, Failure> {
        Items::parse(&texts.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn items_go_where_they_belong() {
        let items = parse(&["X-A:1", "q==2", "n=3", "j:={\"a\":[1]}", "n=4", "E;"]).unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(items.headers, [pair("X-A", "1"), pair("E", "")]);
        assert_eq!(items.query, [pair("q", "2")]);
        assert_eq!(items.object(), json!({"n": "4", "j": {"a": [1]}}));
        let form: Vec<_> = items.form().collect();
        assert_eq!(form, [("n", "3"), ("j", "{\"a\":[1]}"), ("n", "4")]);
    }

    #[test]
    fn a_wrong_item_is_named_by_its_place_only() {
        for (text, expected) in [
            ("hunter2", "item 2: expected name:value"),
            ("=hunter2", "item 2: the name before = is missing"),
            ("n:=hunter2", "item 2: what stands after := is no JSON (line 1, column 1)"),
            ("f@hunter2", "item 2: @ reads a file"),
            ("f=@hunter2", "item 2: =@ reads a file"),
            ("X:", "item 2: a header cannot be left out"),
            ("X;hunter2", "item 2: nothing can stand after the ;"),
        ] {
            let failure = parse(&["a=b", text]).unwrap_err();
            assert!(failure.message().contains(expected), "{}", failure.message());
            assert!(!format!("{failure:?}").contains("hunter2"), "{failure:?}");
        }
    }
}
