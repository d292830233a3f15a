//! One row per method, property, parameter and option; everything else is derived from it.

use std::fmt;
use std::sync::Arc;

use crate::argument::Args;
use crate::context::Platform;
use crate::dispatch::Object;
use crate::fault::Fault;
use crate::language::Bilingual;
use crate::value::Value;

/// A class of the add-in: its name and its rows.
#[derive(Clone, Copy, Debug)]
pub struct ComponentInfo {
    pub(crate) class: &'static str,
    pub(crate) doc: Bilingual,
    pub(crate) methods: fn() -> Vec<MethodInfo>,
    pub(crate) properties: fn() -> Vec<PropertyInfo>,
    pub(crate) create: fn(Arc<dyn Platform>) -> Arc<dyn Object>,
}

impl ComponentInfo {
    /// The name after `AddIn.<identifier>.` in 1C.
    #[must_use]
    pub fn class(&self) -> &'static str {
        self.class
    }

    /// What the class is for.
    #[must_use]
    pub fn doc(&self) -> Bilingual {
        self.doc
    }

    /// Its methods, in the order of their numbers.
    #[must_use]
    pub fn methods(&self) -> Vec<MethodInfo> {
        (self.methods)()
    }

    /// Its properties, in the order of their numbers.
    #[must_use]
    pub fn properties(&self) -> Vec<PropertyInfo> {
        (self.properties)()
    }
}

/// What is known about a method.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct MethodInfo {
    /// Its two names.
    pub name: Bilingual,
    /// One sentence about it.
    pub doc: Bilingual,
    /// Its parameters, in order.
    pub params: &'static [Param],
    /// What it gives back.
    pub returns: Returns,
}

/// What is known about a property.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct PropertyInfo {
    /// Its two names.
    pub name: Bilingual,
    /// One sentence about it.
    pub doc: Bilingual,
    /// The type of its value.
    pub returns: Returns,
    /// Whether it can be set.
    pub access: Access,
}

/// Whether a property can be set.
#[expect(clippy::exhaustive_enums, reason = "the interface of add-ins knows no third way")]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Access {
    /// It can only be read.
    Read,
    /// It can be read and set.
    ReadWrite,
}

/// What a method or a property gives back when there is no fault.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Returns {
    /// A truth value.
    Bool,
    /// Binary data.
    Bytes,
    /// JSON text: an object whose `result` is `true`.
    Json,
    /// Text.
    Text,
}

/// A parameter of a method.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its two names.
    pub name: Bilingual,
    /// A few words about it.
    pub doc: Bilingual,
    /// What it accepts.
    pub kind: Kind,
    /// What it is when omitted; without one it is required.
    pub default: Option<Preset>,
}

impl Param {
    /// A parameter that must be given.
    pub(crate) const fn required(kind: Kind, name: Bilingual, doc: Bilingual) -> Self {
        Self { name, doc, kind, default: None }
    }

    /// A parameter that may be omitted.
    pub(crate) const fn optional(
        kind: Kind,
        name: Bilingual,
        doc: Bilingual,
        preset: Preset,
    ) -> Self {
        Self { name, doc, kind, default: Some(preset) }
    }
}

/// As messages name it: in both languages.
impl fmt::Display for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parameter {} ({})", self.name.en, self.name.ru)
    }
}

/// The value of a parameter that was omitted.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Preset {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i32),
    /// Text.
    Text(&'static str),
}

impl From<Preset> for Value {
    fn from(preset: Preset) -> Self {
        match preset {
            Preset::Bool(flag) => Self::Bool(flag),
            Preset::Int(number) => Self::Int(number.into()),
            Preset::Text(text) => Self::from(text),
        }
    }
}

/// What a parameter or an option accepts.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A host and a port.
    Address,
    /// A truth value.
    Bool,
    /// The number of a connection of a server.
    Connection,
    /// How many, at least one; in options only.
    Count,
    /// Binary data, or text that is sent as UTF-8; never a path, a URL or Base64.
    Data,
    /// The number of bytes that wait to be taken.
    Handle,
    /// Any JSON value; in options only.
    Json,
    /// A length in bytes, however large; in options only.
    Length,
    /// A JSON list of texts, or one text; in options only.
    List,
    /// A time in milliseconds; 0 is the longest wait.
    Milliseconds,
    /// A JSON list of objects with these options; in options only.
    Objects(&'static [&'static OptionRow]),
    /// A JSON object with these options, as text; empty for none. In options, the object itself.
    Options(&'static [&'static OptionRow]),
    /// A JSON object of texts, or a list of pairs; a name may stand without a value; in options only.
    Query,
    /// A point of time, in seconds since 1970; in options only.
    Seconds,
    /// A count of bytes; 0 is the largest.
    Size,
    /// A JSON list of statuses of HTTP, or the name of many; in options only.
    Statuses,
    /// Text.
    Text,
    /// A JSON object of texts, or a list of pairs; in options only.
    Texts,
}

