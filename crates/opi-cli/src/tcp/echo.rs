//! Sends every byte back to the client it came from; no client slows another.

use std::sync::Arc;
use std::time::Duration;

use opi::net::Deadline;
use opi::tcp_server::{ConnectionId, Error, Server};
use tokio::task::JoinSet;

use crate::args::ServeArgs;
use crate::failure::Failure;

/// Echoes until the server stops, or, with `--once`, until the first client has gone.
///
/// # Errors
///
/// The server stops by itself.
pub(crate) async fn echo(server: &Arc<Server>, args: &ServeArgs) -> Result<(), Failure> {
    let mut clients = JoinSet::new();
    loop {
        let wait = Deadline::after(Deadline::LONGEST);
        tokio::select! {
            accepted = server.accept(&wait) => {
                if let Some(client) = accepted? {
                    clients.spawn(serve(Arc::clone(server), client.id));
                }
            }
            Some(_gone) = clients.join_next() => {
                if args.once {
                    return Ok(());
                }
            }
        }
    }
}

/// Serves one client to its end.
async fn serve(server: Arc<Server>, id: ConnectionId) {
    if answer(&server, id).await.is_err() {
        // It may have closed by itself meanwhile.
        let _gone = server.close(id).is_err();
    }
}

/// Sends the bytes back in their order, until the client has finished or takes no more. What it
/// sends meanwhile waits in the server, and beyond its limit in the network.
async fn answer(server: &Server, id: ConnectionId) -> Result<(), Error> {
    loop {
        let wait = Deadline::after(Deadline::LONGEST);
        let Some(message) = server.next_of(id, PIECE, &wait).await? else { continue };
        server.send(id, &message.data, &Deadline::after(PATIENCE)).await?;
        if !message.open {
            return server.finish_sending(id);
        }
    }
}

/// The most bytes taken at a time.
const PIECE: usize = 64 * 1024;

/// How long a client may take nothing.
const PATIENCE: Duration = Duration::from_secs(30);
