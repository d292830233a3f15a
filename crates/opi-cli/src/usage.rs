//! From clap's complaint to a failure. What clap repeats of the command line may hold secrets.

use std::ffi::OsString;

use crate::failure::{ErrorKind, Failure};
use crate::redact::Veil;

/// The failure that clap's complaint is; its first line is the message, the others explain.
pub(crate) fn failure(wrong: &clap::Error, arguments: &[OsString]) -> Failure {
    let text = wrong.render().to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !is_advice(line));
    let first = lines.next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(first);
    let failure = Failure::new(ErrorKind::Usage, message);
    lines.fold(failure, Failure::detail).behind(&veil(arguments))
}

/// The hint says the same.
fn is_advice(line: &str) -> bool {
    line.starts_with("For more information")
}

/// Behind it: what follows an option that takes a secret, and every URL with a login.
fn veil(arguments: &[OsString]) -> Veil {
    let mut veil = Veil::default();
    let mut expected = false;
    for argument in arguments.iter().filter_map(|argument| argument.to_str()) {
        let value =
            SECRET.iter().find_map(|option| argument.strip_prefix(*option)?.strip_prefix('='));
        if let Some(value) = value {
            veil.hide(value);
        }
        if expected || (argument.contains("://") && argument.contains('@')) {
            veil.hide(argument);
        }
        expected = SECRET.contains(&argument);
    }
    veil
}

/// The options that take a secret.
const SECRET: &[&str] = &[
    "--auth",
    "--aws-session-token",
    "--bearer",
    "--key-password",
    "--listen-key-password",
    "--proxy",
    "-a",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args;

    #[track_caller]
    fn check(arguments: &[&str], message: &str) {
        let arguments: Vec<OsString> =
            ["opi"].iter().chain(arguments).copied().map(OsString::from).collect();
        let wrong = args::parse(&arguments).unwrap_err();
        let failure = failure(&wrong, &arguments);
        assert!(failure.message().contains(message), "{failure:?}");
        assert!(!format!("{failure:?}").contains("hunter2"), "{failure:?}");
    }

    #[test]
    fn a_wrong_command_line_is_told_without_its_secrets() {
        check(&[], "requires a subcommand");
        check(&["tcp"], "requires a subcommand");
        check(&["serve"], "unrecognized subcommand 'serve'");
        check(&["http://u:hunter2@h.test/"], "unrecognized subcommand '(hidden)'");
        check(&["get"], "required arguments were not provided");
        check(&["get", "u", "--auth", "a:hunter2", "--bearer", "hunter2"], "cannot be used with");
        check(&["get", "u", "--passwort", "hunter2"], "unexpected argument '--passwort'");
        check(&["tcp", "request", "h:1", "d", "--proxy=http://u:hunter2@p", "--x"], "'--x'");
        check(&["get", "u", "--timeout", "soon"], "expected seconds");
        check(&["get", "u", "--max-redirects", "0"], "--max-redirects");
    }
}
