//! One HTTP/1.1 connection: hyper's state machine, driven by whoever waits for an answer.

mod failure;
mod meter;
mod wire;

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use opi_net::{Phase, TlsFacts, drive};
use opi_proxy::Hop;

use crate::Error;
use crate::body::Outgoing;
use crate::dial::Opened;
use crate::pool::{Health, Pooled};
use failure::{failed, is_surplus};
use meter::Meter;
use wire::Wire;

/// An HTTP/1.1 connection. It makes progress only inside the calls of its user.
#[derive(Debug)]
pub(crate) struct Connection {
    sender: http1::SendRequest<Outgoing>,
    driver: http1::Connection<TokioIo<Wire>, Outgoing>,
    ended: Option<hyper::Result<()>>,
    pub(crate) meter: Arc<Meter>,
    pub(crate) ends: Ends,
    begun: u64,
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

impl Connection {
    /// HTTP/1.1 over what was opened; `id` is its number within the session.
    pub(crate) async fn open(opened: Opened, id: u64) -> Result<Self, Error> {
        let Opened { stream, forwarder } = opened;
        let tls = stream.tls().map(Arc::new);
        let ends = Ends { id, peer: stream.peer(), local: stream.local(), tls, forwarder };
        let meter = Arc::new(Meter::default());
        // Header names have no case, but pproxy and some devices know only `Content-Length`.
        let mut builder = http1::Builder::new();
        builder.title_case_headers(true);
        let wire = Wire::new(stream, Arc::clone(&meter));
        let shaken = builder.handshake(TokioIo::new(wire)).await;
        let (sender, driver) = shaken.map_err(|cause| failed(cause, &meter, Phase::Connect))?;
        Ok(Self { sender, driver, ended: None, meter, ends, begun: 0 })
    }

    /// Sends `request`; the answer's body is still to come.
    pub(crate) async fn send(
        &mut self,
        request: Request<Outgoing>,
    ) -> hyper::Result<Response<Incoming>> {
        let sending = self.sender.send_request(request);
        let (answer, ended) = drive(Pin::new(&mut self.driver), sending).await;
        self.ended = ended;
        answer
    }

    /// Another request begins; tells whether there was one before.
    pub(crate) fn begin(&mut self) -> bool {
        self.begun = self.meter.received();
        self.begun > 0
    }

    /// What had been received before the last request began.
    pub(crate) fn begun_at(&self) -> u64 {
        self.begun
    }

    /// The phase in which a request that waits for its answer is.
    pub(crate) fn phase(&self) -> Phase {
        if self.meter.is_blocked() { Phase::Send } else { Phase::FirstByte }
    }

    /// What a failed [`Self::send`] means: what ended the connection says more than the request
    /// that it cancelled.
    pub(crate) fn failed(&mut self, cause: hyper::Error) -> Error {
        let phase = self.phase();
        match self.ended.take() {
            Some(Err(ended)) if cause.is_canceled() => failed(ended, &self.meter, phase),
            _ => failed(cause, &self.meter, phase),
        }
    }

    /// The next bytes of `body` as they came; none at its end.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped.
    pub(crate) async fn frame(&mut self, body: &mut Incoming) -> Result<Option<Bytes>, Error> {
        let next = async {
            while let Some(frame) = body.frame().await {
                if let Ok(data) = frame?.into_data() {
                    return Ok(Some(data));
                }
            }
            Ok(None)
        };
        let frame = if self.ended.is_some() {
            next.await
        } else {
            let (frame, ended) = drive(Pin::new(&mut self.driver), next).await;
            self.ended = ended;
            frame
        };
        frame.map_err(|cause| failed(cause, &self.meter, Phase::Idle))
    }
}

impl Pooled for Connection {
    fn check(&mut self, context: &mut Context<'_>) -> Health {
        let before = self.meter.received();
        if self.ended.is_none()
            && let Poll::Ready(outcome) = Pin::new(&mut self.driver).poll(context)
        {
            self.ended = Some(outcome);
        }
        match &self.ended {
            _ if self.meter.received() > before => Health::Leftover,
            Some(Err(cause)) if is_surplus(cause) => Health::Leftover,
            Some(_) => Health::Closed,
            None if self.sender.is_ready() => Health::Live,
            None => Health::Spent,
        }
    }
}
