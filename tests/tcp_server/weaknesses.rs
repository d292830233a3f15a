//! The weaknesses of the server that this one replaces, one by one: none of them is here.

use std::time::Duration;

use harness::watch;
use opi_net::{Cancel, Deadline};
use opi_tcp_server::{Config, End, ErrorKind, Server, WhenFull};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::setting::*;

#[tokio::test]
async fn a_half_close_does_not_kill_the_answer() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    client.write_all(b"request").await.unwrap();
    client.shutdown().await.unwrap();
    let facts = listed(&server, |it| !it.can_read).await;
    assert_eq!((facts.unread, facts.can_write), (7, true));
    let message = next(&server).await;
    assert_eq!((&message.data[..], message.open), (&b"request"[..], false));
    server.send(id, b"answer", &soon()).await.unwrap();
    server.finish_sending(id).unwrap();
    assert_eq!(rest(&mut client).await, b"answer");
    server.stop().await;
}

#[tokio::test]
async fn finishing_to_receive_does_not_drop_the_connection() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    client.write_all(b"before").await.unwrap();
    listed(&server, |it| it.unread == 6).await;
    server.finish_receiving(id).unwrap();
    let facts = server.facts(id).unwrap();
    assert_eq!((facts.can_read, facts.can_write, facts.unread), (false, true, 6));
    client.write_all(&vec![0; 4 * MIB]).await.unwrap();
    let message = next_of(&server, id).await;
    assert_eq!((&message.data[..], message.open), (&b"before"[..], false));
    until("the rest is thrown away", || server.facts(id).unwrap().received == 6 + 4 * MIB as u64)
        .await;
    assert_eq!(server.facts(id).unwrap().unread, 0);
    server.send(id, b"still sending", &soon()).await.unwrap();
    server.close(id).unwrap();
    assert_eq!(rest(&mut client).await, b"still sending");
    server.stop().await;
}

#[tokio::test]
async fn a_send_that_fails_does_not_drop_the_connection() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    server.finish_sending(id).unwrap();
    server.finish_sending(id).unwrap();
    let error = server.send(id, b"more", &soon()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::SendingFinished, "server_sending_finished")
    );
    assert_eq!(server.queue(id, "more").unwrap_err().kind(), ErrorKind::SendingFinished);
    assert_eq!(rest(&mut client).await, b"");
    client.write_all(b"still heard").await.unwrap();
    assert_eq!(&next_of(&server, id).await.data[..], b"still heard");
    server.stop().await;
}

#[tokio::test]
async fn a_full_pool_does_not_throw_live_peers_out() {
    let server = start(loopback().max_connections(2));
    let (mut first, id) = pair(&server).await;
    first.write_all(b"unread").await.unwrap();
    listed(&server, |it| it.unread == 6).await;
    let (_second, _) = pair(&server).await;
    for _ in 0..5 {
        assert_eq!(rest(&mut dial(&server).await).await, b"");
    }
    assert_eq!(server.connections().len(), 2);
    assert_eq!(&next_of(&server, id).await.data[..], b"unread");
    server.stop().await;
}

#[tokio::test]
async fn a_pool_of_nothing_is_a_pool_of_one() {
    let server = start(loopback().max_connections(0).max_unread(0).max_unsent(0));
    let (mut client, id) = pair(&server).await;
    client.write_all(b"ab").await.unwrap();
    assert_eq!(
        (&next(&server).await.data[..], &next(&server).await.data[..]),
        (&b"a"[..], &b"b"[..])
    );
    server.send(id, b"answer", &soon()).await.unwrap();
    server.close(id).unwrap();
    assert_eq!(rest(&mut client).await, b"answer");
    server.stop().await;
}

