//! A codec per server: whole messages in and out, and faults that are told.

use std::time::Duration;

use opi_framing::{Codec, ErrorKind as FramingKind, Idle, Length};
use opi_tcp_server::{End, ErrorKind, Reason, Server, To, Until};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::setting::*;

#[tokio::test]
async fn messages_come_whole_and_in_turns() {
    let server = start(loopback().codec(lines()));
    let (mut one, first) = pair(&server).await;
    let (mut two, second) = pair(&server).await;
    one.write_all(b"a\nb\nc\npart").await.unwrap();
    listed(&server, |it| it.unread == 10).await;
    two.write_all(b"x\ny\n").await.unwrap();
    listed(&server, |it| it.unread == 4).await;
    let mut told = Vec::new();
    for _ in 0..5 {
        let message = server.next(1, &soon()).await.unwrap().unwrap();
        assert_eq!((message.reason, message.open), (Reason::Message, true));
        told.push((message.connection, message.data));
    }
    let expected = [(first, "a"), (second, "x"), (first, "b"), (second, "y"), (first, "c")];
    assert_eq!(told, expected.map(|(id, data)| (id, data.into())));
    assert_eq!(server.next(1, &short()).await.unwrap(), None);
    assert_eq!(server.facts(first).unwrap().unread, 4);
    one.write_all(b"ial\n").await.unwrap();
    assert_eq!(next_of(&server, first).await.data, "partial");
    server.stop().await;
}

#[tokio::test]
async fn the_room_of_all_connections_holds_the_longest_message_or_the_server_does_not_start() {
    let config = |total| {
        let codec = Codec::new(Length::new(2)).unwrap().at_most(20_000).unwrap();
        loopback().codec(codec).max_unread_total(total)
    };
    let error = Server::start(config(20_000 - 4096 - 1)).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::BadConfig, "server_bad_config"));
    let server = start(config(20_000 - 4096));
    let (mut client, _) = pair(&server).await;
    client.write_all(&[&19_998_u16.to_be_bytes()[..], &[7; 19_998]].concat()).await.unwrap();
    assert_eq!(next(&server).await.data, vec![7; 19_998]);
    server.stop().await;
}

#[tokio::test]
async fn a_time_of_nothing_does_not_start_a_server() {
    for config in [
        loopback().handshake_timeout(Duration::ZERO),
        loopback().idle_timeout(Duration::ZERO),
        loopback().message_timeout(Duration::ZERO),
    ] {
        assert_eq!(Server::start(config).unwrap_err().kind(), ErrorKind::BadConfig);
    }
}

