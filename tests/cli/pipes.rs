//! Pipes in place of files: nobody at their other end keeps the command from its end.
#![cfg(unix)]

use std::path::{Path, PathBuf};

use harness::{Answer, HttpServer, RefusingPort, watch};
use tempfile::TempDir;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::command::{Opi, opi};

/// A pipe with a name.
struct Pipe {
    _folder: TempDir,
    path: PathBuf,
}

impl Pipe {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        Self { _folder: folder, path }
    }

    fn text(&self) -> &str {
        self.path.to_str().unwrap()
    }
}

/// The reader's end, as soon as the command writes; nothing is read from it.
async fn reader(pipe: &Path) -> File {
    watch("a writer of the pipe", File::open(pipe)).await.unwrap()
}

/// More than a pipe holds.
const LONG: usize = 1_000_000;

#[tokio::test]
async fn data_that_nobody_writes_ends_with_the_time() {
    let port = RefusingPort::new();
    let (pipe, address) = (Pipe::new(), port.address().to_string());
    let data = format!("@{}", pipe.text());
    let outcome = opi(&["tcp", "request", &address, &data, "--timeout", "0.2"]).await;
    assert!(outcome.failed(14).contains("did not end"), "{outcome}");
}

#[tokio::test]
async fn data_that_nobody_writes_can_be_interrupted() {
    let port = RefusingPort::new();
    let (pipe, address) = (Pipe::new(), port.address().to_string());
    let data = format!("@{}", pipe.text());
    let running = Opi::new(&["tcp", "request", &address, &data]).start();
    let writing = async { File::options().write(true).open(&pipe.path).await };
    let _writer = watch("a reader of the pipe", writing).await.unwrap();
    running.signal("INT").await;
    running.end().await.failed(130);
}

#[tokio::test]
async fn a_body_that_nobody_reads_can_be_interrupted() {
    let pipe = Pipe::new();
    let server = HttpServer::start().await;
    server.answer(Answer::ok().body(vec![b'x'; LONG]));
    let running = Opi::new(&["get", &server.url("/"), "-o", pipe.text()]).start();
    let _reader = reader(&pipe.path).await;
    running.signal("TERM").await;
    running.end().await.failed(130);
    server.finish().await;
}

#[tokio::test]
async fn a_body_that_nobody_reads_ends_with_the_time() {
    let pipe = Pipe::new();
    let server = HttpServer::start().await;
    server.answer(Answer::ok().text("x"));
    let line = ["get", &server.url("/"), "-o", pipe.text(), "--timeout", "0.5"];
    opi(&line).await.failed(14);
    server.finish().await;
}

#[tokio::test]
async fn what_comes_and_nobody_reads_can_be_interrupted() {
    let pipe = Pipe::new();
    let mut running = Opi::new(&["tcp", "listen", "-n", "-o", pipe.text()]).start();
    let note = running.first_note().await;
    let address = note.strip_prefix("listening on ").unwrap().to_owned();
    let mut client = TcpStream::connect(address).await.unwrap();
    let _reader = reader(&pipe.path).await;
    client.write_all(&vec![b'x'; 1000]).await.unwrap();
    running.signal("INT").await;
    running.end().await.failed(130);

    // Not even the pipe is open at the other end.
    let mut running = Opi::new(&["tcp", "listen", "-n", "-o", pipe.text(), "--json"]).start();
    let listening: serde_json::Value = serde_json::from_str(&running.first_line().await).unwrap();
    let address = listening["result"]["address"].as_str().unwrap().to_owned();
    let _client = TcpStream::connect(address).await.unwrap();
    assert!(running.first_line().await.contains("accepted"));
    running.signal("INT").await;
    assert_eq!(running.end().await.code, 130);
}
