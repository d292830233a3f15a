//! One HTTP/1.1 connection: hyper's state machine, driven by whoever waits for an answer.

mod case;
mod failure;
mod framing;
mod heads;
mod meter;
mod pace;
mod wire;

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, response};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use opi_net::{Phase, TlsFacts, Watch, driving, look};
use opi_proxy::Hop;
use pin_project_lite::pin_project;

use crate::body::Outgoing;
use crate::dial::Opened;
use crate::pool::{Health, Pooled};
use crate::{Error, ErrorKind};
use failure::{failed, is_surplus};
use framing::Ending;
use pace::{Late, Pace, Passed};
use wire::Wire;

pub(crate) use meter::Meter;
pub(crate) use pace::Limits;

/// An HTTP/1.1 connection. It makes progress only inside the calls of its user.
#[derive(Debug)]
pub(crate) struct Connection {
    sender: http1::SendRequest<Outgoing>,
    /// Dropped at its end: what was handed to it and never taken learns of the end by that.
    driver: Option<Driver>,
    ended: Option<hyper::Result<()>>,
    pub(crate) meter: Arc<Meter>,
    pub(crate) ends: Ends,
    /// What tells without a turn of hyper's whether anything came, where there is such a thing.
    watch: Option<Watch>,
    /// Whether no other request may follow.
    last: bool,
    /// What had been sent and received before the last request began.
    begun: [u64; 2],
}

/// What is known of a connection once it is open.
#[derive(Clone, Debug)]
pub(crate) struct Ends {
    /// Its number within the session.
    pub(crate) id: u64,
    pub(crate) peer: Option<SocketAddr>,
    pub(crate) local: Option<SocketAddr>,
    pub(crate) tls: Option<Arc<TlsFacts>>,
    /// The proxy that takes its requests for others.
    pub(crate) forwarder: Option<Hop>,
}

/// A request that got no answer.
#[derive(Debug)]
pub(crate) struct Unanswered {
    pub(crate) error: Error,
    pub(crate) how: Silence,
}

/// How far a request without an answer may have got.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Silence {
    /// Something of an answer came, or the fault is not the connection's.
    Broken,
    /// The connection ended without a byte of an answer; the request may have been acted on.
    Closed,
    /// Nothing of the request was sent.
    Unsent,
}

/// What came of a body.
#[derive(Debug)]
pub(crate) enum Frame {
    Data(Bytes),
    End,
    Trailers(HeaderMap),
}

impl Connection {
    /// HTTP/1.1 over what was opened; `id` is its number within the session.
    pub(crate) async fn open(opened: Opened, id: u64) -> Result<Self, Error> {
        let Opened { stream, forwarder } = opened;
        let tls = stream.tls().map(Arc::new);
        let ends = Ends { id, peer: stream.peer(), local: stream.local(), tls, forwarder };
        let meter = Arc::new(Meter::default());
        let mut builder = http1::Builder::new();
        // Header names have no case, but pproxy and some devices know only `Content-Length`.
        builder.title_case_headers(true).max_headers(MOST_HEADERS);
        builder.max_header_size(LONGEST_HEAD).max_buf_size(BUFFER);
        // What came may wait above the socket: a proxy or a handshake brought it along.
        let (watch, has_news) = (stream.watch(), stream.has_news());
        let wire = Wire::new(stream, Arc::clone(&meter));
        let shaken = builder.handshake(TokioIo::new(wire)).await;
        let failed = |cause| failed(cause, &meter, Phase::Connect, false);
        let (sender, driver) = shaken.map_err(failed)?;
        let mut connection = Self {
            sender,
            driver: Some(driver),
            ended: None,
            meter,
            ends,
            watch,
            last: false,
            begun: [0; 2],
        };
        if has_news {
            connection.listen().await?;
        }
        Ok(connection)
    }

    /// Refuses a server that has spoken before anything was asked: its words answer nothing.
    async fn listen(&mut self) -> Result<(), Error> {
        let mut look = |context: &mut Context<'_>| look(context, |context| self.hear(context));
        match poll_fn(|context| Poll::Ready(look(context))).await {
            Health::Leftover => Err(Error::new(ErrorKind::Protocol).detail(SPOKE)),
            // Whatever else there is to say, the request will be told.
            _ => Ok(()),
        }
    }

