//! What every test here needs: a server, a client, a deadline, a condition to wait for.

use std::time::Duration;

use harness::watch;
use opi_framing::Codec;
use opi_net::Deadline;
use opi_tcp_server::{Config, ConnectionFacts, ConnectionId, Message, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A deadline that no healthy test reaches.
pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

/// A deadline that is meant to pass.
pub(crate) fn short() -> Deadline {
    Deadline::after(Duration::from_millis(60))
}

/// A time that no healthy test reaches.
pub(crate) const LONG: Duration = Duration::from_secs(600);

/// A time that is meant to pass.
pub(crate) const BRIEF: Duration = Duration::from_millis(60);

pub(crate) const MIB: usize = 1024 * 1024;

pub(crate) fn loopback() -> Config {
    Config::loopback(0)
}

pub(crate) fn lines() -> Codec {
    Codec::preset("lines").unwrap()
}

pub(crate) fn start(config: Config) -> Server {
    Server::start(config).unwrap()
}

pub(crate) async fn dial(server: &Server) -> TcpStream {
    TcpStream::connect(server.address()).await.unwrap()
}

/// A client, and the connection that the server has for it.
pub(crate) async fn pair(server: &Server) -> (TcpStream, ConnectionId) {
    let client = dial(server).await;
    let peer = client.local_addr().unwrap();
    let id = listed(server, |it| it.peer == peer).await.id;
    (client, id)
}

/// The first connection of which `what` is true, once there is one.
pub(crate) async fn listed(
    server: &Server,
    what: impl Fn(&ConnectionFacts) -> bool,
) -> ConnectionFacts {
    watch("a connection in the list", async {
        loop {
            if let Some(found) = server.connections().into_iter().find(&what) {
                return found;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

/// Waits until `what` is true.
pub(crate) async fn until(name: &str, what: impl Fn() -> bool) {
    watch(name, async {
        while !what() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

pub(crate) async fn next(server: &Server) -> Message {
    server.next(64 * 1024, &soon()).await.unwrap().unwrap()
}

pub(crate) async fn next_of(server: &Server, id: ConnectionId) -> Message {
    server.next_of(id, 64 * 1024, &soon()).await.unwrap().unwrap()
}

/// The next connection that has ended.
pub(crate) async fn ended(server: &Server) -> ConnectionFacts {
    server.ended(&soon()).await.unwrap().unwrap()
}

/// Another client is let in, heard and answered.
pub(crate) async fn healthy(server: &Server) {
    let (mut client, id) = pair(server).await;
    client.write_all(b"ping\n").await.unwrap();
    let message = next_of(server, id).await;
    assert!(message.data.starts_with(b"ping"), "{message:?}");
    server.send(id, b"pong", &soon()).await.unwrap();
    let mut answer = [0; 4];
    watch("the answer", client.read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"pong");
    server.close(id).unwrap();
    while ended(server).await.id != id {}
}

/// Everything the server sends until it ends.
pub(crate) async fn rest(client: &mut TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    watch("the end", client.read_to_end(&mut all)).await.unwrap();
    all
}

/// Breaks a connection off.
pub(crate) fn reset(client: TcpStream) {
    client.set_zero_linger().unwrap();
    drop(client);
}
