//! An error as a person sees it.

use std::error::Error;

/// The error and its causes in one line, as a person is told.
///
/// ```
/// let error = std::io::Error::other("no route");
/// assert_eq!(harness::told(&error), "no route");
/// ```
#[must_use]
pub fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}
