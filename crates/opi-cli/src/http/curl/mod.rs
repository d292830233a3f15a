//! curl's command lines: read, and written.

mod address;
mod arguments;
mod data;
mod options;
mod quote;
mod read;
mod write;

use crate::failure::Failure;

pub(super) use quote::quote;
pub(super) use write::{Body, Wire, line};

/// The arguments of `opi`, without the name of the program, for a curl line: as one text that a
/// shell would split, or as words.
///
/// # Errors
///
/// It is none, or says what opi does not do; the message names it.
pub(super) fn translate(words: &[String]) -> Result<Vec<String>, Failure> {
    let split = match words {
        [line] if line.contains(char::is_whitespace) => quote::words(line)?,
        _ => words.to_vec(),
    };
    arguments::of(read::line(&split)?)
}
