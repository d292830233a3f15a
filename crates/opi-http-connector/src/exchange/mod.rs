//! One call: requests and their answers, until one answer is the caller's.

mod again;
mod attempt;
mod drain;
mod head;
mod span;

use std::ops::RangeInclusive;
use std::time::SystemTime;

use http::StatusCode;
use http::header::SET_COOKIE;
use opi_net::Deadline;
use tokio::time::Instant;
use tracing::Instrument;

use crate::address::public;
use crate::auth::{self, Turn};
use crate::connection::Connection;
use crate::dial::Way;
use crate::pool::Lease;
use crate::{
    Error, ErrorKind, Facts, Hop, Incoming, Reason, Redirects, Request, Session, redirect,
};

pub(crate) use head::prepare;

/// An answer whose body is still to come, and how it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: http::response::Parts,
    pub(crate) body: hyper::body::Incoming,
    pub(crate) connection: Loan,
}

/// A connection of the session's pool.
pub(crate) type Loan = Lease<Way, Connection>;

/// An answer, and the request that it asks for.
type Step = (Answer, Option<(Reason, Box<Request>)>);

/// Sends `request`, follows what its answers ask for, and brings the last answer.
pub(crate) fn open(
    session: &Session,
    request: Request,
    deadline: &Deadline,
) -> impl Future<Output = Result<Incoming, Error>> + Send {
    let span = span::of(&request);
    // The session's headers become the request's, so that a redirect drops their credentials too.
    let mut request = Box::new(request);
    head::complete(session, &mut request);
    // In a box of its own, what a call keeps is not moved with every future around it.
    let call = Box::pin(call(session, request, deadline, span.clone()));
    async move { if span.is_disabled() { call.await } else { call.instrument(span).await } }
}

async fn call(
    session: &Session,
    mut request: Box<Request>,
    deadline: &Deadline,
    span: tracing::Span,
) -> Result<Incoming, Error> {
    let mut turn = Turn::default();
    let mut history = Vec::new();
    session.0.purse.earn();
    let began = Instant::now();
    loop {
        let (started, mut facts) = (Instant::now(), Facts::default());
        let step = step(session, (&request, &mut turn), deadline, &history, &mut facts).await;
        facts.elapsed = deadline.elapsed();
        if let Some(ended) = ended(&step)
            && let Some(pause) =
                again::pause(session, &request, (began, deadline), &history, (&facts, ended))
        {
            history.push(again::hop(&request, ended, started));
            if let Ok((answer, _)) = step {
                Box::pin(drain::drain(answer, deadline)).await;
            }
            match Box::pin(again::wait(pause, deadline)).await {
                Ok(()) => continue,
                Err(error) => {
                    span::failed(&span, error.code(), history.len());
                    return Err(error.on(&request.url).with(facts, history));
                }
            }
        }
        match step {
            Ok((answer, None)) => {
                log(&request, answer.head.status, &facts);
                let before = history.len();
                span::answered(&span, answer.head.status, before);
                let statuses = request.expect_status.clone();
                let incoming = Incoming::new(session, request, answer, history, facts, deadline);
                let outcome = match incoming {
                    Ok(incoming) => expected(statuses, incoming).await,
                    Err(error) => Err(error),
                };
                return outcome.inspect_err(|error| span::failed(&span, error.code(), before));
            }
            Ok((answer, Some((reason, next)))) => {
                let status = answer.head.status;
                log(&request, status, &facts);
                Box::pin(drain::drain(answer, deadline)).await;
                history.push(hop(&request, status, reason, started));
                if reason == Reason::Redirect {
                    turn.redirected();
                }
                request = next;
            }
            Err(error) => {
                span::failed(&span, error.code(), history.len());
                return Err(error.on(&request.url).with(facts, history));
            }
        }
    }
}

/// The answer, unless its status is not the one that the request expects.
async fn expected(
    statuses: Option<RangeInclusive<u16>>,
    incoming: Incoming,
) -> Result<Incoming, Error> {
    match statuses {
        Some(statuses) if !statuses.contains(&incoming.status().as_u16()) => {
            Err(Box::pin(incoming.unexpected()).await)
        }
        _ => Ok(incoming),
    }
}

/// One exchange, and the request that its answer asks for.
async fn step(
    session: &Session,
    (request, turn): (&Request, &mut Turn),
    deadline: &Deadline,
    history: &[Hop],
    facts: &mut Facts,
) -> Result<Step, Error> {
    let answer = attempt::attempt(session, request, turn, deadline, facts).await?;
    if answer.head.headers.contains_key(SET_COOKIE) {
        session.0.jar.keep(&request.url, &answer.head.headers, SystemTime::now());
    }
    let refused = answer.head.status == StatusCode::EXPECTATION_FAILED;
    // One whose body has begun to go out meanwhile cannot be sent again.
    if refused && request.expect_continue.is_some() && request.body.is_unspent() {
        let next = Request { expect_continue: None, ..request.clone() };
        return Ok((answer, Some((Reason::Expectation, Box::new(next)))));
    }
    let forwarder = answer.connection.ends.forwarder.as_ref();
    if turn.hear(session, request, forwarder, &answer.head)? == auth::Next::AskAgain {
        return Ok((answer, Some((Reason::Authentication, Box::new(request.clone())))));
    }
    let wanted = request.redirects.unwrap_or(session.0.config.redirects);
    let Redirects::Follow(most) = wanted.limit else { return Ok((answer, None)) };
    let next = redirect::next(request, wanted, answer.head.status, &answer.head.headers)?;
    let followed = || history.iter().filter(|hop| hop.reason == Reason::Redirect).count();
    if next.is_some() && followed() >= most.get() {
        let detail = format!("more than {most} redirects");
        return Err(Error::new(ErrorKind::TooManyRedirects).detail(detail));
    }
    Ok((answer, next.map(|next| (Reason::Redirect, Box::new(next)))))
}

/// How a try ended that no other request follows.
fn ended(step: &Result<Step, Error>) -> Option<Result<&Answer, &Error>> {
    match step {
        Ok((_, Some(_))) => None,
        Ok((answer, None)) => Some(Ok(answer)),
        Err(error) => Some(Err(error)),
    }
}

fn hop(request: &Request, status: StatusCode, reason: Reason, started: Instant) -> Hop {
    Hop {
        method: request.method.clone(),
        url: public(request.url.clone()),
        status: Some(status),
        error: None,
        reason,
        elapsed: started.elapsed(),
    }
}

fn log(request: &Request, status: StatusCode, facts: &Facts) {
    tracing::debug!(
        method = %request.method,
        status = status.as_u16(),
        elapsed_ms = facts.elapsed.as_millis() as u64,
        reused = facts.reused,
        "answered"
    );
}
