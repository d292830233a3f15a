//! The end of a server: what still leaves, what is told, and that nothing stays behind.

use std::time::Duration;

use harness::watch;
use opi_tcp_server::ErrorKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::setting::*;

#[tokio::test]
async fn a_stop_with_time_lets_queues_and_sends_leave() {
    let server = start(loopback().max_unsent(16 * MIB));
    let (mut queued, id) = pair(&server).await;
    server.queue(id, vec![7; 16 * MIB]).unwrap();
    let (mut sent, other) = pair(&server).await;
    let (large, deadline) = (vec![8; 8 * MIB], soon());
    let sending = server.send(other, &large, &deadline);
    let stopping = async {
        until("the send is under way", || server.facts(other).unwrap().sent > 0).await;
        server.stop_within(LONG).await;
    };
    let reading = async { (rest(&mut queued).await.len(), rest(&mut sent).await.len()) };
    let (outcome, (), sizes) = tokio::join!(sending, stopping, reading);
    outcome.unwrap();
    assert_eq!(sizes, (16 * MIB, 8 * MIB));
    assert_eq!(server.statistics().places, 0);
}

#[tokio::test]
async fn after_a_stop_no_task_is_left() {
    let metrics = tokio::runtime::Handle::current().metrics();
    // More than the runtime runs between two looks at this test.
    let server = start(loopback().max_connections(200));
    let mut clients = Vec::new();
    for _ in 0..200 {
        clients.push(pair(&server).await);
    }
    assert!(metrics.num_alive_tasks() > 200);
    server.stop().await;
    assert_eq!(metrics.num_alive_tasks(), 0);
}

#[tokio::test]
async fn a_second_stop_waits_with_the_first_and_cuts_nothing() {
    let server = start(loopback().max_unsent(16 * MIB));
    let (mut slow, id) = pair(&server).await;
    server.queue(id, vec![7; 16 * MIB]).unwrap();
    let second = async {
        server.stop_within(LONG).await;
        assert_eq!(server.statistics().places, 0);
    };
    let reading = async { rest(&mut slow).await.len() };
    let ((), (), size) = tokio::join!(server.stop_within(LONG), second, reading);
    assert_eq!(size, 16 * MIB);
}

#[tokio::test]
async fn a_second_stop_without_time_ends_the_first() {
    let server = start(loopback().max_unsent(16 * MIB).write_timeout(LONG));
    let (_deaf, id) = pair(&server).await;
    server.queue(id, vec![7; 16 * MIB]).unwrap();
    let both = async { tokio::join!(server.stop_within(LONG), server.stop()) };
    watch("both stops", both).await;
    assert_eq!(server.statistics().places, 0);
}

#[tokio::test]
async fn a_stop_with_time_ends_at_its_limit() {
    let server = start(loopback().max_unsent(16 * MIB).write_timeout(LONG));
    let (mut deaf, id) = pair(&server).await;
    server.queue(id, vec![7; 16 * MIB]).unwrap();
    watch("the stop", server.stop_within(BRIEF)).await;
    let mut all = Vec::new();
    // An end or a break: the rest was dropped.
    let _end = watch("the end", deaf.read_to_end(&mut all)).await;
    assert!(all.len() < 16 * MIB);
    assert_eq!(server.statistics().places, 0);
}

#[tokio::test]
async fn a_stop_ends_a_waiting_send_as_stopped() {
    let server = start(loopback());
    let (_deaf, id) = pair(&server).await;
    let (large, deadline) = (vec![8; 64 * MIB], soon());
    let sending = server.send(id, &large, &deadline);
    let stopping = async {
        until("the send is under way", || server.facts(id).unwrap().sent > 0).await;
        server.stop().await;
    };
    let (outcome, ()) = tokio::join!(sending, stopping);
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Stopped);
    assert!(error.sent() > 0);
}

#[tokio::test]
async fn a_stopping_server_takes_nobody_and_answers_nobody() {
    let server = start(loopback().max_unsent(16 * MIB));
    let (mut slow, id) = pair(&server).await;
    server.queue(id, vec![7; 16 * MIB]).unwrap();
    let address = server.address();
    let meanwhile = async {
        assert_eq!(server.next(1, &soon()).await.unwrap_err().kind(), ErrorKind::Stopped);
        assert_eq!(server.accept(&soon()).await.unwrap_err().kind(), ErrorKind::Stopped);
        assert_eq!(server.ended(&soon()).await.unwrap_err().kind(), ErrorKind::Stopped);
        assert_eq!(server.queue(id, "x").unwrap_err().kind(), ErrorKind::Stopped);
        watch("the port is free", async {
            while TcpStream::connect(address).await.is_ok() {
                tokio::task::yield_now().await;
            }
        })
        .await;
        assert_eq!(rest(&mut slow).await.len(), 16 * MIB);
    };
    tokio::join!(server.stop_within(LONG), meanwhile);
}

#[tokio::test]
async fn a_dropped_server_leaves_nothing() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    client.write_all(b"unread").await.unwrap();
    listed(&server, |it| it.id == id && it.unread > 0).await;
    let address = server.address();
    drop(server);
    let _reset = watch("the end", client.read(&mut [0; 1])).await;
    watch("the port is free", async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_stop_does_not_wait_for_a_handshake() {
    let proxy = opi_tcp_server::ProxyProtocol::from(["127.0.0.1".parse().unwrap()]);
    let server = start(loopback().proxy_protocol(proxy).handshake_timeout(LONG));
    let mut silent = dial(&server).await;
    until("it has a place", || server.statistics().places == 1).await;
    watch("the stop", server.stop_within(Duration::from_secs(600))).await;
    assert_eq!(rest(&mut silent).await, b"");
}
