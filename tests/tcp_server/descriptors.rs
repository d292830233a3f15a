//! A server that has no file descriptors left: it does not spin, and it recovers.

use std::process::Command;

use harness::{LogCapture, watch};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::setting::*;

/// Runs this binary's test of the same name once more, with few descriptors.
#[test]
fn evil_28_out_of_descriptors_the_server_waits_and_recovers() {
    if std::env::var_os(INSIDE).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(exhausted());
        return;
    }
    let own = std::env::current_exe().unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 64 && exec \"$0\" \"$@\""]).arg(own);
    command
        .args(["--exact", "descriptors::evil_28_out_of_descriptors_the_server_waits_and_recovers"]);
    let output = command.env(INSIDE, "1").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

const INSIDE: &str = "OPI_TEST_FEW_DESCRIPTORS";

async fn exhausted() {
    let log = LogCapture::new();
    let _guard = log.on_this_thread();
    let server = start(loopback());
    let (mut first, id) = pair(&server).await;
    let mut hogs = Vec::new();
    while let Ok(hog) = std::fs::File::open("/dev/null") {
        hogs.push(hog);
    }
    // The last descriptor is the client's, so that none is left for the server.
    hogs.pop();
    let mut late = TcpStream::connect(server.address()).await.unwrap();
    late.write_all(b"patient").await.unwrap();
    let failures = || log.text().matches("cannot accept").count();
    until("accepting fails", || failures() > 0).await;
    first.write_all(b"others go on").await.unwrap();
    assert_eq!(&next_of(&server, id).await.data[..], b"others go on");
    let begun = std::time::Instant::now();
    let seen = failures();
    until("it fails again", || failures() >= seen + 3).await;
    // Three pauses of 100 ms, and not three turns of a loop that spins.
    assert!(begun.elapsed().as_millis() >= 200, "{:?}", begun.elapsed());
    drop(hogs);
    let message = watch("it recovers", next(&server)).await;
    assert_eq!(&message.data[..], b"patient");
    server.stop().await;
}
