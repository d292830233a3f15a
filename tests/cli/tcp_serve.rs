//! `opi tcp serve`: the address is told before anything else, every client gets its bytes back.

use std::net::SocketAddr;

use harness::watch;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::command::{Opi, Running, opi};

/// A server that runs, and where it listens.
async fn serve(options: &[&str]) -> (Running, SocketAddr) {
    let mut running = Opi::new(&[&["tcp", "serve", "--json"], options].concat()).start();
    let envelope: Value = serde_json::from_str(&running.first_line().await).unwrap();
    assert_eq!((&envelope["opi"], &envelope["ok"]), (&1.into(), &true.into()));
    assert_eq!(envelope["command"], "tcp serve");
    let address = envelope["result"]["address"].as_str().unwrap().parse().unwrap();
    (running, address)
}

async fn echoed(client: &mut TcpStream, data: &[u8]) {
    let (mut reader, mut writer) = client.split();
    let mut answer = vec![0; data.len()];
    let both = async { tokio::join!(writer.write_all(data), reader.read_exact(&mut answer)) };
    let (sent, received) = watch("the echo", both).await;
    sent.unwrap();
    received.unwrap();
    assert!(answer == data, "{} bytes", answer.len());
}

#[tokio::test]
async fn every_client_gets_its_bytes_back() {
    let (_running, address) = serve(&[]).await;
    let mut first = TcpStream::connect(address).await.unwrap();
    let mut second = TcpStream::connect(address).await.unwrap();
    echoed(&mut first, b"one").await;
    echoed(&mut second, b"two").await;
    let long: Vec<u8> = (0..=255).cycle().take(5_000_000).collect();
    echoed(&mut first, &long).await;
}

#[tokio::test]
async fn a_client_that_has_finished_gets_the_rest_and_an_end() {
    let (_running, address) = serve(&[]).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"to the last byte").await.unwrap();
    client.shutdown().await.unwrap();
    let mut all = String::new();
    watch("the end of the echo", client.read_to_string(&mut all)).await.unwrap();
    assert_eq!(all, "to the last byte");
}

#[tokio::test]
async fn a_client_that_reads_nothing_has_to_wait_and_slows_nobody() {
    let (_running, address) = serve(&[]).await;
    let mut deaf = TcpStream::connect(address).await.unwrap();
    let mut other = TcpStream::connect(address).await.unwrap();
    let piece = vec![0; 1024 * 1024];
    let sending = async { while deaf.write_all(&piece).await.is_ok() {} };
    let echoing = async {
        for _ in 0..20 {
            echoed(&mut other, b"still here").await;
        }
    };
    tokio::select! {
        () = sending => panic!("it is held back, and not cut off so soon"),
        () = watch("the other client's echo", echoing) => {}
    }
    drop(deaf);
    echoed(&mut other, b"and after").await;
}

#[tokio::test]
async fn a_client_too_many_is_turned_away() {
    let (_running, address) = serve(&["--max-connections", "1"]).await;
    let mut first = TcpStream::connect(address).await.unwrap();
    echoed(&mut first, b"in").await;
    let mut second = TcpStream::connect(address).await.unwrap();
    let ended = watch("the end of the second", second.read(&mut [0; 8])).await;
    assert!(matches!(ended, Ok(0) | Err(_)), "{ended:?}");
    echoed(&mut first, b"still in").await;
}

#[tokio::test]
async fn once_ends_after_the_first_client() {
    for data in [&b"x"[..], b""] {
        let (running, address) = serve(&["--once"]).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        echoed(&mut client, data).await;
        drop(client);
        let outcome = running.end().await;
        let events = String::from_utf8(outcome.good().to_vec()).unwrap();
        let told = |event: &str| events.contains(&format!("\"event\":\"{event}\""));
        assert!(told("accepted") && told("closed") && events.lines().count() == 2, "{outcome}");
        assert_eq!(outcome.stderr, "");
    }
}

#[tokio::test]
async fn without_json_the_address_stands_on_standard_error() {
    let mut running = Opi::new(&["tcp", "serve", "127.0.0.1:0", "--once"]).start();
    let note = running.first_note().await;
    let address = note.strip_prefix("listening on ").expect("the address is told");
    drop(TcpStream::connect(address).await.unwrap());
    assert_eq!(running.end().await.good(), b"");
}

#[tokio::test]
async fn an_address_in_use() {
    let (_running, address) = serve(&[]).await;
    let address = address.to_string();
    let message = format!("opi: cannot listen on {address}");
    assert!(opi(&["tcp", "serve", &address]).await.failed(11).starts_with(&message));
    let error = opi(&["tcp", "serve", &address, "--json"]).await.error(11);
    assert_eq!((&error["code"], &error["retryable"]), (&"server_bind".into(), &false.into()));
}

#[cfg(unix)]
#[tokio::test]
async fn a_signal_is_the_ordinary_end() {
    for signal in ["INT", "TERM"] {
        let (running, address) = serve(&[]).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        echoed(&mut client, b"x").await;
        running.signal(signal).await;
        let outcome = running.end().await;
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{signal}: {outcome}");
        assert_eq!(client.read(&mut [0; 8]).await.unwrap(), 0);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn an_answer_on_its_way_has_the_drain_to_leave() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("answer");
    std::fs::write(&path, vec![b'a'; 8 * 1024 * 1024]).unwrap();
    let answer = format!("@{}", path.display());
    let (running, address) = serve(&["--answer", &answer, "--drain", "20"]).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"question\n").await.unwrap();
    watch("the first byte", client.read_u8()).await.unwrap();
    running.signal("TERM").await;
    let mut rest = Vec::new();
    // The server does not end before everything is taken, and so neither waits for the other.
    let taking = watch("the rest", client.read_to_end(&mut rest));
    let (outcome, taken) = tokio::join!(running.end(), taking);
    taken.unwrap();
    assert_eq!(outcome.code, 0, "{outcome}");
    assert_eq!(rest.len(), 8 * 1024 * 1024, "the answer and its line feed, but for a byte");
}
