//! The only place that prints: results to standard output, notes to standard error.

use std::io::{self, Write};

use crate::failure::{ErrorKind, Failure};

/// Writes a result to standard output, whole.
///
/// # Errors
///
/// Standard output cannot be written to.
pub(crate) fn result(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

/// Standard output for results that come piece by piece; flush it after each.
pub(crate) fn stream() -> tokio::io::Stdout {
    tokio::io::stdout()
}

/// The failure of a standard output that cannot be written to.
pub(crate) fn unwritten(cause: &io::Error) -> Failure {
    if cause.kind() == io::ErrorKind::BrokenPipe {
        return ErrorKind::OutputGone.into();
    }
    Failure::new(ErrorKind::File, "standard output cannot be written to").because(cause)
}

/// Writes `text` over the last line of the terminal; nothing takes the line away.
pub(crate) fn status(text: &str) {
    let line = format!("\r{}\x1b[K", visible(text));
    // There is no third place to complain at.
    let _unheard = io::stderr().lock().write_all(line.as_bytes()).is_err();
}

/// Writes a line to standard error. What a peer sent cannot steer the terminal.
pub(crate) fn note(line: &str) {
    let line = format!("{}\n", visible(line));
    // There is no third place to complain at.
    let _unheard = io::stderr().lock().write_all(line.as_bytes()).is_err();
}

/// The text with its control characters written out.
fn visible(text: &str) -> String {
    let escaped = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.into() };
    text.chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_written_out() {
        assert_eq!(visible("тест \u{1b}[31m\r\n"), "тест \\u{1b}[31m\\r\\n");
    }
}
