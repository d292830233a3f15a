//! `opi tcp send`: everything goes, as it comes; what did not is told.

use harness::{EchoServer, Gate, Meter, Peer, Script, watch};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::command::{Opi, opi};

fn long() -> Vec<u8> {
    (0..=255).cycle().take(5_000_000).collect()
}

#[tokio::test]
async fn standard_input_and_files_arrive_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    std::fs::write(&path, long()).unwrap();
    let file = format!("@{}", path.display());
    for data in [&[][..], &["-"], &[file.as_str()]] {
        let peer = Peer::start(Script::new().read_to_close()).await;
        let address = peer.address().to_string();
        let line = [&["tcp", "send", &address], data].concat();
        let stdin = if data == [file.as_str()] { Vec::new() } else { long() };
        let outcome = Opi::new(&line).stdin(stdin).run().await;
        assert_eq!((outcome.good(), outcome.stderr.as_str()), (&b""[..], ""), "{data:?}");
        let received = peer.finish().await;
        assert!(received[0] == long(), "{} bytes", received[0].len());
    }
}

#[tokio::test]
async fn what_comes_back_is_written_when_asked() {
    let echo = EchoServer::start().await;
    let address = echo.address().to_string();
    let line = ["tcp", "send", &address, "--receive"];
    let outcome = Opi::new(&line).stdin(long()).run().await;
    assert!(outcome.good() == long(), "{} bytes", outcome.stdout.len());
    // Otherwise it is taken all the same, so that neither side waits for the other.
    let outcome = Opi::new(&["tcp", "send", &address, "--json"]).stdin(long()).run().await;
    let result = outcome.result();
    assert_eq!((&result["sent"], &result["received"]), (&5_000_000.into(), &5_000_000.into()));
    assert_eq!(result["peer"], address);
    echo.finish().await;
}

#[tokio::test]
async fn pieces_go_before_the_input_ends() {
    let begun = Gate::new("the first piece has come");
    let peer =
        Peer::start(Script::new().expect("one").open(&begun).expect("two").expect_close()).await;
    let mut running = Opi::new(&["tcp", "send", &peer.address().to_string()]).start();
    running.stdin().write_all(b"one").await.unwrap();
    begun.wait().await;
    running.stdin().write_all(b"two").await.unwrap();
    running.end().await.good();
    peer.finish().await;
}

#[tokio::test]
async fn lines_are_messages_with_a_codec() {
    let peer = Peer::start(Script::new().expect("3 one5 three").expect_close()).await;
    let line = ["tcp", "send", &peer.address().to_string(), "--codec", "syslog"];
    Opi::new(&line).stdin("one\r\nthree").run().await.good();
    peer.finish().await;
    let peer = Peer::start(Script::new().expect(b"\x00\xff\x10").expect_close()).await;
    let line = ["tcp", "send", &peer.address().to_string(), "--hex"];
    Opi::new(&line).stdin("00 fF\n10").run().await.good();
    peer.finish().await;
}

#[tokio::test]
async fn a_wrong_digit_is_told_and_the_peer_sees_a_cut() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let mut running = Opi::new(&["tcp", "send", &address, "--hex"]).start();
    let (mut peer, _) = watch("a connection", listener.accept()).await.unwrap();
    running.stdin().write_all(b"00 xx").await.unwrap();
    let end = watch("the end", peer.read_u8()).await.unwrap_err();
    assert_eq!(end.kind(), std::io::ErrorKind::ConnectionReset);
    let told = "--hex: standard input: 'x' at place 4";
    assert!(running.end().await.failed(2).contains(told));
}

#[tokio::test]
async fn how_much_had_gone_is_told_when_the_peer_resets() {
    let peer = Peer::start(Script::new().read(100_000).reset()).await;
    let address = peer.address().to_string();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    std::fs::write(&path, vec![7; 64 * 1024 * 1024]).unwrap();
    let outcome = opi(&["tcp", "send", &address, &format!("@{}", path.display()), "--json"]).await;
    let error = outcome.error(15);
    assert_eq!(error["code"], "closed", "{outcome}");
    let sent = outcome.envelope()["result"]["sent"].as_u64().unwrap();
    assert!((100_000..64 * 1024 * 1024).contains(&sent), "{sent}");
    let told = format!("{sent} of 67108864 bytes had been sent");
    assert!(error["causes"].as_array().unwrap().contains(&told.into()), "{error}");
    peer.finish().await;
}

#[tokio::test]
async fn a_peer_that_takes_nothing_is_a_timeout() {
    let peer = Peer::silent().await;
    let line = ["tcp", "send", &peer.address().to_string(), "--idle-timeout", "0.3"];
    let outcome = Opi::new(&line).stdin(vec![0; 32 * 1024 * 1024]).run().await;
    assert!(outcome.failed(14).contains("bytes had been sent"), "{outcome}");
    // One that takes everything and does not close is one as well, unless nobody waits for it.
    let outcome = Opi::new(&line).stdin("x").run().await;
    assert!(outcome.failed(14).contains("1 bytes had been sent"), "{outcome}");
    Opi::new(&[&line[..], &["--no-wait"]].concat()).stdin("x").run().await.good();
    peer.finish().await;
}

#[tokio::test]
async fn who_waits_for_no_answer_hears_of_a_break_all_the_same() {
    let peer = Peer::start(Script::new().expect("one").reset()).await;
    let line = ["tcp", "send", &peer.address().to_string(), "--no-wait"];
    let mut running = Opi::new(&line).start();
    running.stdin().write_all(b"one").await.unwrap();
    // Standard input is still open.
    assert!(running.first_note().await.starts_with("opi: "));
    assert_eq!(running.end().await.code, 15);
    peer.finish().await;
}

#[tokio::test]
async fn a_slow_peer_gets_everything() {
    let meter = Meter::new();
    let peer = Peer::start(Script::new().read_metered(&meter)).await;
    let running = Opi::new(&["tcp", "send", &peer.address().to_string()]).stdin(long()).start();
    let ending = running.end();
    let granting = async {
        for _ in 0..51 {
            meter.grant(100_000);
            tokio::task::yield_now().await;
        }
    };
    let (outcome, ()) = tokio::join!(ending, granting);
    outcome.good();
    assert!(peer.finish().await[0] == long());
}

#[cfg(unix)]
#[tokio::test]
async fn an_interrupted_transfer_is_a_cut_and_no_end() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let mut running = Opi::new(&["tcp", "send", &address]).start();
    let (mut peer, _) = watch("a connection", listener.accept()).await.unwrap();
    running.stdin().write_all(b"half").await.unwrap();
    let mut half = [0; 4];
    watch("the first piece", peer.read_exact(&mut half)).await.unwrap();
    running.signal("TERM").await;
    running.end().await.failed(130);
    let end = watch("the end", peer.read_u8()).await.unwrap_err();
    assert_eq!(end.kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn wrong_use() {
    for (words, told) in [
        (&["h.test:1", "text"][..], "expected @FILE, or - for standard input"),
        (&["h.test:1", "@no/such/file"], "no/such/file: the data cannot be read"),
        (&["h.test:1", "--receive", "--no-wait"], "cannot be used with"),
        (&["h.test:1", "--codec", "morse"], "expected one of"),
    ] {
        let outcome = opi(&[&["tcp", "send"], words].concat()).await;
        assert!(outcome.failed(2).contains(told), "{words:?}: {outcome}");
    }
    let both = opi(&["tcp", "send", "h.test:1", "--receive", "--json"]).await;
    assert_eq!(both.error(2)["code"], "cli_usage");
}
