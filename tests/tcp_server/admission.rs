//! Whom the server lets in, and when.

use std::net::SocketAddr;

use harness::watch;
use opi_tcp_server::{Config, End, Ipv6, WhenFull};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::setting::*;

/// Connects from another address of loopback.
async fn dial_from(source: &str, server: &opi_tcp_server::Server) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(source.parse().unwrap()).unwrap();
    socket.connect(server.address()).await.unwrap()
}

#[tokio::test]
async fn a_paused_server_takes_the_next_one_when_a_place_is_free() {
    let server = start(loopback().max_connections(1).when_full(WhenFull::Pause));
    let (_first, id) = pair(&server).await;
    let mut second = dial(&server).await;
    second.write_all(b"patient").await.unwrap();
    assert_eq!(server.next(10, &short()).await.unwrap(), None);
    assert_eq!(server.statistics().refused, 0);
    server.close(id).unwrap();
    assert_eq!(&next(&server).await.data[..], b"patient");
    server.stop().await;
}

#[tokio::test]
async fn a_paused_server_waits_on_all_its_addresses_and_refuses_nobody() {
    let config = loopback().and("127.0.0.1:0".parse().unwrap());
    let server = start(config.max_connections(1).when_full(WhenFull::Pause));
    let (_first, mut id) = pair(&server).await;
    let [one, two] = *server.addresses() else { panic!("{:?}", server.addresses()) };
    let mut waiting = Vec::new();
    for address in [two, one, two] {
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"patient").await.unwrap();
        waiting.push(client);
    }
    for _ in 0..3 {
        server.close(id).unwrap();
        let message = next(&server).await;
        assert_eq!(&message.data[..], b"patient");
        id = message.connection;
    }
    assert_eq!(server.statistics().refused, 0);
    server.stop().await;
}

#[tokio::test]
async fn a_paused_server_waits_for_no_peer_that_has_finished() {
    let server = start(loopback().max_connections(1).when_full(WhenFull::Pause).linger(LONG));
    let (mut first, _) = pair(&server).await;
    first.write_all(b"bye").await.unwrap();
    first.shutdown().await.unwrap();
    let mut second = dial(&server).await;
    second.write_all(b"patient").await.unwrap();
    assert_eq!(&next(&server).await.data[..], b"bye");
    assert_eq!(&next(&server).await.data[..], b"patient");
    server.stop().await;
}

#[tokio::test]
async fn an_answer_on_its_way_to_one_that_finished_keeps_its_place() {
    for policy in [WhenFull::Refuse, WhenFull::Evict] {
        let server = start(loopback().max_connections(1).when_full(policy).linger(LONG));
        let (mut first, id) = pair(&server).await;
        first.write_all(b"give").await.unwrap();
        first.shutdown().await.unwrap();
        assert_eq!(&next(&server).await.data[..], b"give");
        let (large, deadline) = (vec![7; 32 * MIB], soon());
        let newcomer = async {
            until("the send is under way", || server.facts(id).unwrap().sent > 0).await;
            let mut newcomer = dial(&server).await;
            assert_eq!(rest(&mut newcomer).await, b"");
            let mut answer = vec![0; 32 * MIB];
            watch("the answer", first.read_exact(&mut answer)).await.unwrap();
        };
        let (sent, ()) = tokio::join!(server.send(id, &large, &deadline), newcomer);
        sent.unwrap();
        let (_second, _) = pair(&server).await;
        server.stop().await;
    }
}

