//! Reads a codec from its text form and writes it.

use std::str::FromStr;

use serde_json::{Map, Value};

use super::{
    fields::Fields,
    kind::{KINDS, Kind},
};
use crate::{Codec, Error};

impl Codec {
    /// The text form: an object with the kind and every setting that is not the default.
    ///
    /// ```
    /// use opi_framing::Codec;
    ///
    /// let codec: Codec = r#"{"preset": "tpkt", "max": 4096}"#.parse()?;
    /// let text = r#"{"kind":"length","start":"03","width":2,"offset":2,"includes":"header","max":4096}"#;
    /// assert_eq!(codec.to_json(), text);
    /// assert_eq!(text.parse::<Codec>()?, codec);
    /// # Ok::<(), opi_framing::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut map = Map::new();
        if let Some(fields) = written(self) {
            map.insert("kind".to_owned(), fields.kind.name.into());
            map.extend(fields.changed().map(|(name, value)| (name.to_owned(), value.clone())));
        }
        Value::Object(map).to_string()
    }
}

/// Reads the text form: the name of a preset, or an object in JSON with `kind`, or `preset` and
/// what is to differ from it, and the settings.
///
/// Fails with [`BadOption`](crate::ErrorKind::BadOption) that names the setting and lists what it
/// accepts.
impl FromStr for Codec {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if !text.starts_with('{') {
            return Self::preset(text);
        }
        match serde_json::from_str(text) {
            Ok(map) => read(map),
            Err(error) => Err(Error::option("codec", "an object in JSON", error)),
        }
    }
}

fn read(mut map: Map<String, Value>) -> Result<Codec, Error> {
    let mut fields = match (map.shift_remove("kind"), map.shift_remove("preset")) {
        (Some(_), Some(_)) => {
            return Err(Error::option("preset", "either `kind` or `preset`", "both"));
        }
        (None, Some(name)) => preset(&name)?,
        (kind, None) => Fields::new(kind_of(kind.as_ref())?),
    };
    for (name, value) in map {
        fields.set(&name, value)?;
    }
    let framing = (fields.kind.read)(&fields)?;
    Codec::new(framing)?.at_most(fields.size("max")?)
}

fn preset(name: &Value) -> Result<Fields, Error> {
    let text = name.as_str().map_or_else(|| name.to_string(), str::to_owned);
    let codec = Codec::preset(&text)?;
    written(&codec).ok_or_else(|| Error::option("preset", "one with a text form", text))
}

/// The settings of a codec, all of them given.
fn written(codec: &Codec) -> Option<Fields> {
    KINDS.iter().find_map(|kind| {
        let mut fields = Fields::new(kind);
        (kind.write)(codec.framing(), &mut fields)?;
        fields.put_size("max", codec.max());
        Some(fields)
    })
}

fn kind_of(name: Option<&Value>) -> Result<&'static Kind, Error> {
    let known = KINDS.iter().find(|kind| name.and_then(Value::as_str) == Some(kind.name));
    known.ok_or_else(|| {
        let names: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
        let got = name.map_or_else(|| "nothing".to_owned(), Value::to_string);
        Error::option("kind", format_args!("one of {}", names.join(", ")), got)
    })
}
