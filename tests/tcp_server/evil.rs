//! Thirty evil clients. Each test says what the owner is told, and that the others notice nothing.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use harness::watch;
use opi_framing::{Codec, Delimited, ErrorKind as FramingKind, Length};
use opi_tcp_server::{End, ErrorKind, Reason};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::setting::*;

#[tokio::test]
async fn evil_01_one_that_connects_and_holds_is_let_go_after_the_idle_time() {
    let server = start(loopback().idle_timeout(BRIEF));
    let mut holder = dial(&server).await;
    let gone = ended(&server).await;
    assert_eq!((gone.end, gone.received), (Some(End::Idle), 0));
    assert_eq!(rest(&mut holder).await, b"");
    assert_eq!(server.connections().len(), 0);
    server.stop().await;
}

#[tokio::test]
async fn evil_02_one_that_breaks_off_is_told_as_broken_off() {
    let server = start(loopback().linger(LONG));
    let (client, id) = pair(&server).await;
    reset(client);
    let gone = ended(&server).await;
    assert_eq!((gone.id, gone.end), (id, Some(End::PeerReset)));
    assert_eq!((gone.can_read, gone.can_write), (false, false));
    healthy(&server).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evil_03_a_flood_of_connections_leaves_no_trace() {
    let server = start(loopback().max_connections(50));
    for _ in 0..20 {
        let mut flood = JoinSet::new();
        for _ in 0..100 {
            let opening = TcpStream::connect(server.address());
            flood.spawn(async move { opening.await.map(reset) });
        }
        while flood.join_next().await.is_some() {}
    }
    until("every place is free", || server.statistics().places == 0).await;
    let statistics = server.statistics();
    assert!(statistics.accepted + statistics.refused > 0, "{statistics:?}");
    healthy(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn evil_04_more_than_the_pool_are_refused_and_the_first_ones_stay() {
    let server = start(loopback().max_connections(3));
    let mut inside = Vec::new();
    for _ in 0..3 {
        inside.push(pair(&server).await);
    }
    for _ in 0..7 {
        let mut outside = dial(&server).await;
        assert_eq!(rest(&mut outside).await, b"");
    }
    assert_eq!((server.statistics().accepted, server.statistics().refused), (3, 7));
    for (client, id) in &mut inside {
        client.write_all(b"still here").await.unwrap();
        assert_eq!(&next_of(&server, *id).await.data[..], b"still here");
    }
    server.stop().await;
}

#[tokio::test]
async fn evil_05_one_that_drips_bytes_gets_only_the_time_of_a_message() {
    let server = start(loopback().codec(lines()).message_timeout(BRIEF));
    let (mut client, id) = pair(&server).await;
    let dripping = async {
        while client.write_all(b"x").await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    let told = async {
        healthy(&server).await;
        next(&server).await
    };
    let ((), message) = tokio::join!(dripping, told);
    assert_eq!((message.connection, message.data.len()), (id, 0));
    assert_eq!((message.end, message.open), (Some(End::MessageTimeout), false));
    server.stop().await;
}

#[tokio::test]
async fn evil_06_one_that_closes_its_half_gets_its_answer() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    client.write_all(b"question").await.unwrap();
    client.shutdown().await.unwrap();
    assert_eq!(&next(&server).await.data[..], b"question");
    assert_eq!(next_of(&server, id).await.end, Some(End::PeerFinished));
    server.send(id, b"answer", &soon()).await.unwrap();
    server.close(id).unwrap();
    assert_eq!(rest(&mut client).await, b"answer");
    server.stop().await;
}

#[tokio::test]
async fn evil_07_one_that_breaks_off_while_it_is_sent_to_ends_the_send() {
    let server = start(loopback());
    let (client, id) = pair(&server).await;
    let (flood, deadline) = (vec![7; 64 * MIB], soon());
    let sending = server.send(id, &flood, &deadline);
    let breaking = async {
        until("some bytes went", || server.facts(id).unwrap().sent > 0).await;
        reset(client);
    };
    let (outcome, ()) = tokio::join!(sending, breaking);
    let error = outcome.unwrap_err();
    assert_eq!(error.code(), "closed");
    assert!((1..flood.len()).contains(&error.sent()), "{}", error.sent());
    assert_eq!(ended(&server).await.end, Some(End::PeerReset));
    healthy(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn evil_08_one_that_never_reads_fills_its_own_queue_only() {
    let server = start(loopback().max_unsent(MIB).write_timeout(Duration::from_millis(300)));
    let (_deaf, id) = pair(&server).await;
    let late = server.send(id, &vec![0; 64 * MIB], &short()).await.unwrap_err();
    assert_eq!(late.code(), "timeout");
    let full = loop {
        if let Err(full) = server.queue(id, vec![0; 64 * 1024]) {
            break full;
        }
    };
    assert_eq!(full.kind(), ErrorKind::QueueFull);
    assert_eq!(server.facts(id).unwrap().unsent, MIB);
    healthy(&server).await;
    let gone = ended(&server).await;
    assert_eq!((gone.id, gone.end), (id, Some(End::WriteTimeout)));
    server.stop().await;
}

#[tokio::test]
async fn evil_09_one_that_reads_byte_by_byte_delays_nobody_and_closing_it_has_a_limit() {
    let server = start(loopback().max_unsent(16 * MIB).write_timeout(Duration::from_millis(300)));
    let (mut slow, id) = pair(&server).await;
    server.queue(id, vec![7; 16 * MIB]).unwrap();
    for _ in 0..50 {
        let mut one = [0];
        slow.read_exact(&mut one).await.unwrap();
    }
    healthy(&server).await;
    server.close(id).unwrap();
    assert_eq!(server.facts(id).unwrap_err().kind(), ErrorKind::UnknownConnection);
    let reading = async {
        let mut one = [0];
        while slow.read(&mut one).await.is_ok_and(|count| count > 0) {
            if server.statistics().places == 0 {
                return;
            }
        }
    };
    watch("its place is free", reading).await;
    assert_eq!(server.statistics().places, 0);
    server.stop().await;
}

#[tokio::test]
async fn evil_10_writes_of_nothing_are_nothing() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    client.write_all(b"").await.unwrap();
    assert_eq!(server.next(10, &short()).await.unwrap(), None);
    server.send(id, b"", &soon()).await.unwrap();
    server.queue(id, "").unwrap();
    assert_eq!(server.facts(id).unwrap().unsent, 0);
    healthy(&server).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evil_11_a_great_many_writes_of_one_byte_arrive() {
    let server = start(loopback());
    let address = server.address();
    let writer = std::thread::spawn(move || {
        let mut client = std::net::TcpStream::connect(address).unwrap();
        client.set_nodelay(true).unwrap();
        for count in 0..WRITES {
            client.write_all(&[u8::try_from(count % 251).unwrap()]).unwrap();
        }
    });
    let mut count = 0;
    while count < WRITES {
        for byte in next(&server).await.data {
            assert_eq!(usize::from(byte), count % 251);
            count += 1;
        }
    }
    writer.join().unwrap();
    healthy(&server).await;
    server.stop().await;
}

const WRITES: usize = 200_000;

#[tokio::test]
async fn evil_12_one_that_announces_a_gibibyte_is_closed_before_it_comes() {
    let server = start(loopback().codec(Codec::new(Length::new(4)).unwrap()));
    let (mut client, id) = pair(&server).await;
    client.write_all(&(1_u32 << 30).to_be_bytes()).await.unwrap();
    let message = next(&server).await;
    let Some(End::Framing(kind, words)) = message.end else { panic!("{message:?}") };
    assert_eq!((message.connection, kind), (id, FramingKind::TooLong));
    assert!(words.contains("1073741828"), "{words}");
    assert_eq!(rest(&mut client).await, b"");
    server.stop().await;
}

#[tokio::test]
async fn evil_13_one_that_never_ends_its_message_is_closed_at_the_limit() {
    let server = start(loopback().codec(lines().at_most(1000).unwrap()));
    let (mut client, _) = pair(&server).await;
    client.write_all(&[b'x'; 1000]).await.unwrap();
    let message = next(&server).await;
    assert!(matches!(message.end, Some(End::Framing(FramingKind::TooLong, _))), "{message:?}");
    healthy(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn evil_14_a_delimiter_in_pieces_is_one() {
    let server = start(loopback().codec(Codec::preset("crlf").unwrap()));
    let (mut client, id) = pair(&server).await;
    for piece in [&b"one\r"[..], b"\n", b"two", b"\r", b"\nthree\r\n"] {
        let before = server.facts(id).unwrap().received;
        client.write_all(piece).await.unwrap();
        until("it came", || server.facts(id).unwrap().received > before).await;
    }
    for expected in ["one", "two", "three"] {
        assert_eq!(next(&server).await.data, expected);
    }
    server.stop().await;
}

#[tokio::test]
async fn evil_15_ten_thousand_messages_in_one_piece_are_ten_thousand() {
    let server = start(loopback().codec(lines()));
    let (mut client, _) = pair(&server).await;
    client.write_all(&b"m\n".repeat(10_000)).await.unwrap();
    let mut count = 0;
    while count < 10_000 {
        let messages = server.next_many(700, 1, &soon()).await.unwrap();
        assert!(!messages.is_empty() && messages.len() <= 700);
        assert!(messages.iter().all(|it| it.data == "m" && it.reason == Reason::Message));
        count += messages.len();
    }
    assert_eq!(count, 10_000);
    healthy(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn evil_16_a_mix_of_line_ends_is_cut_at_the_codecs_own_only() {
    let server = start(loopback().codec(Codec::new(Delimited::new("\r\n")).unwrap()));
    let (mut client, _) = pair(&server).await;
    client.write_all(b"a\r\nb\nc\rd\r\n\r\n").await.unwrap();
    for expected in ["a", "b\nc\rd", ""] {
        assert_eq!(next(&server).await.data, expected);
    }
    server.stop().await;
}

#[tokio::test]
async fn evil_17_and_18_bytes_that_are_no_text_pass_unchanged() {
    let server = start(loopback().codec(lines()));
    let (mut client, id) = pair(&server).await;
    let bytes = [0, 0xFF, 0xC3, 0x28, 0, 0xED, 0xA0, 0x80];
    client.write_all(&[&bytes[..], b"\n"].concat()).await.unwrap();
    assert_eq!(&next(&server).await.data[..], bytes);
    server.send_message(id, &bytes, &soon()).await.unwrap();
    let mut answer = [0; 9];
    client.read_exact(&mut answer).await.unwrap();
    assert_eq!((&answer[..8], answer[8]), (&bytes[..], b'\n'));
    server.stop().await;
}

#[tokio::test]
async fn evil_19_one_that_closes_while_it_is_waited_for() {
    let server = start(loopback());
    let (client, id) = pair(&server).await;
    let (any, one) = (short(), soon());
    let waiting = async { tokio::join!(server.next(10, &any), server.next_of(id, 10, &one)) };
    let ((any, one), ()) = tokio::join!(waiting, async { drop(client) });
    assert_eq!(any.unwrap(), None);
    let one = one.unwrap().unwrap();
    assert_eq!((one.reason, one.end, one.data.len()), (Reason::Closed, Some(End::PeerFinished), 0));
    healthy(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn evil_20_one_that_is_gone_before_it_is_heard() {
    let server = start(loopback().linger(Duration::ZERO));
    for _ in 0..20 {
        drop(dial(&server).await);
        reset(dial(&server).await);
    }
    until("all have gone", || {
        let statistics = server.statistics();
        statistics.accepted + statistics.refused == 40 && statistics.places == 0
    })
    .await;
    healthy(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn evil_21_a_storm_of_reconnects_from_one_port_never_shares_a_number() {
    let server = start(loopback());
    let first = TcpSocket::new_v4().unwrap();
    first.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = first.local_addr().unwrap();
    drop(first);
    let mut numbers = BTreeSet::new();
    for _ in 0..50 {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(port).unwrap();
        let client = socket.connect(server.address()).await.unwrap();
        let facts = server.accept(&soon()).await.unwrap().unwrap();
        assert_eq!(facts.peer, port);
        assert!(numbers.insert(facts.id));
        reset(client);
        assert_eq!(ended(&server).await.id, facts.id);
    }
    healthy(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn evil_22_a_connection_that_is_closed_or_never_was_is_unknown_to_every_call() {
    let server = start(loopback());
    let (_client, closed) = pair(&server).await;
    server.close(closed).unwrap();
    for id in [closed, "18446744073709551615".parse().unwrap()] {
        let kinds = [
            server.send(id, b"x", &soon()).await.map_err(|it| it.kind()),
            server.queue(id, "x").map_err(|it| it.kind()),
            server.next_of(id, 1, &soon()).await.map(drop).map_err(|it| it.kind()),
            server.finish_sending(id).map_err(|it| it.kind()),
            server.finish_receiving(id).map_err(|it| it.kind()),
            server.close(id).map_err(|it| it.kind()),
            server.tag(id, "t").map_err(|it| it.kind()),
        ];
        assert!(kinds.iter().all(|it| *it == Err(ErrorKind::UnknownConnection)), "{kinds:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn evil_23_the_number_of_another_server_is_nobody_here() {
    let (one, two) = (start(loopback()), start(loopback()));
    let (_client, of_one) = pair(&one).await;
    let (mut other, of_two) = pair(&two).await;
    assert_ne!(of_one, of_two);
    assert!(two.send(of_one, b"for one", &soon()).await.is_err());
    two.send(of_two, b"for two", &soon()).await.unwrap();
    two.close(of_two).unwrap();
    assert_eq!(rest(&mut other).await, b"for two");
    one.stop().await;
    two.stop().await;
}

#[tokio::test]
async fn evil_29_what_a_peer_sends_reaches_no_log() {
    let capture = harness::LogCapture::new();
    let _guard = capture.on_this_thread();
    let server = start(loopback().codec(lines().at_most(100).unwrap()));
    let (mut client, _) = pair(&server).await;
    client.write_all(b"CANARY\r2026 ERROR forged line\x1b[2J\n").await.unwrap();
    assert!(next(&server).await.data.starts_with(b"CANARY"));
    client.write_all(&[b"CANARY\n", &[b'C'; 200][..]].concat()).await.unwrap();
    assert_eq!(next(&server).await.data, "CANARY");
    assert!(next(&server).await.end.is_some());
    server.stop().await;
    let log = capture.text();
    assert!(log.contains("connection accepted"), "{log}");
    assert!(!log.contains("CANARY") && !log.contains("CCCC") && !log.contains('\x1b'), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evil_30_a_stop_with_a_thousand_connections_twice_and_under_waiting_calls() {
    let server = Arc::new(start(loopback().max_connections(1000)));
    let (flooded, id) = pair(&server).await;
    let mut clients = Vec::new();
    for _ in 1..1000 {
        clients.push(dial(&server).await);
    }
    until("all are in", || server.connections().len() == 1000).await;
    let mut waiting = JoinSet::new();
    for _ in 0..3 {
        let server = server.clone();
        waiting.spawn(async move { server.next(10, &soon()).await.map(drop) });
    }
    for _ in 0..3 {
        let server = server.clone();
        waiting.spawn(async move { server.next_of(id, 10, &soon()).await.map(drop) });
    }
    let flood = server.clone();
    waiting.spawn(async move { flood.send(id, &vec![0; 64 * MIB], &soon()).await });
    until("some bytes went", || server.facts(id).is_ok_and(|it| it.sent > 0)).await;
    watch("both stops", async { tokio::join!(server.stop(), server.stop()) }).await;
    watch("the calls end", async {
        while let Some(outcome) = waiting.join_next().await {
            assert_eq!(outcome.unwrap().unwrap_err().kind(), ErrorKind::Stopped);
        }
    })
    .await;
    server.stop().await;
    assert_eq!((server.connections().len(), server.statistics().places), (0, 0));
    drop(flooded);
    for client in &mut clients {
        assert_eq!(rest(client).await, b"");
    }
}