    /// Sends `request`; the answer's body is still to come.
    ///
    /// The request is handed over at once and goes out when the future is polled, so that the
    /// future need not hold it.
    pub(crate) fn send(
        &mut self,
        request: Request<Outgoing>,
        limits: Limits,
    ) -> impl Future<Output = Result<(response::Parts, Incoming), Unanswered>> {
        let streamed = matches!(request.body(), Outgoing::Streamed(_));
        self.meter.begin(streamed, limits.leave.is_some());
        self.begun = [self.meter.sent(), self.meter.received()];
        let sending = self.sender.send_request(request);
        let pace = Pace::new(limits, &self.meter);
        Asked { connection: self, sending, pace }
    }

    /// The answer, unless its head is not clear.
    fn answered(
        &mut self,
        answer: Response<Incoming>,
    ) -> Result<(response::Parts, Incoming), Unanswered> {
        self.meter.see();
        let (head, body) = answer.into_parts();
        let refusal = !head.status.is_success();
        if refusal && !self.meter.is_uploaded() {
            // Who refuses reads no more; what is still sent could reset the connection.
            self.meter.hold();
        }
        match framing::check(&head, !body.is_end_stream()) {
            Ok(ending) => self.last |= ending == Ending::Doubtful,
            Err(error) => return Err(Unanswered { error, how: Silence::Broken }),
        }
        Ok((head, body))
    }

    /// What ended the connection says more than the request that it cancelled.
    fn unanswered(&mut self, cause: hyper::Error) -> Unanswered {
        let [sent, received] = self.begun;
        let (phase, begun) = (self.meter.phase(), self.meter.received() > received);
        let unsent = cause.is_canceled() && self.meter.sent() == sent;
        let error = match self.ended.take() {
            Some(Err(ended)) => failed(ended, &self.meter, phase, begun),
            _ => failed(cause, &self.meter, phase, begun),
        };
        let closed = error.kind() == ErrorKind::Net(opi_net::ErrorKind::Closed);
        let how = match (unsent, closed && !begun) {
            (true, _) => Silence::Unsent,
            (false, true) => Silence::Closed,
            (false, false) => Silence::Broken,
        };
        Unanswered { error, how }
    }

    /// Whether it waits for a request, as far as is known.
    fn is_free(&self) -> bool {
        self.ended.is_none() && self.sender.is_ready() && self.may_serve()
    }

    /// Whether its exchanges so far ended so that another may follow.
    fn may_serve(&self) -> bool {
        !self.last && !self.meter.is_blocked()
    }

    /// Whether a request was answered on it before the present one.
    pub(crate) fn has_served(&self) -> bool {
        self.begun != [0; 2]
    }

    /// The bytes sent and received since the last request began.
    pub(crate) fn moved(&self) -> [u64; 2] {
        let [sent, received] = self.begun;
        [self.meter.sent() - sent, self.meter.received() - received]
    }

    /// What comes next of `body`.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped.
    pub(crate) async fn frame(&mut self, body: &mut Incoming) -> Result<Frame, Error> {
        let (driver, ended) = (&mut self.driver, &mut self.ended);
        let mut next = pin!(body.frame());
        let frame = poll_fn(|context| poll_both(next.as_mut(), driver, ended, context)).await;
        self.framed(frame)
    }

    /// What comes next of `body`, where it is there already.
    pub(crate) fn frame_at_hand(&mut self, body: &mut Incoming) -> Option<Result<Frame, Error>> {
        match pin!(body.frame()).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(frame) => Some(self.framed(frame)),
            Poll::Pending => None,
        }
    }

    fn framed(
        &mut self,
        frame: Option<hyper::Result<hyper::body::Frame<Bytes>>>,
    ) -> Result<Frame, Error> {
        self.meter.see();
        match frame {
            None => Ok(Frame::End),
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) => Ok(Frame::Data(data)),
                Err(frame) => Ok(frame.into_trailers().map_or(Frame::End, Frame::Trailers)),
            },
            Some(Err(cause)) => Err(match self.ended.take() {
                Some(Err(ended)) => failed(ended, &self.meter, Phase::Idle, true),
                _ => failed(cause, &self.meter, Phase::Idle, true),
            }),
        }
    }
}

