//! Who waits for one connection reads for themselves: nothing is lost or told late when they come,
//! go, and come in numbers.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use harness::watch;
use opi_net::Deadline;
use opi_tcp_server::{ConnectionId, End, Error, Message, Server, Until};
use tokio::io::AsyncWriteExt;
use tokio::task::JoinSet;

use crate::setting::{loopback, next_of, pair, short, soon, start, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_keep_their_order_whoever_reads_them_and_however_often_waits_are_dropped() {
    let server = start(loopback().max_connections(3));
    let (mut client, id) = pair(&server).await;
    let sent: Vec<u8> = (0..200_000_u32).flat_map(u32::to_be_bytes).collect();
    let expected = sent.clone();
    let mut sending = JoinSet::new();
    sending.spawn(async move {
        for piece in sent.chunks(1_237) {
            client.write_all(piece).await.unwrap();
            tokio::task::yield_now().await;
        }
        client
    });
    let mut all = Vec::new();
    for round in 0_u32.. {
        if all.len() == expected.len() {
            break;
        }
        let pause = Deadline::after(Duration::from_micros(u64::from(round % 3) * 400));
        let taken = match round % 4 {
            0 => server.next_of(id, 3_001, &pause).await,
            1 => server.read(id, &Until::size(2_500), &pause).await,
            2 => server.next(777, &pause).await,
            _ => polled_once(&server, id).await,
        };
        if let Some(message) = taken.unwrap() {
            all.extend_from_slice(&message.data);
        }
    }
    assert!(all == expected, "{} bytes", all.len());
    let facts = server.facts(id).unwrap();
    assert_eq!((facts.received, facts.unread), (800_000, 0));
    drop(sending.join_next().await);
    server.stop().await;
}

/// A wait that is dropped after one look.
async fn polled_once(server: &Server, id: ConnectionId) -> Result<Option<Message>, Error> {
    let (limit, mut taken) = (soon(), Ok(None));
    let mut waiting = Box::pin(server.next_of(id, 500, &limit));
    poll_fn(|context| {
        if let Poll::Ready(done) = waiting.as_mut().poll(context) {
            taken = done;
        }
        Poll::Ready(())
    })
    .await;
    taken
}

#[tokio::test]
async fn a_connection_that_was_waited_for_and_is_not_any_more_is_looked_after() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    client.write_all(b"one").await.unwrap();
    assert_eq!(next_of(&server, id).await.data, "one");
    // Nobody waits now; the task has to notice bytes and the end.
    client.write_all(b"two").await.unwrap();
    until("the bytes are noticed", || server.facts(id).unwrap().unread == 3).await;
    client.shutdown().await.unwrap();
    until("the end is noticed", || server.facts(id).unwrap().end.is_some()).await;
    let message = next_of(&server, id).await;
    assert_eq!((&message.data[..], message.end), (&b"two"[..], Some(End::PeerFinished)));
    server.stop().await;
}

#[tokio::test]
async fn a_ring_for_one_who_left_is_heard_by_the_task() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    // They sit, the bell rings for them, and they leave without having read.
    let limit = soon();
    let mut waiting = Box::pin(server.next_of(id, 10, &limit));
    let pending = poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context).is_pending()));
    assert!(pending.await);
    client.write_all(b"heard").await.unwrap();
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    drop(waiting);
    until("the bytes are noticed", || server.facts(id).unwrap().unread == 5).await;
    server.stop().await;
}

#[tokio::test]
async fn a_short_wait_after_a_long_one_is_short() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    client.write_all(b"one").await.unwrap();
    assert_eq!(next_of(&server, id).await.data, "one");
    for limit in [short(), Deadline::after(Duration::ZERO)] {
        let late = watch("the short wait", server.next_of(id, 10, &limit)).await;
        assert_eq!(late.unwrap(), None);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_who_wait_for_one_connection_all_get_something() {
    let server = Arc::new(start(loopback()));
    let (mut client, id) = pair(&server).await;
    let mut waiting = JoinSet::new();
    for _ in 0..8 {
        let server = server.clone();
        waiting.spawn(async move { server.next_of(id, 1, &soon()).await.unwrap().unwrap().data });
    }
    client.write_all(b"abcdefgh").await.unwrap();
    let mut all = watch("all of them", async {
        let mut all = Vec::new();
        while let Some(data) = waiting.join_next().await {
            all.extend_from_slice(&data.unwrap());
        }
        all
    })
    .await;
    all.sort_unstable();
    assert_eq!(all, b"abcdefgh");
    server.stop().await;
}
