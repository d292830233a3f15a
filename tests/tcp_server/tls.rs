//! Encrypted connections, and those that do not want to be.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::time::Duration;

use harness::{Ca, watch};
use opi_net::tls::{Certificates, Clients, Identity, ServerTls};
use opi_tcp_server::{Config, ConnectionId, End, Server, To};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::setting::*;

fn encrypted(ca: &Ca) -> ServerTls {
    let own = ca.issue(&["localhost"]);
    let identity = Identity::from_pem(own.chain_pem().as_bytes(), own.key_pem().as_bytes());
    ServerTls::new(identity.unwrap()).unwrap()
}

fn config(ca: &Ca) -> Config {
    loopback().tls(encrypted(ca))
}

fn localhost() -> ServerName<'static> {
    ServerName::try_from("localhost").unwrap()
}

async fn call(server: &Server, client: Arc<ClientConfig>) -> io::Result<TlsStream<TcpStream>> {
    let socket = dial(server).await;
    watch("the handshake", TlsConnector::from(client).connect(localhost(), socket)).await
}

/// A client under TLS, and the connection that the server has for it.
async fn secure(server: &Server, ca: &Ca) -> (TlsStream<TcpStream>, ConnectionId) {
    let client = call(server, ca.client_config()).await.unwrap();
    let peer = client.get_ref().0.local_addr().unwrap();
    let id = listed(server, |it| it.peer == peer).await.id;
    (client, id)
}

/// Another client is let in, heard and answered.
async fn well(server: &Server, ca: &Ca) {
    let (mut client, id) = secure(server, ca).await;
    client.write_all(b"ping").await.unwrap();
    assert_eq!(&next_of(server, id).await.data[..], b"ping");
    server.send(id, b"pong", &soon()).await.unwrap();
    let mut four = [0; 4];
    watch("the answer", client.read_exact(&mut four)).await.unwrap();
    assert_eq!(&four, b"pong");
    server.close(id).unwrap();
}

#[tokio::test]
async fn everything_goes_under_tls_too_and_the_facts_are_known() {
    let ca = Ca::new();
    let server = start(config(&ca));
    let (mut client, id) = secure(&server, &ca).await;
    let facts = server.facts(id).unwrap();
    assert_eq!(facts.tls.unwrap().version, "TLSv1_3");
    let (large, deadline) = (vec![7; 4 * MIB], soon());
    let mut heard = vec![0; 4 * MIB];
    let both =
        async { tokio::join!(server.send(id, &large, &deadline), client.read_exact(&mut heard)) };
    let (sent, read) = watch("the large one", both).await;
    sent.unwrap();
    read.unwrap();
    assert!(heard == large);
    assert!(server.broadcast(To::All, "queued").iter().all(|it| it.outcome.is_ok()));
    client.write_all(b"question").await.unwrap();
    client.shutdown().await.unwrap();
    let message = next(&server).await;
    assert_eq!(
        (&message.data[..], next_of(&server, id).await.end),
        (&b"question"[..], Some(End::PeerFinished))
    );
    server.queue(id, "answer").unwrap();
    server.close(id).unwrap();
    let mut all = Vec::new();
    watch("a clean end", client.read_to_end(&mut all)).await.unwrap();
    assert_eq!(all, b"queuedanswer");
    server.stop().await;
}

