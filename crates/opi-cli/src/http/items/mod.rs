//! Request items in HTTPie's short syntax. A wrong item is named by its place, because its text
//! may be a secret.

mod document;
mod place;
mod split;

use std::path::{Path, PathBuf};

use document::Node;
use split::Separator;

use crate::failure::{ErrorKind, Failure};
use crate::file;

pub(in crate::http) use split::escape;

/// What a request is given besides its URL.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Items {
    /// `name:value`, `name;` and `name:@file`, in order; those to leave out are `name:`.
    pub(crate) headers: Vec<(String, Header)>,
    /// `name==value` and `name==@file`, in order.
    pub(crate) query: Vec<(String, String)>,
    /// `name=value`, `name:=value`, `name@file` and their like, in order.
    pub(crate) fields: Vec<Field>,
    /// `@file`: the body itself.
    pub(crate) body: Option<Source>,
}

/// What is done with a header.
#[derive(Debug, PartialEq)]
pub(crate) enum Header {
    /// It is not sent, even if it usually is.
    Remove,
    /// It is sent with this value.
    Set(String),
}

/// A field of the body.
#[derive(Debug, PartialEq)]
pub(crate) struct Field {
    /// The place of its item, from 1.
    pub(crate) item: usize,
    pub(crate) name: String,
    pub(crate) value: FieldValue,
}

/// The value of a field.
#[derive(Debug, PartialEq)]
pub(crate) enum FieldValue {
    /// A file, sent as it is.
    File(Upload),
    /// Raw JSON.
    Json(String),
    /// A string.
    Text(String),
}

/// A file of a form.
#[derive(Debug, PartialEq)]
pub(crate) struct Upload {
    pub(crate) path: PathBuf,
    /// The name it is sent under, when it is not its own.
    pub(crate) filename: Option<String>,
    /// Its media type, when it is said.
    pub(crate) kind: Option<String>,
}

/// Where a whole body comes from.
#[derive(Debug, PartialEq)]
pub(crate) enum Source {
    File(PathBuf),
    Stdin,
}

impl Source {
    /// The source that a name means: `-` is standard input.
    pub(crate) fn of(name: &str) -> Self {
        if name == "-" { Self::Stdin } else { Self::File(name.into()) }
    }
}

impl Items {
    /// Reads all items, and the files that `=@`, `:=@`, `==@` and `:@` name.
    ///
    /// # Errors
    ///
    /// The first wrong one, by its place.
    pub(crate) fn parse(texts: &[String]) -> Result<Self, Failure> {
        let mut items = Self::default();
        for (index, text) in texts.iter().enumerate() {
            items.add(index + 1, text)?;
        }
        Ok(items)
    }

    /// The fields as one JSON document.
    ///
    /// # Errors
    ///
    /// A name is no place in the document, or a file is to be sent, which JSON cannot.
    pub(crate) fn document(&self) -> Result<String, Failure> {
        let mut document = Node::default();
        for field in &self.fields {
            let value = match &field.value {
                FieldValue::Json(raw) => Node::Raw(raw.clone()),
                FieldValue::Text(text) => Node::text(text),
                FieldValue::File(_) => {
                    return Err(wrong(
                        field.item,
                        "@ sends a file, which needs --form or --multipart",
                    ));
                }
            };
            let put = place::parse(&field.name).and_then(|place| document.put(&place, value));
            put.map_err(|why| wrong(field.item, &why))?;
        }
        Ok(document.json())
    }