#[tokio::test]
async fn dead_connections_keep_no_place() {
    let server = start(loopback().max_connections(1).linger(LONG));
    for _ in 0..5 {
        let (client, id) = pair(&server).await;
        drop(client);
        listed(&server, |it| it.id == id && !it.can_read).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_peer_that_does_not_read_stalls_no_call_and_goes_on_when_it_reads_again() {
    let server = start(loopback());
    let (mut deaf, id) = pair(&server).await;
    let (flood, deadline) = (vec![7; 32 * MIB], soon());
    let sending = server.send(id, &flood, &deadline);
    let others = async {
        until("the send is under way", || server.facts(id).unwrap().sent > 0).await;
        for _ in 0..3 {
            healthy(&server).await;
        }
        assert_eq!(server.connections().len(), 1);
        let mut all = vec![0; 32 * MIB];
        watch("everything", deaf.read_exact(&mut all)).await.unwrap();
        assert!(all.iter().all(|byte| *byte == 7));
    };
    let (sent, ()) = tokio::join!(sending, others);
    sent.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn a_size_of_zero_does_not_close_the_connection_and_a_huge_one_is_no_harm() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    client.write_all(b"abc").await.unwrap();
    listed(&server, |it| it.unread == 3).await;
    let one = server.next_of(id, 0, &soon()).await.unwrap().unwrap();
    assert_eq!((&one.data[..], one.open), (&b"a"[..], true));
    let rest = server.next(usize::MAX, &soon()).await.unwrap().unwrap();
    assert_eq!(&rest.data[..], b"bc");
    healthy(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn a_wait_without_a_limit_can_be_ended() {
    let server = start(loopback());
    let cancel = Cancel::new();
    let deadline = Deadline::after(Duration::MAX).or_cancelled(&cancel);
    let (outcome, ()) = tokio::join!(server.next(1, &deadline), async { cancel.cancel() });
    assert_eq!(outcome.unwrap_err().code(), "cancelled");
    server.stop().await;
}

#[tokio::test]
async fn an_unknown_connection_is_told_at_once_and_not_as_a_timeout() {
    let server = start(loopback());
    let id = "18446744073709551615".parse().unwrap();
    let deadline = Deadline::after(Duration::MAX);
    let error = watch("the answer", server.next_of(id, 1, &deadline)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownConnection);
    server.stop().await;
}

#[tokio::test]
async fn a_stopped_server_starts_again_on_its_port() {
    let first = start(loopback());
    let config = Config::new(first.address());
    let (mut client, _) = pair(&first).await;
    client.write_all(b"unread").await.unwrap();
    first.stop().await;
    for _ in 0..3 {
        let again = start(config.clone());
        healthy(&again).await;
        again.stop().await;
        again.stop().await;
    }
}

#[tokio::test]
async fn a_stop_with_unread_bytes_ends_and_does_not_break_off() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    client.write_all(b"never taken").await.unwrap();
    listed(&server, |it| it.unread > 0).await;
    server.send(id, b"last words", &soon()).await.unwrap();
    server.stop().await;
    assert_eq!(rest(&mut client).await, b"last words");
}

#[tokio::test]
async fn the_chosen_port_is_told_and_one_in_use_is_named() {
    let server = start(loopback());
    assert_ne!(server.address().port(), 0);
    let taken = Server::start(Config::new(server.address())).unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::Bind);
    let expected = format!("cannot listen on {}: the port is in use", server.address());
    assert_eq!(taken.to_string(), expected);
    server.stop().await;
}

#[tokio::test]
async fn ipv6_is_served_and_only_the_addresses_asked_for() {
    let server = start(loopback().and("[::1]:0".parse().unwrap()));
    let [four, six] = *server.addresses() else { panic!("{:?}", server.addresses()) };
    assert_eq!((four.ip().to_string(), six.ip().to_string()), ("127.0.0.1".into(), "::1".into()));
    for address in [four, six] {
        let client = TcpStream::connect(address).await.unwrap();
        let peer = client.local_addr().unwrap();
        assert_eq!(listed(&server, |it| it.peer == peer).await.local, address);
    }
    let elsewhere = format!("127.0.0.2:{}", four.port());
    assert!(TcpStream::connect(elsewhere).await.is_err());
    server.stop().await;
}

#[tokio::test]
async fn one_call_does_not_wait_for_another() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    let deadline = soon();
    let waiting = server.next(10, &deadline);
    let meanwhile = async {
        assert_eq!(server.connections().len(), 1);
        server.send(id, b"x", &soon()).await.unwrap();
        client.read_exact(&mut [0]).await.unwrap();
        client.write_all(b"y").await.unwrap();
    };
    let (message, ()) = tokio::join!(waiting, meanwhile);
    assert_eq!(&message.unwrap().unwrap().data[..], b"y");
    server.stop().await;
}

#[tokio::test]
async fn a_listed_connection_is_as_writable_as_it_says() {
    let server = start(loopback().linger(LONG));
    let (mut client, id) = pair(&server).await;
    client.write_all(b"unread").await.unwrap();
    listed(&server, |it| it.unread == 6).await;
    reset(client);
    let facts = listed(&server, |it| !it.can_read).await;
    assert_eq!((facts.can_write, facts.end), (false, Some(End::PeerReset)));
    assert_eq!(server.send(id, b"x", &soon()).await.unwrap_err().code(), "closed");
    let message = next_of(&server, id).await;
    assert_eq!((&message.data[..], message.end), (&b"unread"[..], Some(End::PeerReset)));
    until("it is gone", || server.connections().is_empty()).await;
    server.stop().await;
}

#[tokio::test]
async fn a_peer_that_finished_and_then_broke_off_is_not_listed_as_writable() {
    let server = start(loopback().linger(LONG));
    let (client, id) = pair(&server).await;
    drop(client);
    listed(&server, |it| !it.can_read).await;
    // The peer's system answers what is sent to a closed socket with a break.
    server.send(id, b"into the void", &soon()).await.unwrap();
    assert_eq!(ended(&server).await.end, Some(End::PeerReset));
    server.stop().await;
}

#[tokio::test]
async fn sockets_send_small_pieces_at_once() {
    let server = start(loopback());
    let (mut client, id) = pair(&server).await;
    // With Nagle's algorithm the second piece waits for a delayed acknowledgement, 40 ms; of
    // fifty of them all would have to be lucky.
    let begun = std::time::Instant::now();
    for _ in 0..50 {
        server.send(id, b"a", &soon()).await.unwrap();
        server.send(id, b"b", &soon()).await.unwrap();
        client.read_exact(&mut [0; 2]).await.unwrap();
        client.write_all(b"c").await.unwrap();
        next_of(&server, id).await;
    }
    assert!(begun.elapsed() < Duration::from_millis(50 * 40), "{:?}", begun.elapsed());
    server.stop().await;
}

#[tokio::test]
async fn a_policy_can_be_chosen_for_a_full_pool() {
    let server = start(loopback().max_connections(1).when_full(WhenFull::Evict));
    let (mut first, id) = pair(&server).await;
    let (_second, _) = pair(&server).await;
    assert_eq!(rest(&mut first).await, b"");
    let gone = ended(&server).await;
    assert_eq!((gone.id, gone.end), (id, Some(End::Evicted)));
    server.stop().await;
}
