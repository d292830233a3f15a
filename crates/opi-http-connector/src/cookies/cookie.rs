//! A cookie as a program sees it, and the words for files of cookies.

use std::time::SystemTime;

use opi_net::Secret;

use super::kept::Kept;
use crate::dates::from_unix;

/// A cookie of a [`Cookies`](crate::Cookies), as it is kept.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Cookie {
    /// Its name; empty when the server gave none. Bytes that are no UTF-8 read as U+FFFD.
    pub name: String,
    /// Its value, with the quotes that the server wrote. Bytes that are no UTF-8 read as U+FFFD.
    pub value: Secret,
    /// The host that it is of, in lower-case ASCII, without a dot before it.
    pub domain: String,
    /// Whether it goes to that host alone, and not to those below it.
    pub host_only: bool,
    /// The path that it is for.
    pub path: String,
    /// Whether it goes over `https` alone.
    pub secure: bool,
    /// Whether the server keeps it from scripts; nothing here depends on it.
    pub http_only: bool,
    /// When it was set first.
    pub created: Option<SystemTime>,
    /// When it ends; with the session if there is none.
    pub expires: Option<SystemTime>,
}

impl Cookie {
    pub(super) fn of(kept: &Kept) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Self {
            name: text(kept.name()),
            value: text(kept.value()).into(),
            domain: kept.host().to_owned(),
            host_only: kept.is_host_only(),
            path: String::from(&kept.path),
            secure: kept.secure,
            http_only: kept.http_only,
            created: from_unix(kept.created),
            expires: kept.ends.and_then(from_unix),
        }
    }
}

/// How cookies stand in a file.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CookieFile {
    /// opi's own: `{"version": 1, "cookies": [...]}`, with everything that is known of a cookie.
    Json,
    /// `cookies.txt` of curl, wget and browsers' exports: the times of creation are left out.
    Netscape,
}

/// Which cookies are written.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CookieChoice {
    /// Also those that end with the session: the next program goes on where this one stopped.
    All,
    /// Only those that the server gave an end, as a browser that is closed does.
    Persistent,
}

/// What became of a file of cookies.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CookiesRead {
    /// So many are in the jar now.
    pub kept: usize,
    /// So many had ended, or no server could have set them.
    pub left_out: usize,
}
