//! A connection that is made anew when it breaks, and never sends anything twice unasked.

mod backoff;
mod connecting;
mod merit;
mod state;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use opi_framing::{Codec, Decoder, ErrorKind as FramingErrorKind};
use opi_net::{Deadline, ErrorKind as NetErrorKind};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::log::Log;
use crate::{
    Answer, ClientErrorKind, Config, Connection, Error, ErrorKind, Reason, Received, Until,
};

use backoff::Dice;
pub use backoff::{Backoff, Tries};
pub use state::{State, Watch};

/// A connection that is made anew when it breaks.
///
/// The first call connects; a call that finds the connection lost waits for the next try and
/// makes it, under the call's own deadline. No task is spawned: between calls nothing happens.
///
/// What was under way when the connection broke is told by an error and never sent again, unless
/// nothing of it had been sent, or the caller said that it may be ([`Repeat::Idempotent`]).
/// [`Error::sent`] says how much had gone and [`Error::received`] what had come.
///
/// ```
/// use opi_net::Deadline;
/// use opi_tcp_client::{Config, Persistent, Repeat, State, Until};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let peer = std::net::TcpListener::bind("127.0.0.1:0")?;
/// # let config = Config::new(peer.local_addr()?.into());
/// # let server = std::thread::spawn(move || -> std::io::Result<()> {
/// #     let (socket, _) = peer.accept()?;
/// #     std::io::copy(&mut &socket, &mut &socket).map(drop)
/// # });
/// let mut device = Persistent::new(config).on_connect(|connection, deadline| {
///     Box::pin(async move {
///         connection.request(b"hello\n", Until::marker("\n")?, deadline).await?;
///         Ok(())
///     })
/// });
/// let deadline = Deadline::after(Duration::from_secs(5));
/// let line = Until::marker("\n")?;
/// let weight = device.request(b"weight?\n", line, Repeat::Idempotent, &deadline).await?;
/// assert_eq!(&weight.data[..], b"weight?\n");
/// assert_eq!(device.state(), State::Connected);
/// # device.close(&deadline).await?;
/// # server.join().map_err(|_| "the server failed")??;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct Persistent {
    config: Config,
    backoff: Backoff,
    greeting: Option<Arc<Greeting>>,
    line: Option<Line>,
    failures: u32,
    next: Option<Instant>,
    last: Option<String>,
    dice: Dice,
    state: watch::Sender<State>,
    log: Log,
}

/// A connection, the state of its codec, and whether a call on it was cut off in the middle.
#[derive(Debug)]
struct Line {
    connection: Connection,
    decoder: Option<Decoder>,
    midway: bool,
}

/// What is said after each connect; see [`Persistent::on_connect`].
pub type Greeting = dyn for<'a> Fn(&'a mut Connection, &'a Deadline) -> Greeted<'a> + Send + Sync;

/// A greeting under way.
pub type Greeted<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// Whether a request may reach the peer twice.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Repeat {
    /// It may: it is sent again over a new connection when the old one broke before the answer.
    Idempotent,
    /// It may not: when the connection breaks after any of it was sent, the request fails.
    Never,
}

impl Persistent {
    /// A connection as `config` says, made by the first call.
    pub fn new(config: Config) -> Self {
        let backoff = Backoff::new();
        Self {
            log: config.log(),
            config,
            backoff,
            greeting: None,
            line: None,
            failures: 0,
            next: None,
            last: None,
            dice: backoff.dice(),
            state: watch::Sender::new(State::Idle),
        }
    }

    /// When to try again and when to give up. Default: [`Backoff::new`].
    pub fn backoff(self, backoff: Backoff) -> Self {
        Self { backoff, dice: backoff.dice(), ..self }
    }

    /// What is said after each connect, such as a login. When it fails, so has the try;
    /// [`Error::greeting_refused`] ends the tries. Default: nothing.
    pub fn on_connect(
        self,
        greeting: impl for<'a> Fn(&'a mut Connection, &'a Deadline) -> Greeted<'a>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self { greeting: Some(Arc::new(greeting)), ..self }
    }

    /// Sends all of `data`, connecting first where that must be.
    ///
    /// # Errors
    ///
    /// As [`Connection::open`] and [`Connection::send`]; [`Error::sent`] says how much went. When
    /// a part went, the connection is closed, because the peer may wait for the rest.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future after a part went closes the connection with the next call.
    pub async fn send(&mut self, data: &[u8], deadline: &Deadline) -> Result<(), Error> {
        let line = self.ready(deadline).await?;
        line.midway = true;
        let sent = line.connection.send(data, deadline).await;
        line.midway = false;
        sent.map_err(|error| self.told(error, data.len()))
    }

    /// Receives as [`Connection::receive`] does, connecting first where that must be.
    ///
    /// [`Reason::Closed`] is told once; the next call connects anew.
    ///
    /// # Errors
    ///
    /// As [`Connection::open`] and [`Connection::receive`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no byte.
    pub async fn receive(&mut self, until: Until, deadline: &Deadline) -> Result<Received, Error> {
        let line = self.ready(deadline).await?;
        let received = line.connection.receive(until, deadline).await;
        self.after_reading(received)
    }

    /// Receives the next message of `codec`, the same one each time, connecting first where that
    /// must be.
    ///
    /// # Errors
    ///
    /// As [`Connection::open`] and [`Connection::message`]. After bytes that are no message, or a
    /// part of one, the connection is given up: nothing can follow them.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no byte.
    pub async fn message(&mut self, codec: &Codec, deadline: &Deadline) -> Result<Received, Error> {
        let Line { connection, decoder, .. } = self.ready(deadline).await?;
        let decoder = decoder.get_or_insert_with(|| codec.decoder());
        let received = connection.message(decoder, deadline).await;
        self.after_reading(received)
    }