    /// Whether a file stands among the fields.
    pub(crate) fn has_files(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.value, FieldValue::File(_)))
    }

    fn add(&mut self, item: usize, text: &str) -> Result<(), Failure> {
        let (name, separator, value) = split::split(text).ok_or_else(|| wrong(item, EXPECTED))?;
        if name.is_empty() && separator != Separator::File {
            let separator = separator.text();
            return Err(wrong(item, &format!("the name before {separator} is missing")));
        }
        self.put(item, name, separator, value)
    }

    fn put(
        &mut self,
        item: usize,
        name: String,
        separator: Separator,
        value: String,
    ) -> Result<(), Failure> {
        match separator {
            Separator::Header if value.is_empty() => self.headers.push((name, Header::Remove)),
            Separator::Header => self.headers.push((name, Header::Set(value))),
            Separator::HeaderFile => self.headers.push((name, Header::Set(line(item, &value)?))),
            Separator::EmptyHeader if value.is_empty() => {
                self.headers.push((name, Header::Set(value)));
            }
            Separator::EmptyHeader => {
                return Err(wrong(item, "nothing can stand after the ; of an empty header"));
            }
            Separator::Query => self.query.push((name, value)),
            Separator::QueryFile => self.query.push((name, line(item, &value)?)),
            Separator::Field => self.field(item, name, FieldValue::Text(value)),
            Separator::FieldFile => {
                let text = held(item, &value)?;
                self.field(item, name, FieldValue::Text(text));
            }
            Separator::Json => self.field(item, name, json(item, &value)?),
            Separator::JsonFile => {
                let text = held(item, &value)?;
                self.field(item, name, json(item, &text)?);
            }
            Separator::File if name.is_empty() => return self.whole(item, &value),
            Separator::File => self.field(item, name, FieldValue::File(upload(item, &value)?)),
        }
        Ok(())
    }

    fn field(&mut self, item: usize, name: String, value: FieldValue) {
        self.fields.push(Field { item, name, value });
    }

    /// `@file` or `@-`, the body itself.
    fn whole(&mut self, item: usize, path: &str) -> Result<(), Failure> {
        if self.body.is_some() {
            return Err(wrong(item, "there is a body already, and one request has one"));
        }
        if path.is_empty() {
            return Err(wrong(item, "the name of the file behind @ is missing"));
        }
        self.body = Some(Source::of(path));
        Ok(())
    }
}

/// `PATH[;type=KIND][;filename=NAME]`.
fn upload(item: usize, text: &str) -> Result<Upload, Failure> {
    let (mut path, mut filename, mut kind) = (text, None, None);
    while let Some((before, last)) = path.rsplit_once(';') {
        match last.split_once('=') {
            Some(("type", value)) => kind = Some(value.to_owned()),
            Some(("filename", value)) => filename = Some(value.to_owned()),
            _ => break,
        }
        path = before;
    }
    if path.is_empty() {
        return Err(wrong(item, "the name of the file behind @ is missing"));
    }
    Ok(Upload { path: path.into(), filename, kind })
}

fn json(item: usize, text: &str) -> Result<FieldValue, Failure> {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => Ok(FieldValue::Json(text.trim().to_owned())),
        // What serde says beyond the place repeats the text.
        Err(cause) => {
            let (line, column) = (cause.line(), cause.column());
            let message = format!("what stands after := is no JSON (line {line}, column {column})");
            Err(wrong(item, &message))
        }
    }
}

