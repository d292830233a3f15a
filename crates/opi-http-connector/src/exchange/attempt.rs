//! One request and its answer's head, over a kept connection or a fresh one.

use http::{HeaderMap, Version, response};
use hyper::body::Incoming;
use opi_net::ErrorKind::Timeout;
use opi_net::{Deadline, Phase};
use tokio::time::Instant;

use super::{Answer, Loan, head};
use crate::auth::Turn;
use crate::connection::{Connection, Limits, Silence, Unanswered};
use crate::dial::Way;
use crate::pool::Slot;
use crate::session::Known;
use crate::{Error, Facts, Request, Session, Timeouts, Timings};

/// What one attempt works with.
pub(super) struct Asking<'a> {
    pub(super) session: &'a Session,
    pub(super) request: &'a Request,
    pub(super) turn: &'a mut Turn,
    pub(super) deadline: &'a Deadline,
    /// How far it got.
    pub(super) facts: &'a mut Facts,
    pub(super) started: Instant,
}

type Head = (response::Parts, Incoming);

impl Asking<'_> {
    /// Sends the request and brings the head of its answer.
    ///
    /// It goes on a kept connection, or on a fresh one when there is none or it had died.
    pub(super) async fn ask(&mut self) -> Result<Answer, Error> {
        let Known { way, base } = self.session.0.near.find(&self.session.0.config, self.request)?;
        let (pool, queue) = (&self.session.0.pool, &mut self.facts.timings.queue);
        let mut slot = pool.acquire(&way, self.deadline, self.started, queue).await?;
        loop {
            let (mut connection, fresh) = match slot {
                Slot::Kept(connection) if self.deadline.moment() <= self.started => {
                    connection.keep(self.started);
                    // Nobody waits for what would be sent now.
                    return Err(self.deadline.error(Timeout, Phase::Send).into());
                }
                Slot::Kept(connection) => (connection, false),
                // What opens a connection is large and rare: apart, it is not moved with every
                // request.
                Slot::Room(room) => (room.fill(Box::pin(self.connect(&way)).await?), true),
            };
            match self.send(&mut connection, &base, fresh).await {
                Ok(head) => return Ok(self.answer(head, connection)),
                Err(Unanswered { error, how }) if fresh || !self.may_repeat(how) => {
                    return Err(error);
                }
                Err(Unanswered { error, .. }) => {
                    tracing::debug!(%error, "a kept connection had died; a fresh one is used");
                    slot = Slot::Room(connection.into_room());
                }
            }
        }
    }

    fn answer(&mut self, (head, body): Head, connection: Loan) -> Answer {
        self.facts.protocol = match head.version {
            Version::HTTP_10 => "HTTP/1.0",
            _ => "HTTP/1.1",
        };
        let came = self.started + self.facts.timings.first_byte;
        Answer { head, body, connection, came }
    }

    fn timeouts(&self) -> Timeouts {
        self.request.timeouts.or(self.session.0.config.timeouts)
    }

    async fn connect(&mut self, way: &Way) -> Result<Connection, Error> {
        let mut opening = opi_net::Timings::default();
        let deadline = self.timeouts().opening(self.deadline);
        let opened = way.open(&deadline, &mut opening).await;
        let queue = self.facts.timings.queue;
        self.facts.timings = Timings { queue, ..Timings::opening(&opening) };
        Connection::open(opened?, self.session.next_id()).await
    }

    async fn send(
        &mut self,
        connection: &mut Connection,
        base: &HeaderMap,
        fresh: bool,
    ) -> Result<Head, Unanswered> {
        if fresh || !self.facts.timings.queue.is_zero() {
            self.started = Instant::now();
        }
        if self.request.body.is_streamed() {
            let forwarder = connection.ends.forwarder.as_ref();
            let adding = self.turn.add_up(self.session, self.request, forwarder, self.deadline);
            let added = Box::pin(adding).await;
            added.map_err(|error| Unanswered { error, how: Silence::Broken })?;
        }
        let limits = self.limits();
        let (forwarder, meter) = (connection.ends.forwarder.as_ref(), &connection.meter);
        let wire =
            head::wire((self.session, self.turn), self.request, base, forwarder, limits, meter);
        let wire = wire.map_err(|error| Unanswered { error, how: Silence::Broken })?;
        let sending = connection.send(wire, limits);
        let outcome = self.deadline.run(Phase::FirstByte, sending).await;
        self.note(connection);
        outcome.unwrap_or_else(|late| {
            let error = self.deadline.error(late.kind(), connection.meter.phase()).into();
            Err(Unanswered { error, how: Silence::Broken })
        })
    }

    fn limits(&self) -> Limits {
        let Timeouts { send, first_byte, .. } = self.timeouts();
        let leave = self.request.expect_continue.filter(|_| !self.request.body.is_empty());
        Limits { send, first_byte, leave }
    }

    fn note(&mut self, connection: &Connection) {
        let (facts, ends, now) = (&mut *self.facts, &connection.ends, Instant::now());
        facts.reused = connection.has_served();
        facts.id = ends.id;
        (facts.peer, facts.local) = (ends.peer, ends.local);
        facts.tls.clone_from(&ends.tls);
        facts.timings.first_byte = now.saturating_duration_since(self.started);
        facts.elapsed = now.saturating_duration_since(self.deadline.started());
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
