//! `opi tcp forward` under TLS on both sides, with many connections, slow ones among them, and over
//! IPv6; and from which address a connection is opened.

use std::net::SocketAddr;

use harness::{EchoServer, Listen, watch};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::command::{Running, opi};
use crate::server::{event, start};
use crate::tcp_tls::Setting;

/// An echo under TLS, and a forwarder that ends TLS before it and begins it anew.
async fn encrypted(it: &Setting) -> (EchoServer, Running, SocketAddr) {
    let server = it.ca.issue(&["localhost"]).server_config();
    let echo = EchoServer::start_on(Listen::tls(server)).await;
    let target = format!("localhost:{}", echo.address().port());
    let [cert, key] = it.files(&it.ca.issue(&["localhost"]), "server");
    let ca = it.ca_file();
    let far = ["--tls", "--ca", &ca];
    let near = ["--listen-cert", &cert, "--listen-key", &key];
    let line = [&["forward", "127.0.0.1:0", &target], &far[..], &near].concat();
    let (forwarder, address) = start(&line).await;
    (echo, forwarder, address)
}

#[tokio::test]
async fn tls_on_both_sides_carries_bytes_to_a_clean_end() {
    let it = Setting::new();
    let (echo, mut forwarder, address) = encrypted(&it).await;
    let data: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
    let (mut reader, mut writer) = tokio::io::split(it.client(address).await.unwrap());
    let mut came = Vec::new();
    let sending = async {
        writer.write_all(&data).await?;
        // The farewell of TLS goes one way; the answer to it still comes.
        writer.shutdown().await
    };
    let both = async { tokio::try_join!(sending, reader.read_to_end(&mut came)) };
    watch("the echo", both).await.unwrap();
    assert!(came == data);
    event(&mut forwarder, "accepted").await;
    let closed = event(&mut forwarder, "closed").await;
    assert_eq!(closed["error"], serde_json::Value::Null, "{closed}");
    assert_eq!((&closed["up"], &closed["down"]), (&3_000_000.into(), &3_000_000.into()));
    echo.finish().await;
}

#[tokio::test]
async fn a_hundred_connections_at_once_under_tls() {
    let it = Setting::new();
    let (echo, _forwarder, address) = encrypted(&it).await;
    let mut clients = Vec::new();
    for number in 0..100_u32 {
        let mut client = it.client(address).await.unwrap();
        client.write_all(&number.to_be_bytes()).await.unwrap();
        clients.push(client);
    }
    for (number, client) in (0..100_u32).zip(&mut clients) {
        assert_eq!(watch("an echo", client.read_u32()).await.unwrap(), number);
        client.shutdown().await.unwrap();
        assert_eq!(watch("the end", client.read(&mut [0])).await.unwrap(), 0);
    }
    assert_eq!(echo.connections(), 100);
    echo.finish().await;
}

/// Sends without an end and never reads, so that both ways of it fill up.
async fn flood(address: SocketAddr) -> std::io::Error {
    let piece = [7; 64 * 1024];
    let mut socket = TcpStream::connect(address).await.unwrap();
    loop {
        if let Err(error) = socket.write_all(&piece).await {
            return error;
        }
    }
}

#[tokio::test]
async fn peers_that_take_nothing_stop_nobody_else() {
    let echo = EchoServer::start().await;
    let line = ["forward", "127.0.0.1:0", &echo.address().to_string()];
    let (_forwarder, address) = start(&line).await;
    let mut slow = JoinSet::new();
    (0..5).for_each(|_| drop(slow.spawn(flood(address))));
    for number in 0..100_u32 {
        let mut client = watch("a connection", TcpStream::connect(address)).await.unwrap();
        client.write_all(&number.to_be_bytes()).await.unwrap();
        assert_eq!(watch("an echo", client.read_u32()).await.unwrap(), number);
    }
    // They are still there, and were not cut.
    assert!(slow.try_join_next().is_none());
    slow.shutdown().await;
    echo.finish().await;
}

#[tokio::test]
async fn an_address_of_ipv6_listens_and_is_forwarded_to() {
    let echo = EchoServer::start_on(Listen::plain().v6()).await;
    let line = ["forward", "[::1]:0", &echo.address().to_string()];
    let (mut forwarder, address) = start(&line).await;
    assert!(address.is_ipv6(), "{address}");
    let asked = opi(&["tcp", "request", &address.to_string(), "x\n", "--json"]).await.result();
    assert_eq!(asked["text"], "x\n");
    let peer = event(&mut forwarder, "accepted").await["peer"].take();
    assert_eq!(peer, asked["local"]);
    assert!(peer.as_str().unwrap().starts_with("[::1]:"), "{peer}");
    echo.finish().await;
}

/// Linux has all of 127.0.0.0/8; elsewhere 127.0.0.1 alone is there.
#[tokio::test]
async fn a_connection_is_opened_from_the_address_that_is_asked_for() {
    let (mut server, address) = start(&["serve", "127.0.0.1:0"]).await;
    let own = if cfg!(target_os = "linux") { "127.0.0.9" } else { "127.0.0.1" };
    let line = ["tcp", "request", &address.to_string(), "x\n", "--local-address", own, "--json"];
    let asked = opi(&line).await.result();
    let peer = event(&mut server, "accepted").await["peer"].take();
    assert!(peer.as_str().unwrap().starts_with(&format!("{own}:")), "{peer}");
    assert_eq!(asked["local"], peer);
    let line = ["tcp", "request", &address.to_string(), "x\n", "--local-address", "192.0.2.1"];
    opi(&line).await.failed(2);
}
