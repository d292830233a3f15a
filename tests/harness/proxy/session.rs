//! One client of a proxy: what all kinds of proxies share, and how each of them can misbehave.

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::TcpStream,
};

use super::routes::Routes;
use crate::{
    http::{Broken, Wire},
    service::Stop,
};

/// A kind of proxy: [`Socks5`](crate::Socks5), [`Socks4`](crate::Socks4) or [`HttpProxy`](crate::HttpProxy).
pub trait ProxyKind: fmt::Debug + Send + Sync + 'static {
    /// What a client asks for, as the proxy writes it down.
    type Request: Clone + fmt::Debug + Send + 'static;
}

/// How a kind of proxy learns where its client wants to go.
pub(crate) trait Negotiate: ProxyKind {
    /// What the proxy is called in messages.
    const NOUN: &'static str;

    /// Talks with the client until a target is connected or the talk is over.
    fn negotiate(
        &self,
        session: &mut Session<Self::Request>,
    ) -> impl Future<Output = Result<Next, Broken>> + Send;
}

/// How a proxy gives its answers, good ones included.
///
/// ```
/// use harness::{Manners, Misdeed, ProxyStep, Socks5};
///
/// let slow = Socks5::new().manners(Manners::new().pieces(1).glue());
/// let dead = Socks5::new().manners(Manners::new().misdeed(ProxyStep::Request, Misdeed::Stall));
/// ```
#[must_use]
#[derive(Clone, Debug, Default)]
pub struct Manners {
    glue: bool,
    misdeed: Option<(ProxyStep, Misdeed)>,
    pieces: Option<usize>,
}

/// What a proxy does instead of going on.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Misdeed {
    /// Closes the connection in good order.
    Close,
    /// Resets the connection.
    Reset,
    /// Says nothing more and keeps the connection open until the proxy is finished.
    Stall,
}

/// Where in its talk with the client a proxy misbehaves.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProxyStep {
    /// Before anything is read.
    Accept,
    /// After the client's greeting, before the method is chosen (SOCKS5).
    Greeting,
    /// After the name and password, before the verdict on them (SOCKS5).
    Password,
    /// After the request, before the target is connected.
    Request,
    /// After the reply that grants the request, before anything is relayed.
    Reply,
}

/// What comes after the talk.
#[derive(Debug)]
pub(crate) enum Next {
    End,
    Hold,
    Relay(TcpStream),
    Reset,
}

#[derive(Debug)]
pub(crate) struct Session<R> {
    /// Taken away by an answer that closes the connection itself.
    pub(super) wire: Option<Wire>,
    pub(super) index: usize,
    pub(super) routes: Routes,
    pub(super) stop: Stop,
    requests: Arc<Mutex<Vec<R>>>,
}

impl Manners {
    /// Good manners: answers in one piece, and nothing but the answer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits for the target's first bytes, and sends them in one piece with the reply.
    pub fn glue(self) -> Self {
        Self { glue: true, ..self }
    }

    /// Sends every answer in pieces of `size` bytes.
    pub fn pieces(self, size: usize) -> Self {
        Self { pieces: Some(size), ..self }
    }

    /// Misbehaves at this step.
    pub fn misdeed(self, step: ProxyStep, misdeed: Misdeed) -> Self {
        Self { misdeed: Some((step, misdeed)), ..self }
    }

    /// What the proxy does at `step` instead of going on, if anything.
    pub(super) fn at(&self, step: ProxyStep) -> Option<Next> {
        let (wanted, misdeed) = self.misdeed?;
        let next = match misdeed {
            Misdeed::Close => Next::End,
            Misdeed::Reset => Next::Reset,
            Misdeed::Stall => Next::Hold,
        };
        (wanted == step).then_some(next)
    }
}

impl<R> Session<R> {
    pub(super) fn new(
        wire: Wire,
        routes: Routes,
        requests: Arc<Mutex<Vec<R>>>,
        stop: Stop,
    ) -> Self {
        Self { index: wire.connection.index(), wire: Some(wire), routes, stop, requests }
    }

    pub(super) fn note(&self, request: R) {
        self.requests.lock().expect("no holder panics").push(request);
    }

    pub(super) fn wire(&mut self) -> Result<&mut Wire, Broken> {
        self.wire.as_mut().ok_or(Broken::Gone)
    }

    pub(super) async fn exact<const N: usize>(&mut self) -> Result<[u8; N], Broken> {
        let bytes = self.wire()?.exact(N).await?;
        bytes.try_into().map_err(|_| Broken::Gone)
    }

    pub(super) async fn send(&mut self, bytes: &[u8], manners: &Manners) -> Result<(), Broken> {
        self.wire()?.send(bytes, manners.pieces).await
    }

    /// Sends the reply that grants the request.
    pub(super) async fn grant(
        &mut self,
        reply: &[u8],
        manners: &Manners,
        mut target: TcpStream,
    ) -> Result<Next, Broken> {
        let mut bytes = reply.to_vec();
        if manners.glue {
            target.read_buf(&mut bytes).await?;
        }
        self.send(&bytes, manners).await?;
        Ok(manners.at(ProxyStep::Reply).unwrap_or(Next::Relay(target)))
    }

    pub(super) async fn carry_out(mut self, next: Next) {
        let Some(mut wire) = self.wire.take() else { return };
        match next {
            Next::End => {
                wire.connection.shutdown().await.ok();
                wire.connection.discard_unread();
            }
            Next::Hold => self.stop.wait().await,
            Next::Relay(target) => relay(wire, target, self.stop).await,
            // The client may have gone before; then there is nothing left to reset.
            Next::Reset => wire.connection.reset().unwrap_or_default(),
        }
    }
}

/// Relays both ways until both are at their end, one fails, or the proxy is finished.
async fn relay(mut wire: Wire, mut target: TcpStream, mut stop: Stop) {
    let relaying = async {
        target.write_all(&wire.pending).await?;
        copy_bidirectional(&mut wire.connection, &mut target).await
    };
    tokio::select! {
        // How a tunnel ended is for its two ends to judge.
        ended = relaying => drop(ended),
        () = stop.wait() => {}
    }
}