    /// Sends a request and receives what `until` asks for as its answer.
    ///
    /// As [`Connection::request`]; where that is out of step, this connects anew, so a late answer
    /// is never taken for another request's. A peer that speaks first needs
    /// [`Self::on_connect`] to read what it says.
    ///
    /// # Errors
    ///
    /// As [`Connection::open`] and [`Connection::request`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future makes the next request connect anew.
    pub async fn request(
        &mut self,
        data: &[u8],
        until: Until,
        repeat: Repeat,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        self.ask(data, &Ending::Until(until), repeat, deadline).await
    }

    /// The same with a message of `codec` as the answer, the same codec each time.
    ///
    /// # Errors
    ///
    /// As [`Self::request`].
    ///
    /// # Cancel safety
    ///
    /// As [`Self::request`].
    pub async fn request_message(
        &mut self,
        data: &[u8],
        codec: &Codec,
        repeat: Repeat,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        self.ask(data, &Ending::Message(codec), repeat, deadline).await
    }

    /// Says farewell and closes; the next call connects anew.
    ///
    /// # Errors
    ///
    /// The farewell could not be sent; the connection is closed all the same.
    pub async fn close(&mut self, deadline: &Deadline) -> Result<(), Error> {
        (self.failures, self.next) = (0, None);
        self.enter(State::Idle);
        match self.line.take() {
            Some(line) => line.connection.close(deadline).await,
            None => Ok(()),
        }
    }

    /// The connection, while there is one: for its peer, its TLS and its counts.
    #[must_use]
    pub fn connection(&self) -> Option<&Connection> {
        self.line.as_ref().map(|line| &line.connection)
    }

    /// What it is doing.
    #[must_use]
    pub fn state(&self) -> State {
        *self.state.borrow()
    }

    /// The states as they come, for another task or thread.
    #[must_use]
    pub fn watch(&self) -> Watch {
        Watch(self.state.subscribe())
    }

    /// Notes a new state, unless it is the one there is.
    fn enter(&self, state: State) {
        if self.state.send_replace(state) != state {
            self.log.state(state);
        }
    }

    async fn ask(
        &mut self,
        data: &[u8],
        ending: &Ending<'_>,
        repeat: Repeat,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        loop {
            let is_new = self.line.is_none();
            let line = self.ready(deadline).await?;
            let error = match line.ask(data, ending, deadline).await {
                Ok(received) => return Ok(received),
                Err(error) => error,
            };
            if is_out_of_step(&error) && !is_new {
                self.line = None;
                continue;
            }
            let nothing_went = error.sent() == 0;
            let may_repeat = is_break(&error)
                && !is_wrong_answer(&error)
                && (nothing_went || repeat == Repeat::Idempotent);
            let error = self.told(error, data.len());
            if !may_repeat || deadline.remaining().is_zero() {
                return Err(error);
            }
        }
    }

    fn after_reading(&mut self, received: Result<Received, Error>) -> Result<Received, Error> {
        match received {
            Ok(received) => {
                if received.reason == Reason::Closed {
                    self.lose(NetErrorKind::Closed.code());
                }
                Ok(received)
            }
            Err(error) => Err(self.told(error, 0)),
        }
    }

    /// Takes note of a failed call: a connection that broke is given up, with what had come.
    fn told(&mut self, error: Error, size: usize) -> Error {
        let went_in_part = (1..size).contains(&error.sent());
        if !is_break(&error) && !went_in_part {
            return error;
        }
        let came = self.lose(error.code());
        if error.received().is_empty() { error.after_receiving(came) } else { error }
    }

    /// Gives the connection up; returns what had come and was not read.
    fn lose(&mut self, code: &'static str) -> Bytes {
        let Some(mut line) = self.line.take() else { return Bytes::new() };
        // A peer that accepts and hangs up at once is no better than one that refuses.
        let wait = self.backoff.bound(self.failures + 1);
        let was_of_use = merit::was_of_use(&line.connection.stats(), wait);
        self.failures = if was_of_use { 1 } else { self.failures + 1 };
        self.schedule(code);
        line.connection.take_buffered()
    }
}

/// Whether the connection is of no more use after `error`.
fn is_break(error: &Error) -> bool {
    let goes_on = matches!(
        error.kind(),
        ErrorKind::Net(NetErrorKind::Cancelled | NetErrorKind::Timeout) | ErrorKind::Client(_)
    );
    !goes_on
}

/// Whether the peer answered in bytes that are no message, which it may do again.
fn is_wrong_answer(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Framing(kind) if kind != FramingErrorKind::Truncated)
}

fn is_out_of_step(error: &Error) -> bool {
    error.kind() == ErrorKind::Client(ClientErrorKind::OutOfStep)
}

/// How the end of an answer is found.
#[derive(Debug)]
enum Ending<'a> {
    Message(&'a Codec),
    Until(Until),
}

impl Line {
    async fn ask(
        &mut self,
        data: &[u8],
        ending: &Ending<'_>,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        let answer = match ending {
            Ending::Message(codec) => {
                Answer::Message(self.decoder.get_or_insert_with(|| codec.decoder()))
            }
            Ending::Until(until) => Answer::Until(until.clone()),
        };
        self.connection.request(data, answer, deadline).await
    }
}

impl fmt::Debug for Persistent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { config, backoff, line, failures, .. } = self;
        f.debug_struct("Persistent")
            .field("config", config)
            .field("backoff", backoff)
            .field("state", &self.state())
            .field("failures", failures)
            .field("line", line)
            .finish_non_exhaustive()
    }
}
