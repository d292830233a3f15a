//! One HTTP/1.1 connection: hyper's state machine, driven by whoever waits for an answer.

use std::net::SocketAddr;
use std::pin::Pin;
use std::task::Poll;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use opi_net::{Phase, Stream, TlsFacts, drive};

use crate::body::Collector;
use crate::{Error, ErrorKind};

/// An HTTP/1.1 connection. It makes progress only inside the calls of its user.
#[derive(Debug)]
pub(crate) struct Connection {
    sender: http1::SendRequest<Full<Bytes>>,
    driver: http1::Connection<TokioIo<Stream>, Full<Bytes>>,
    ended: Option<hyper::Result<()>>,
    pub(crate) served: bool,
    pub(crate) peer: Option<SocketAddr>,
    pub(crate) tls: Option<TlsFacts>,
}

impl Connection {
    pub(crate) async fn open(stream: Stream) -> Result<Self, Error> {
        let (peer, tls) = (stream.peer(), stream.tls());
        // Header names have no case, but pproxy and some devices know only `Content-Length`.
        let mut builder = http1::Builder::new();
        builder.title_case_headers(true);
        let shaken = builder.handshake(TokioIo::new(stream)).await;
        let (sender, driver) = shaken.map_err(|cause| failed(cause, Phase::FirstByte))?;
        Ok(Self { sender, driver, ended: None, served: false, peer, tls })
    }

    /// Sends `request`; the answer's body is still to come.
    pub(crate) async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> hyper::Result<Response<Incoming>> {
        let sending = self.sender.send_request(request);
        let (answer, ended) = drive(Pin::new(&mut self.driver), sending).await;
        self.ended = ended;
        answer
    }

    /// What a failed [`Self::send`] means: what ended the connection says more than the request
    /// that it cancelled.
    pub(crate) fn failed(&mut self, cause: hyper::Error) -> Error {
        match self.ended.take() {
            Some(Err(ended)) if cause.is_canceled() => failed(ended, Phase::FirstByte),
            _ => failed(cause, Phase::FirstByte),
        }
    }

    /// Brings the body to `collector`, whole.
    pub(crate) async fn body(
        &mut self,
        mut body: Incoming,
        mut collector: Collector,
    ) -> Result<Bytes, Error> {
        let driver = Pin::new(&mut self.driver);
        let whole = async {
            while let Some(frame) = body.frame().await {
                if let Ok(data) = frame.map_err(|cause| failed(cause, Phase::Idle))?.into_data() {
                    collector.push(&data)?;
                }
            }
            collector.finish()
        };
        if self.ended.is_some() {
            return whole.await;
        }
        let (whole, ended) = drive(driver, whole).await;
        self.ended = ended;
        whole
    }

    /// Whether another request may be sent: the server has not closed it, nothing is left over.
    pub(crate) async fn is_reusable(&mut self) -> bool {
        // The runtime notices a close only when it gets a turn.
        tokio::task::yield_now().await;
        std::future::poll_fn(|context| {
            if self.ended.is_none()
                && let Poll::Ready(outcome) = Pin::new(&mut self.driver).poll(context)
            {
                self.ended = Some(outcome);
            }
            Poll::Ready(self.ended.is_none() && self.sender.is_ready())
        })
        .await
    }
}

/// What a failure of hyper in `phase` means.
fn failed(cause: hyper::Error, phase: Phase) -> Error {
    use std::error::Error as _;
    let below = cause.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    let kind = match below {
        Some(below) => {
            let copy = std::io::Error::new(below.kind(), "");
            opi_net::Error::from_io(copy, phase).kind()
        }
        // Before any answer a close is a close; within an answer, the answer is not whole.
        None if cause.is_incomplete_message() && phase == Phase::FirstByte => {
            opi_net::ErrorKind::Closed
        }
        None if cause.is_incomplete_message() => opi_net::ErrorKind::Truncated,
        None if cause.is_canceled() || cause.is_closed() => opi_net::ErrorKind::Closed,
        None => return Error::new(ErrorKind::Protocol).because(cause),
    };
    Error::from(opi_net::Error::new(kind).in_phase(phase).because(cause))
}
