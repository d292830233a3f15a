//! What programs that ask over HTTP need besides asking: URLs taken apart, HMAC, gzip, statuses,
//! texts of exceptions, JSON with dates and settings, XML as a tree.
//!
//! Nothing here touches the network or the clock.

mod exception;
mod hmac;
mod json;
mod parse_url;
mod statuses;
mod xml;

use std::fmt;

pub use self::exception::ExceptionText;
pub use self::hmac::{Hash, hmac};
pub use self::json::{
    DateForm, DateOptions, DateZone, Escape, LineBreak, MAX_NESTING, Quotes, ReadOptions,
    WriterSettings, mark_json, unmark_json,
};
pub use self::parse_url::{ParsedUrl, parse_url};
pub use self::statuses::{Status, presentation, statuses};
pub use self::xml::{
    MAX_XML, MAX_XML_DEPTH, MAX_XML_NODES, XmlContent, XmlElement, XmlName, parse_xml,
};
pub use crate::coding::{gunzip, gzip};

/// How a server is spoken to; as text, `http` or `https`.
#[expect(clippy::exhaustive_enums, reason = "no third scheme is asked")]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// Under TLS.
    Https,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http => "http",
            Self::Https => "https",
        })
    }
}

/// The language of a text for people.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Language {
    /// English.
    English,
    /// Russian.
    Russian,
}
