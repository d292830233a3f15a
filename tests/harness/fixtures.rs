//! Test data that is too large for the repository, or others': read from a folder beside it.

use std::{env, fs, io::Write, path::PathBuf};

use serde_json::Value;

/// The JSON of `file`, as [`fixture_text`] reads it.
///
/// # Panics
///
/// As [`fixture_text`] does, or it is no JSON.
#[must_use]
pub fn fixture(file: &str) -> Option<Value> {
    let text = fixture_text(file)?;
    Some(serde_json::from_str(&text).expect("fixtures are JSON"))
}

/// The text of `file`, as [`fixture_bytes`] reads it.
///
/// # Panics
///
/// As [`fixture_bytes`] does, or it is not UTF-8.
#[must_use]
pub fn fixture_text(file: &str) -> Option<String> {
    Some(String::from_utf8(fixture_bytes(file)?).expect("fixtures of text are UTF-8"))
}

/// Reads `file` (`socks/limits.json`) from the folder in `OPI_FIXTURES`, or from
/// `../shared/fixtures` beside the repository. Without it there is nothing to test, which is said
/// aloud.
///
/// # Panics
///
/// The file is not there although `CI` or `OPI_FIXTURES` is set.
#[must_use]
pub fn fixture_bytes(file: &str) -> Option<Vec<u8>> {
    let named = env::var_os("OPI_FIXTURES").map(PathBuf::from);
    let required = named.is_some() || env::var_os("CI").is_some();
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures");
    let path = named.unwrap_or_else(beside).join(file);
    match fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(cause) if required => panic!("{}: {cause}", path.display()),
        Err(_) => {
            let said = "is not there, its rows are NOT RUN; name its folder in OPI_FIXTURES";
            writeln!(std::io::stderr(), "{} {said}", path.display()).expect("stderr is open");
            None
        }
    }
}
