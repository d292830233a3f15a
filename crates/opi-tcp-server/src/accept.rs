//! The task that accepts connections and owns theirs.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::config::Refusal;
use crate::handshake::welcome;
use crate::hub::Hub;
use crate::listen::prepare;
use crate::log::Level;
use crate::places::Place;
use crate::task::serve;
use crate::{End, WhenFull};

/// Accepts until the server stops, then waits for the connections, and ends those that are left
/// when nothing may be sent any more; aborted, it ends them too.
pub(crate) async fn accept(listener: TcpListener, hub: Arc<Hub>) {
    let mut tasks = JoinSet::new();
    hub.stopping.unless(accept_all(&listener, &hub, &mut tasks)).await;
    drop(listener);
    for connection in hub.inbox.all() {
        hub.close(connection.id, End::Stopped);
    }
    let ended = async { while tasks.join_next().await.is_some() {} };
    if hub.stopped.unless(ended).await.is_none() {
        tasks.shutdown().await;
    }
}

async fn accept_all(listener: &TcpListener, hub: &Arc<Hub>, tasks: &mut JoinSet<()>) {
    loop {
        if hub.config.admission.when_full == WhenFull::Pause {
            free(hub, tasks).await;
        }
        match next(listener, tasks).await {
            Ok((socket, peer)) => match admit_or_wait(hub, peer, tasks).await {
                Ok((place, header)) => {
                    prepare(&socket, &hub.config.times);
                    tasks.spawn(run(hub.clone(), socket, peer, place, header));
                }
                Err(why) => hub.refused(peer.ip(), &why),
            },
            Err(cause) if is_of_one_peer(&cause) => {}
            Err(cause) => {
                // Out of descriptors: trying at once would only burn time.
                tracing::warn!(%cause, "cannot accept");
                hub.config.log(Level::Error, format_args!("cannot accept: {cause}"));
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// The next connection; tasks that have ended meanwhile are reaped, so that they take no memory.
async fn next(
    listener: &TcpListener,
    tasks: &mut JoinSet<()>,
) -> io::Result<(TcpStream, SocketAddr)> {
    let mut accepting = pin!(listener.accept());
    poll_fn(|context| {
        while let Poll::Ready(Some(_ended)) = tasks.poll_join_next(context) {}
        accepting.as_mut().poll(context)
    })
    .await
}

/// Waits for a free place.
async fn free(hub: &Hub, tasks: &mut JoinSet<()>) {
    loop {
        let freed = hub.places.freed.notified();
        while tasks.try_join_next().is_some() {}
        if hub.has_room() {
            return;
        }
        freed.await;
    }
}

/// As [`admit`]; where a full server pauses, another listener may have taken the last place.
async fn admit_or_wait(
    hub: &Hub,
    peer: SocketAddr,
    tasks: &mut JoinSet<()>,
) -> Result<(Place, bool), Refusal> {
    loop {
        match admit(hub, peer) {
            Err(Refusal::Full) if hub.config.admission.when_full == WhenFull::Pause => {
                free(hub, tasks).await;
            }
            admitted => return admitted,
        }
    }
}

/// A place for the peer, and whether its connection begins with a header of the PROXY protocol.
fn admit(hub: &Hub, peer: SocketAddr) -> Result<(Place, bool), Refusal> {
    let header = hub.config.admission.has_header(peer.ip())?;
    if header {
        // Its client's address is not known yet.
        return Ok((hub.place()?, true));
    }
    hub.config.admission.check(peer.ip())?;
    // Nobody loses a place to one who may not have it.
    hub.places.check(peer.ip())?;
    Ok((hub.place()?.name(peer.ip())?, false))
}

async fn run(hub: Arc<Hub>, socket: TcpStream, peer: SocketAddr, place: Place, header: bool) {
    let welcomed = hub.stopping.unless(welcome(&hub, socket, peer, place, header)).await;
    if let Some(Some(connection)) = welcomed {
        if hub.stopping.is_cancelled() {
            // It was let in behind the back of a stop.
            let _closed = hub.close(connection.id, End::Stopped).is_some();
        }
        serve(connection, hub).await;
    }
}

/// Whether accepting failed because one peer went away, and not because the system has no more.
fn is_of_one_peer(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}

/// The pause after a failed accept.
const PAUSE: Duration = Duration::from_millis(100);
