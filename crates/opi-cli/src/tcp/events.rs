//! What servers tell of their connections: one event after the other.

use std::net::SocketAddr;
use std::path::Path;

use opi::net::Journal;
use opi::net::journal::{Level, LogFile, Settings};

use crate::answer::{Answer, Body};
use crate::failure::Failure;
use crate::output;
use crate::redact::Veil;
use crate::report::Report;

/// Tells of events; secrets stay behind the veil.
#[derive(Debug)]
pub(crate) struct Events<'a> {
    report: &'a Report,
    veil: Veil,
    verbose: bool,
    log: Option<Journal>,
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
    pub(crate) fn new(report: &'a Report, veil: Veil, verbose: bool) -> Self {
        Self { report, veil, verbose, log: None }
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
        self.report.event(Some(&format!("listening on {address}")), &answer)
    }

    /// Tells that a connection has come.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written to.
    pub(crate) fn accepted(&self, name: Name) -> Result<(), Failure> {
        let (words, answer) = (format!("* {name} accepted"), name.event("accepted"));
        self.note(Level::Info, &answer);
        self.report.event(self.aloud(&words), &answer)
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
                self.report.event(self.aloud(&format!("* {name} closed")), &answer)
            }
            Err(failure) => {
                let failure = self.covered(failure);
                let answer = answer.fact("code", failure.code());
                self.note(Level::Warn, &answer);
                let failure = failure.with(answer);
                self.report.trouble(&name.to_string(), &failure)
            }
        }
    }

    /// Tells what a connection brought.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written to.
    pub(crate) fn received(&self, name: Name, body: Body) -> Result<(), Failure> {
        let facts = name.event("received").fact("bytes", body.size());
        self.report.event(None, &Answer { body, ..facts })
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
