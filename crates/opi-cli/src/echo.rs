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
/// It needs a runtime of one thread: between taking a message and handing it to its client's task
/// no other task may run, or messages could change their order.
///
/// # Errors
///
/// The server stops by itself.
pub(crate) async fn echo(server: &Arc<Server>, args: &TcpServeArgs) -> Result<(), Failure> {
    let mut clients = Clients { server, senders: HashMap::new(), tasks: JoinSet::new() };
    loop {
        let wait = Deadline::after(GLANCE);
        tokio::select! {
            message = server.next(PIECE, &wait) => match message? {
                Some(message) => clients.hand_over(message),
                // The server tells of a client that sends; one that only comes and goes is looked for.
                None => server.connections().iter().for_each(|facts| drop(clients.get(facts.id))),
            },
            Some(Ok(gone)) = clients.tasks.join_next() => {
                clients.senders.remove(&gone);
                if args.once {
                    return Ok(());
                }
            }
        }
    }
}

/// The clients, each with a task of its own.
#[derive(Debug)]
struct Clients<'a> {
    server: &'a Arc<Server>,
    senders: HashMap<ConnectionId, Sender<Message>>,
    tasks: JoinSet<ConnectionId>,
}

impl Clients<'_> {
    /// Gives `message` to its client's task; a client that leaves too much unread is cut off.
    fn hand_over(&mut self, message: Message) {
        let id = message.connection;
        if self.get(id).try_send(message).is_err() {
            close(self.server, id);
        }
    }

    /// The way to a client's task, which is made when there is none.
    fn get(&mut self, id: ConnectionId) -> Sender<Message> {
        let Self { server, senders, tasks } = self;
        let sender = senders.entry(id).or_insert_with(|| {
            let (sender, receiver) = mpsc::channel(UNREAD_PIECES);
            tasks.spawn(answer(Arc::clone(server), id, receiver));
            sender
        });
        sender.clone()
    }
}

/// Sends one client's bytes back in their order, until it has finished or takes no more.
async fn answer(
    server: Arc<Server>,
    id: ConnectionId,
    mut messages: Receiver<Message>,
) -> ConnectionId {
    while let Some(message) = next(&server, id, &mut messages).await {
        let sent = server.send(id, &message.data, &Deadline::after(PATIENCE)).await;
        if sent.is_err() {
            close(&server, id);
            break;
        }
        if !message.open {
            // A client that has gone already needs no end.
            let _gone = server.finish_sending(id).is_err();
            break;
        }
    }
    id
}

/// The next message of one client: those that were handed over come first, they are older.
async fn next(
    server: &Server,
    id: ConnectionId,
    messages: &mut Receiver<Message>,
) -> Option<Message> {
    loop {
        let wait = Deadline::after(Deadline::LONGEST);
        let message = tokio::select! {
            biased;
            Some(message) = messages.recv() => return Some(message),
            message = server.next_of(id, PIECE, &wait) => message,
        };
        match message {
            Ok(Some(message)) => return Some(message),
            Ok(None) => {}
            Err(_) => return None,
        }
    }
}

fn close(server: &Server, id: ConnectionId) {
    // It may have closed by itself meanwhile.
    let _gone = server.close(id).is_err();
}

/// How often clients that send nothing are looked for.
const GLANCE: Duration = Duration::from_millis(200);

/// The most bytes taken at a time.
const PIECE: usize = 64 * 1024;

/// The most pieces that wait to be sent back to one client.
const UNREAD_PIECES: usize = 256;

/// How long a client may take nothing.
const PATIENCE: Duration = Duration::from_secs(30);
