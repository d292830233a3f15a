//! `opi tcp request` against peers that behave.

use harness::{Ca, EchoServer, Listen, Peer, Script};

use crate::command::{Opi, opi};

/// What `opi tcp request ADDRESS options` writes when the peer sends `sent` after the data.
async fn receives(data: &str, options: &[&str], sent: &[u8], expected: &[u8]) {
    let script = Script::new().expect(data).send_pieces(sent, 1).expect_gone();
    let peer = Peer::start(script).await;
    let address = peer.address().to_string();
    let outcome = opi(&[&["tcp", "request", &address, data], options].concat()).await;
    assert_eq!((outcome.good(), outcome.stderr.as_str()), (expected, ""), "{options:?}");
    peer.finish().await;
}

#[tokio::test]
async fn a_read_ends_as_asked() {
    receives("a\n", &[], b"one\ntwo\n", b"one\n").await;
    receives("a", &["--until", "\\r\\n"], b"1\r2\n3\r\n4", b"1\r2\n3\r\n").await;
    receives("a", &["--until", "\\x03"], b"\x02ok\x03\x41", b"\x02ok\x03").await;
    receives("a", &["--size", "3"], b"\x00\xff\n4", b"\x00\xff\n").await;
    receives("a", &["--size", "0"], b"", b"").await;
    receives("a", &["--max", "4"], b"one\ntwo", b"one\n").await;
}

#[tokio::test]
async fn until_closed_takes_everything() {
    for options in [&["--until-closed"][..], &["--until-closed", "--max", "4"]] {
        let peer = Peer::start(Script::new().expect("x").send("a\nb\n").close()).await;
        let address = peer.address().to_string();
        let outcome = opi(&[&["tcp", "request", &address, "x"], options].concat()).await;
        assert_eq!(outcome.good(), b"a\nb\n");
        peer.finish().await;
    }
}

#[tokio::test]
async fn data_is_sent_as_it_is_and_escapes_when_asked() {
    for (options, sent) in [(&[][..], &b"a\\n"[..]), (&["-e"], b"a\n")] {
        let peer = Peer::start(Script::new().expect(sent).send("ok\n").expect_gone()).await;
        let address = peer.address().to_string();
        opi(&[&["tcp", "request", &address, "a\\n"], options].concat()).await.good();
        peer.finish().await;
    }
}

#[tokio::test]
async fn standard_input_is_sent_whole() {
    let data: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
    for words in [&["-"][..], &[]] {
        let echo = EchoServer::start().await;
        let address = echo.address().to_string();
        let line = [&["tcp", "request", &address], words, &["--finish", "--until-closed"]].concat();
        let outcome = Opi::new(&line).stdin(data.clone()).run().await;
        assert!(outcome.good() == data, "{} bytes", outcome.stdout.len());
        echo.finish().await;
    }
}

#[tokio::test]
async fn nothing_to_send_only_receives() {
    let peer = Peer::start(Script::new().send("220 ready\r\n").expect_close()).await;
    let outcome = opi(&["tcp", "request", &peer.address().to_string()]).await;
    assert_eq!(outcome.good(), b"220 ready\r\n");
    peer.finish().await;
}

#[tokio::test]
async fn finishing_tells_the_peer_that_nothing_more_comes() {
    let peer = Peer::start(Script::new().expect("all").expect_close().send("seen\n").close()).await;
    let outcome = opi(&["tcp", "request", &peer.address().to_string(), "all", "--finish"]).await;
    assert_eq!(outcome.good(), b"seen\n");
    peer.finish().await;
}

#[tokio::test]
async fn the_envelope_has_data_reason_and_facts() {
    let echo = EchoServer::start().await;
    let address = echo.address().to_string();
    let outcome = opi(&["tcp", "request", &address, "привет", "--size", "12", "--json"]).await;
    assert_eq!(outcome.envelope()["command"], "tcp request");
    let result = outcome.result();
    assert_eq!(result["text"], "привет");
    assert_eq!(result["peer"], address);
    assert_eq!((&result["reason"], &result["sent"]), (&"size".into(), &12.into()));
    assert_eq!((&result["bytes"], &result["tls"]), (&12.into(), &serde_json::Value::Null));
    assert!(result["elapsed_ms"].is_u64());
    let binary = Opi::new(&["tcp", "request", &address, "-", "--size", "2", "--json"]);
    assert_eq!(binary.stdin(b"\xff\x00").run().await.result()["base64"], "/wA=");
    echo.finish().await;
}

#[tokio::test]
async fn tls_trusts_the_given_ca_and_says_farewell() {
    let (ca, folder) = (Ca::new(), tempfile::tempdir().unwrap());
    let listen = Listen::tls(ca.issue(&["localhost"]).server_config());
    let script = Script::new().expect("x").send("safe\n").expect_close();
    let peer = Peer::start_on(listen, script).await;
    let address = format!("localhost:{}", peer.address().port());
    let file = ca.write_to(&folder);
    let options = ["--tls", "--ca", file.to_str().unwrap(), "--json", "-v"];
    let outcome = opi(&[&["tcp", "request", &address, "x"], &options[..]].concat()).await;
    let result = outcome.result();
    assert_eq!((&result["text"], &result["tls"]["version"]), (&"safe\n".into(), &"TLSv1_3".into()));
    assert!(outcome.stderr.starts_with("* connected to "), "{outcome}");
    assert!(outcome.stderr.contains("* TLSv1_3 TLS13_"), "{outcome}");
    peer.finish().await;
}

#[tokio::test]
async fn insecure_works_and_warns() {
    let ca = Ca::new();
    let echo = EchoServer::start_on(Listen::tls(ca.issue(&["other.test"]).server_config())).await;
    let address = format!("localhost:{}", echo.address().port());
    let outcome = opi(&["tcp", "request", &address, "x\n", "--tls", "--insecure"]).await;
    assert_eq!(outcome.good(), b"x\n");
    assert!(outcome.stderr.starts_with("opi: warning: --insecure"), "{outcome}");
    assert_eq!(echo.server_names(), [Some("localhost".to_owned())]);
    echo.finish().await;
}
