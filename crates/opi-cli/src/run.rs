//! From the command line to the exit code.

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Instant;

use crate::answer::Answer;
use crate::args::{Cli, Work};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::{Format, Report};
use crate::{args, http, output, tcp, usage};

/// Does what the command line says, and reports how it went.
#[must_use]
pub fn run(arguments: &[OsString]) -> ExitCode {
    let started = Instant::now();
    match args::parse(arguments) {
        Ok(cli) => {
            let report = Report::new(cli.format(), Some(cli.command.name()), started);
            let outcome = execute(&cli, &report);
            report.end(outcome)
        }
        Err(shown) if !shown.use_stderr() => {
            // Help that cannot be printed has nobody to read it.
            let _unread = output::result(shown.render().to_string().as_bytes()).is_err();
            Exit::Ok
        }
        Err(wrong) => {
            let report = Report::new(Format::asked_by(arguments), None, started);
            report.end(Err(usage::failure(&wrong, arguments)))
        }
    }
    .into()
}

/// The answer to print, when there is something that was not printed yet.
fn execute(cli: &Cli, report: &Report) -> Result<Option<Answer>, Failure> {
    match cli.command.work() {
        Work::Curl(args) => http::curl(args, report.format()).map(Some),
        Work::Http(verb, args) => http::run(verb, args, report.format()).map(Some),
        Work::Sign(command) => http::sign(command).map(Some),
        Work::Tcp(command) => tcp::run(command, report),
    }
}
