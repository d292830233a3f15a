//! Answers every message of a client: with itself, or with what was written before.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use opi::net::Deadline;
use opi::tcp_server::{ConnectionId, End, Reason, Server};

use super::message::Form;
use crate::answer::{Answer, Body};
use crate::failure::Failure;
use crate::file;

/// What messages are answered with.
#[derive(Debug)]
pub(crate) enum Answers {
    /// Themselves.
    Echo(Of),
    /// These in turn, and the last one again and again.
    Written(Vec<Bytes>),
}

/// What is sent back at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Of {
    /// What the codec calls a message.
    Messages,
    /// Whatever has come.
    Pieces,
}

impl Answers {
    /// What `texts` say; `@FILE` is a file.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or a text is no hexadecimal one.
    pub(crate) fn new(texts: &[String], form: &Form) -> Result<Self, Failure> {
        if texts.is_empty() {
            let of = if form.codec().is_some() { Of::Messages } else { Of::Pieces };
            return Ok(Self::Echo(of));
        }
        let read = |text: &String| match text.strip_prefix('@') {
            None => form.read(Bytes::copy_from_slice(text.as_bytes()), "--answer"),
            Some(path) => {
                let held = file::read(path.as_ref(), "the answer", file::SETTINGS)?;
                form.read(held.into(), path)
            }
        };
        Ok(Self::Written(texts.iter().map(read).collect::<Result<_, _>>()?))
    }

    fn are_of_pieces(&self) -> bool {
        matches!(self, Self::Echo(Of::Pieces))
    }

    fn to(&self, message: &Bytes, number: usize) -> Bytes {
        match self {
            Self::Echo(_) => message.clone(),
            Self::Written(list) => {
                list.get(number).or_else(|| list.last()).cloned().unwrap_or_default()
            }
        }
    }
}

/// Serves one client to its end; what is known about it comes back.
pub(crate) async fn serve(
    server: Arc<Server>,
    id: ConnectionId,
    answers: Arc<Answers>,
) -> (Answer, Result<(), Failure>) {
    let outcome = converse(&server, id, &answers).await;
    let facts = server.facts(id).ok();
    let (received, sent) = facts.map_or((0, 0), |facts| (facts.received, facts.sent));
    let answer = Answer::new(Body::None).fact("received", received).fact("sent", sent);
    match outcome {
        Ok(end) => (answer.fact("end", end.as_ref().map(End::code)), Ok(())),
        Err(failure) => {
            // It may have closed by itself meanwhile.
            let _gone = server.close(id).is_err();
            (answer, Err(failure))
        }
    }
}

/// Answers in order, until the client has finished or takes no more. What it sends meanwhile
/// waits in the server, and beyond its limit in the network.
async fn converse(
    server: &Server,
    id: ConnectionId,
    answers: &Answers,
) -> Result<Option<End>, Failure> {
    let mut number = 0;
    loop {
        let wait = Deadline::after(Deadline::LONGEST);
        let Some(message) = server.next_of(id, PIECE, &wait).await? else { continue };
        // What is left at the end is no message where a codec tells messages apart.
        let left = message.reason == Reason::Closed;
        if !left || (!message.data.is_empty() && answers.are_of_pieces()) {
            let answer = answers.to(&message.data, number);
            server.send_message(id, &answer, &Deadline::after(PATIENCE)).await?;
            number += 1;
        }
        if !message.open {
            server.finish_sending(id)?;
            return Ok(message.end);
        }
    }
}

/// The most bytes taken at a time, where no codec tells messages apart.
const PIECE: usize = 64 * 1024;

/// How long a client may take nothing.
const PATIENCE: Duration = Duration::from_secs(30);
