//! An answer whose body is still to come.

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Method, StatusCode};
use hyper::body::Body;
use opi_net::{Deadline, Phase};
use tokio::time::Instant;
use url::Url;

use crate::address::public;
use crate::coding::{Decoder, Limits, too_long};
use crate::connection::Frame;
use crate::exchange::{Answer, Loan};
use crate::progress::Report;
use crate::response::Answered;
use crate::{Direction, Error, ErrorKind, Facts, Hop, Request, Response, Session};

/// An answer whose head is there and whose body is read piece by piece.
///
/// At the end of the body its connection serves again; dropped before, it is closed.
#[derive(Debug)]
pub struct Incoming(Box<Whole>);

/// What an answer holds: in a box, because it is moved from call to call.
#[derive(Debug)]
struct Whole {
    answered: Box<Answered>,
    source: Option<Source>,
    decoder: Decoder,
    deadline: Deadline,
    limit: Option<usize>,
    /// Bytes received and decoded so far.
    counts: [usize; 2],
    report: Option<Report>,
    /// When the head was there.
    came: Instant,
    frames: u32,
    /// The whole body, when it was brought before it was asked for.
    brought: Option<Bytes>,
    /// What adds up the bytes as they come, before they are decoded.
    #[cfg(feature = "save")]
    hashing: crate::save::Hashing,
}

/// Where a body comes from, until its end.
#[derive(Debug)]
struct Source {
    body: hyper::body::Incoming,
    connection: Loan,
}

impl Incoming {
    /// The longest body that is brought to memory when nobody says otherwise: 256 MiB, in bytes.
    pub const LONGEST: usize = 256 * 1024 * 1024;

    pub(crate) fn new(
        session: &Session,
        request: &mut Request,
        answer: Answer,
        history: Vec<Hop>,
        facts: Facts,
        deadline: &Deadline,
    ) -> Result<Self, Error> {
        let config = &session.0.config;
        let Answer { head, body, connection, came } = answer;
        let limit = request.max_body.or(config.max_body);
        let method = std::mem::take(&mut request.method);
        let url = public(request.url.clone());
        let limits = Limits::new().decoded(limit.map_or(u64::MAX, |limit| limit as u64));
        let decoder = match Decoder::new(&head.headers, limits) {
            Ok(decoder) => decoder,
            Err(error) => return Err(error.on(&url).with(facts, history)),
        };
        let source = Source { body, connection };
        let answered = Box::new(Answered {
            method,
            status: head.status,
            headers: head.headers,
            url,
            body: Bytes::new(),
            history,
            facts,
            trailers: None,
        });
        Ok(Self(Box::new(Whole {
            answered,
            source: Some(source),
            decoder,
            deadline: request.timeouts.or(config.timeouts).reading(deadline),
            limit,
            counts: [0; 2],
            report: request.progress.take(),
            came,
            frames: 0,
            brought: None,
            #[cfg(feature = "save")]
            hashing: crate::save::Hashing::default(),
        })))
    }

