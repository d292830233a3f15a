//! Cookies in the form of Netscape's `cookies.txt`, as curl and wget read and write it. Does no I/O.

use std::time::SystemTime;

use super::kept::{Kept, Place};
use super::set_cookie::SetCookie;
use crate::{Error, ErrorKind};

/// Writes `cookies`, one line each: domain, subdomains, path, secure, end, name, value.
pub(super) fn write(cookies: &[&Kept]) -> Vec<u8> {
    let mut text = b"# Netscape HTTP Cookie File\n".to_vec();
    for kept in cookies {
        let mark = if kept.http_only { HTTP_ONLY } else { "" };
        let (dot, below) = if kept.is_host_only() { ("", "FALSE") } else { (".", "TRUE") };
        let secure = if kept.secure { "TRUE" } else { "FALSE" };
        let (domain, path, ends) = (kept.host(), &*kept.path, kept.ends.unwrap_or_default());
        let before = format!("{mark}{dot}{domain}\t{below}\t{path}\t{secure}\t{ends}\t");
        text.extend_from_slice(before.as_bytes());
        text.extend_from_slice(&[kept.name(), b"\t", kept.value(), b"\n"].concat());
    }
    text
}

/// Reads a file; a line that no jar keeps is nothing, comments and empty lines are passed over.
pub(super) fn read(text: &[u8], now: SystemTime) -> Result<Vec<Option<Kept>>, Error> {
    let lines = text.split(|byte| *byte == b'\n');
    let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let lines: Vec<_> = lines.filter(|line| !is_comment(line)).collect();
    let rows: Vec<_> = lines.iter().map(|line| row(line, now)).collect();
    if !lines.is_empty() && lines.iter().all(|line| fields(line).is_none()) {
        let detail = "cookies: expected lines of seven fields with tabs between them";
        return Err(Error::new(ErrorKind::CookieFile).detail(detail));
    }
    Ok(rows)
}

fn is_comment(line: &[u8]) -> bool {
    let blank = line.iter().all(u8::is_ascii_whitespace);
    blank || (line.starts_with(b"#") && !line.starts_with(HTTP_ONLY.as_bytes()))
}

fn row(line: &[u8], now: SystemTime) -> Option<Kept> {
    let (line, http_only) = match line.strip_prefix(HTTP_ONLY.as_bytes()) {
        Some(rest) => (rest, true),
        None => (line, false),
    };
    let [domain, below, path, secure, ends, name, value] = fields(line)?;
    let (domain, path) = (std::str::from_utf8(domain).ok()?, std::str::from_utf8(path).ok()?);
    let ends: i64 = std::str::from_utf8(ends).ok()?.parse().ok()?;
    let (below, secure) = (flag(below)?, flag(secure)?);
    // Only a domain has a dot of its file's before it; a host may begin with one of its own.
    let host = domain.strip_prefix('.').filter(|_| below).unwrap_or(domain);
    let cookie = SetCookie { name, value, secure, http_only, ..SetCookie::default() };
    let place = Place {
        domain: host,
        host_only: !below,
        path,
        created: crate::dates::unix(now),
        ends: (ends != 0).then_some(ends),
    };
    Kept::restore(cookie, &place, now)
}

fn flag(text: &[u8]) -> Option<bool> {
    match text {
        b"TRUE" => Some(true),
        b"FALSE" => Some(false),
        _ => None,
    }
}

/// The seven fields; a line that ends before its value has an empty one.
fn fields(line: &[u8]) -> Option<[&[u8]; 7]> {
    let mut fields: Vec<_> = line.splitn(7, |byte| *byte == b'\t').collect();
    if fields.len() == 6 {
        fields.push(b"");
    }
    fields.try_into().ok()
}

/// What curl and browsers put before the domain of a cookie that scripts do not see.
const HTTP_ONLY: &str = "#HttpOnly_";
