//! What the tests here need: a deadline, a route, a target that is asked something.

use std::net::SocketAddr;
use std::time::Duration;

use harness::{Ca, Peer, Script};
use opi_net::Deadline;
use opi_net::tls::{Certificates, Tls, Trust};
use opi_proxy::{Hop, Protocol, Route};
use opi_tcp_client::{Config, Connection, Error, Until};

/// A deadline that no healthy test reaches.
pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

/// A deadline that is meant to pass.
pub(crate) fn short() -> Deadline {
    Deadline::after(Duration::from_millis(60))
}

pub(crate) fn http(address: SocketAddr) -> Hop {
    Hop::new(Protocol::Http, address.into())
}

/// A connection to `db.test:5432` through `hop`.
pub(crate) fn through(hop: Hop) -> Config {
    Config::new("db.test:5432".parse().unwrap()).route(Route::through(hop))
}

pub(crate) fn trusting(ca: &Ca) -> Tls {
    Tls::new(Trust::Only(Certificates::from_pem(ca.pem().as_bytes()).unwrap()))
}

/// Opens what `config` says, which must fail.
pub(crate) async fn refused(config: Config) -> Error {
    Connection::open(&config, &soon()).await.unwrap_err()
}

/// Sends `text` and reads as much.
pub(crate) async fn ask(config: &Config, text: &[u8]) -> Vec<u8> {
    let mut connection = Connection::open(config, &soon()).await.unwrap();
    connection.send(text, &soon()).await.unwrap();
    let answer = connection.receive(Until::size(text.len()), &soon()).await.unwrap();
    connection.close(&soon()).await.unwrap();
    answer.data.to_vec()
}

/// How a peer writes: whole, or byte by byte.
pub(crate) const PIECES: [usize; 2] = [usize::MAX, 1];

/// Takes a CONNECT, and answers it in pieces.
pub(crate) fn answering(answer: &str, pieces: usize) -> Script {
    Script::new().expect_until("\r\n\r\n").send_pieces(answer, pieces.min(answer.len()))
}

/// The error of a proxy that gives `answer` and nothing more, in each way of writing.
pub(crate) async fn errors(answer: &str) -> Vec<Error> {
    let mut errors = Vec::new();
    for pieces in PIECES {
        let proxy = Peer::start(answering(answer, pieces).expect_gone()).await;
        errors.push(refused(through(http(proxy.address()).login("user", "hunter2"))).await);
        proxy.finish().await;
    }
    errors
}
