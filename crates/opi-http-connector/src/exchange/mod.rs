//! One call: requests and their answers, until one answer is the caller's.

mod again;
mod attempt;
mod drain;
mod head;
mod span;

use std::time::{Duration, SystemTime};

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

use attempt::Asking;

pub(crate) use head::{base, prepare};

/// An answer whose body is still to come, and how it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: http::response::Parts,
    pub(crate) body: hyper::body::Incoming,
    pub(crate) connection: Loan,
    /// When the head was there.
    pub(crate) came: Instant,
}

/// A connection of the session's pool.
pub(crate) type Loan = Lease<Way, Connection>;

/// An answer, and the request that it asks for.
type Step = (Answer, Option<(Reason, Box<Request>)>);

/// How much of the last answer a call brings.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Bring {
    /// The rest is the caller's.
    Head,
    /// All of it, so that one that breaks off may be asked for again.
    Whole,
}

/// Sends `request`, follows what its answers ask for, and brings the last answer.
pub(crate) async fn open(
    session: &Session,
    mut request: Box<Request>,
    deadline: &Deadline,
    bring: Bring,
) -> Result<Incoming, Error> {
    let span = span::of(&request);
    // The session's headers become the request's, so that a redirect drops their credentials too.
    head::complete(session, &mut request);
    let (turn, history, began) = (Turn::default(), Vec::new(), None);
    let told = span.clone();
    let mut call = Call { session, request, bring, deadline, turn, history, began, span: told };
    call.run().instrument(span).await
}

/// A call on its way.
struct Call<'s, 'd> {
    session: &'s Session,
    request: Box<Request>,
    bring: Bring,
    deadline: &'d Deadline,
    turn: Turn,
    history: Vec<Hop>,
    began: Option<Instant>,
    span: tracing::Span,
}

impl Call<'_, '_> {
    async fn run(&mut self) -> Result<Incoming, Error> {
        self.session.0.purse.earn();
        loop {
            let (started, mut facts) = (Instant::now(), Facts::default());
            self.began.get_or_insert(started);
            let step = match self.asking(&mut facts, started).ask().await {
                Ok(answer) => self.judge(answer),
                Err(error) => Err(error),
            };
            if step.is_err() {
                facts.elapsed = self.deadline.elapsed();
            }
            if let Some(pause) = self.pause(&step, &facts, started) {
                Box::pin(self.again(step, facts, pause, started)).await?;
                continue;
            }
            match step {
                Ok((answer, None)) => {
                    let Some(spare) = again::spare(self.session, &self.request, self.bring) else {
                        return self.arrived(answer, facts).await;
                    };
                    let whole = Box::pin(self.whole(answer, facts, spare, started)).await?;
                    if let Some(incoming) = whole {
                        return Ok(incoming);
                    }
                }
                Ok((answer, Some(next))) => {
                    log(&self.request, answer.head.status, &facts);
                    Box::pin(self.follow(answer, next, started)).await;
                }
                Err(error) => return Err(self.failed(error, facts)),
            }
        }
    }

    fn asking<'a>(&'a mut self, facts: &'a mut Facts, started: Instant) -> Asking<'a> {
        let Self { session, request, turn, deadline, .. } = self;
        Asking { session, request, turn, deadline, facts, started }
    }

    /// The pause before the request is tried again, when that is what comes next.
    fn pause(
        &self,
        step: &Result<Step, Error>,
        facts: &Facts,
        started: Instant,
    ) -> Option<Duration> {
        let began = self.began.unwrap_or(started);
        let since = (began, self.deadline);
        again::pause(self.session, &self.request, since, &self.history, (facts, ended(step)?))
    }

