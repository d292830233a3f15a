//! `opi tcp listen`: what comes is written, standard input goes to the peer.

use std::net::SocketAddr;

use harness::watch;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::command::{Opi, Outcome, Running, opi};
use crate::server::{event, start};

/// Starts `opi tcp listen` without `--json`.
async fn listen(options: &[&str]) -> (Running, SocketAddr) {
    let mut running = Opi::new(&[&["tcp", "listen"], options].concat()).start();
    let note = running.first_note().await;
    let address = note.strip_prefix("listening on ").unwrap().parse().unwrap();
    (running, address)
}

/// What `opi tcp listen options` says when `data` comes.
async fn listened(options: &[&str], data: &[u8]) -> Outcome {
    let (running, address) = listen(options).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(data).await.unwrap();
    client.shutdown().await.unwrap();
    running.end().await
}

#[tokio::test]
async fn what_comes_is_written() {
    let long: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
    let outcome = listened(&[], &long).await;
    assert!(outcome.good() == long, "{} bytes", outcome.stdout.len());
    assert_eq!(listened(&["--hex"], b"\x00\xff\n").await.good(), b"00ff0a\n");
    let options = ["--codec", "mllp"];
    assert_eq!(listened(&options, b"\x0bone\x1c\r\x0btwo\x1c\r").await.good(), b"one\ntwo\n");
    let options = ["--codec", "modbus-tcp", "--hex"];
    assert_eq!(listened(&options, b"\0\x01\0\0\0\x02\x01\x03").await.good(), b"0001000000020103\n");
}

#[tokio::test]
async fn a_message_that_is_not_whole_is_told() {
    let outcome = listened(&["--codec", "mllp"], b"\x0bone\x1c\r\x0btw").await;
    assert_eq!((outcome.code, &outcome.stdout[..]), (15, &b"one\n"[..]), "{outcome}");
}

#[tokio::test]
async fn a_file_appears_when_the_connection_has_ended_well() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let options = ["-o", path.to_str().unwrap()];
    assert_eq!(listened(&options, b"data").await.good(), b"");
    assert_eq!(std::fs::read(&path).unwrap(), b"data");
    let (running, address) = listen(&options).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"half").await.unwrap();
    client.set_zero_linger().unwrap();
    drop(client);
    running.end().await.failed(15);
    assert_eq!(std::fs::read(&path).unwrap(), b"data");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn standard_input_goes_to_the_peer_with_its_end() {
    let (mut running, address) = listen(&[]).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    running.stdin().write_all(b"welcome").await.unwrap();
    let mut welcome = [0; 7];
    watch("the greeting", client.read_exact(&mut welcome)).await.unwrap();
    assert_eq!(&welcome, b"welcome");
    // Nobody else is let in.
    watch("a refusal", async { while TcpStream::connect(address).await.is_ok() {} }).await;
    client.write_all(b"thanks").await.unwrap();
    client.shutdown().await.unwrap();
    let outcome = running.end().await;
    assert_eq!(outcome.good(), b"thanks");
    assert_eq!(watch("the end", client.read(&mut [0])).await.unwrap(), 0);
}

#[tokio::test]
async fn messages_go_to_the_peer_by_the_codec() {
    let line = ["tcp", "listen", "--codec", "syslog"];
    let mut running = Opi::new(&line).stdin("one\nthree\n").start();
    let note = running.first_note().await;
    let address = note.strip_prefix("listening on ").unwrap().to_owned();
    let reading = async {
        let mut client = TcpStream::connect(address).await.unwrap();
        let mut came = String::new();
        client.read_to_string(&mut came).await.unwrap();
        came
    };
    let (came, outcome) = watch("both", async { tokio::join!(reading, running.end()) }).await;
    assert_eq!(came, "3 one5 three");
    outcome.good();
}

#[tokio::test]
async fn keep_takes_one_after_the_other_and_events_tell_them_apart() {
    let (mut running, address) = start(&["listen", "--keep", "--codec", "lines"]).await;
    for (number, text) in (1..=2).zip(["one\ntwo\n", "three\nfour\n"]) {
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(text.as_bytes()).await.unwrap();
        client.shutdown().await.unwrap();
        assert_eq!(event(&mut running, "accepted").await["connection"], number);
        for line in text.lines() {
            let received = event(&mut running, "received").await;
            assert_eq!(
                (&received["text"], &received["connection"]),
                (&line.into(), &number.into())
            );
        }
        let closed = event(&mut running, "closed").await;
        assert_eq!((&closed["received"], &closed["sent"]), (&text.len().into(), &0.into()));
        assert_eq!(watch("the end", client.read(&mut [0])).await.unwrap(), 0);
    }
    // What breaks is told, and the next one is served.
    let client = TcpStream::connect(address).await.unwrap();
    event(&mut running, "accepted").await;
    client.set_zero_linger().unwrap();
    drop(client);
    assert_eq!(event(&mut running, "closed").await["error"]["code"], "closed");
    #[cfg(unix)]
    {
        running.signal("TERM").await;
        assert_eq!(running.end().await.code, 0);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn an_interrupted_wait_for_one_connection_has_its_code() {
    let (running, _) = listen(&[]).await;
    running.signal("INT").await;
    assert_eq!(running.end().await.code, 130);
}

#[tokio::test]
async fn a_peer_that_says_nothing_is_given_up() {
    let (running, address) = listen(&["--idle-timeout", "0.2", "-n"]).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    let end = watch("the end", client.read_u8()).await.unwrap_err();
    assert_eq!(end.kind(), std::io::ErrorKind::ConnectionReset);
    running.end().await.failed(14);
}

#[tokio::test]
async fn who_is_not_let_in_is_not_the_one_connection() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let line = ["--proxy-protocol", "127.0.0.1", "--allow", "192.0.2.7", "-n"];
    let (running, address) = listen(&[&line[..], &["-o", path.to_str().unwrap()]].concat()).await;
    for (from, data) in [("192.0.2.8", "wrong"), ("192.0.2.7", "right")] {
        let mut client = TcpStream::connect(address).await.unwrap();
        let header = format!("PROXY TCP4 {from} 127.0.0.1 5000 80\r\n{data}");
        client.write_all(header.as_bytes()).await.unwrap();
        let _cut = client.shutdown().await.is_err();
        let _cut = watch("the end", client.read(&mut [0])).await.is_err();
    }
    let outcome = running.end().await;
    assert_eq!((outcome.code, &outcome.stdout[..]), (0, &b""[..]), "{outcome}");
    assert!(outcome.stderr.contains("192.0.2.8"), "{outcome}");
    assert_eq!(std::fs::read(&path).unwrap(), b"right");
}

#[tokio::test]
async fn what_only_many_connections_need_is_no_option() {
    for option in ["--drain", "--max-connections"] {
        let outcome = opi(&["tcp", "listen", option, "1"]).await;
        assert!(outcome.failed(2).contains("unexpected argument"), "{outcome}");
    }
}

#[tokio::test]
async fn wrong_use() {
    for (words, told) in [
        (&["localhost:7000"][..], "expected IP:port"),
        (&["--keep", "-o", "x"], "cannot be used with"),
        (&["--output", "no/such/folder/x"], "no/such/folder/x: the file cannot be written"),
        (&["--codec", "{\"kind\":\"fixed\"}"], "codec"),
    ] {
        let outcome = opi(&[&["tcp", "listen"], words].concat()).await;
        assert!(outcome.failed(2).contains(told), "{words:?}: {outcome}");
    }
}
