//! Reads of one connection, batches, limits of what is kept, and what is told about connections.

use std::time::Duration;

use harness::watch;
use opi_tcp_server::{End, Reason, Until};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;

use crate::setting::*;

#[tokio::test]
async fn a_read_ends_at_the_marker_at_the_size_or_at_the_end_and_the_rest_stays() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    let line = Until::marker("\n").unwrap();
    client.write_all(b"one\ntwo\n0123456789rest").await.unwrap();
    client.shutdown().await.unwrap();
    let soon = soon();
    let read = async |until: &Until| {
        let message = server.read(id, until, &soon).await.unwrap().unwrap();
        (message.data, message.reason)
    };
    assert_eq!(read(&line).await, ("one\n".into(), Reason::Marker));
    assert_eq!(read(&line).await, ("two\n".into(), Reason::Marker));
    assert_eq!(read(&Until::size(4)).await, ("0123".into(), Reason::Size));
    assert_eq!(read(&line.clone().at_most(3)).await, ("456".into(), Reason::Size));
    assert_eq!(read(&Until::data(2)).await, ("78".into(), Reason::Data));
    assert_eq!(read(&line).await, ("9rest".into(), Reason::Closed));
    assert_eq!(read(&line).await, ("".into(), Reason::Closed));
    server.stop().await;
}

#[tokio::test]
async fn a_read_that_is_late_takes_nothing() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    let line = Until::marker("\r\n").unwrap();
    client.write_all(b"half a line\r").await.unwrap();
    assert_eq!(server.read(id, &line, &short()).await.unwrap(), None);
    client.write_all(b"\n").await.unwrap();
    let message = server.read(id, &line, &soon()).await.unwrap().unwrap();
    assert_eq!((&message.data[..], message.reason), (&b"half a line\r\n"[..], Reason::Marker));
    server.stop().await;
}

#[tokio::test]
async fn a_read_survives_others_that_take_from_the_same_connection() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    let (line, deadline) = (Until::marker("ab").unwrap(), soon());
    let reading = server.read(id, &line, &deadline);
    let taking = async {
        client.write_all(b"xxxxa").await.unwrap();
        assert_eq!(&next(&server).await.data[..], b"xxxxa");
        client.write_all(b"b ab, and more than there was").await.unwrap();
    };
    let (message, ()) = tokio::join!(reading, taking);
    assert_eq!(&message.unwrap().unwrap().data[..], b"b ab");
    server.stop().await;
}

#[tokio::test]
async fn a_marker_that_cannot_come_ends_at_what_is_kept() {
    let server = start(loopback().max_unread(100));
    let (mut client, id) = pair(&server).await;
    client.write_all(&[b'x'; 150]).await.unwrap();
    let line = Until::marker("\n").unwrap();
    let message = server.read(id, &line, &soon()).await.unwrap().unwrap();
    assert_eq!((message.data.len(), message.reason), (100, Reason::Size));
    server.stop().await;
}

#[tokio::test]
async fn a_batch_is_fair_and_has_its_limit() {
    let server = start(loopback());
    let mut clients = Vec::new();
    for _ in 0..4 {
        let (mut client, id) = pair(&server).await;
        client.write_all(b"0123456789").await.unwrap();
        listed(&server, |it| it.id == id && it.unread == 10).await;
        clients.push((client, id));
    }
    let batch = server.next_many(6, 4, &soon()).await.unwrap();
    let ids: Vec<_> = clients.iter().map(|(_, id)| *id).collect();
    let told: Vec<_> = batch.iter().map(|it| it.connection).collect();
    assert_eq!(told, [&ids[..], &ids[..2]].concat());
    assert!(batch.iter().all(|it| it.data.len() == 4));
    assert_eq!(server.next_many(0, 100, &soon()).await.unwrap().len(), 1);
    while !server.next_many(9, 100, &short()).await.unwrap().is_empty() {}
    server.stop().await;
}

