//! Ctrl-C and SIGTERM in the middle of an operation: exit code 130, nothing left behind.
#![cfg(unix)]

use harness::{Answer, Gate, HttpServer, Peer, Script};

use crate::command::Opi;

#[tokio::test]
async fn a_wait_for_a_peer_is_interrupted() {
    for (signal, options) in [("INT", &[][..]), ("TERM", &["--json"])] {
        let asked = Gate::new("the peer has read the request");
        let peer = Peer::start(Script::new().expect("x").open(&asked).expect_gone()).await;
        let address = peer.address().to_string();
        let line = [&["tcp", "request", &address, "x"], options].concat();
        let running = Opi::new(&line).start();
        asked.wait().await;
        running.signal(signal).await;
        let outcome = running.end().await;
        if options.is_empty() {
            assert!(outcome.failed(130).starts_with("opi: interrupted\n"), "{outcome}");
        } else {
            assert_eq!(outcome.error(130)["code"], "cli_interrupted");
        }
        peer.finish().await;
    }
}

/// Whether these tests, and so what they start, were started by `nohup`; then HUP must end nothing.
fn hangup_is_ignored() -> bool {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return true };
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    u128::from_str_radix(mask.trim(), 16).unwrap() & 1 == 1
}

#[tokio::test]
async fn an_interrupted_download_leaves_no_file() {
    // A terminal that is closed says HUP.
    for signal in ["INT", "HUP"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let server = HttpServer::start().await;
        server.answer(Answer::ok().text("0123456789").stall_after(5));
        let running = Opi::new(&["get", &server.url("/"), "-o", path.to_str().unwrap()]).start();
        server.wait_requests(1).await;
        running.signal(signal).await;
        if signal == "HUP" && hangup_is_ignored() {
            running.signal("INT").await;
        }
        running.end().await.failed(130);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{signal}");
        server.finish().await;
    }
}
