//! One request and its answer's head, over a kept connection or a fresh one.

use http::{Response, StatusCode, Version};
use hyper::body::Incoming;
use opi_net::{Deadline, Phase};
use tokio::time::Instant;

use super::{Answer, head};
use crate::address::{self, Origin};
use crate::connection::Connection;
use crate::dial::Way;
use crate::{Error, Facts, Request, Session, Timings};

/// Sends `request` and brings the head of its answer; `facts` tell how far it got.
pub(super) async fn attempt(
    session: &Session,
    request: &Request,
    deadline: &Deadline,
    facts: &mut Facts,
) -> Result<Answer, Error> {
    let origin = address::origin(&request.url)?;
    let way = Way::new(&session.0.config, &origin);
    let mut asking = Asking { session, request, origin: &origin, way: &way, deadline, facts };
    let (connection, answer) = asking.ask().await?;
    if let (StatusCode::PROXY_AUTHENTICATION_REQUIRED, Some(hop)) =
        (answer.status(), way.forwarder())
    {
        return Err(hop.login_refused().into());
    }
    let (head, body) = answer.into_parts();
    facts.protocol = match head.version {
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    };
    Ok(Answer { head, body, connection, origin })
}

/// What one attempt works with.
struct Asking<'a> {
    session: &'a Session,
    request: &'a Request,
    origin: &'a Origin,
    way: &'a Way<'a>,
    deadline: &'a Deadline,
    facts: &'a mut Facts,
}

impl Asking<'_> {
    /// Asks on a kept connection, or on a fresh one when there is none or it had died.
    async fn ask(&mut self) -> Result<(Connection, Response<Incoming>), Error> {
        let kept = self.deadline.run(Phase::Connect, self.session.0.pool.take(self.origin)).await?;
        if let Some(mut connection) = kept {
            match self.send(&mut connection).await? {
                Ok(answer) => return Ok((connection, answer)),
                Err(cause) if !may_repeat(self.request, &cause) => {
                    return Err(connection.failed(cause));
                }
                Err(cause) => {
                    tracing::debug!(%cause, "a kept connection had died; a fresh one is used");
                }
            }
        }
        let mut connection = self.connect().await?;
        match self.send(&mut connection).await? {
            Ok(answer) => Ok((connection, answer)),
            Err(cause) => Err(connection.failed(cause)),
        }
    }

    async fn connect(&mut self) -> Result<Connection, Error> {
        let mut opening = opi_net::Timings::default();
        let opened = self.way.open(self.origin, self.deadline, &mut opening).await;
        self.facts.timings = Timings::opening(&opening);
        Connection::open(opened?, self.session.next_id()).await
    }

    async fn send(
        &mut self,
        connection: &mut Connection,
    ) -> Result<hyper::Result<Response<Incoming>>, Error> {
        let wire = head::wire(self.session, self.request, self.way)?;
        let (started, before) = (Instant::now(), connection.meter.sent());
        connection.begin();
        let outcome = self.deadline.run(Phase::FirstByte, connection.send(wire)).await;
        let facts = &mut *self.facts;
        facts.reused = connection.served;
        facts.id = connection.ends.id;
        (facts.peer, facts.local) = (connection.ends.peer, connection.ends.local);
        facts.tls.clone_from(&connection.ends.tls);
        facts.timings.first_byte = started.elapsed();
        facts.sent = connection.meter.sent() - before;
        outcome.map_err(|late| self.deadline.error(late.kind(), connection.phase()).into())
    }
}

/// A request that never left may be sent again; one that may have left, only when idempotent
/// (RFC 9110 section 9.2.2) and nothing of an answer came.
fn may_repeat(request: &Request, cause: &hyper::Error) -> bool {
    let unanswered = cause.is_incomplete_message() || cause.is_closed();
    let again = cause.is_canceled() || (unanswered && request.method.is_idempotent());
    again && request.body.is_replayable()
}
