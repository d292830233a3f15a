//! Who reads standard output may go or stop: the first ends the command quietly, the second stops
//! nobody else.

use std::net::SocketAddr;

use harness::{EchoServer, Peer, Script, watch};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::command::{Opi, Outcome};
use crate::server::{event, start};

/// Nothing is said of it, neither here nor there.
#[track_caller]
fn quiet(outcome: &Outcome) {
    assert_eq!((outcome.code, outcome.stdout.len()), (141, 0), "{outcome}");
    assert!(!outcome.stderr.contains("opi:"), "{outcome}");
}

async fn echoes(address: SocketAddr) {
    let mut client = watch("a connection", TcpStream::connect(address)).await.unwrap();
    client.write_all(b"x").await.unwrap();
    client.shutdown().await.unwrap();
    let mut came = Vec::new();
    watch("an echo", client.read_to_end(&mut came)).await.unwrap();
    assert_eq!(came, b"x");
}

#[tokio::test]
async fn what_came_has_no_reader_any_more() {
    let mut listener = Opi::new(&["tcp", "listen", "127.0.0.1:0", "--keep"]).start();
    let note = listener.first_note().await;
    let address: SocketAddr = note.strip_prefix("listening on ").unwrap().parse().unwrap();
    listener.close_stdout();
    let mut client = watch("a connection", TcpStream::connect(address)).await.unwrap();
    client.write_all(b"nobody reads this").await.unwrap();
    quiet(&listener.end().await);
}

#[tokio::test]
async fn an_answer_to_what_is_sent_has_no_reader_any_more() {
    let peer = Peer::start(Script::new().expect("x").send("long").expect_gone()).await;
    let address = peer.address().to_string();
    let line = ["tcp", "send", &address, "-", "--receive", "--quiet"];
    let mut sender = Opi::new(&line).stdin("x").start();
    sender.close_stdout();
    quiet(&sender.end().await);
    peer.finish().await;
}

#[tokio::test]
async fn an_envelope_has_no_reader_any_more() {
    let echo = EchoServer::start().await;
    let address = echo.address().to_string();
    let mut request = Opi::new(&["tcp", "request", &address, "x\n", "--json"]).start();
    request.close_stdout();
    quiet(&request.end().await);
    echo.finish().await;
}

#[tokio::test]
async fn events_have_no_reader_any_more() {
    let (mut server, address) = start(&["serve", "127.0.0.1:0"]).await;
    server.close_stdout();
    let _client = watch("a connection", TcpStream::connect(address)).await.unwrap();
    quiet(&server.end().await);
}

/// More events than the pipe and the queue hold; each connection has two.
#[tokio::test]
async fn a_reader_who_stops_reading_stops_no_connection_and_learns_what_was_dropped() {
    let echo = EchoServer::start().await;
    let line = ["forward", "127.0.0.1:0", &echo.address().to_string()];
    let (mut forwarder, address) = start(&line).await;
    for _ in 0..1200 {
        echoes(address).await;
    }
    // It reads again, and so there is room for what is told from now on.
    for number in 1..=250 {
        assert_eq!(event(&mut forwarder, "accepted").await["connection"], number);
        assert_eq!(event(&mut forwarder, "closed").await["connection"], number);
    }
    echoes(address).await;
    loop {
        let envelope: serde_json::Value =
            serde_json::from_str(&forwarder.first_line().await).unwrap();
        if envelope["result"]["event"] == "dropped" {
            assert!(envelope["result"]["events"].as_u64().unwrap() > 100, "{envelope}");
            break;
        }
    }
    echo.finish().await;
}