/// The text of a file, without a line end at its end.
fn line(item: usize, path: &str) -> Result<String, Failure> {
    let text = held(item, path)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

/// The text of a file.
fn held(item: usize, path: &str) -> Result<String, Failure> {
    let data = file::read(Path::new(path), "the value", file::SETTINGS).map_err(|failure| {
        failure.saying(format!("item {item}: its file cannot be read, or is longer than 16 MiB"))
    })?;
    String::from_utf8(data).map_err(|_| wrong(item, "what the file holds is no UTF-8"))
}

/// The failure of one item.
pub(super) fn wrong(item: usize, why: &str) -> Failure {
    Failure::new(ErrorKind::Usage, format!("item {item}: {why}"))
}

const EXPECTED: &str = "expected name:value, name==value, name=value, name:=value or name@file";

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(texts: &[&str]) -> Result<Items, Failure> {
        Items::parse(&texts.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn items_go_where_they_belong() {
        let items =
            parse(&["X-A:1", "q==2", "n=3", "j:={\"a\":[1]}", "n=4", "E;", "Gone:"]).unwrap();
        let set = |name: &str, value: &str| (name.to_owned(), Header::Set(value.to_owned()));
        let gone = ("Gone".to_owned(), Header::Remove);
        assert_eq!(items.headers, [set("X-A", "1"), set("E", ""), gone]);
        assert_eq!(items.query, [("q".to_owned(), "2".to_owned())]);
        assert_eq!(items.document().unwrap(), r#"{"n":"4","j":{"a":[1]}}"#);
        assert_eq!((items.body, items.fields.len()), (None, 3));
    }

    #[test]
    fn files_are_read_where_their_text_is_meant() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let (text, json) = (write("text", "a\r\n"), write("json", "[1, 2]\n"));
        let items = ["H:@", "q==@", "t=@"].map(|item| format!("{item}{text}"));
        let [h, q, t] = items.each_ref().map(String::as_str);
        let items = parse(&[h, q, t, &format!("j:=@{json}")]).unwrap();
        assert_eq!(items.headers[0].1, Header::Set("a".to_owned()));
        assert_eq!(items.query[0].1, "a");
        assert_eq!(items.document().unwrap(), r#"{"t":"a\r\n","j":[1, 2]}"#);
    }

    #[test]
    fn a_file_is_a_field_or_the_body() {
        let items = parse(&["f@a;b.png;type=image/png;filename=c.png", "g@plain"]).unwrap();
        let upload = |path: &str, filename: Option<&str>, kind: Option<&str>| {
            let [filename, kind] = [filename, kind].map(|it| it.map(str::to_owned));
            FieldValue::File(Upload { path: path.into(), filename, kind })
        };
        assert_eq!(items.fields[0].value, upload("a;b.png", Some("c.png"), Some("image/png")));
        assert_eq!(items.fields[1].value, upload("plain", None, None));
        assert!(items.has_files());
        assert_eq!(parse(&["@x.bin"]).unwrap().body, Some(Source::File("x.bin".into())));
        assert_eq!(parse(&["@-"]).unwrap().body, Some(Source::Stdin));
        assert!(items.document().unwrap_err().message().contains("item 1: @ sends a file"));
    }

    #[test]
    fn a_wrong_item_is_named_by_its_place_only() {
        for (text, expected) in [
            ("hunter2", "item 2: expected name:value"),
            ("=hunter2", "item 2: the name before = is missing"),
            ("n:=hunter2", "item 2: what stands after := is no JSON (line 1, column 1)"),
            ("f=@hunter2", "item 2: its file cannot be read"),
            ("f:=@hunter2", "item 2: its file cannot be read"),
            ("f==@hunter2", "item 2: its file cannot be read"),
            ("f:@hunter2", "item 2: its file cannot be read"),
            ("f@;type=hunter2", "item 2: the name of the file behind @ is missing"),
            ("@", "item 2: the name of the file behind @ is missing"),
            ("X;hunter2", "item 2: nothing can stand after the ;"),
        ] {
            let failure = parse(&["a=b", text]).unwrap_err();
            assert!(failure.message().contains(expected), "{}", failure.message());
            assert!(!format!("{failure:?}").contains("hunter2"), "{failure:?}");
        }
        for (texts, expected) in [
            (["a[]=1", "a[hunter2]=2"], "item 2: a key in brackets is for an object"),
            (["a=1", "a[hunter2=2"], "item 2: a [ is not closed"),
        ] {
            let failure = parse(&texts).unwrap().document().unwrap_err();
            assert!(failure.message().contains(expected), "{}", failure.message());
            assert!(!format!("{failure:?}").contains("hunter2"), "{failure:?}");
        }
        assert!(parse(&["@a", "@b"]).unwrap_err().message().contains("item 2: there is a body"));
    }
}