impl Kind {
    /// What a message says was expected.
    pub(crate) const fn expected(self) -> &'static str {
        match self {
            Self::Address => "text such as host:port",
            Self::Bool => "true or false",
            Self::Connection => "the number of a connection, a whole number of 1 or more",
            Self::Count => "a whole number from 1 to 2147483647",
            Self::Data => "binary data or text",
            Self::Handle => "a handle of bytes, a whole number of 1 or more",
            Self::Json => "a JSON value",
            Self::Length => "a whole number of bytes, 0 or more",
            Self::List => "a JSON list of texts, or one text",
            Self::Milliseconds => "a whole number of milliseconds from 0 to 86400000",
            Self::Objects(_) => "a JSON list of objects",
            Self::Options(_) => "a JSON object as text, or empty text",
            Self::Query => {
                "a JSON object of texts, lists of texts or null, or a list of such pairs"
            }
            Self::Seconds => "a whole number of seconds since 1970",
            Self::Size => "a whole number of bytes from 0 to 2147483647",
            Self::Statuses => "a JSON list of statuses of HTTP, or the name of many",
            Self::Text => "text",
            Self::Texts => "a JSON object of texts, or a list of pairs",
        }
    }
}

/// An option: a key of the JSON object that a parameter accepts.
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct OptionRow {
    /// Its two names.
    pub name: Bilingual,
    /// A few words about it, with its default.
    pub doc: Bilingual,
    /// What it accepts.
    pub kind: Kind,
}

impl OptionRow {
    pub(crate) const fn new(kind: Kind, name: Bilingual, doc: Bilingual) -> Self {
        Self { name, doc, kind }
    }
}

/// The rows of several lists in one; `N` is how many there are.
pub(crate) const fn join<const N: usize>(
    lists: &[&[&'static OptionRow]],
) -> [&'static OptionRow; N] {
    let mut all = [lists[0][0]; N];
    let (mut count, mut list) = (0, 0);
    while list < lists.len() {
        let mut row = 0;
        while row < lists[list].len() {
            all[count] = lists[list][row];
            count += 1;
            row += 1;
        }
        list += 1;
    }
    assert!(count == N, "the lists have as many rows as they are said to have");
    all
}

/// As messages name it: in both languages.
impl fmt::Display for OptionRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "option {} ({})", self.name.en, self.name.ru)
    }
}

/// How many parameters a method has at most.
pub(crate) const MOST_PARAMS: usize = 7;

/// The row of a method of `C`.
pub(crate) struct Method<C: 'static> {
    pub(crate) name: Bilingual,
    pub(crate) doc: Bilingual,
    pub(crate) params: &'static [Param],
    pub(crate) returns: Returns,
    pub(crate) body: fn(&C, &mut Args<'_>) -> Result<Value, Fault>,
}

impl<C> Method<C> {
    pub(crate) fn info(&self) -> MethodInfo {
        let Self { name, doc, params, returns, .. } = *self;
        MethodInfo { name, doc, params, returns }
    }
}

impl<C> fmt::Debug for Method<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.info().fmt(f)
    }
}

type Setter<C> = fn(&C, &mut Args<'_>) -> Result<(), Fault>;

/// The row of a property of `C`.
pub(crate) struct Property<C: 'static> {
    pub(crate) name: Bilingual,
    pub(crate) doc: Bilingual,
    pub(crate) kind: Kind,
    pub(crate) returns: Returns,
    pub(crate) get: fn(&C) -> Result<Value, Fault>,
    pub(crate) set: Option<Setter<C>>,
}

impl<C> Property<C> {
    pub(crate) fn info(&self) -> PropertyInfo {
        let Self { name, doc, returns, .. } = *self;
        let access = if self.set.is_some() { Access::ReadWrite } else { Access::Read };
        PropertyInfo { name, doc, returns, access }
    }

    /// The parameter that an assignment fills.
    pub(crate) fn as_param(&self) -> Param {
        Param::required(self.kind, self.name, self.doc)
    }
}

impl<C> fmt::Debug for Property<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.info().fmt(f)
    }
}
