//! Accepts connections: where, how many at a time, from whom.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use opi::net::Stream;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::args::IncomingArgs;
use crate::failure::{ErrorKind, Failure};

/// A socket that listens.
#[derive(Debug)]
pub(crate) struct Incoming {
    listener: TcpListener,
    address: SocketAddr,
    places: Arc<Semaphore>,
}

/// A connection that came, with its place.
#[derive(Debug)]
pub(crate) struct Guest {
    socket: TcpStream,
    peer: SocketAddr,
    place: Seat,
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
        Failure::new(ErrorKind::Usage, format!("address {text:?}: {expected}"))
    })
}

impl Incoming {
    /// Listens on `address` as `args` say.
    ///
    /// # Errors
    ///
    /// The address is wrong or cannot be listened on.
    pub(crate) async fn bind(address: &str, args: &IncomingArgs) -> Result<Self, Failure> {
        let wanted = self::address(address)?;
        let bind = |cause| {
            let kind = opi::tcp_server::ErrorKind::Bind;
            Failure::of(kind.advice(), None, format!("cannot listen on {wanted}")).because(&cause)
        };
        let listener = TcpListener::bind(wanted).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let places = Arc::new(Semaphore::new(args.max_connections.get()));
        Ok(Self { listener, address, places })
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
                Ok((socket, peer)) => return Guest { socket, peer, place },
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
    /// The peer is gone.
    pub(crate) fn welcome(self) -> Result<(Stream, Seat), Failure> {
        let Self { socket, place, .. } = self;
        socket.set_nodelay(true).map_err(|cause| {
            let phase = opi::net::Phase::Connect;
            Failure::from(opi::net::Error::from_io(cause, phase))
        })?;
        Ok((socket.into(), place))
    }
}

/// The pause after a failed accept.
const PAUSE: Duration = Duration::from_millis(100);
