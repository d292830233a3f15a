//! What servers tell of their connections: one event after the other.

use std::net::SocketAddr;
use std::path::Path;

use opi::net::Journal;
use opi::net::journal::{Level, LogFile, Settings};

use crate::answer::{Answer, Body};
use crate::failure::Failure;
use crate::output;
use crate::printer::Printer;
use crate::redact::Veil;
use crate::report::{Format, Report};

/// Tells of events; secrets stay behind the veil.
#[derive(Debug)]
pub(crate) struct Events<'a> {
    report: &'a Report,
    veil: Veil,
    verbose: bool,
    log: Option<Journal>,
    /// With `--json`, where the events go.
    printer: Option<Printer>,
}

/// A connection as events name it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    /// Its number, from 1.
    pub(crate) number: u64,
    pub(crate) peer: SocketAddr,
}

impl<'a> Events<'a> {
    /// Tells by `report`; in plain output only troubles, with `verbose` everything.
    ///
    /// # Errors
    ///
    /// The system has no thread left to print on.
    pub(crate) fn new(report: &'a Report, veil: Veil, verbose: bool) -> Result<Self, Failure> {
        let json = report.format() == Format::Json;
        let printer = json.then(Printer::start).transpose()?;
        Ok(Self { report, veil, verbose, log: None, printer })
    }

    /// Keeps a log of events in a file as well, if one is named.
    ///
    /// # Errors
    ///
    /// The file cannot be written to.
    pub(crate) fn log(self, path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(self) };
        let settings = Settings::new().memory(0).file(LogFile::new(path));
        Ok(Self { log: Some(Journal::open(&settings)?), ..self })
    }

    /// Tells where it listens.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written to.
    pub(crate) fn listening(&self, address: SocketAddr) -> Result<(), Failure> {
        let answer = event("listening").fact("address", address.to_string());
        self.note(Level::Info, &answer);
        self.tell(Some(&format!("listening on {address}")), &answer)
    }

    /// Tells that a connection has come.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written to.
    pub(crate) fn accepted(&self, name: Name) -> Result<(), Failure> {
        let (words, answer) = (format!("* {name} accepted"), name.event("accepted"));
        self.note(Level::Info, &answer);
        self.tell(self.aloud(&words), &answer)
    }

    /// Tells that a connection has ended; `facts` say how it went.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written to.
    pub(crate) fn closed(
        &self,
        name: Name,
        facts: Answer,
        outcome: Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut answer = name.event("closed");
        answer.facts.extend(facts.facts);
        match outcome {
            Ok(()) => {
                self.note(Level::Info, &answer);
                self.tell(self.aloud(&format!("* {name} closed")), &answer)
            }
            Err(failure) => {
                let failure = self.covered(failure);
                let answer = answer.fact("code", failure.code());
                self.note(Level::Warn, &answer);
                let failure = failure.with(answer);
                self.trouble(&name.to_string(), &failure)
            }
        }
    }

    /// Tells what a connection brought, and waits until it is written: who reads decides how fast
    /// it goes, and nothing is dropped.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written to.
    pub(crate) async fn received(&self, name: Name, body: Body) -> Result<(), Failure> {
        let Some(printer) = &self.printer else { return Ok(()) };
        let facts = name.event("received").fact("bytes", body.size());
        printer.print(self.report.event(&Answer { body, ..facts })).await
    }

    /// Waits until standard output cannot be written to any more; for ever where no events go there.
    pub(crate) async fn unread(&self) -> Failure {
        match &self.printer {
            Some(printer) => printer.broken().await,
            None => std::future::pending().await,
        }
    }

    /// Waits until all events are written, and then brings `outcome`.
    ///
    /// # Errors
    ///
    /// Those of `outcome`, or nobody reads the events.
    pub(crate) async fn finish<T>(&self, outcome: Result<T, Failure>) -> Result<T, Failure> {
        match &self.printer {
            Some(printer) => printer.finish().await.and(outcome),
            None => outcome,
        }
    }

    /// With `--json` an envelope, which is dropped and counted when too many wait to be read;
    /// otherwise `words`, if any.
    fn tell(&self, words: Option<&str>, answer: &Answer) -> Result<(), Failure> {
        match (&self.printer, words) {
            (Some(printer), _) => printer.put(self.report.event(answer), |count| self.lost(count)),
            (None, Some(words)) => {
                output::note(words);
                Ok(())
            }
            (None, None) => Ok(()),
        }
    }

    /// Tells of a failure that ends one connection and not the command.
    fn trouble(&self, place: &str, failure: &Failure) -> Result<(), Failure> {
        if let Some(printer) = &self.printer {
            return printer.put(self.report.trouble(failure), |count| self.lost(count));
        }
        let causes = failure.causes().iter().map(|cause| format!("; {cause}")).collect::<String>();
        output::note(&format!("opi: {place}: {}{causes}", failure.message()));
        Ok(())
    }

    fn lost(&self, count: u64) -> String {
        self.report.event(&event("dropped").fact("events", count))
    }

    /// The failure with every known secret hidden.
    pub(crate) fn covered(&self, failure: Failure) -> Failure {
        failure.behind(&self.veil)
    }

    /// Says `words` on standard error, when everything is to be told.
    pub(crate) fn say(&self, words: &str) {
        if self.verbose {
            output::note(&format!("* {}", self.veil.cover(words)));
        }
    }

    /// Writes the facts down, when there is a log; it never waits.
    fn note(&self, level: Level, answer: &Answer) {
        if let Some(log) = &self.log {
            let facts = serde_json::Value::from(answer.facts.clone());
            log.log(level, format_args!("{facts}"));
        }
    }

    fn aloud<'b>(&self, words: &'b str) -> Option<&'b str> {
        self.verbose.then_some(words)
    }
}

impl Name {
    /// The facts of an event of this connection.
    pub(crate) fn event(&self, event: &str) -> Answer {
        self::event(event).fact("connection", self.number).fact("peer", self.peer.to_string())
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "connection {} from {}", self.number, self.peer)
    }
}

fn event(event: &str) -> Answer {
    Answer::new(Body::None).fact("event", event)
}
