//! Cookies as JSON. Does no I/O.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::kept::{Kept, Place};
use super::set_cookie::SetCookie;
use crate::{Error, ErrorKind};

/// Writes `cookies`, one row each.
pub(super) fn write(cookies: &[&Kept]) -> Vec<u8> {
    let file = File { version: VERSION, cookies: cookies.iter().map(|it| Row::of(it)).collect() };
    // Numbers, booleans and text: nothing that JSON cannot hold.
    let mut text = serde_json::to_vec_pretty(&file).unwrap_or_default();
    text.push(b'\n');
    text
}

/// Reads a file; a row that no jar keeps is nothing.
pub(super) fn read(text: &[u8], now: SystemTime) -> Result<Vec<Option<Kept>>, Error> {
    let bad = |detail: &str| Error::new(ErrorKind::CookieFile).detail(detail);
    let file: File = serde_json::from_slice(text).map_err(|cause| {
        bad("cookies: this is no JSON of cookies").because(Unquoted::of(&cause))
    })?;
    if file.version != VERSION {
        return Err(bad("cookies: expected version 1"));
    }
    Ok(file.cookies.iter().map(|row| row.keep(now)).collect())
}

#[derive(Deserialize, Serialize)]
struct File {
    version: u32,
    cookies: Vec<Row>,
}

#[derive(Deserialize, Serialize)]
struct Row {
    name: Text,
    value: Text,
    domain: String,
    host_only: bool,
    path: String,
    secure: bool,
    http_only: bool,
    /// Seconds since 1970, as `expires`.
    created: i64,
    expires: Option<i64>,
}

/// A text, or the bytes that are none.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Text {
    Text(String),
    Bytes(Vec<u8>),
}

impl Text {
    fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Bytes(bytes.to_vec()),
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

impl Row {
    fn of(kept: &Kept) -> Self {
        Self {
            name: Text::of(kept.name()),
            value: Text::of(kept.value()),
            domain: kept.host().to_owned(),
            host_only: kept.is_host_only(),
            path: String::from(&kept.path),
            secure: kept.secure,
            http_only: kept.http_only,
            created: kept.created,
            expires: kept.ends,
        }
    }

    fn keep(&self, now: SystemTime) -> Option<Kept> {
        let cookie = SetCookie {
            name: self.name.bytes(),
            value: self.value.bytes(),
            secure: self.secure,
            http_only: self.http_only,
            ..SetCookie::default()
        };
        let place = Place {
            domain: &self.domain,
            host_only: self.host_only,
            path: &self.path,
            created: self.created,
            ends: self.expires,
        };
        Kept::restore(cookie, &place, now)
    }
}

/// Where JSON broke, without the text: `serde_json` may quote a value, and a value is a secret.
#[derive(Debug)]
struct Unquoted {
    line: usize,
    column: usize,
}

impl Unquoted {
    fn of(cause: &serde_json::Error) -> Self {
        Self { line: cause.line(), column: cause.column() }
    }
}

impl std::fmt::Display for Unquoted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

impl std::error::Error for Unquoted {}

const VERSION: u32 = 1;
