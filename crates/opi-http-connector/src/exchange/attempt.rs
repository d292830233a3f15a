//! One request and its answer's head, over a kept connection or a fresh one.

use http::{Version, response};
use hyper::body::Incoming;
use opi_net::{Deadline, Phase};
use tokio::time::Instant;

use super::{Answer, Loan, head};
use crate::address;
use crate::auth::Turn;
use crate::connection::{Connection, Limits, Silence, Unanswered};
use crate::dial::Way;
use crate::pool::Slot;
use crate::{Error, Facts, Request, Session, Timeouts, Timings};

/// Sends `request` and brings the head of its answer; `facts` tell how far it got.
pub(super) async fn attempt(
    session: &Session,
    request: &Request,
    turn: &mut Turn,
    deadline: &Deadline,
    facts: &mut Facts,
) -> Result<Answer, Error> {
    let origin = address::origin(&request.url)?;
    let way = session.0.config.dialing.way(&request.detour, origin);
    let timeouts = request.timeouts.or(session.0.config.timeouts);
    let mut asking = Asking { session, request, turn, way: &way, deadline, timeouts, facts };
    let (connection, (head, body)) = asking.ask().await?;
    facts.protocol = match head.version {
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    };
    Ok(Answer { head, body, connection })
}

/// What one attempt works with.
struct Asking<'a> {
    session: &'a Session,
    request: &'a Request,
    turn: &'a mut Turn,
    way: &'a Way,
    deadline: &'a Deadline,
    timeouts: Timeouts,
    facts: &'a mut Facts,
}

type Head = (response::Parts, Incoming);

impl Asking<'_> {
    /// Asks on a kept connection, or on a fresh one when there is none or it had died.
    async fn ask(&mut self) -> Result<(Loan, Head), Error> {
        let queue = &mut self.facts.timings.queue;
        let room = match self.session.0.pool.acquire(self.way, self.deadline, queue).await? {
            Slot::Room(room) => room,
            Slot::Kept(mut connection) => match self.send(&mut connection).await {
                Ok(head) => return Ok((connection, head)),
                Err(Unanswered { error, how }) if !self.may_repeat(how) => return Err(error),
                Err(Unanswered { error, .. }) => {
                    tracing::debug!(%error, "a kept connection had died; a fresh one is used");
                    connection.into_room()
                }
            },
        };
        // What opens a connection is large and rare: apart, it is not moved with every request.
        let mut connection = room.fill(Box::pin(self.connect()).await?);
        match self.send(&mut connection).await {
            Ok(head) => Ok((connection, head)),
            Err(Unanswered { error, .. }) => Err(error),
        }
    }

    async fn connect(&mut self) -> Result<Connection, Error> {
        let mut opening = opi_net::Timings::default();
        let deadline = self.timeouts.opening(self.deadline);
        let opened = self.way.open(&deadline, &mut opening).await;
        let queue = self.facts.timings.queue;
        self.facts.timings = Timings { queue, ..Timings::opening(&opening) };
        Connection::open(opened?, self.session.next_id()).await
    }

    async fn send(&mut self, connection: &mut Connection) -> Result<Head, Unanswered> {
        let limits = self.limits();
        let (forwarder, meter) = (connection.ends.forwarder.as_ref(), &connection.meter);
        let wire = head::wire((self.session, self.turn), self.request, forwarder, limits, meter);
        let wire = wire.map_err(|error| Unanswered { error, how: Silence::Broken })?;
        let started = Instant::now();
        let sending = connection.send(wire, limits);
        let outcome = self.deadline.run(Phase::FirstByte, sending).await;
        self.note(connection, started);
        outcome.unwrap_or_else(|late| {
            let error = self.deadline.error(late.kind(), connection.meter.phase()).into();
            Err(Unanswered { error, how: Silence::Broken })
        })
    }

    fn limits(&self) -> Limits {
        let Timeouts { send, first_byte, .. } = self.timeouts;
        let leave = self.request.expect_continue.filter(|_| !self.request.body.is_empty());
        Limits { send, first_byte, leave }
    }

    fn note(&mut self, connection: &Connection, started: Instant) {
        let (facts, ends) = (&mut *self.facts, &connection.ends);
        facts.reused = connection.has_served();
        facts.id = ends.id;
        (facts.peer, facts.local) = (ends.peer, ends.local);
        facts.tls.clone_from(&ends.tls);
        facts.timings.first_byte = started.elapsed();
        [facts.sent, facts.received] = connection.moved();
    }

    /// A request that never left may be sent again; one that may have left, only when it is
    /// idempotent (RFC 9110 section 9.2.2) and nothing of an answer came.
    fn may_repeat(&self, how: Silence) -> bool {
        match how {
            Silence::Broken => false,
            Silence::Closed => {
                self.request.method.is_idempotent() && self.request.body.is_replayable()
            }
            Silence::Unsent => true,
        }
    }
}
