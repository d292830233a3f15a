//! The PROXY protocol: whom the server believes, and what it tells then.

use std::time::Duration;

use opi_tcp_server::{Config, Network, ProxyProtocol, Server, Untrusted};
use tokio::io::AsyncWriteExt;

use crate::setting::*;

fn trusting(networks: &[&str]) -> Config {
    let networks: Vec<Network> = networks.iter().map(|it| it.parse().unwrap()).collect();
    loopback().proxy_protocol(ProxyProtocol::from(networks))
}

const V1: &[u8] = b"PROXY TCP4 203.0.113.7 10.0.0.1 54321 443\r\n";

/// Sends `bytes` and expects to be refused.
async fn refused(server: &Server, bytes: &[u8]) {
    let before = server.statistics().refused;
    let mut client = dial(server).await;
    client.write_all(bytes).await.unwrap();
    until("it is refused", || server.statistics().refused > before).await;
    assert_eq!(server.connections().len(), 0);
}

#[tokio::test]
async fn a_trusted_proxy_tells_the_real_peer_and_no_byte_is_lost() {
    let server = start(trusting(&["127.0.0.0/8"]));
    let mut v2 = b"\r\n\r\n\0\r\nQUIT\n\x21\x21\0\x24".to_vec();
    v2.extend([0xFD; 32]);
    v2.extend([0x1F, 0x90, 0, 80]);
    for (header, peer) in
        [(V1, "203.0.113.7:54321"), (&v2[..], "[fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd]:8080")]
    {
        let mut client = dial(&server).await;
        client.write_all(&[header, b"hello"].concat()).await.unwrap();
        let message = next(&server).await;
        assert_eq!((&message.data[..], message.peer.to_string().as_str()), (&b"hello"[..], peer));
        let facts = server.facts(message.connection).unwrap();
        assert_eq!((facts.via, facts.received), (Some(client.local_addr().unwrap()), 5));
        assert_eq!(facts.local, server.address());
        client.write_all(b" again").await.unwrap();
        assert_eq!(&next(&server).await.data[..], b" again");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_header_byte_by_byte_is_a_header() {
    let server = start(trusting(&["127.0.0.1"]));
    let mut client = dial(&server).await;
    client.set_nodelay(true).unwrap();
    for byte in V1 {
        client.write_all(&[*byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    let facts = server.accept(&soon()).await.unwrap().unwrap();
    assert_eq!(facts.peer.to_string(), "203.0.113.7:54321");
    server.stop().await;
}

#[tokio::test]
async fn a_proxy_that_speaks_for_itself_is_the_peer() {
    let server = start(trusting(&["127.0.0.1"]));
    let mut client = dial(&server).await;
    client.write_all(b"PROXY UNKNOWN\r\nx").await.unwrap();
    let message = next(&server).await;
    assert_eq!(message.peer, client.local_addr().unwrap());
    assert_eq!(server.facts(message.connection).unwrap().via, None);
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_header_is_refused() {
    let server = start(trusting(&["127.0.0.1"]));
    refused(&server, b"GET / HTTP/1.1\r\n\r\n").await;
    refused(&server, b"PROXY TCP4 1.2.3.4 1.2.3.4 1 99999\r\n").await;
    refused(&server, &[b"PROXY UNKNOWN ", &[b'x'; 200][..]].concat()).await;
    let mut client = dial(&server).await;
    client.write_all(&V1[..20]).await.unwrap();
    client.shutdown().await.unwrap();
    assert_eq!(rest(&mut client).await, b"");
    server.stop().await;
}

#[tokio::test]
async fn a_proxy_that_sends_no_header_in_time_is_refused_and_holds_nobody() {
    let config = trusting(&["127.0.0.1"]).max_connections(2);
    let server = start(config.handshake_timeout(Duration::from_millis(300)));
    let mut silent = dial(&server).await;
    let mut client = dial(&server).await;
    client.write_all(&[V1, b"heard"].concat()).await.unwrap();
    assert_eq!(&next(&server).await.data[..], b"heard");
    assert_eq!(rest(&mut silent).await, b"");
    until("it is refused", || server.statistics().refused == 1).await;
    server.stop().await;
}

#[tokio::test]
async fn nobody_else_can_choose_an_address() {
    let server = start(trusting(&["10.0.0.1"]));
    refused(&server, V1).await;
    server.stop().await;
    let networks: [Network; 1] = ["10.0.0.1".parse().unwrap()];
    let direct = ProxyProtocol::from(networks).untrusted(Untrusted::Direct);
    let server = start(loopback().proxy_protocol(direct));
    let mut client = dial(&server).await;
    client.write_all(V1).await.unwrap();
    let message = next(&server).await;
    assert_eq!((message.peer, &message.data[..]), (client.local_addr().unwrap(), V1));
    server.stop().await;
}

#[tokio::test]
async fn limits_and_networks_are_those_of_the_real_peer() {
    let config = trusting(&["127.0.0.1"]).max_per_address(1);
    let server = start(config.allow(["203.0.113.0/24".parse().unwrap()]));
    refused(&server, b"PROXY TCP4 198.51.100.1 10.0.0.1 1 2\r\n").await;
    let mut first = dial(&server).await;
    first.write_all(V1).await.unwrap();
    listed(&server, |it| it.via.is_some()).await;
    let mut second = dial(&server).await;
    second.write_all(b"PROXY TCP4 203.0.113.8 10.0.0.1 1 2\r\n").await.unwrap();
    listed(&server, |it| it.peer.port() == 1).await;
    let mut third = dial(&server).await;
    third.write_all(V1).await.unwrap();
    assert_eq!(rest(&mut third).await, b"");
    assert_eq!((server.statistics().refused, server.connections().len()), (2, 2));
    server.stop().await;
}
