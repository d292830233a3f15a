//! `opi tcp serve` with answers, limits, TLS, a log; who may come, here and in the others.

use std::net::SocketAddr;

use harness::{Ca, EchoServer, Peer, Script, watch};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::command::opi;
use crate::server::{event, start};

/// Sends `data`, finishes, and brings everything that comes back.
async fn asked(address: SocketAddr, data: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut client = TcpStream::connect(address).await?;
    client.write_all(data).await?;
    client.shutdown().await?;
    let mut answer = Vec::new();
    watch("the answer", client.read_to_end(&mut answer)).await?;
    Ok(answer)
}

#[tokio::test]
async fn answers_are_given_in_turn_and_the_last_one_again() {
    let (mut server, address) = start(&["serve", "--answer", "one", "--answer", "two"]).await;
    assert_eq!(asked(address, b"a\nb\n\n").await.unwrap(), b"one\ntwo\ntwo\n");
    // Each client begins anew.
    assert_eq!(asked(address, b"a\n").await.unwrap(), b"one\n");
    assert_eq!(event(&mut server, "accepted").await["connection"], 1);
    let closed = event(&mut server, "closed").await;
    assert_eq!((&closed["received"], &closed["sent"]), (&5.into(), &12.into()), "{closed}");
}

#[tokio::test]
async fn a_device_is_played_by_a_codec_and_digits() {
    let answer = "0001 0000 0000 01 03 02 002a";
    let line = ["serve", "--codec", "modbus-tcp", "--hex", "--answer", answer];
    let (_server, address) = start(&line).await;
    let question = b"\0\x01\0\0\0\x06\x01\x03\0\0\0\x01";
    let expected = b"\0\x01\0\0\0\x05\x01\x03\x02\0\x2a";
    assert_eq!(asked(address, question).await.unwrap(), expected);
    let (_server, address) = start(&["serve", "--codec", "mllp"]).await;
    assert_eq!(asked(address, b"\x0bhl7\x1c\r").await.unwrap(), b"\x0bhl7\x1c\r");
}

#[tokio::test]
async fn tls_and_limits() {
    let (ca, folder) = (Ca::new(), tempfile::tempdir().unwrap());
    let files = ca.issue(&["localhost"]).write_to(&folder, "server");
    let (cert, key) = (files.chain.to_str().unwrap(), files.key.to_str().unwrap());
    let (_server, address) = start(&["serve", "--cert", cert, "--key", key]).await;
    let place = format!("localhost:{}", address.port());
    let file = ca.write_to(&folder);
    let line = ["tcp", "request", &place, "x\n", "--tls", "--ca", file.to_str().unwrap()];
    assert_eq!(opi(&line).await.good(), b"x\n");

    let (_server, address) = start(&["serve", "--max-per-address", "1"]).await;
    let mut first = TcpStream::connect(address).await.unwrap();
    first.write_all(b"a").await.unwrap();
    assert_eq!(watch("an echo", first.read_u8()).await.unwrap(), b'a');
    assert!(asked(address, b"b").await.unwrap_or_default().is_empty());

    let (mut server, address) = start(&["serve", "--idle-timeout", "0.2"]).await;
    let mut quiet = TcpStream::connect(address).await.unwrap();
    assert!(watch("the end", quiet.read_u8()).await.is_err());
    event(&mut server, "accepted").await;
    event(&mut server, "closed").await;
}

#[tokio::test]
async fn who_may_come() {
    let echo = EchoServer::start().await;
    let target = echo.address().to_string();
    let forward = ["forward", "127.0.0.1:0", &target];
    for command in [&["serve"][..], &forward] {
        for (network, welcome) in [("127.0.0.0/8", true), ("192.0.2.0/24", false)] {
            let line = [command, &["--allow", network]].concat();
            let (_server, address) = start(&line).await;
            let answer = asked(address, b"x").await.unwrap_or_default();
            assert_eq!(answer == b"x", welcome, "{line:?}");
        }
    }
    echo.finish().await;
}

#[tokio::test]
async fn a_trusted_proxy_tells_the_real_peer() {
    let echo = EchoServer::start().await;
    let target = echo.address().to_string();
    let forward = ["forward", "127.0.0.1:0", &target];
    let header = b"PROXY TCP4 192.0.2.7 127.0.0.1 5000 80\r\nx";
    for command in [&["serve"][..], &forward] {
        let trusted = ["--proxy-protocol", "127.0.0.1", "--allow", "192.0.2.7"];
        let (_server, address) = start(&[command, &trusted].concat()).await;
        assert_eq!(asked(address, header).await.unwrap(), b"x", "{command:?}");
        // No header, a stranger's word, an address that may not come.
        assert_ne!(asked(address, b"xxxxxxxxxxxxxxxxxxxx").await.unwrap_or_default(), b"x");
        let other = String::from_utf8(header.to_vec()).unwrap().replace("2.7", "2.8");
        assert_ne!(asked(address, other.as_bytes()).await.unwrap_or_default(), b"x");
        let stranger = ["--proxy-protocol", "192.0.2.1"];
        let (_server, address) = start(&[command, &stranger].concat()).await;
        assert_ne!(asked(address, header).await.unwrap_or_default(), b"x");
    }
    echo.finish().await;
}

#[tokio::test]
async fn a_forwarder_names_the_peer_to_the_target() {
    let line = "PROXY TCP4 192.0.2.7 127.0.0.1 5000 ";
    let peer = Peer::start(Script::new().expect(line).expect_until("\r\nx").send("ok").close());
    let peer = peer.await;
    let target = peer.address().to_string();
    let line =
        ["forward", "127.0.0.1:0", &target, "--send-proxy", "--proxy-protocol", "127.0.0.0/8"];
    let (_forwarder, address) = start(&line).await;
    let header = b"PROXY TCP4 192.0.2.7 127.0.0.1 5000 80\r\nx";
    assert_eq!(asked(address, header).await.unwrap(), b"ok");
    peer.finish().await;
}

#[tokio::test]
async fn a_log_has_a_line_for_each_event() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("serve.log");
    let (server, address) = start(&["serve", "--once", "--log", path.to_str().unwrap()]).await;
    asked(address, b"x").await.unwrap();
    assert_eq!(server.end().await.code, 0);
    let log = std::fs::read_to_string(&path).unwrap();
    let events: Vec<_> = ["listening", "accepted", "closed"].into_iter().collect();
    assert_eq!(log.lines().count(), events.len(), "{log}");
    for (line, event) in log.lines().zip(events) {
        assert!(line.contains(&format!("\"event\":\"{event}\"")), "{log}");
    }
}

#[tokio::test]
async fn wrong_use() {
    for (words, told) in [
        (&["serve", "--allow", "nowhere"][..], "--allow"),
        (&["serve", "--proxy-protocol", "10.0.0.0/99"], "--proxy-protocol"),
        (&["serve", "--answer", "@no/such/file"], "no/such/file: the answer cannot be read"),
        (&["serve", "--hex", "--answer", "xx"], "--hex: --answer: 'x' at place 1"),
        (&["serve", "--client-ca", "x"], "--client-ca needs a certificate"),
    ] {
        let outcome = opi(&[&["tcp"], words].concat()).await;
        assert!(outcome.failed(2).contains(told), "{words:?}: {outcome}");
    }
}
