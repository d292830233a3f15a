//! An answer whose body is still to come.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use opi_net::{Deadline, Phase};
use tokio::time::Instant;
use url::Url;

use crate::address::public;
use crate::coding::{Decoder, Limits, too_long};
use crate::exchange::{Answer, Loan};
use crate::{Error, Facts, Hop, Request, Response, Session};

/// An answer whose head is there and whose body is read piece by piece.
///
/// At the end of the body its connection serves again; dropped before, it is closed.
#[derive(Debug)]
pub struct Incoming {
    status: StatusCode,
    headers: HeaderMap,
    url: Url,
    history: Vec<Hop>,
    facts: Facts,
    source: Option<Source>,
    decoder: Decoder,
    deadline: Deadline,
    idle: Option<std::time::Duration>,
    limit: Option<usize>,
    /// Bytes received and decoded so far.
    counts: [usize; 2],
    started: Instant,
}

/// Where a body comes from, until its end.
#[derive(Debug)]
struct Source {
    body: hyper::body::Incoming,
    connection: Loan,
    /// What the connection had received before this answer.
    before: u64,
}

impl Incoming {
    pub(crate) fn new(
        session: &Session,
        request: &Request,
        answer: Answer,
        history: Vec<Hop>,
        facts: Facts,
        deadline: &Deadline,
    ) -> Result<Self, Error> {
        let config = &session.0.config;
        let Answer { head, body, connection } = answer;
        let limit = request.max_body.or(config.max_body);
        let url = public(&request.url);
        let limits = Limits::new().decoded(limit.map_or(u64::MAX, |limit| limit as u64));
        let decoder = Decoder::new(&head.headers, limits).map_err(|error| error.on(&url))?;
        let before = connection.begun_at();
        let source = Source { body, connection, before };
        Ok(Self {
            status: head.status,
            headers: head.headers,
            url,
            history,
            facts,
            source: Some(source),
            decoder,
            deadline: deadline.clone(),
            idle: request.timeouts.or(config.timeouts).idle,
            limit,
            counts: [0; 2],
            started: Instant::now(),
        })
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers as they came; repeated ones are kept in order.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The URL that answered, after redirects; never with a login.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The requests that were sent before this answer's, in order: redirects, tries, logins.
    #[must_use]
    pub fn history(&self) -> &[Hop] {
        &self.history
    }

    /// How the answer came so far.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The next bytes of the body, decoded; none at its end. They are under the deadline of the
    /// call that opened.
    ///
    /// # Errors
    ///
    /// The body is cut off, late, broken, or longer than the limit set on it; see [`Error::code`].
    /// The connection is closed then, and later calls find the body at its end.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let next = self.next().await;
        next.map_err(|error| {
            self.measure();
            self.source = None;
            error.on(&self.url).with(self.facts.clone(), self.history.clone())
        })
    }

    /// The whole answer.
    ///
    /// # Errors
    ///
    /// Those of [`Self::chunk`]; without a limit of the caller's own, a body of more than 256 MiB
    /// is too long.
    pub async fn collect(mut self) -> Result<Response, Error> {
        self.limit.get_or_insert(COLLECTED);
        let body = self.whole().await?;
        let Self { status, headers, url, history, facts, .. } = self;
        Ok(Response { status, headers, url, body, history, facts })
    }

    async fn whole(&mut self) -> Result<Bytes, Error> {
        let Some(first) = self.chunk().await? else { return Ok(Bytes::new()) };
        let Some(second) = self.chunk().await? else { return Ok(first) };
        let mut whole = BytesMut::with_capacity(first.len() + second.len());
        whole.extend_from_slice(&first);
        whole.extend_from_slice(&second);
        while let Some(next) = self.chunk().await? {
            whole.extend_from_slice(&next);
        }
        Ok(whole.freeze())
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if let Some(decoded) = self.decoder.pull()? {
                self.count(1, decoded.len())?;
                return Ok(Some(decoded));
            }
            let Some(source) = &mut self.source else { return Ok(None) };
            let limited;
            let deadline = match self.idle {
                None => &self.deadline,
                Some(idle) => {
                    limited = self.deadline.within(idle);
                    &limited
                }
            };
            let frame = source.connection.frame(&mut source.body);
            match deadline.run(Phase::Idle, frame).await?? {
                Some(data) => {
                    self.count(0, data.len())?;
                    self.decoder.push(data);
                }
                None => {
                    self.decoder.end();
                    self.finish();
                }
            }
        }
    }

    /// The body is at its end: its connection may serve again.
    fn finish(&mut self) {
        self.measure();
        if let Some(Source { connection, .. }) = self.source.take() {
            connection.keep();
        }
    }

    fn measure(&mut self) {
        if let Some(Source { connection, before, .. }) = &self.source {
            self.facts.received = connection.meter.received() - before;
        }
        self.facts.timings.receive = self.started.elapsed();
        self.facts.elapsed = self.deadline.elapsed();
    }

    fn count(&mut self, which: usize, bytes: usize) -> Result<(), Error> {
        let Some(count) = self.counts.get_mut(which) else { return Ok(()) };
        *count = count.saturating_add(bytes);
        match self.limit {
            Some(limit) if *count > limit => Err(too_long(limit as u64)),
            _ => Ok(()),
        }
    }
}

/// The longest body that is brought to memory when nobody says otherwise: 256 MiB.
const COLLECTED: usize = 256 * 1024 * 1024;