#[tokio::test]
async fn the_bytes_of_all_connections_have_a_limit_that_keeps_nobody_out() {
    let server = start(loopback().max_unread_total(100 * 1024));
    let (mut flooders, mut flood) = (Vec::new(), JoinSet::new());
    for _ in 0..3 {
        let (mut client, id) = pair(&server).await;
        flood.spawn(async move {
            // It is held up, and in the end broken off.
            let _broken = client.write_all(&vec![b'f'; 16 * MIB]).await;
        });
        flooders.push(id);
    }
    let total = || server.connections().iter().map(|it| it.unread).sum::<usize>();
    until("the limit is reached", || total() == 100 * 1024 + 3 * 4096).await;
    healthy(&server).await;
    assert_eq!(total(), 100 * 1024 + 3 * 4096);
    for id in &flooders {
        server.close(*id).unwrap();
    }
    let (mut late, id) = pair(&server).await;
    late.write_all(&[0; 50 * 1024]).await.unwrap();
    listed(&server, |it| it.id == id && it.unread == 50 * 1024).await;
    server.stop().await;
    watch("the flood ends", flood.join_all()).await;
}

#[tokio::test]
async fn a_flood_is_taken_whole_and_in_order() {
    let server = start(loopback().max_unread(10_000).max_unread_total(6_000));
    let (mut client, id) = pair(&server).await;
    let sent: Vec<u8> = (0..2 * MIB).map(|at| u8::try_from(at % 251).unwrap()).collect();
    let flood = async { client.write_all(&sent).await.unwrap() };
    let take = async {
        let mut all = Vec::new();
        while all.len() < sent.len() {
            all.extend_from_slice(&next_of(&server, id).await.data);
        }
        all
    };
    let ((), all) = tokio::join!(flood, take);
    assert!(all == sent);
    server.stop().await;
}

#[tokio::test]
async fn facts_tell_what_happened() {
    let server = start(loopback());
    let before = std::time::SystemTime::now();
    let (mut client, id) = pair(&server).await;
    client.write_all(b"four").await.unwrap();
    next(&server).await;
    server.send(id, b"seven77", &soon()).await.unwrap();
    client.read_exact(&mut [0; 7]).await.unwrap();
    let facts = server.facts(id).unwrap();
    assert_eq!((facts.received, facts.sent, facts.unread, facts.unsent), (4, 7, 0, 0));
    assert_eq!((facts.peer, facts.local), (client.local_addr().unwrap(), server.address()));
    assert_eq!((facts.via, facts.tls, facts.end), (None, None, None));
    assert!(facts.can_read && facts.can_write);
    assert!(facts.since >= before && facts.quiet < Duration::from_secs(20));
    drop(client);
    assert_eq!(next_of(&server, id).await.end, Some(End::PeerFinished));
    server.close(id).unwrap();
    let gone = ended(&server).await;
    assert_eq!((gone.id, gone.received, gone.sent), (id, 4, 7));
    server.stop().await;
}

#[tokio::test]
async fn ends_that_nobody_asks_for_are_counted_and_the_last_ones_kept() {
    let server = start(loopback().max_connections(1000));
    let mut ids = Vec::new();
    for _ in 0..300 {
        let (_client, id) = pair(&server).await;
        server.close(id).unwrap();
        ids.push(id);
    }
    assert_eq!(server.statistics().missed_ends, 300 - 256);
    for id in &ids[300 - 256..] {
        assert_eq!(ended(&server).await.id, *id);
    }
    assert_eq!(server.ended(&short()).await.unwrap(), None);
    server.stop().await;
}

#[tokio::test]
async fn an_idle_limit_spares_those_that_are_waited_for_by_us() {
    let server = start(loopback().idle_timeout(BRIEF));
    let (mut client, id) = pair(&server).await;
    client.write_all(b"not taken yet").await.unwrap();
    listed(&server, |it| it.unread > 0).await;
    let (_idle, other) = pair(&server).await;
    assert_eq!(ended(&server).await.id, other);
    assert_eq!(server.facts(id).unwrap().end, None);
    assert_eq!(&next_of(&server, id).await.data[..], b"not taken yet");
    assert_eq!(ended(&server).await.end, Some(End::Idle));
    server.stop().await;
}
