//! Sends, queues, broadcasts and tags.

use std::io::Read;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use harness::watch;
use opi_tcp_server::{ConnectionId, ErrorKind, Server, To};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::setting::*;

#[tokio::test]
async fn sends_take_turns_and_queued_bytes_keep_their_order() {
    let server = start(loopback().max_unsent(16 * MIB));
    let (mut client, id) = pair(&server).await;
    let (large, deadline) = (vec![b'1'; 8 * MIB], soon());
    let first = server.send(id, &large, &deadline);
    let second = async {
        until("the first is under way", || server.facts(id).unwrap().sent > 0).await;
        server.queue(id, "2").unwrap();
        server.queue(id, "3").unwrap();
        server.send(id, b"4", &deadline).await
    };
    let reading = async {
        until("two wait", || server.facts(id).unwrap().unsent == 2).await;
        let mut all = vec![0; 8 * MIB + 3];
        client.read_exact(&mut all).await.unwrap();
        all
    };
    let (first, second, all) = tokio::join!(first, second, reading);
    first.unwrap();
    second.unwrap();
    assert!(all[..8 * MIB] == large[..]);
    assert_eq!(&all[8 * MIB..], b"234");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sends_of_several_threads_never_mix() {
    let server = Arc::new(start(loopback()));
    let (mut client, id) = pair(&server).await;
    let mut senders = JoinSet::new();
    for letter in *b"abcd" {
        let server = server.clone();
        senders.spawn(async move {
            let block = vec![letter; BLOCK];
            for _ in 0..10 {
                server.send(id, &block, &soon()).await.unwrap();
            }
        });
    }
    let mut block = vec![0; BLOCK];
    for _ in 0..40 {
        watch("a block", client.read_exact(&mut block)).await.unwrap();
        assert!(block.iter().all(|byte| *byte == block[0]), "blocks are mixed");
    }
    senders.join_all().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sends_and_queues_of_several_threads_never_mix() {
    let server = Arc::new(start(loopback().max_unsent(2 * PIECE)));
    for _ in 0..8 {
        let (client, id) = pair(&server).await;
        let threads: Vec<_> =
            b"abc".map(|letter| thread::spawn(blocks(&server, id, letter))).into();
        let mut client = client.into_std().unwrap();
        client.set_nonblocking(false).unwrap();
        let mut block = vec![0; PIECE];
        for _ in 0..3 * PIECES {
            client.read_exact(&mut block).unwrap();
            assert!(block.iter().all(|byte| *byte == block[0]), "blocks are mixed");
        }
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
    server.stop().await;
}

/// Sends blocks of one letter, or queues them, from a thread of its own.
fn blocks(server: &Arc<Server>, id: ConnectionId, letter: u8) -> impl FnOnce() + Send + 'static {
    let (server, runtime) = (server.clone(), Handle::current());
    move || {
        let block = vec![letter; PIECE];
        for _ in 0..PIECES {
            if letter == b'a' {
                runtime.block_on(server.send(id, &block, &soon())).unwrap();
            }
            while letter != b'a' && server.queue(id, block.clone()).is_err() {
                thread::yield_now();
            }
        }
    }
}

/// Large enough that it often goes in part, small enough that often nothing is queued.
const PIECE: usize = 300 * 1024;
const PIECES: usize = 60;

#[tokio::test]
async fn an_answer_on_its_way_to_one_that_finished_is_not_cut() {
    let moment = Duration::from_millis(1);
    let server = start(loopback().linger(moment).write_timeout(moment));
    let (mut client, id) = pair(&server).await;
    let (large, deadline) = (vec![7; 64 * MIB], soon());
    let sending = async {
        server.send(id, &large, &deadline).await.unwrap();
        server.finish_sending(id).unwrap();
    };
    let asking = async {
        until("the send is under way", || server.facts(id).unwrap().sent > 0).await;
        client.write_all(b"give").await.unwrap();
        client.shutdown().await.unwrap();
        assert_eq!(&next(&server).await.data[..], b"give");
        rest(&mut client).await.len()
    };
    let ((), size) = tokio::join!(sending, asking);
    assert_eq!(size, 64 * MIB);
    server.stop().await;
}

/// More than a socket takes at once.
const BLOCK: usize = 3 * MIB;

#[tokio::test]
async fn a_queue_is_flushed_before_the_end_and_before_a_close() {
    for closes in [false, true] {
        let server = start(loopback().max_unsent(16 * MIB));
        let (mut client, id) = pair(&server).await;
        server.queue(id, vec![7; 16 * MIB]).unwrap();
        assert!(server.facts(id).unwrap().unsent > 0);
        if closes {
            server.close(id).unwrap();
        } else {
            server.finish_sending(id).unwrap();
        }
        assert_eq!(rest(&mut client).await.len(), 16 * MIB);
        server.stop().await;
    }
}

#[tokio::test]
async fn the_limit_of_a_queue_is_exact_and_all_or_nothing() {
    let server = start(loopback().max_unsent(1000));
    let (mut client, id) = pair(&server).await;
    let fill = server.send(id, &vec![0; 64 * MIB], &short()).await.unwrap_err().sent();
    server.queue(id, vec![1; 600]).unwrap();
    let full = server.queue(id, vec![2; 401]).unwrap_err();
    assert_eq!((full.kind(), full.code()), (ErrorKind::QueueFull, "server_queue_full"));
    server.queue(id, vec![3; 400]).unwrap();
    assert!(server.queue(id, "x").is_err());
    server.close(id).unwrap();
    let all = rest(&mut client).await;
    assert_eq!(all.len(), fill + 1000);
    assert_eq!(all[fill..], [vec![1; 600], vec![3; 400]].concat());
    server.stop().await;
}

#[tokio::test]
async fn a_broadcast_reaches_everybody_but_those_who_cannot_take_it() {
    let server = start(loopback().max_unsent(10));
    let (mut one, first) = pair(&server).await;
    let (_deaf, deaf) = pair(&server).await;
    let (mut two, second) = pair(&server).await;
    let (_done, done) = pair(&server).await;
    server.send(deaf, &vec![0; 64 * MIB], &short()).await.unwrap_err();
    server.finish_sending(done).unwrap();
    server.queue(deaf, "12345").unwrap();
    let told = server.broadcast(To::All, "everybody");
    let outcomes: Vec<_> = told
        .iter()
        .map(|it| (it.connection, it.outcome.as_ref().err().map(|it| it.kind())))
        .collect();
    let expected = [
        (first, None),
        (deaf, Some(ErrorKind::QueueFull)),
        (second, None),
        (done, Some(ErrorKind::SendingFinished)),
    ];
    assert_eq!(outcomes, expected);
    for client in [&mut one, &mut two] {
        let mut heard = [0; 9];
        client.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"everybody");
    }
    server.stop().await;
}

#[tokio::test]
async fn tags_choose_whom_a_broadcast_reaches() {
    let server = start(loopback());
    let (mut one, first) = pair(&server).await;
    let (mut two, second) = pair(&server).await;
    server.tag(first, "scales").unwrap();
    server.tag(first, "room 1").unwrap();
    server.tag(first, "scales").unwrap();
    server.tag(second, "room 1").unwrap();
    assert_eq!(server.facts(first).unwrap().tags, ["room 1", "scales"]);
    let of = |tag| server.tagged(tag).iter().map(|it| it.id).collect::<Vec<_>>();
    assert_eq!(
        (of("scales"), of("room 1"), of("none")),
        (vec![first], vec![first, second], vec![])
    );
    assert_eq!(server.broadcast(To::Tag("scales"), "weigh").len(), 1);
    server.untag(first, "room 1").unwrap();
    server.untag(first, "never had").unwrap();
    assert_eq!(server.broadcast(To::Tag("room 1"), "hello").len(), 1);
    server.close(first).unwrap();
    server.close(second).unwrap();
    assert_eq!((rest(&mut one).await, rest(&mut two).await), (b"weigh".into(), b"hello".into()));
    server.stop().await;
}

#[tokio::test]
async fn tags_have_limits() {
    let server = start(loopback());
    let (_client, id) = pair(&server).await;
    let kind = |tag: &str| server.tag(id, tag).map_err(|it| it.kind());
    assert_eq!(kind(""), Err(ErrorKind::BadOption));
    assert_eq!(kind(&"x".repeat(257)), Err(ErrorKind::BadOption));
    assert_eq!(kind(&"x".repeat(256)), Ok(()));
    for count in 1..16 {
        assert_eq!(kind(&count.to_string()), Ok(()));
    }
    assert_eq!(kind("17th"), Err(ErrorKind::BadOption));
    assert_eq!(kind("1"), Ok(()));
    server.stop().await;
}
