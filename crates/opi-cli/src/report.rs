//! Tells how a command went: results to standard output, everything else to standard error.

use std::ffi::OsString;
use std::io;
use std::time::Instant;

use serde_json::Value;

use crate::answer::Answer;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::language::Language;
use crate::{envelope, output};

/// How results are wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Format {
    /// One envelope.
    Json,
    /// The bytes themselves.
    Plain,
}

impl Format {
    /// What a command line asks for that could not be understood.
    pub(crate) fn asked_by(arguments: &[OsString]) -> Self {
        let options = arguments.iter().take_while(|argument| *argument != "--");
        if options.into_iter().any(|it| it == "--json") { Self::Json } else { Self::Plain }
    }
}

/// How a command is reported.
#[derive(Debug)]
pub(crate) struct Report {
    format: Format,
    command: Option<&'static str>,
    started: Instant,
    language: Language,
}

impl Report {
    /// A report on `command`, in the language of the environment.
    pub(crate) fn new(format: Format, command: Option<&'static str>, started: Instant) -> Self {
        Self { format, command, started, language: Language::of_environment() }
    }

    /// How results are wanted.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// The line of an event before the end.
    pub(crate) fn event(&self, answer: &Answer) -> String {
        line(&envelope::success(self.command, answer))
    }

    /// The line of a failure that ends one connection and not the command.
    pub(crate) fn trouble(&self, failure: &Failure) -> String {
        let elapsed = self.started.elapsed();
        line(&envelope::failure(self.command, failure, elapsed, self.language))
    }

    /// Tells how the command ended. Nothing is told when all was told before.
    pub(crate) fn end(&self, outcome: Result<Option<Answer>, Failure>) -> Exit {
        let told = match &outcome {
            Ok(None) => Ok(()),
            Ok(Some(answer)) => self.success(answer),
            Err(failure) => self.failure(failure),
        };
        let failure = match (outcome, told) {
            (Err(failure), _) => failure,
            (Ok(_), Err(cause)) => {
                let failure = output::unwritten(&cause);
                if failure.exit() != Exit::OutputGone {
                    self.explain(&failure);
                }
                failure
            }
            (Ok(_), Ok(())) => return Exit::Ok,
        };
        failure.exit()
    }

    fn success(&self, answer: &Answer) -> io::Result<()> {
        match self.format {
            Format::Json => print(&envelope::success(self.command, answer)),
            Format::Plain => output::result(&answer.bytes()),
        }
    }

    fn failure(&self, failure: &Failure) -> io::Result<()> {
        if failure.exit() == Exit::OutputGone {
            // There is nobody to tell.
            return Ok(());
        }
        if self.format == Format::Json {
            let elapsed = self.started.elapsed();
            return print(&envelope::failure(self.command, failure, elapsed, self.language));
        }
        let told = match failure.answer() {
            Some(answer) => output::result(&answer.bytes()),
            None => Ok(()),
        };
        self.explain(failure);
        told
    }

    /// The message, its causes, and what helps.
    fn explain(&self, failure: &Failure) {
        output::note(&format!("opi: {}", failure.message()));
        failure.causes().iter().for_each(|cause| output::note(&format!("  {cause}")));
        output::note(&format!("hint: {}", self.language.hint(failure.advice())));
    }
}

fn print(envelope: &Value) -> io::Result<()> {
    output::result(line(envelope).as_bytes())
}

fn line(envelope: &Value) -> String {
    format!("{envelope}\n")
}