pin_project! {
    /// A request on its way, until the head of its answer is there.
    struct Asked<'a, S> {
        connection: &'a mut Connection,
        #[pin]
        sending: S,
        pace: Option<Pin<Box<Pace>>>,
    }
}

impl<S: Future<Output = hyper::Result<Response<Incoming>>>> Future for Asked<'_, S> {
    type Output = Result<(response::Parts, Incoming), Unanswered>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let connection = &mut **this.connection;
        loop {
            let (driver, ended) = (&mut connection.driver, &mut connection.ended);
            match poll_behind(this.sending.as_mut(), driver, ended, context) {
                Poll::Ready(Ok(answer)) => return Poll::Ready(connection.answered(answer)),
                Poll::Ready(Err(cause)) => return Poll::Ready(Err(connection.unanswered(cause))),
                Poll::Pending => {}
            }
            let Some(pace) = this.pace else { return Poll::Pending };
            match ready!(pace.as_mut().poll(&connection.meter, context)) {
                Passed::Late(late) => return Poll::Ready(Err(late.into())),
                Passed::Released => {}
            }
        }
    }
}

impl From<Late> for Unanswered {
    fn from(late: Late) -> Self {
        let error = opi_net::Error::new(opi_net::ErrorKind::Timeout).in_phase(late.phase);
        let error = error.after(late.limit, late.waited).into();
        Self { error, how: Silence::Broken }
    }
}

impl Pooled for Connection {
    fn check(&mut self, context: &mut Context<'_>) -> Health {
        if self.is_free() && self.watch.as_ref().is_some_and(|watch| !watch.has_news()) {
            return Health::Live;
        }
        self.hear(context)
    }

    fn rest(&mut self, context: &mut Context<'_>) -> Health {
        if self.is_free() { Health::Live } else { self.check(context) }
    }
}

impl Connection {
    /// How it stands by what its peer has said.
    fn hear(&mut self, context: &mut Context<'_>) -> Health {
        let before = self.meter.received();
        poll_driver(&mut self.driver, &mut self.ended, context);
        match &self.ended {
            _ if !self.may_serve() => Health::Spent,
            _ if self.meter.received() > before => Health::Leftover,
            Some(Err(cause)) if is_surplus(cause) => Health::Leftover,
            Some(_) => Health::Closed,
            None if self.sender.is_ready() => Health::Live,
            None => Health::Spent,
        }
    }
}

type Driver = http1::Connection<TokioIo<Wire>, Outgoing>;

/// Polls a step and the connection that the step waits for.
///
/// Only the connection can make the step ready, and only here. So the step is polled again behind
/// the connection, and has no need to wake anybody.
fn poll_both<S: Future>(
    mut step: Pin<&mut S>,
    driver: &mut Option<Driver>,
    ended: &mut Option<hyper::Result<()>>,
    context: &mut Context<'_>,
) -> Poll<S::Output> {
    let early = step.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    if early.is_ready() {
        return early;
    }
    poll_behind(step, driver, ended, context)
}

/// As [`poll_both`], for a step that only the connection can have made ready meanwhile.
fn poll_behind<S: Future>(
    step: Pin<&mut S>,
    driver: &mut Option<Driver>,
    ended: &mut Option<hyper::Result<()>>,
    context: &mut Context<'_>,
) -> Poll<S::Output> {
    driving(context, |context| poll_driver(driver, ended, context));
    if driver.is_none() {
        step.poll(context)
    } else {
        step.poll(&mut Context::from_waker(Waker::noop()))
    }
}

const SPOKE: &str = "the server spoke before it was asked";

fn poll_driver(
    driver: &mut Option<Driver>,
    ended: &mut Option<hyper::Result<()>>,
    context: &mut Context<'_>,
) {
    let Some(running) = driver else { return };
    if let Poll::Ready(outcome) = Pin::new(running).poll(context) {
        (*driver, *ended) = (None, Some(outcome));
    }
}

/// The most headers of an answer, and of its trailers.
const MOST_HEADERS: usize = 256;

/// The longest head of an answer: 300 KiB.
const LONGEST_HEAD: usize = 300 * 1024;

/// What is read ahead or waits to be written at most.
const BUFFER: usize = 408 * 1024;
