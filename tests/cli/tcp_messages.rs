//! Codecs, hexadecimal digits, dumps and files in `opi tcp request`.

use harness::{EchoServer, Peer, Script};

use crate::command::{Opi, Outcome, opi};

/// `opi tcp request ADDRESS data options` against a peer that expects `sent` and answers `answer`.
async fn asked(data: &str, options: &[&str], sent: &[u8], answer: &[u8]) -> Outcome {
    let peer = Peer::start(Script::new().expect(sent).send_pieces(answer, 3).expect_gone()).await;
    let address = peer.address().to_string();
    let outcome = opi(&[&["tcp", "request", &address, data], options].concat()).await;
    peer.finish().await;
    outcome
}

#[tokio::test]
async fn a_codec_frames_both_ways() {
    let mllp = asked("MSH|1", &["--codec", "mllp"], b"\x0bMSH|1\x1c\r", b"\x0bACK\x1c\r").await;
    assert_eq!(mllp.good(), b"ACK");
    let json = r#"{"kind": "length", "width": 2}"#;
    let length = asked("abc", &["--codec", json, "--json"], b"\0\x03abc", b"\0\x02ok").await;
    assert_eq!(
        (&length.result()["text"], &length.result()["reason"]),
        (&"ok".into(), &"message".into())
    );
    assert_eq!(length.result()["sent"], 5);
}

#[tokio::test]
async fn a_modbus_device_is_asked_in_hexadecimal() {
    let question = b"\0\x01\0\0\0\x06\x01\x03\0\0\0\x02";
    let answer = b"\0\x01\0\0\0\x07\x01\x03\x04\0\x2a\x01\0";
    let options = ["--codec", "modbus-tcp", "--hex"];
    let digits = "0001 0000 0000 01:03 0000 0002";
    let outcome = asked(digits, &options, question, answer).await;
    assert_eq!(outcome.good(), b"000100000007010304002a0100\n");
    let json = asked(digits, &[&options[..], &["--json"]].concat(), question, answer).await;
    assert_eq!(json.result()["hex"], "000100000007010304002a0100");
}

#[tokio::test]
async fn settings_of_a_codec_may_stand_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("codec.json");
    std::fs::write(&path, "{\"preset\": \"crlf\"}\n").unwrap();
    let codec = format!("@{}", path.display());
    let outcome = asked("NOOP", &["--codec", &codec], b"NOOP\r\n", b"250 ok\r\n").await;
    assert_eq!(outcome.good(), b"250 ok");
}

#[tokio::test]
async fn what_is_no_message_is_told_with_what_came() {
    let peer = Peer::start(Script::new().expect("\0\x01x").send("\0\x05ab").close()).await;
    let address = peer.address().to_string();
    let codec = r#"{"kind":"length","width":2}"#;
    let line = ["tcp", "request", &address, "78", "--codec", codec, "--hex", "--json"];
    let outcome = opi(&line).await;
    assert_eq!(outcome.error(15)["code"], "framing_truncated");
    assert_eq!(outcome.envelope()["result"]["hex"], "00056162");
    peer.finish().await;
}

#[tokio::test]
async fn a_file_is_sent_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let data: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    std::fs::write(&path, &data).unwrap();
    let (echo, size) = (EchoServer::start().await, data.len().to_string());
    let address = echo.address().to_string();
    let file = format!("@{}", path.display());
    let outcome = opi(&["tcp", "request", &address, &file, "--size", &size]).await;
    assert!(outcome.good() == data, "{} bytes", outcome.stdout.len());
    // With escapes it is data like any other.
    let outcome = opi(&["tcp", "request", &address, "@x\\n", "-e"]).await;
    assert_eq!(outcome.good(), b"@x\n");
    echo.finish().await;
}

#[tokio::test]
async fn a_dump_shows_both_directions() {
    let outcome = asked("PING\n", &["--dump"], b"PING\n", b"ab\n").await;
    assert_eq!(outcome.good(), b"ab\n");
    let lines: Vec<_> = outcome.stderr.lines().collect();
    let dumped =
        |mark: &str, digits: &str, text: &str| format!("{mark} 00000000  {digits:<47}  {text}");
    assert_eq!(lines[0], dumped(">", "50 49 4e 47 0a", "PING."), "{outcome}");
    assert_eq!(lines[1], dumped("<", "61 62 0a", "ab."), "{outcome}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_huge_size_takes_no_memory_by_itself() {
    let peer = Peer::start(Script::new().expect("x").send("ab").close()).await;
    let line =
        ["tcp", "request", &peer.address().to_string(), "x", "--size", "18446744073709551615"];
    let outcome = opi(&line).await;
    assert_eq!((outcome.code, &outcome.stdout[..]), (16, &b"ab"[..]), "{outcome}");
    peer.finish().await;
}

#[tokio::test]
async fn what_was_sent_is_told_although_the_answer_was_cut() {
    let peer = Peer::start(Script::new().read(5).reset()).await;
    let line = ["tcp", "request", &peer.address().to_string(), "12345", "--json"];
    let outcome = opi(&line).await;
    assert_eq!(outcome.envelope()["result"]["sent"], 5, "{outcome}");
    peer.finish().await;
    let peer = Peer::silent().await;
    let line = ["tcp", "request", &peer.address().to_string(), "-", "--timeout", "0.5", "--json"];
    let stdin = vec![0; 32 * 1024 * 1024];
    let outcome = Opi::new(&line).stdin(stdin).run().await;
    let sent = outcome.envelope()["result"]["sent"].as_u64().unwrap();
    assert!(sent > 0 && sent < 32 * 1024 * 1024, "{sent}");
    peer.finish().await;
}

#[tokio::test]
async fn text_is_in_the_encoding_of_the_other_side() {
    let (question, answer) = (b"\xf2\xe5\xf1\xf2\n", b"\xe4\xe0\n");
    let options = ["--text", "windows-1251", "--json"];
    let outcome = asked("тест\n", &options, question, answer).await;
    assert_eq!(outcome.result()["text"], "да\n");
    assert_eq!(outcome.result()["malformed"], false);
    let wrong = opi(&["tcp", "request", "h.test:1", "x", "--text", "runes"]).await;
    assert!(wrong.failed(2).contains("--text"), "{wrong}");
}

#[tokio::test]
async fn a_marker_of_text_is_in_the_encoding_too() {
    // The line end of the default, U+0A01 beside U+0001, and a word of one's own.
    let outcome = asked("x", &["--text", "utf-16le"], b"x\0", b"\x01\x0a\x01\0a\0\n\0").await;
    assert_eq!(outcome.good(), "\u{a01}\u{1}a\n".as_bytes());
    let options = ["--text", "windows-1251", "--until", "я"];
    assert_eq!(asked("x", &options, b"x", b"a\xff").await.good(), "aя".as_bytes());
}
