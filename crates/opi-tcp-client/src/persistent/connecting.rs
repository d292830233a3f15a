//! Getting a persistent connection connected: wait, try, greet, or give up.

use std::error;

use opi_net::{Deadline, ErrorKind as NetErrorKind, Phase};
use tokio::time::Instant;

use super::{Line, Persistent, State};
use crate::{Connection, Error, ErrorKind};

impl Persistent {
    /// The connection, connected and greeted.
    pub(super) async fn ready(&mut self, deadline: &Deadline) -> Result<&mut Line, Error> {
        if self.line.as_ref().is_some_and(|line| line.midway) {
            // A send was dropped in the middle: what the peer has of it cannot be told.
            self.lose(NetErrorKind::Closed.code());
        }
        let line = match self.line.take() {
            Some(line) => line,
            None => self.connect(deadline).await?,
        };
        Ok(self.line.insert(line))
    }

    async fn connect(&mut self, deadline: &Deadline) -> Result<Line, Error> {
        loop {
            self.wait(deadline).await?;
            self.enter(State::Connecting { attempt: self.failures + 1 });
            let error = match self.attempt(deadline).await {
                Ok(connection) => {
                    self.enter(State::Connected);
                    return Ok(Line { connection, decoder: None, midway: false });
                }
                Err(error) => error,
            };
            self.failures += 1;
            self.last = Some(told(&error));
            if !may_help(&error) {
                self.give_up(error.code());
                return Err(error);
            }
            if !self.schedule(error.code()) || deadline.remaining().is_zero() {
                return Err(error);
            }
        }
    }

    /// Waits until the next try may be made.
    async fn wait(&mut self, deadline: &Deadline) -> Result<(), Error> {
        let Some(next) = self.next else { return Ok(()) };
        let waited = deadline.run(Phase::Connect, tokio::time::sleep_until(next)).await;
        waited.map_err(|error| match &self.last {
            Some(last) if error.kind() == NetErrorKind::Timeout => error.because(last.clone()),
            _ => error,
        })?;
        self.next = None;
        Ok(())
    }

    async fn attempt(&self, deadline: &Deadline) -> Result<Connection, Error> {
        let one_try = deadline.within(self.backoff.limit_of_one_try());
        let mut connection = Connection::open(&self.config, &one_try).await?;
        if let Some(greeting) = &self.greeting {
            one_try.run(Phase::Connect, greeting(&mut connection, &one_try)).await??;
        }
        Ok(connection)
    }

    /// Sets the time of the next try; false when it is time to give up.
    pub(super) fn schedule(&mut self, code: &'static str) -> bool {
        let Some(wait) = self.backoff.wait(self.failures, self.dice.roll()) else {
            self.give_up(code);
            return false;
        };
        let next = Instant::now() + wait;
        self.next = Some(next);
        let attempt = self.failures + 1;
        self.enter(State::Waiting { attempt, until: next.into_std(), code });
        true
    }

    fn give_up(&mut self, code: &'static str) {
        (self.failures, self.next) = (0, None);
        self.enter(State::GivenUp { code });
    }
}

/// Whether a later try may go better, with nobody changing anything.
fn may_help(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Client(_) | ErrorKind::Framing(_) => false,
        ErrorKind::Net(kind) => matches!(
            kind,
            NetErrorKind::Closed
                | NetErrorKind::Connect
                | NetErrorKind::Io
                | NetErrorKind::Refused
                | NetErrorKind::Resolve
                | NetErrorKind::Timeout
                | NetErrorKind::Truncated
        ),
        #[cfg(feature = "proxy")]
        ErrorKind::Proxy(kind) => kind == opi_proxy::ErrorKind::Target,
    }
}

/// An error with its causes, in one line.
fn told(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error::Error::source(error);
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
