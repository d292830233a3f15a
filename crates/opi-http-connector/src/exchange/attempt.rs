//! One request and its answer's head, over a kept connection or a fresh one.

use http::{Response, StatusCode, Version};
use hyper::body::Incoming;
use opi_net::{Deadline, Phase, timed};
use tokio::time::Instant;

use super::{Answer, Loan, head};
use crate::address;
use crate::connection::Connection;
use crate::dial::Way;
use crate::pool::Slot;
use crate::{Error, Facts, Request, Session, Timings};

/// Sends `request` and brings the head of its answer; `facts` tell how far it got.
pub(super) async fn attempt(
    session: &Session,
    request: &Request,
    deadline: &Deadline,
    facts: &mut Facts,
) -> Result<Answer, Error> {
    let origin = address::origin(&request.url)?;
    let way = session.0.config.dialing.way(&request.detour, origin);
    let mut asking = Asking { session, request, way: &way, deadline, facts };
    let (connection, answer) = asking.ask().await?;
    if let (StatusCode::PROXY_AUTHENTICATION_REQUIRED, Some(hop)) =
        (answer.status(), &connection.ends.forwarder)
    {
        return Err(hop.login_refused().into());
    }
    let (head, body) = answer.into_parts();
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
    way: &'a Way,
    deadline: &'a Deadline,
    facts: &'a mut Facts,
}

impl Asking<'_> {
    /// Asks on a kept connection, or on a fresh one when there is none or it had died.
    async fn ask(&mut self) -> Result<(Loan, Response<Incoming>), Error> {
        let queue = &mut self.facts.timings.queue;
        let acquiring = self.session.0.pool.acquire(self.way, self.deadline);
        let room = match timed(queue, acquiring).await? {
            Slot::Room(room) => room,
            Slot::Kept(mut connection) => match self.send(&mut connection).await? {
                Ok(answer) => return Ok((connection, answer)),
                Err(cause) if !self.may_repeat(&connection, &cause) => {
                    return Err(connection.failed(cause));
                }
                Err(cause) => {
                    tracing::debug!(%cause, "a kept connection had died; a fresh one is used");
                    connection.into_room()
                }
            },
        };
        let mut connection = room.fill(self.connect().await?);
        match self.send(&mut connection).await? {
            Ok(answer) => Ok((connection, answer)),
            Err(cause) => Err(connection.failed(cause)),
        }
    }

    async fn connect(&mut self) -> Result<Connection, Error> {
        let mut opening = opi_net::Timings::default();
        let opened = self.way.open(self.deadline, &mut opening).await;
        let queue = self.facts.timings.queue;
        self.facts.timings = Timings { queue, ..Timings::opening(&opening) };
        Connection::open(opened?, self.session.next_id()).await
    }

    async fn send(
        &mut self,
        connection: &mut Connection,
    ) -> Result<hyper::Result<Response<Incoming>>, Error> {
        let wire = head::wire(self.session, self.request, connection.ends.forwarder.as_ref())?;
        let (started, before) = (Instant::now(), connection.meter.sent());
        let reused = connection.begin();
        let outcome = self.deadline.run(Phase::FirstByte, connection.send(wire)).await;
        let facts = &mut *self.facts;
        facts.reused = reused;
        facts.id = connection.ends.id;
        (facts.peer, facts.local) = (connection.ends.peer, connection.ends.local);
        facts.tls.clone_from(&connection.ends.tls);
        facts.timings.first_byte = started.elapsed();
        facts.sent = connection.meter.sent() - before;
        outcome.map_err(|late| self.deadline.error(late.kind(), connection.phase()).into())
    }

    /// A request that never left may be sent again; one of which a byte may have left, only when
    /// it is idempotent (RFC 9110 section 9.2.2). Neither may when a byte of an answer came.
    fn may_repeat(&self, connection: &Connection, cause: &hyper::Error) -> bool {
        let request = self.request;
        let unanswered = connection.meter.received() == connection.begun_at();
        let unsent = cause.is_canceled() && self.facts.sent == 0;
        let again = unsent || (request.method.is_idempotent() && !cause.is_user());
        unanswered && again && request.body.is_replayable()
    }
}