    /// Waits until the request may be tried again.
    async fn again(
        &mut self,
        step: Result<Step, Error>,
        facts: Facts,
        pause: Duration,
        started: Instant,
    ) -> Result<(), Error> {
        self.history.extend(ended(&step).map(|ended| again::hop(&self.request, ended, started)));
        if let Ok((answer, _)) = step {
            drain::drain(answer, self.deadline).await;
        }
        again::wait(pause, self.deadline).await.map_err(|error| self.failed(error, facts))
    }

    /// Makes what the answer asks for the next request.
    async fn follow(
        &mut self,
        answer: Answer,
        (reason, next): (Reason, Box<Request>),
        started: Instant,
    ) {
        let status = answer.head.status;
        drain::drain(answer, self.deadline).await;
        self.history.push(hop(&self.request, status, reason, started));
        if reason == Reason::Redirect {
            self.turn.redirected();
        }
        self.request = next;
    }

    /// The last answer.
    fn arrived(
        &mut self,
        answer: Answer,
        facts: Facts,
    ) -> impl Future<Output = Result<Incoming, Error>> + use<> {
        let status = answer.head.status;
        log(&self.request, status, &facts);
        let history = std::mem::take(&mut self.history);
        let (before, span) = (history.len(), self.span.clone());
        span::answered(&span, status, before);
        let statuses = self.request.expect_status.take();
        let incoming =
            Incoming::new(self.session, &mut self.request, answer, history, facts, self.deadline);
        async move {
            let expected = match incoming {
                Ok(incoming) if statuses.is_some_and(|it| !it.contains(&status.as_u16())) => {
                    Err(Box::pin(incoming.unexpected()).await)
                }
                incoming => incoming,
            };
            expected.inspect_err(|error| span::failed(&span, error.code(), before))
        }
    }

    /// The last answer, all of it; nothing when it broke off, and `spare` is to be sent in the
    /// place of the request.
    async fn whole(
        &mut self,
        answer: Answer,
        facts: Facts,
        spare: Box<Request>,
        started: Instant,
    ) -> Result<Option<Incoming>, Error> {
        let status = answer.head.status;
        let mut incoming = self.arrived(answer, facts).await?;
        let Err(error) = incoming.bring().await else { return Ok(Some(incoming)) };
        (self.request, self.history) = (spare, error.history().to_vec());
        let facts = error.facts().cloned().unwrap_or_default();
        let since = (self.began.unwrap_or(started), self.deadline);
        let ended = (&facts, Err(&error));
        let pause = again::pause(self.session, &self.request, since, &self.history, ended);
        let Some(pause) = pause else {
            span::failed(&self.span, error.code(), self.history.len());
            return Err(error);
        };
        let hop = again::hop(&self.request, Err(&error), started);
        self.history.push(Hop { status: Some(status), ..hop });
        let waited = again::wait(pause, self.deadline).await;
        waited.map(|()| None).map_err(|error| self.failed(error, facts))
    }

    fn failed(&mut self, error: Error, facts: Facts) -> Error {
        span::failed(&self.span, error.code(), self.history.len());
        error.on(&self.request.url).with(facts, std::mem::take(&mut self.history))
    }

    /// An answer, and the request that it asks for.
    fn judge(&mut self, answer: Answer) -> Result<Step, Error> {
        let Self { session, request, turn, history, .. } = self;
        if answer.head.headers.contains_key(SET_COOKIE) {
            session.0.jar.keep(&request.url, &answer.head.headers, SystemTime::now());
        }
        let refused = answer.head.status == StatusCode::EXPECTATION_FAILED;
        // One whose body has begun to go out meanwhile cannot be sent again.
        if refused && request.expect_continue.is_some() && request.body.is_unspent() {
            let next = Request { expect_continue: None, ..(**request).clone() };
            return Ok((answer, Some((Reason::Expectation, Box::new(next)))));
        }
        let forwarder = answer.connection.ends.forwarder.as_ref();
        if turn.hear(session, request, forwarder, &answer.head)? == auth::Next::AskAgain {
            return Ok((answer, Some((Reason::Authentication, request.clone()))));
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
