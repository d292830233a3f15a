//! Which codings this build undoes, and what a body's headers say of them.

use http::HeaderMap;
use http::header::CONTENT_ENCODING;

use super::stage::{Stage, Undo};
use crate::{Error, ErrorKind};

/// What `Accept-Encoding` asks for: every coding that this build undoes.
pub const ACCEPTED: &str =
    match (cfg!(feature = "gzip"), cfg!(feature = "brotli"), cfg!(feature = "zstd")) {
        (false, false, false) => "identity",
        (false, false, true) => "zstd",
        (false, true, false) => "br",
        (false, true, true) => "br, zstd",
        (true, false, false) => "gzip, deflate",
        (true, false, true) => "gzip, deflate, zstd",
        (true, true, false) => "gzip, deflate, br",
        (true, true, true) => "gzip, deflate, br, zstd",
    };

/// What undoes the codings of a body with these headers, in the order in which they are undone.
///
/// It is empty when there are none, or when one of them is unknown: then the body stays as it came.
pub(super) fn stages(headers: &HeaderMap, most: usize) -> Result<Vec<Stage>, Error> {
    let names = names(headers, most)?;
    let stages: Option<Vec<Stage>> =
        names.iter().rev().map(|name| undo(name).map(Stage::new)).collect();
    Ok(stages.unwrap_or_default())
}

/// The codings in the order in which they were applied; a limit keeps a server from stacking them.
fn names(headers: &HeaderMap, most: usize) -> Result<Vec<String>, Error> {
    let lines = headers.get_all(CONTENT_ENCODING).iter();
    let listed = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let words = listed.map(|word| String::from_utf8_lossy(word).trim().to_ascii_lowercase());
    let names: Vec<_> = words
        .filter(|it| !it.is_empty() && it != "identity")
        .take(most.saturating_add(1))
        .collect();
    if names.len() > most {
        let detail = format!("the body has more than {most} content codings");
        return Err(Error::new(ErrorKind::BodyCoding).detail(detail));
    }
    Ok(names)
}

/// What undoes this coding, when it is known.
fn undo(name: &str) -> Option<Box<dyn Undo>> {
    match name {
        #[cfg(feature = "brotli")]
        "br" => Some(Box::new(super::brotli::Brotli::new())),
        #[cfg(feature = "gzip")]
        "deflate" => Some(Box::new(super::inflate::Inflate::deflate())),
        #[cfg(feature = "gzip")]
        "gzip" | "x-gzip" => Some(Box::new(super::members::Members::new())),
        #[cfg(feature = "zstd")]
        "zstd" => Some(Box::new(super::zstd::Zstd::new())),
        _ => None,
    }
}
