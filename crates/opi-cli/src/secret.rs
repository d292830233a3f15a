//! Where a secret comes from: the command line, a file or the environment.

use std::env;
use std::path::Path;

use opi::net::Secret;

use crate::failure::{ErrorKind, Failure};
use crate::file;

/// Reads `text`: `@FILE` and `env:NAME` say where the secret is, all else is the secret itself.
/// A line end at the end of a file is no part of it.
///
/// # Errors
///
/// The file or the variable cannot be read.
pub(crate) fn read(text: &str) -> Result<Secret, Failure> {
    if let Some(path) = text.strip_prefix('@') {
        let held = file::read(Path::new(path), "the secret", LIMIT)?;
        let held = String::from_utf8(held).map_err(|_| {
            Failure::new(ErrorKind::File, format!("{path}: the secret is no UTF-8"))
        })?;
        let line = held.strip_suffix('\n').unwrap_or(&held);
        return Ok(Secret::new(line.strip_suffix('\r').unwrap_or(line)));
    }
    let Some(name) = text.strip_prefix("env:") else { return Ok(Secret::new(text)) };
    env::var(name).map(Secret::new).map_err(|_| {
        let message = format!("the environment has no variable {name:?}, or it is no UTF-8");
        Failure::new(ErrorKind::Usage, message)
    })
}

/// The most bytes of a file that holds a secret: 64 KiB.
const LIMIT: u64 = 64 * 1024;
