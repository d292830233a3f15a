//! Text over a connection: no character is ever cut, no marker found inside one.

use harness::{Gate, Peer, Script};
use opi_tcp_client::{Connection, Encoding, Malformed, Reason, Text, Until};

use crate::setting::{connect, short, soon};

fn form(label: &str) -> Text {
    Text::new(label.parse().unwrap())
}

/// Sends `text` and receives it up to a line feed, however the bytes are cut on their way.
async fn check(label: &str, text: &str, bytes: &[u8]) {
    let form = form(label).malformed(Malformed::Refuse);
    for size in 1..=bytes.len() {
        let script = Script::new().expect(bytes).send_pieces(bytes, size).close();
        let peer = Peer::start(script).await;
        let mut connection = connect(peer.address()).await;
        connection.send_text(text, &form, &soon()).await.unwrap();
        for line in text.split_inclusive('\n') {
            let until = Until::text("\n", form.encoding()).unwrap();
            let received = connection.receive_text(until, &form, &soon()).await.unwrap();
            assert_eq!((&*received.text, received.reason), (line, Reason::Marker), "{label}");
        }
        peer.finish().await;
    }
}

#[tokio::test]
async fn lines_come_whole_in_every_encoding() {
    check("UTF-8", "Привет\n€😀\n", "Привет\n€😀\n".as_bytes()).await;
    check("windows-1251", "Привет\nЯ\n", b"\xcf\xf0\xe8\xe2\xe5\xf2\n\xdf\n").await;
    check("KOI8-R", "Я\n", b"\xf1\n").await;
    check("cp866", "Ящик\n", b"\x9f\xe9\xa8\xaa\n").await;
    check("Shift_JIS", "表\\\n", b"\x95\x5c\\\n").await;
    // The units contain the bytes of a line feed that is none: U+0A00, U+000A, U+010A.
    check("UTF-16LE", "\u{0A00}\n\u{010A}\n", b"\x00\x0a\x0a\x00\x0a\x01\x0a\x00").await;
    check("UTF-16BE", "\u{0A00}\n\u{000A}", b"\x0a\x00\x00\x0a\x00\x0a").await;
}

#[tokio::test]
async fn a_read_by_size_never_cuts_a_character() {
    let peer = Peer::start(Script::new().send("aЯЯ€").close()).await;
    let mut connection = connect(peer.address()).await;
    let form = form("UTF-8");
    let mut texts = Vec::new();
    loop {
        let received = connection.receive_text(Until::size(4), &form, &soon()).await.unwrap();
        if received.reason == Reason::Closed && received.text.is_empty() {
            break;
        }
        texts.push(received.text);
    }
    assert_eq!(texts, ["aЯ", "Я", "€"]);
    peer.finish().await;
}

#[tokio::test]
async fn a_read_that_ends_by_time_keeps_the_beginning_of_a_character() {
    let gate = Gate::new("the first read timed out");
    let peer = Peer::start(Script::new().send(b"ab\xd0").wait(&gate).send(b"\xaf").close()).await;
    let mut connection = connect(peer.address()).await;
    let form = form("UTF-8");
    let first = connection.receive_text(Until::closed(), &form, &short()).await.unwrap();
    assert_eq!((&*first.text, first.reason, first.replaced), ("ab", Reason::Timeout, 0));
    gate.open();
    let rest = connection.receive_text(Until::closed(), &form, &soon()).await.unwrap();
    assert_eq!((&*rest.text, rest.reason, rest.replaced), ("Я", Reason::Closed, 0));
    peer.finish().await;
}

#[tokio::test]
async fn a_character_cut_by_the_end_is_told() {
    for malformed in [Malformed::Replace, Malformed::Refuse] {
        let peer = Peer::start(Script::new().send(b"ab\xd0").close()).await;
        let mut connection = connect(peer.address()).await;
        let form = form("UTF-8").malformed(malformed);
        let received = connection.receive_text(Until::closed(), &form, &soon()).await;
        if malformed == Malformed::Replace {
            let received = received.unwrap();
            assert_eq!((&*received.text, received.replaced), ("ab\u{FFFD}", 1));
        } else {
            let error = received.unwrap_err();
            assert_eq!(error.to_string(), "byte 2: D0 is no UTF-8");
            assert_eq!(&connection.take_buffered()[..], b"ab\xd0");
        }
        peer.finish().await;
    }
}

#[tokio::test]
async fn marks_stand_at_the_beginning_of_a_connection_only() {
    let wire = b"\xff\xfea\0\n\0\xff\xfeb\0\n\0";
    let script = Script::new().expect(b"\xff\xfex\0y\0").send(wire).close();
    let peer = Peer::start(script).await;
    let mut connection = connect(peer.address()).await;
    let form = form("UTF-16LE").with_byte_order_mark();
    connection.send_text("x", &form, &soon()).await.unwrap();
    connection.send_text("y", &form, &soon()).await.unwrap();
    let (mut reader, writer) = connection.into_split();
    let line = || Until::text("\n", Encoding::UTF_16LE).unwrap();
    assert_eq!(reader.receive_text(line(), &form, &soon()).await.unwrap().text, "a\n");
    assert_eq!(reader.receive_text(line(), &form, &soon()).await.unwrap().text, "\u{FEFF}b\n");
    peer.finish().await;
    drop(writer);
}

#[tokio::test]
async fn a_text_that_cannot_be_encoded_sends_nothing() {
    let peer = Peer::start(Script::new().expect("ok").expect_close()).await;
    let (reader, mut writer) = connect(peer.address()).await.into_split();
    let error = writer.send_text("0 ₽", &form("windows-1251"), &soon()).await.unwrap_err();
    assert_eq!((error.code(), error.sent()), ("client_not_encodable", 0));
    assert!(error.to_string().contains("'₽' (U+20BD)"), "{error}");
    writer.send_text("ok", &form("windows-1251"), &soon()).await.unwrap();
    writer.finish(&soon()).await.unwrap();
    peer.finish().await;
    drop(reader);
}

#[tokio::test]
async fn a_marker_of_bytes_counts_only_where_a_character_begins() {
    let peer = Peer::start(Script::new().send(b"\x0a\x00\x00\x0a").close()).await;
    let mut connection: Connection = connect(peer.address()).await;
    let form = form("UTF-16BE");
    let until = Until::marker(b"\x00\x0a").unwrap();
    let received = connection.receive_text(until, &form, &soon()).await.unwrap();
    assert_eq!(received.text, "\u{0A00}\n");
    peer.finish().await;
}
