//! The settings of one codec between its text and its type.

use std::borrow::Cow;

use serde_json::Value;

use super::{
    kind::Kind,
    setting::{Accepts, SETTINGS, Setting},
    word::Word,
};
use crate::Error;

/// The settings of one codec, as they stand in JSON.
pub(super) struct Fields {
    pub(super) kind: &'static Kind,
    given: Vec<(&'static str, Value)>,
    /// Those that a user gave, not a preset.
    asked: Vec<&'static str>,
}

impl Fields {
    pub(super) fn new(kind: &'static Kind) -> Self {
        Self { kind, given: Vec::new(), asked: Vec::new() }
    }

    /// Sets what a user gave.
    pub(super) fn set(&mut self, name: &str, value: Value) -> Result<(), Error> {
        let Some(setting) = self.settings().find(|it| it.name == name) else {
            let names: Vec<_> = self.settings().map(|it| it.name).collect();
            let expected = format_args!("one of kind, preset, {}", names.join(", "));
            return Err(Error::option(name, expected, "an unknown option"));
        };
        self.asked.push(setting.name);
        self.put(setting.name, value);
        Ok(())
    }

    /// Refuses settings that would change nothing because of another one.
    pub(super) fn idle(&self, names: &[&str], because: &str) -> Result<(), Error> {
        match self.asked.iter().find(|name| names.contains(name)) {
            Some(name) => Err(Error::option(name, because, "it without that")),
            None => Ok(()),
        }
    }

    /// The settings that the kind takes, in the order they are written.
    pub(super) fn settings(&self) -> impl Iterator<Item = &'static Setting> + use<> {
        let kind = self.kind;
        SETTINGS.iter().filter(|it| it.name == "max" || kind.settings.contains(&it.name))
    }

    /// What was given and differs from the default.
    pub(super) fn changed(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.settings().filter_map(|setting| {
            let value = self.given(setting.name)?;
            let default = self.default(setting);
            (default.as_ref() != Some(value)).then_some((setting.name, value))
        })
    }

    pub(super) fn bytes(&self, name: &str) -> Result<Vec<u8>, Error> {
        let (setting, value) = self.get(name)?;
        value.as_str().and_then(bytes).ok_or_else(|| wrong(setting, &value))
    }

    pub(super) fn byte(&self, name: &str) -> Result<u8, Error> {
        match *self.bytes(name)? {
            [byte] => Ok(byte),
            ref bytes => Err(Error::option(name, "one byte", bytes.len())),
        }
    }

    pub(super) fn pairs(&self, name: &str) -> Result<Vec<(u8, u8)>, Error> {
        let bytes = self.bytes(name)?;
        match bytes.as_chunks() {
            (pairs, []) => Ok(pairs.iter().map(|[byte, code]| (*byte, *code)).collect()),
            _ => Err(Error::option(name, "pairs of bytes", format_args!("{} bytes", bytes.len()))),
        }
    }

    pub(super) fn number(&self, name: &str) -> Result<i64, Error> {
        let (setting, value) = self.get(name)?;
        value.as_i64().ok_or_else(|| wrong(setting, &value))
    }

    pub(super) fn size(&self, name: &str) -> Result<usize, Error> {
        let number = self.number(name)?;
        usize::try_from(number).map_err(|_| Error::option(name, "zero or more", number))
    }

    pub(super) fn text(&self, name: &str) -> Result<String, Error> {
        let (setting, value) = self.get(name)?;
        value.as_str().map(str::to_owned).ok_or_else(|| wrong(setting, &value))
    }

    pub(super) fn word<W: Word>(&self, name: &str) -> Result<W, Error> {
        let (setting, value) = self.get(name)?;
        value.as_str().and_then(W::parse).ok_or_else(|| wrong(setting, &value))
    }

    pub(super) fn put_bytes(&mut self, name: &'static str, bytes: &[u8]) {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        self.put(name, digits.into());
    }

    pub(super) fn put_number(&mut self, name: &'static str, number: i64) {
        self.put(name, number.into());
    }

    pub(super) fn put_size(&mut self, name: &'static str, size: usize) {
        self.put(name, size.into());
    }

    pub(super) fn put_text(&mut self, name: &'static str, text: &str) {
        self.put(name, text.into());
    }

    pub(super) fn put_word(&mut self, name: &'static str, word: &impl Word) {
        self.put(name, word.word().into());
    }

    fn put(&mut self, name: &'static str, value: Value) {
        self.given.retain(|(it, _)| *it != name);
        self.given.push((name, value));
    }

    fn given(&self, name: &str) -> Option<&Value> {
        self.given.iter().find(|(it, _)| *it == name).map(|(_, value)| value)
    }

    /// A setting of the kind with its value: what was given, or the default.
    fn get(&self, name: &str) -> Result<(&'static Setting, Cow<'_, Value>), Error> {
        let Some(setting) = SETTINGS.iter().find(|it| it.name == name) else {
            return Err(Error::option(name, "a setting of the table", "none of them"));
        };
        if let Some(value) = self.given(name) {
            return Ok((setting, Cow::Borrowed(value)));
        }
        match self.default(setting) {
            Some(value) => Ok((setting, Cow::Owned(value))),
            None => Err(Error::option(name, setting.accepts, "nothing")),
        }
    }

    fn default(&self, setting: &Setting) -> Option<Value> {
        let own = self.kind.defaults.iter().find(|(name, _)| *name == setting.name);
        serde_json::from_str(own.map(|(_, value)| *value).or(setting.default)?).ok()
    }
}

fn wrong(setting: &Setting, value: &Value) -> Error {
    let got = match (setting.accepts, value) {
        (Accepts::Number, Value::String(_)) => format!("the text {value}"),
        _ => value.to_string(),
    };
    Error::option(setting.name, setting.accepts, got)
}

/// The bytes that hexadecimal digits stand for.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let words = text.split_ascii_whitespace();
    let digits = words.map(|word| word.as_bytes().as_chunks::<2>());
    let mut bytes = Vec::new();
    for (pairs, rest) in digits {
        if !rest.is_empty() {
            return None;
        }
        for pair in pairs {
            let [high, low] = pair.map(|digit| char::from(digit).to_digit(16));
            bytes.push(u8::try_from(high? * 16 + low?).ok()?);
        }
    }
    Some(bytes)
}
