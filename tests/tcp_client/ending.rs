//! Ends in good order: what still comes is dropped within bounds, and the peer loses nothing.

use harness::{Ca, Gate, Listen, Peer, Script};
use opi_tcp_client::{Config, Connection, Reason, Until};

use crate::setting::{connect, line, short, soon, target, trusting};

#[tokio::test]
async fn a_drain_drops_to_the_end_and_counts() {
    let peer = Peer::start(Script::new().send("line\n").send(vec![b'x'; 300_000]).close()).await;
    let mut connection = connect(peer.address()).await;
    assert_eq!(connection.receive(line(), &soon()).await.unwrap().data, "line\n");
    let drained = connection.drain(u64::MAX, &soon()).await.unwrap();
    assert_eq!((drained.bytes, drained.reason), (300_000, Reason::Closed));
    peer.finish().await;
}

#[tokio::test]
async fn a_drain_ends_at_its_limit_and_the_rest_stays() {
    let peer = Peer::start(Script::new().send("0123456789").close()).await;
    let mut connection = connect(peer.address()).await;
    let drained = connection.drain(4, &soon()).await.unwrap();
    assert_eq!((drained.bytes, drained.reason), (4, Reason::Size));
    assert_eq!(connection.receive(Until::closed(), &soon()).await.unwrap().data, "456789");
    let drained = connection.drain(0, &soon()).await.unwrap();
    assert_eq!((drained.bytes, drained.reason), (0, Reason::Size));
    peer.finish().await;
}

#[tokio::test]
async fn a_drain_ends_at_its_deadline_and_at_a_reset() {
    let gate = Gate::new("the drain timed out");
    let peer = Peer::start(Script::new().send("some").wait(&gate).reset()).await;
    let mut connection = connect(peer.address()).await;
    let drained = connection.drain(u64::MAX, &short()).await.unwrap();
    assert_eq!((drained.bytes, drained.reason), (4, Reason::Timeout));
    gate.open();
    let error = connection.drain(u64::MAX, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "closed");
    peer.finish().await;
}

#[tokio::test]
async fn a_drained_close_lets_the_peer_read_everything() {
    // The peer writes first: a plain close would meet unread bytes and reset the connection.
    let script = Script::new().send(vec![b'x'; 100_000]).expect("the last words");
    let peer = Peer::start(script.expect_close().close()).await;
    let mut connection = connect(peer.address()).await;
    connection.send(b"the last words", &soon()).await.unwrap();
    let drained = connection.close_drained(1 << 20, &soon()).await.unwrap();
    assert_eq!((drained.bytes, drained.reason), (100_000, Reason::Closed));
    peer.finish().await;
}

#[tokio::test]
async fn a_drained_close_says_farewell_under_tls_too() {
    let ca = Ca::new();
    let listen = Listen::tls(ca.issue(&["localhost"]).server_config());
    let peer = Peer::start_on(listen, Script::new().expect_close().send("bye").close()).await;
    let config = Config::new(target("localhost", peer.address())).tls(trusting(&ca));
    let connection = Connection::open(&config, &soon()).await.unwrap();
    let drained = connection.close_drained(100, &soon()).await.unwrap();
    assert_eq!((drained.bytes, drained.reason), (3, Reason::Closed));
    peer.finish().await;
}

#[tokio::test]
async fn two_halves_become_one_connection_again_with_its_counts_and_bytes() {
    let peer = Peer::start(Script::new().send("one\ntwo\n").expect("last\n").close()).await;
    let connection = connect(peer.address()).await;
    let (mut reader, mut writer) = connection.into_split();
    assert_eq!(reader.receive(line(), &soon()).await.unwrap().data, "one\n");
    let silent = Peer::silent().await;
    let other = connect(silent.address()).await.into_split();
    let mut joined = Connection::from_split(reader, writer).unwrap();
    assert_eq!(joined.receive(line(), &soon()).await.unwrap().data, "two\n");
    joined.send(b"last\n", &soon()).await.unwrap();
    assert_eq!((joined.stats().received.messages, joined.stats().sent.bytes), (2, 5));
    (_, writer) = other;
    let (reader, _writer) = joined.into_split();
    assert!(Connection::from_split(reader, writer).is_none());
}

#[tokio::test]
async fn a_reader_drains_what_still_comes() {
    let peer = Peer::start(Script::new().send("one\ntwo\n").close()).await;
    let (mut reader, _writer) = connect(peer.address()).await.into_split();
    reader.receive(line(), &soon()).await.unwrap();
    let drained = reader.drain(3, &soon()).await.unwrap();
    assert_eq!((drained.bytes, drained.reason), (3, Reason::Size));
    let drained = reader.drain(u64::MAX, &soon()).await.unwrap();
    assert_eq!((drained.bytes, drained.reason), (1, Reason::Closed));
}
