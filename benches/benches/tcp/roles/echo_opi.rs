//! Echo servers of opi: by its owner, who takes from anyone, and by a task for each connection.

use std::sync::Arc;
use std::time::Duration;

use opi_benches::Role;
use opi_net::Deadline;
use opi_net::tls::{Identity, ServerTls};
use opi_tcp_server::{Config, ConnectionId, Error, Server};

use super::one_thread;

/// One loop takes the next message of anyone and sends it back.
pub(super) fn next() {
    one_thread().block_on(async {
        let server = start(config());
        loop {
            let message = server.next(PIECE, &Deadline::after(LIMIT)).await.unwrap();
            let Some(message) = message else { continue };
            if message.data.is_empty() {
                continue;
            }
            // A client that has gone is no fault of the server.
            let deadline = Deadline::after(LIMIT);
            let _gone = server.send(message.connection, &message.data, &deadline).await.is_err();
        }
    });
}

/// The same, but the answers are queued: a client that reads nothing holds up nobody, and is closed
/// when its queue is full.
pub(super) fn queue() {
    one_thread().block_on(async {
        let server = start(config());
        loop {
            let message = server.next(PIECE, &Deadline::after(LIMIT)).await.unwrap();
            let Some(message) = message else { continue };
            if server.queue(message.connection, message.data).is_err() {
                let _gone = server.close(message.connection).is_err();
            }
        }
    });
}

/// As `opi tcp serve`: a task for each connection.
pub(super) fn task() {
    tasks(config());
}

/// The same, encrypted.
pub(super) fn tls() {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (chain, key) = (cert.pem(), signing_key.serialize_pem());
    let identity = Identity::from_pem(chain.as_bytes(), key.as_bytes()).unwrap();
    tasks(config().tls(ServerTls::new(identity).unwrap()));
}

fn tasks(config: Config) {
    one_thread().block_on(async {
        let server = Arc::new(start(config));
        loop {
            let accepted = server.accept(&Deadline::after(LIMIT)).await.unwrap();
            let Some(client) = accepted else { continue };
            tokio::spawn(serve(Arc::clone(&server), client.id));
        }
    });
}

fn config() -> Config {
    Config::new("127.0.0.1:0".parse().unwrap()).max_connections(CONNECTIONS)
}

fn start(config: Config) -> Server {
    let server = Server::start(config).unwrap();
    Role::ready(server.address());
    server
}

async fn serve(server: Arc<Server>, id: ConnectionId) {
    if answer(&server, id).await.is_err() {
        // It may have closed by itself meanwhile.
        let _gone = server.close(id).is_err();
    }
}

async fn answer(server: &Server, id: ConnectionId) -> Result<(), Error> {
    loop {
        let Some(message) = server.next_of(id, PIECE, &Deadline::after(LIMIT)).await? else {
            continue;
        };
        server.send(id, &message.data, &Deadline::after(LIMIT)).await?;
        if !message.open {
            return server.finish_sending(id);
        }
    }
}

const CONNECTIONS: usize = 15_000;
const LIMIT: Duration = Duration::from_secs(60);
const PIECE: usize = 64 * 1024;
