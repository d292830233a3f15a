//! From the command line to the exit code.

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Instant;

use crate::answer::{Answer, Body};
use crate::args::{Cli, Work};
use crate::failure::{ErrorKind, Failure};
use crate::report::{Format, Report};
use crate::{args, http, tcp, usage};

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
            let report = Report::new(Format::Plain, None, started);
            report.end(Ok(Some(printed(shown.render().to_string().into()))))
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
        Work::Completions(args) => Ok(Some(printed(args::completions(args)))),
        Work::Curl(args) => http::curl(args, report.format()).map(Some),
        Work::Http(verb, args) => http::run(verb, args, report.format()).map(Some),
        Work::Man(args) => match args::page(args) {
            Some(page) => Ok(Some(printed(page))),
            None => Err(Failure::new(ErrorKind::Usage, "there is no command of this name")),
        },
        Work::Sign(command) => http::sign(command).map(Some),
        Work::Tcp(command) => tcp::run(command, report),
    }
}

/// A text that is a result.
fn printed(text: Vec<u8>) -> Answer {
    Answer::new(Body::Bytes(text.into()))
}
