//! Counts, times and the outcome of the last call.

use harness::{EchoServer, Gate, Peer, Script};
use opi_net::Phase;
use opi_tcp_client::{Outcome, Reason, Until};

use crate::setting::{connect, line, short, soon};

#[tokio::test]
async fn bytes_and_messages_are_counted_both_ways() {
    let peer = Peer::start(Script::new().expect("question").send("one\ntwo\nrest").hold()).await;
    let mut connection = connect(peer.address()).await;
    let fresh = connection.stats();
    assert_eq!((fresh.received, fresh.sent), Default::default());
    assert_eq!((fresh.received.idle, fresh.outcome), (None, None));
    connection.send(b"question", &soon()).await.unwrap();
    connection.receive(line(), &soon()).await.unwrap();
    connection.receive(line(), &soon()).await.unwrap();
    connection.receive(line(), &short()).await.unwrap();
    let stats = connection.stats();
    assert_eq!((stats.sent.bytes, stats.sent.messages), (8, 1));
    assert_eq!((stats.received.bytes, stats.received.messages), (12, 2));
    assert!(stats.received.idle.unwrap() <= stats.age && stats.timings.connect > fresh.timings.tls);
    assert!(stats.opened <= std::time::SystemTime::now());
    drop(connection);
    peer.finish().await;
}

#[tokio::test]
async fn the_outcome_is_that_of_the_last_call_and_success_clears_a_failure() {
    let gate = Gate::new("the failure was seen");
    let peer = Peer::start(Script::new().read(1).wait(&gate).send("line\n").reset()).await;
    let mut connection = connect(peer.address()).await;
    connection.send(b"?", &soon()).await.unwrap();
    assert_eq!(connection.stats().outcome, Some(Outcome::Done));
    connection.receive(line(), &short()).await.unwrap();
    assert_eq!(connection.stats().outcome, Some(Outcome::Received(Reason::Timeout)));
    connection.request(b"", line(), &short()).await.unwrap_err();
    let failed = Outcome::Failed { code: "timeout", phase: Some(Phase::FirstByte) };
    assert_eq!(connection.stats().outcome, Some(failed));
    gate.open();
    connection.receive(line(), &soon()).await.unwrap();
    assert_eq!(connection.stats().outcome, Some(Outcome::Received(Reason::Marker)));
    connection.receive(line(), &soon()).await.unwrap_err();
    let failed = Outcome::Failed { code: "closed", phase: Some(Phase::Idle) };
    assert_eq!(connection.stats().outcome, Some(failed));
    peer.finish().await;
}

#[tokio::test]
async fn the_halves_keep_the_counts() {
    let echo = EchoServer::start().await;
    let mut connection = connect(echo.address()).await;
    connection.send(b"12345", &soon()).await.unwrap();
    connection.receive(Until::size(2), &soon()).await.unwrap();
    let (mut reader, mut writer) = connection.into_split();
    assert_eq!((reader.outcome(), writer.outcome()), (None, None));
    writer.send(b"678", &soon()).await.unwrap();
    reader.receive(Until::size(6), &soon()).await.unwrap();
    assert_eq!((writer.traffic().bytes, writer.traffic().messages), (8, 2));
    assert_eq!((reader.traffic().bytes, reader.traffic().messages), (8, 2));
    assert_eq!(reader.outcome(), Some(Outcome::Received(Reason::Size)));
    assert_eq!(writer.outcome(), Some(Outcome::Done));
    drop((reader, writer));
    echo.finish().await;
}