#[tokio::test]
async fn the_quietest_is_evicted_but_never_one_with_something_waiting() {
    let config = loopback().max_connections(3).max_unsent(16 * MIB).when_full(WhenFull::Evict);
    let server = start(config);
    let (mut unread, unread_id) = pair(&server).await;
    unread.write_all(b"unread").await.unwrap();
    listed(&server, |it| it.unread > 0).await;
    let (_unsent, unsent_id) = pair(&server).await;
    server.queue(unsent_id, vec![0; 16 * MIB]).unwrap();
    assert!(server.facts(unsent_id).unwrap().unsent > 0);
    let (mut quiet, quiet_id) = pair(&server).await;
    let (mut new, new_id) = pair(&server).await;
    assert_eq!(rest(&mut quiet).await, b"");
    let gone = ended(&server).await;
    assert_eq!((gone.id, gone.end), (quiet_id, Some(End::Evicted)));
    new.write_all(b"also unread").await.unwrap();
    listed(&server, |it| it.id == new_id && it.unread > 0).await;
    // Now nobody can be spared, so the next one is refused.
    assert_eq!(rest(&mut dial(&server).await).await, b"");
    let left: Vec<_> = server.connections().iter().map(|it| it.id).collect();
    assert_eq!(left, [unread_id, unsent_id, new_id]);
    server.stop().await;
}

#[tokio::test]
async fn one_that_has_its_share_takes_no_place_from_others() {
    let config = loopback().max_connections(2).max_per_address(1).when_full(WhenFull::Evict);
    let server = start(config);
    let (_other, other) = pair(&server).await;
    let _greedy = dial_from("127.0.0.2:0", &server).await;
    listed(&server, |it| it.id != other).await;
    let mut again = dial_from("127.0.0.2:0", &server).await;
    assert_eq!(rest(&mut again).await, b"");
    assert!(server.facts(other).is_ok());
    assert_eq!((server.statistics().refused, server.statistics().connections), (1, 2));
    server.stop().await;
}

#[tokio::test]
async fn one_address_has_its_own_limit() {
    let server = start(loopback().max_per_address(2));
    let (first, _) = pair(&server).await;
    let (_second, _) = pair(&server).await;
    assert_eq!(rest(&mut dial(&server).await).await, b"");
    let other = dial_from("127.0.0.2:0", &server).await;
    let peer = other.local_addr().unwrap();
    listed(&server, |it| it.peer == peer).await;
    reset(first);
    ended(&server).await;
    until("its place is free", || server.statistics().places == 2).await;
    pair(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn only_allowed_networks_come_in() {
    let server = start(loopback().allow(["127.0.0.2/31".parse().unwrap()]));
    assert_eq!(rest(&mut dial(&server).await).await, b"");
    let mut allowed = dial_from("127.0.0.3:0", &server).await;
    allowed.write_all(b"inside").await.unwrap();
    assert_eq!(&next(&server).await.data[..], b"inside");
    assert_eq!(server.statistics().refused, 1);
    server.stop().await;
}

#[tokio::test]
async fn a_dual_listener_takes_both_families_and_knows_mapped_addresses() {
    let any = "[::]:0".parse().unwrap();
    let allowed = ["127.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()];
    let server = start(Config::new(any).ipv6(Ipv6::Dual).allow(allowed));
    let port = server.address().port();
    for host in ["127.0.0.1", "[::1]"] {
        let mut client = TcpStream::connect(format!("{host}:{port}")).await.unwrap();
        client.write_all(host.as_bytes()).await.unwrap();
        assert_eq!(next(&server).await.data, host);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_listener_on_ipv6_alone_leaves_ipv4_to_another() {
    // Another test may have the same port of the other family, but not each time.
    for _ in 0..20 {
        let six = start(Config::new("[::]:0".parse().unwrap()));
        let four = Config::new(SocketAddr::from(([127, 0, 0, 1], six.address().port())));
        let four = opi_tcp_server::Server::start(four);
        if let Ok(four) = &four {
            healthy(four).await;
            four.stop().await;
        }
        six.stop().await;
        if four.is_ok() {
            return;
        }
    }
    panic!("IPv4 is taken with IPv6");
}

#[tokio::test]
async fn of_several_addresses_one_that_cannot_be_had_leaves_none_open() {
    let taken = start(loopback());
    let config = loopback().and(taken.address());
    let error = opi_tcp_server::Server::start(config).unwrap_err();
    assert_eq!(error.code(), "server_bind");
    taken.stop().await;
}