#[tokio::test]
async fn a_message_may_be_longer_than_what_is_kept_without_a_codec() {
    let codec = Codec::new(Length::new(4)).unwrap();
    let server = start(loopback().codec(codec).max_unread(1));
    let (mut client, _) = pair(&server).await;
    let payload = vec![7; 3 * MIB];
    client.write_all(&u32::try_from(payload.len()).unwrap().to_be_bytes()).await.unwrap();
    client.write_all(&payload).await.unwrap();
    assert_eq!(next(&server).await.data, payload);
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_message_ends_its_connection_after_those_before_it() {
    let server = start(loopback().codec(lines().at_most(10).unwrap()));
    let (mut good, good_id) = pair(&server).await;
    let (mut bad, bad_id) = pair(&server).await;
    bad.write_all(b"one\ntwo\n0123456789\nthree\n").await.unwrap();
    for expected in ["one", "two"] {
        assert_eq!(next(&server).await.data, expected);
    }
    let fault = next(&server).await;
    assert_eq!((fault.connection, fault.data.len(), fault.open), (bad_id, 0, false));
    assert_eq!(fault.reason, Reason::Closed);
    let Some(End::Framing(FramingKind::TooLong, words)) = fault.end.clone() else {
        panic!("{fault:?}")
    };
    assert!(words.contains("10"), "{words}");
    assert_eq!(rest(&mut bad).await, b"");
    assert_eq!(ended(&server).await.end, fault.end);
    good.write_all(b"unharmed\n").await.unwrap();
    assert_eq!(next_of(&server, good_id).await.data, "unharmed");
    server.stop().await;
}

#[tokio::test]
async fn a_message_that_is_cut_off_is_told_as_lost() {
    let server = start(loopback().codec(lines()));
    let (mut client, id) = pair(&server).await;
    client.write_all(b"whole\nhalf").await.unwrap();
    client.shutdown().await.unwrap();
    assert_eq!(next(&server).await.data, "whole");
    let cut = next_of(&server, id).await;
    assert!(matches!(cut.end, Some(End::Framing(FramingKind::Truncated, _))), "{cut:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_message_that_is_broken_off_is_told_as_lost_and_one_that_is_whole_is_not() {
    let server = start(loopback().codec(lines()));
    let (mut client, id) = pair(&server).await;
    client.write_all(b"whole\nhalf").await.unwrap();
    listed(&server, |it| it.unread == 10).await;
    reset(client);
    assert_eq!(next(&server).await.data, "whole");
    let broken = next(&server).await;
    assert_eq!((broken.connection, broken.end), (id, Some(End::PeerReset)));
    let (mut client, _) = pair(&server).await;
    client.write_all(b"whole\n").await.unwrap();
    assert_eq!(next(&server).await.data, "whole");
    reset(client);
    ended(&server).await;
    assert_eq!(server.next(1, &short()).await.unwrap(), None);
    server.stop().await;
}

#[tokio::test]
async fn a_fault_that_nobody_takes_keeps_no_place() {
    let server = start(loopback().codec(lines().at_most(10).unwrap()).max_connections(1));
    for _ in 0..3 {
        let (mut client, id) = pair(&server).await;
        client.write_all(&[b'x'; 11]).await.unwrap();
        listed(&server, |it| it.id == id && it.end.is_some()).await;
        // The peer sees the end before the place is given away.
        let _reset = client.read(&mut [0; 1]).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn silence_ends_a_message_where_the_codec_says_so() {
    let codec = Codec::new(Idle::new(Duration::from_millis(50))).unwrap();
    let server = start(loopback().codec(codec));
    let (mut client, id) = pair(&server).await;
    client.write_all(b"first").await.unwrap();
    assert_eq!(next(&server).await.data, "first");
    client.write_all(b"second").await.unwrap();
    client.shutdown().await.unwrap();
    assert_eq!(next_of(&server, id).await.data, "second");
    assert_eq!(next_of(&server, id).await.end, Some(End::PeerFinished));
    server.stop().await;
}

#[tokio::test]
async fn one_who_waits_for_a_connection_hears_of_what_silence_ended() {
    let codec = Codec::new(Idle::new(Duration::from_millis(50))).unwrap();
    let server = start(loopback().codec(codec));
    let (mut client, id) = pair(&server).await;
    let (message, sent) = tokio::join!(next_of(&server, id), client.write_all(b"scanned"));
    sent.unwrap();
    assert_eq!(message.data, "scanned");
    server.stop().await;
}

#[tokio::test]
async fn what_silence_should_have_ended_is_too_long_one_byte_past_the_limit() {
    let codec = Codec::new(Idle::new(Duration::from_millis(50))).unwrap();
    let server = start(loopback().codec(codec.at_most(2000).unwrap()).max_unread(1));
    let (mut client, id) = pair(&server).await;
    client.write_all(&[b'x'; 2000]).await.unwrap();
    assert_eq!(next_of(&server, id).await.data.len(), 2000);
    client.write_all(&[b'x'; 2001]).await.unwrap();
    let fault = next_of(&server, id).await;
    assert!(matches!(fault.end, Some(End::Framing(FramingKind::TooLong, _))), "{fault:?}");
    server.stop().await;
}

#[tokio::test]
async fn messages_are_sent_in_the_codec() {
    let server = start(loopback().codec(lines()).max_unsent(64));
    let (mut client, id) = pair(&server).await;
    server.send_message(id, b"sent", &soon()).await.unwrap();
    server.queue_message(id, b"queued").unwrap();
    let told = server.broadcast_message(To::All, b"told").unwrap();
    assert!(told.len() == 1 && told[0].outcome.is_ok());
    let bad = server.send_message(id, b"two\nlines", &soon()).await.unwrap_err();
    assert_eq!(bad.code(), "framing_bad_payload");
    assert!(server.broadcast_message(To::All, b"two\nlines").is_err());
    server.close(id).unwrap();
    assert_eq!(rest(&mut client).await, b"sent\nqueued\ntold\n");
    server.stop().await;
}

#[tokio::test]
async fn a_message_that_went_in_part_ends_its_connection() {
    let codec = Codec::new(Length::new(4)).unwrap().at_most(64 * MIB).unwrap();
    let server = start(loopback().codec(codec));
    let (_deaf, id) = pair(&server).await;
    let late = server.send_message(id, &vec![0; 32 * MIB], &short()).await.unwrap_err();
    assert!(late.sent() > 0);
    assert_eq!(ended(&server).await.end, Some(End::MessageCut));
    server.stop().await;
}

#[tokio::test]
async fn bytes_cannot_be_asked_of_a_server_of_messages() {
    let server = start(loopback().codec(lines()));
    let (_client, id) = pair(&server).await;
    let error = server.read(id, &Until::size(1), &soon()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadOption);
    server.stop().await;
}
