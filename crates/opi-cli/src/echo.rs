//! Sends every byte back to the client it came from; no client slows another.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use opi::net::Deadline;
use opi::tcp_server::{ConnectionId, Message, Server};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::JoinSet;

use crate::args::TcpServeArgs;
use crate::failure::Failure;

/// Echoes until the server stops, or, with `--once`, until the first client has gone.
///
/// # Errors
///
/// The server stops by itself.
pub(crate) async fn echo(server: &Arc<Server>, args: &TcpServeArgs) -> Result<(), Failure> {
    let (mut clients, mut tasks) = (HashMap::new(), JoinSet::new());
    loop {
        let wait = Deadline::after(Deadline::LONGEST);
        tokio::select! {
            message = server.next(PIECE, &wait) => {
                if let Some(message) = message? {
                    hand_over(server, message, &mut clients, &mut tasks);
                }
            }
            Some(_ended) = tasks.join_next() => {
                if args.once {
                    return Ok(());
                }
            }
        }
    }
}

/// Gives `message` to the task of its client, which is made for the first one.
fn hand_over(
    server: &Arc<Server>,
    message: Message,
    clients: &mut HashMap<ConnectionId, Sender<Message>>,
    tasks: &mut JoinSet<()>,
) {
    let (id, open) = (message.connection, message.open);
    let client = clients.entry(id).or_insert_with(|| {
        let (sender, receiver) = mpsc::channel(UNREAD_PIECES);
        tasks.spawn(answer(server.clone(), id, receiver));
        sender
    });
    let taken = client.try_send(message).is_ok();
    if !taken {
        close(server, id);
    }
    if !taken || !open {
        clients.remove(&id);
    }
}

/// Sends one client's bytes back in their order, until it has finished or takes no more.
async fn answer(server: Arc<Server>, id: ConnectionId, mut messages: Receiver<Message>) {
    while let Some(message) = messages.recv().await {
        let sent = server.send(id, &message.data, &Deadline::after(PATIENCE)).await;
        if sent.is_err() {
            return close(&server, id);
        }
        if !message.open {
            // A client that has gone already needs no end.
            let _gone = server.finish_sending(id).is_err();
        }
    }
}

fn close(server: &Server, id: ConnectionId) {
    // It may have closed by itself meanwhile.
    let _gone = server.close(id).is_err();
}

/// The most bytes taken at a time.
const PIECE: usize = 64 * 1024;

/// The most pieces that wait to be sent back to one client.
const UNREAD_PIECES: usize = 256;

/// How long a client may take nothing.
const PATIENCE: Duration = Duration::from_secs(30);