#[tokio::test]
async fn a_flood_under_tls_is_held_back_and_then_taken_whole() {
    let ca = Ca::new();
    let server = start(config(&ca).max_unread(10_000));
    let (mut client, id) = secure(&server, &ca).await;
    let sent: Vec<u8> = (0..2 * MIB).map(|at| u8::try_from(at % 251).unwrap()).collect();
    let flood = async {
        client.write_all(&sent).await.unwrap();
        client.shutdown().await.unwrap();
    };
    let take = async {
        listed(&server, |it| it.unread == 10_000).await;
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
async fn a_peer_that_does_not_read_under_tls_stops_nobody_else() {
    let ca = Ca::new();
    let server = start(config(&ca).write_timeout(Duration::from_millis(300)));
    let (_deaf, id) = secure(&server, &ca).await;
    let late = server.send(id, &vec![0; 64 * MIB], &short()).await.unwrap_err();
    assert_eq!(late.code(), "timeout");
    server.queue(id, "more").unwrap();
    well(&server, &ca).await;
    while ended(&server).await.end != Some(End::WriteTimeout) {}
    server.stop().await;
}

#[tokio::test]
async fn what_a_send_that_gave_up_had_encrypted_still_arrives() {
    let ca = Ca::new();
    let server = start(config(&ca).write_timeout(LONG));
    let (mut slow, id) = secure(&server, &ca).await;
    let late = server.send(id, &vec![7; 64 * MIB], &short()).await.unwrap_err();
    let mut all = vec![0; late.sent()];
    watch("all that went", slow.read_exact(&mut all)).await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn only_clients_with_a_certificate_come_in_where_it_is_required() {
    let (ca, people) = (Ca::new(), Ca::new());
    let issuers = Certificates::from_pem(people.pem().as_bytes()).unwrap();
    let required = encrypted(&ca).clients(Clients::Required(issuers)).unwrap();
    let server = start(loopback().tls(required));
    let known = ca.client_config_with(&people.issue_client("till 7"));
    let mut client = call(&server, known).await.unwrap();
    client.write_all(b"known").await.unwrap();
    let message = next(&server).await;
    assert_eq!(&message.data[..], b"known");
    let tls = server.facts(message.connection).unwrap().tls.unwrap();
    assert!(!tls.peer_chain.is_empty());
    for stranger in [ca.client_config(), ca.client_config_with(&ca.issue_client("stranger"))] {
        let refused = server.statistics().refused;
        // With TLS 1.3 the client learns of it when it reads.
        let _either = call(&server, stranger).await;
        until("it is refused", || server.statistics().refused > refused).await;
    }
    assert_eq!(server.connections().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn the_header_of_a_proxy_comes_before_the_handshake() {
    let ca = Ca::new();
    let proxy = opi_tcp_server::ProxyProtocol::from(["127.0.0.1".parse().unwrap()]);
    let server = start(config(&ca).proxy_protocol(proxy));
    let mut socket = dial(&server).await;
    socket.write_all(b"PROXY TCP4 203.0.113.7 10.0.0.1 54321 443\r\n").await.unwrap();
    let mut client =
        TlsConnector::from(ca.client_config()).connect(localhost(), socket).await.unwrap();
    client.write_all(b"hello").await.unwrap();
    let message = next(&server).await;
    assert_eq!(
        (&message.data[..], message.peer.to_string().as_str()),
        (&b"hello"[..], "203.0.113.7:54321")
    );
    server.stop().await;
}

#[tokio::test]
async fn evil_24_plain_http_to_tls_is_refused_with_its_reason() {
    let ca = Ca::new();
    let log = harness::LogCapture::new();
    let _guard = log.on_this_thread();
    let server = start(config(&ca));
    let mut client = dial(&server).await;
    client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    until("it is refused", || server.statistics().refused == 1).await;
    assert!(log.text().contains("plain HTTP"), "{}", log.text());
    assert_eq!(server.connections().len(), 0);
    well(&server, &ca).await;
    server.stop().await;
}

#[tokio::test]
async fn evil_25_a_handshake_that_stalls_holds_nobody_and_ends_at_its_limit() {
    let ca = Ca::new();
    let server = start(config(&ca).handshake_timeout(Duration::from_millis(400)));
    let mut silent = Vec::new();
    for count in 0..20 {
        let mut client = dial(&server).await;
        // Some say nothing, some begin a record that never ends.
        client.write_all(&b"\x16\x03\x01\x02\x00"[..count % 6]).await.unwrap();
        silent.push(client);
    }
    well(&server, &ca).await;
    until("all are refused", || server.statistics().refused == 20).await;
    for client in &mut silent {
        let mut all = Vec::new();
        watch("the end", client.read_to_end(&mut all)).await.unwrap_or_default();
    }
    server.stop().await;
}

/// Writes byte by byte.
struct Drip(std::net::TcpStream);

impl Write for Drip {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.0.write(&data[..data.len().min(1)])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Read for Drip {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evil_26_a_large_hello_in_pieces_of_one_byte_is_a_hello() {
    let ca = Ca::new();
    let server = start(config(&ca));
    let mut hello = ClientConfig::clone(&ca.client_config());
    hello.alpn_protocols = (0..60_u8).map(|count| vec![b'a' + count % 26; 250]).collect();
    let address = server.address();
    let client = std::thread::spawn(move || {
        let socket = std::net::TcpStream::connect(address).unwrap();
        socket.set_nodelay(true).unwrap();
        let mut session = ClientConnection::new(Arc::new(hello), localhost()).unwrap();
        let mut drip = Drip(socket);
        let mut stream = rustls::Stream::new(&mut session, &mut drip);
        stream.write_all(b"small at last").unwrap();
        let mut answer = [0; 4];
        stream.read_exact(&mut answer).unwrap();
        answer
    });
    let mut all = Vec::new();
    while all.len() < 13 {
        let message = next(&server).await;
        all.extend_from_slice(&message.data);
        if all.len() == 13 {
            server.send(message.connection, b"good", &soon()).await.unwrap();
        }
    }
    assert_eq!(all, b"small at last");
    assert_eq!(client.join().unwrap(), *b"good");
    server.stop().await;
}

#[tokio::test]
async fn evil_27_an_end_without_close_notify_is_told_as_a_cut() {
    let ca = Ca::new();
    let server = start(config(&ca));
    let (mut client, id) = secure(&server, &ca).await;
    client.write_all(b"last words?").await.unwrap();
    listed(&server, |it| it.unread > 0).await;
    let (mut socket, _session) = client.into_inner();
    socket.shutdown().await.unwrap();
    listed(&server, |it| it.end == Some(End::PeerCut) && !it.can_write).await;
    let message = next_of(&server, id).await;
    assert_eq!((&message.data[..], message.open), (&b"last words?"[..], false));
    assert_eq!((ended(&server).await.end, message.end), (Some(End::PeerCut), Some(End::PeerCut)));
    well(&server, &ca).await;
    server.stop().await;
}

#[tokio::test]
async fn a_stop_under_tls_says_so() {
    let ca = Ca::new();
    let server = start(config(&ca));
    let (mut client, id) = secure(&server, &ca).await;
    server.queue(id, "last words").unwrap();
    let mut all = Vec::new();
    let reading = watch("a clean end", client.read_to_end(&mut all));
    let (read, ()) = tokio::join!(reading, server.stop_within(LONG));
    read.unwrap();
    assert_eq!(all, b"last words");
}
