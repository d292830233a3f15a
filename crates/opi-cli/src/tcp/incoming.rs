//! Accepts connections: where, how many at a time, from whom.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use opi::net::Stream;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::gate::Gate;
use crate::args::IncomingArgs;
use crate::failure::{ErrorKind, Failure};
use crate::redact::{HIDDEN, Veil};

/// A socket that listens.
#[derive(Debug)]
pub(crate) struct Incoming {
    listener: TcpListener,
    address: SocketAddr,
    places: Arc<Semaphore>,
    gate: Arc<Gate>,
}

/// A connection that came, with its place.
#[derive(Debug)]
pub(crate) struct Guest {
    socket: TcpStream,
    peer: SocketAddr,
    place: Seat,
    gate: Arc<Gate>,
}

/// A connection that was let in.
#[derive(Debug)]
pub(crate) struct Welcome {
    pub(crate) stream: Stream,
    /// Who it is, if need be by the word of a trusted proxy.
    pub(crate) peer: SocketAddr,
    /// Where it came to.
    pub(crate) local: SocketAddr,
    pub(crate) place: Seat,
}

/// The place of a connection; free again when it is dropped.
pub(crate) type Seat = OwnedSemaphorePermit;

/// Where to listen.
///
/// # Errors
///
/// The text is no address with a port.
pub(crate) fn address(text: &str) -> Result<SocketAddr, Failure> {
    text.parse().map_err(|_| {
        let expected = "expected IP:port, for example 127.0.0.1:7000 or [::1]:0";
        // What stands before an @ is a login that was put in the wrong place.
        let text = if text.contains('@') { HIDDEN } else { text };
        Failure::new(ErrorKind::Usage, format!("address {text:?}: {expected}"))
    })
}

impl Incoming {
    /// Listens on `address` as `args` say, for `most` connections at a time.
    ///
    /// # Errors
    ///
    /// The address is wrong or cannot be listened on.
    pub(crate) async fn bind(
        address: &str,
        args: &IncomingArgs,
        most: NonZeroUsize,
        veil: &mut Veil,
    ) -> Result<Self, Failure> {
        let gate = Arc::new(Gate::new(args, veil)?);
        let wanted = self::address(address)?;
        let bind = |cause| {
            let kind = opi::tcp_server::ErrorKind::Bind;
            Failure::of(kind.advice(), None, format!("cannot listen on {wanted}")).because(&cause)
        };
        let listener = TcpListener::bind(wanted).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let places = Arc::new(Semaphore::new(most.get().min(Semaphore::MAX_PERMITS)));
        Ok(Self { listener, address, places, gate })
    }

    /// The address, with the port the system chose.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next connection, as soon as there is a place for it.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no connection.
    pub(crate) async fn next(&self) -> Guest {
        loop {
            // The semaphore is never closed; without a place nobody is let in.
            let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
                return std::future::pending().await;
            };
            match self.listener.accept().await {
                Ok((socket, peer)) => {
                    let gate = Arc::clone(&self.gate);
                    return Guest { socket, peer, place, gate };
                }
                // Out of descriptors: trying at once would only burn time.
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}

impl Guest {
    /// The address of the peer.
    pub(crate) fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Does what stands before the first byte.
    ///
    /// # Errors
    ///
    /// The peer is gone, or the handshake failed.
    pub(crate) async fn welcome(self) -> Result<Welcome, Failure> {
        let Self { socket, peer, place, gate } = self;
        let lost = |cause| opi::net::Error::from_io(cause, opi::net::Phase::Connect);
        socket.set_nodelay(true).map_err(lost)?;
        let local = socket.local_addr().map_err(lost)?;
        let passed = gate.pass(socket.into(), peer).await?;
        Ok(Welcome { stream: passed.0, peer: passed.1, local, place })
    }
}

/// The pause after a failed accept.
const PAUSE: Duration = Duration::from_millis(100);
