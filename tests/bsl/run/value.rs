//! Values of the language.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use harness::addin::Object;

#[derive(Clone)]
pub(crate) enum Value {
    AddIn(Rc<Object>),
    Array(Rc<RefCell<Vec<Self>>>),
    Bool(bool),
    Bytes(Rc<Vec<u8>>),
    /// Seconds since the beginning of the year 1.
    Date(i64),
    /// An enumeration or a value of one.
    Enum(String),
    /// The text of the error that was caught.
    ErrorInfo(String),
    Member(Rc<(Self, Self)>),
    Map(Pairs),
    /// The module itself.
    Module,
    Null,
    Number(f64),
    /// An argument that was left out.
    Omitted,
    Reader(Rc<RefCell<String>>),
    Structure(Pairs),
    Text(String),
    Type(String),
    Undefined,
    Uuid(String),
    Writer(Rc<RefCell<String>>),
}

pub(crate) type Pairs = Rc<RefCell<Vec<(Value, Value)>>>;

/// An exception with its text.
#[derive(Clone, Debug)]
pub(crate) struct Thrown(pub(crate) String);

impl Thrown {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl Value {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Bytes(Rc::new(bytes.into()))
    }

    pub(crate) fn array(values: Vec<Self>) -> Self {
        Self::Array(Rc::new(RefCell::new(values)))
    }

    pub(crate) fn structure(pairs: Vec<(&str, Self)>) -> Self {
        let pairs = pairs.into_iter().map(|(key, value)| (Self::text(key), value));
        Self::Structure(Rc::new(RefCell::new(pairs.collect())))
    }

    pub(crate) fn map(pairs: Vec<(&str, Self)>) -> Self {
        let pairs = pairs.into_iter().map(|(key, value)| (Self::text(key), value));
        Self::Map(Rc::new(RefCell::new(pairs.collect())))
    }

    /// What stands under a key of a structure or a map; `Undefined` when nothing does.
    pub(crate) fn get(&self, key: &str) -> Self {
        self.find(&Self::text(key)).unwrap_or(Self::Undefined)
    }

    pub(crate) fn find(&self, key: &Self) -> Option<Self> {
        let (Self::Structure(pairs) | Self::Map(pairs)) = self else { return None };
        let pairs = pairs.borrow();
        let found = pairs.iter().find(|(it, _)| self.same_key(it, key));
        found.map(|(_, value)| value.clone())
    }

    pub(crate) fn insert(&self, key: Self, value: Self) {
        let (Self::Structure(pairs) | Self::Map(pairs)) = self else { return };
        let mut pairs = pairs.borrow_mut();
        match pairs.iter_mut().find(|(it, _)| self.same_key(it, &key)) {
            Some(pair) => pair.1 = value,
            None => pairs.push((key, value)),
        }
    }

    /// Keys of a structure have no letter case, those of a map do.
    fn same_key(&self, one: &Self, other: &Self) -> bool {
        match (self, one, other) {
            (Self::Structure(_), Self::Text(one), Self::Text(other)) => {
                one.to_lowercase() == other.to_lowercase()
            }
            _ => one.equals(other),
        }
    }

    pub(crate) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(one), Self::Bool(other)) => one == other,
            (Self::Bytes(one), Self::Bytes(other)) => one == other,
            (Self::Date(one), Self::Date(other)) => one == other,
            (Self::Number(one), Self::Number(other)) => (one - other).abs() < 1e-9,
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::Type(one), Self::Type(other)) => one == other,
            (Self::Enum(one), Self::Enum(other)) => one == other,
            (Self::Uuid(one), Self::Uuid(other)) => one == other,
            (Self::Undefined, Self::Undefined) | (Self::Null, Self::Null) => true,
            (Self::Array(one), Self::Array(other)) => Rc::ptr_eq(one, other),
            (Self::Map(one), Self::Map(other)) => Rc::ptr_eq(one, other),
            (Self::Structure(one), Self::Structure(other)) => Rc::ptr_eq(one, other),
            _ => false,
        }
    }

    /// The English name of the type, in lower case.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::AddIn(_) => "addin",
            Self::Array(_) => "array",
            Self::Bool(_) => "boolean",
            Self::Bytes(_) => "binarydata",
            Self::Date(_) => "date",
            Self::Enum(_) => "enum",
            Self::ErrorInfo(_) => "errorinfo",
            Self::Member(_) => "keyandvalue",
            Self::Map(_) => "map",
            Self::Module => "module",
            Self::Null => "null",
            Self::Number(_) => "number",
            Self::Omitted | Self::Undefined => "undefined",
            Self::Reader(_) => "jsonreader",
            Self::Structure(_) => "structure",
            Self::Text(_) => "string",
            Self::Type(_) => "type",
            Self::Uuid(_) => "uuid",
            Self::Writer(_) => "jsonwriter",
        }
    }

    /// As `String()` shows it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Bool(flag) => flag.to_string(),
            Self::Date(date) => super::functions::iso(*date),
            Self::Enum(text) | Self::Text(text) | Self::Type(text) | Self::Uuid(text) => text
                .rsplit('.')
                .next()
                .filter(|_| matches!(self, Self::Enum(_)))
                .map_or_else(|| text.clone(), str::to_owned),
            Self::Number(number) => number.to_string(),
            Self::Undefined | Self::Null | Self::Omitted => String::new(),
            other => other.type_name().to_owned(),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Array(values) => f.debug_list().entries(values.borrow().iter()).finish(),
            Self::Structure(pairs) | Self::Map(pairs) => f
                .debug_map()
                .entries(pairs.borrow().iter().map(|(key, value)| (key, value)))
                .finish(),
            Self::Text(text) => write!(f, "{text:?}"),
            other => f.write_str(&other.shown()),
        }
    }
}