    /// The method that is answered: redirects may have changed the request's own.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.0.answered.method
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.answered.status
    }

    /// The headers as they came; repeated ones are kept in order.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.answered.headers
    }

    /// The URL that answered, after redirects; never with a login.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0.answered.url
    }

    /// The requests that were sent before this answer's, in order: redirects, tries, logins.
    #[must_use]
    pub fn history(&self) -> &[Hop] {
        &self.0.answered.history
    }

    /// The trailers (RFC 9110 section 6.5), once the body is at its end; they are no headers.
    #[must_use]
    pub fn trailers(&self) -> Option<&HeaderMap> {
        self.0.answered.trailers.as_deref()
    }

    /// How the answer came so far.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.0.answered.facts
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
            let _now = self.measure();
            self.0.source = None;
            error
                .on(&self.0.answered.url)
                .with(self.0.answered.facts.clone(), self.0.answered.history.clone())
        })
    }

    /// The whole answer.
    ///
    /// # Errors
    ///
    /// Those of [`Self::chunk`]; without a limit of the caller's own, a body of more than 256 MiB
    /// is too long.
    pub async fn collect(mut self) -> Result<Response, Error> {
        self.0.limit.get_or_insert(Self::LONGEST);
        let body = self.whole().await?;
        Ok(self.answer(body))
    }

    /// Brings all of the body, which [`Self::collect`] then gives without waiting.
    pub(crate) async fn bring(&mut self) -> Result<(), Error> {
        self.0.limit.get_or_insert(Self::LONGEST);
        self.0.brought = Some(self.whole().await?);
        Ok(())
    }

    /// The error of an answer whose status is not the expected one, with the beginning of its
    /// body.
    pub(crate) async fn unexpected(mut self) -> Error {
        let mut beginning = BytesMut::new();
        // What cannot be read any more is left out: the status is the news.
        while let (true, Ok(Some(piece))) = (beginning.len() < SHOWN, self.chunk().await) {
            beginning.extend_from_slice(&piece);
        }
        beginning.truncate(SHOWN);
        let error = Error::new(ErrorKind::Status)
            .detail(format!("the server answered {}", self.0.answered.status));
        let error = error
            .on(&self.0.answered.url)
            .with(self.0.answered.facts.clone(), self.0.answered.history.clone());
        error.answered(self.answer(beginning.freeze()))
    }

    fn answer(self, body: Bytes) -> Response {
        let Whole { mut answered, .. } = *self.0;
        answered.body = body;
        Response(answered)
    }

    async fn whole(&mut self) -> Result<Bytes, Error> {
        if let Some(brought) = self.0.brought.take() {
            return Ok(brought);
        }
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
            if let Some(decoded) = self.0.decoder.pull()? {
                self.count(1, decoded.len())?;
                return Ok(Some(decoded));
            }
            let Whole { source, deadline, frames, .. } = &mut *self.0;
            let Some(Source { body, connection }) = source else { return Ok(None) };
            *frames = frames.wrapping_add(1);
            if frames.is_multiple_of(CHECKED) && deadline.remaining().is_zero() {
                // A server that never lets us wait must not outrun the deadline.
                return Err(deadline.error(opi_net::ErrorKind::Timeout, Phase::Idle).into());
            }
            // What is there already needs no limit.
            let at_hand = (!deadline.is_cancelled()).then(|| connection.frame_at_hand(body));
            let frame = match at_hand.flatten() {
                Some(frame) => frame,
                None => deadline.run(Phase::Idle, connection.frame(body)).await?,
            };
            match frame? {
                Frame::Data(data) => {
                    self.count(0, data.len())?;
                    self.tell();
                    #[cfg(feature = "save")]
                    self.0.hashing.update(&data);
                    self.0.decoder.push(data);
                    if self.0.source.as_ref().is_some_and(|it| it.body.is_end_stream()) {
                        self.end();
                    }
                }
                Frame::Trailers(trailers) => self.0.answered.trailers = Some(Box::new(trailers)),
                Frame::End => self.end(),
            }
        }
    }

    /// Adds up the bytes of the body from now on.
    #[cfg(feature = "save")]
    pub(crate) fn hash(&mut self, hashing: crate::save::Hashing) {
        self.0.hashing = hashing;
    }

    /// What the bytes added up to.
    #[cfg(feature = "save")]
    pub(crate) fn hashed(&mut self) -> crate::save::Hashing {
        std::mem::take(&mut self.0.hashing)
    }

    /// Whether the body has no content coding that is undone.
    #[cfg(feature = "save")]
    pub(crate) fn is_plain(&self) -> bool {
        self.0.decoder.is_plain()
    }

    /// The body is at its end: its connection may serve again.
    fn end(&mut self) {
        self.0.decoder.end();
        let now = self.measure();
        if let Some(Source { connection, .. }) = self.0.source.take() {
            connection.keep(now);
        }
    }

    /// Notes how far the answer came by now.
    fn measure(&mut self) -> Instant {
        let now = Instant::now();
        if let Some(Source { connection, .. }) = &self.0.source {
            [self.0.answered.facts.sent, self.0.answered.facts.received] = connection.moved();
        }
        self.0.answered.facts.timings.receive = now.saturating_duration_since(self.0.came);
        self.0.answered.facts.elapsed = now.saturating_duration_since(self.0.deadline.started());
        now
    }

    fn tell(&self) {
        let (Some(report), [received, _]) = (&self.0.report, self.0.counts) else { return };
        let length =
            self.0.answered.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        report.tell(Direction::Down, received as u64, length.and_then(|it| it.parse().ok()));
    }

    fn count(&mut self, which: usize, bytes: usize) -> Result<(), Error> {
        let Some(count) = self.0.counts.get_mut(which) else { return Ok(()) };
        *count = count.saturating_add(bytes);
        match self.0.limit {
            Some(limit) if *count > limit => Err(too_long(limit as u64)),
            _ => Ok(()),
        }
    }
}

/// So much of the body of an answer that is an error is kept: 64 KiB.
const SHOWN: usize = 64 * 1024;

/// So many pieces are taken between two looks at the clock.
const CHECKED: u32 = 16;
