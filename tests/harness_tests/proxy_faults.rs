//! The proxies misbehave exactly as told, and do not let a client misbehave.

use std::{io::ErrorKind, time::Duration};

use harness::{
    Answer, EchoServer, HttpProxy, Manners, Misdeed, Peer, Proxy, ProxyKind, ProxyStep, Script,
    Socks4, Socks5, watch,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    task::JoinSet,
    time,
};

use crate::client::{connect, exact, talk};

const GREETING: &[u8] = b"\x05\x01\x00";
const REQUEST: &[u8] = b"\x05\x01\x00\x03\x07db.test\x15\x38";
const CONNECT: &[u8] = b"CONNECT db.test:5432 HTTP/1.1\r\nHost: db.test:5432\r\n\r\n";
const GRANTED: &[u8] = &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0];

fn socks5_talk() -> Vec<u8> {
    [GREETING, REQUEST].concat()
}

#[tokio::test]
async fn socks_proxies_refuse_with_any_code() {
    for code in [1, 2, 5, 9, 0xFF] {
        let proxy = Proxy::start(Socks5::new().refuse(code)).await;
        let expected = [5, 0, 5, code, 0, 1, 0, 0, 0, 0, 0, 0];
        assert_eq!(talk(proxy.address(), socks5_talk()).await, expected);
        assert_eq!(proxy.finish().await[0].asked(), "name db.test:5432");
    }
    let proxy = Proxy::start(Socks4::new().refuse(93)).await;
    let answer = talk(proxy.address(), b"\x04\x01\x15\x38\x7f\x00\x00\x01me\x00").await;
    assert_eq!(answer, [0, 93, 0, 0, 0, 0, 0, 0]);
    proxy.finish().await;

    let proxy = Proxy::start(Socks5::new()).await;
    assert_eq!(talk(proxy.address(), socks5_talk()).await[3], 4, "a name that is not mapped");
    proxy.finish().await;
}

#[tokio::test]
async fn http_proxies_answer_anything() {
    for (kind, expected) in [
        (HttpProxy::new().refuse(Answer::status(403).close()), "HTTP/1.1 403 Forbidden\r\n"),
        (HttpProxy::new().refuse(Answer::raw("garbage")), "garbage"),
        (
            HttpProxy::new()
                .password("u", "p")
                .challenge(Answer::status(407).text("no").chunked(1).close()),
            "HTTP/1.1 407 Proxy Authentication Required\r\n",
        ),
    ] {
        let proxy = Proxy::start(kind).await;
        let answer = talk(proxy.address(), CONNECT).await;
        assert!(answer.starts_with(expected.as_bytes()), "{}", answer.escape_ascii());
        proxy.finish().await;
    }
    let echo = EchoServer::start().await;
    let granted = "HTTP/1.1 103 Early\r\n\r\nHTTP/1.0 200 Fine\r\nContent-Length: 5\r\n\r\n";
    let proxy = Proxy::start(HttpProxy::new().established(granted)).await;
    proxy.map("db.test:5432", echo.address());
    let mut client = connect(proxy.address()).await;
    client.write_all(CONNECT).await.expect("the proxy reads");
    assert_eq!(exact(&mut client, granted.len()).await, granted.as_bytes());
}

/// The first piece that arrives when `kind` glues the target's greeting to its reply.
async fn first_piece<K: ProxyKind>(proxy: Proxy<K>, talk: &[&[u8]]) -> Vec<u8> {
    let target = Peer::start(Script::new().send("hello").expect_close()).await;
    proxy.map("db.test:5432", target.address());
    let mut client = connect(proxy.address()).await;
    let mut piece = Vec::new();
    for part in talk {
        client.write_all(part).await.expect("the proxy reads");
        piece = vec![0; 1000];
        let read = watch("the reply", client.read(&mut piece)).await.expect("the proxy answers");
        piece.truncate(read);
    }
    drop(client);
    target.finish().await;
    piece
}

#[tokio::test]
async fn the_targets_first_bytes_are_glued_to_the_reply() {
    let glued = Manners::new().glue();
    let socks5 = Proxy::start(Socks5::new().manners(glued.clone())).await;
    assert_eq!(first_piece(socks5, &[GREETING, REQUEST]).await, [GRANTED, b"hello"].concat());
    let socks4 = Proxy::start(Socks4::new().manners(glued.clone())).await;
    let request = b"\x04\x01\x15\x38\x00\x00\x00\x01\x00db.test\x00";
    assert_eq!(first_piece(socks4, &[request]).await, b"\0\x5a\0\0\0\0\0\0hello");
    let http = Proxy::start(HttpProxy::new().manners(glued)).await;
    let expected = b"HTTP/1.1 200 Connection established\r\n\r\nhello";
    assert_eq!(first_piece(http, &[CONNECT]).await, expected);
}

#[tokio::test]
async fn replies_come_byte_by_byte() {
    let echo = EchoServer::start().await;
    let slow = Manners::new().pieces(1);
    let proxy =
        Proxy::start(Socks5::new().reply(b"\x05\0\0\x03\x03abc\0\0".as_slice()).manners(slow))
            .await;
    proxy.map("db.test:5432", echo.address());
    let mut client = connect(proxy.address()).await;
    client.write_all(&socks5_talk()).await.expect("the proxy reads");
    assert_eq!(exact(&mut client, 12).await, b"\x05\0\x05\0\0\x03\x03abc\0\0");
    proxy.finish().await;
}

/// How the connection ends when `kind` commits `misdeed`, after so many bytes.
async fn check<K: ProxyKind>(proxy: Proxy<K>, talk: &[u8], bytes: usize, misdeed: Misdeed) {
    let echo = EchoServer::start().await;
    proxy.map("db.test:5432", echo.address());
    let mut client = connect(proxy.address()).await;
    client.write_all(talk).await.expect("the proxy reads");
    exact(&mut client, bytes).await;
    let mut end = [0];
    let reading = time::timeout(Duration::from_millis(50), client.read(&mut end)).await;
    match misdeed {
        Misdeed::Stall => drop(reading.expect_err("the proxy says nothing more")),
        Misdeed::Reset => {
            let reset = reading.expect("it is reset").expect_err("it is reset");
            assert_eq!(reset.kind(), ErrorKind::ConnectionReset);
        }
        _ => assert_eq!(reading.expect("it is closed").expect("in good order"), 0),
    }
    proxy.finish().await;
}

#[tokio::test]
async fn proxies_close_reset_and_stall_at_every_step() {
    let login = [b"\x05\x01\x02".as_slice(), b"\x01\x01u\x01p", REQUEST].concat();
    for misdeed in [Misdeed::Close, Misdeed::Reset, Misdeed::Stall] {
        for (step, bytes) in [
            (ProxyStep::Accept, 0),
            (ProxyStep::Greeting, 0),
            (ProxyStep::Password, 2),
            (ProxyStep::Request, 4),
            (ProxyStep::Reply, 14),
        ] {
            let manners = Manners::new().misdeed(step, misdeed);
            let proxy =
                Proxy::start(Socks5::new().password("u", "p").manners(manners.clone())).await;
            // A misdeed at the first step may end the connection while the client still talks.
            let sent: &[u8] = if step == ProxyStep::Accept { b"" } else { &login };
            check(proxy, sent, bytes, misdeed).await;
        }
        for (step, bytes) in
            [(ProxyStep::Accept, 0), (ProxyStep::Request, 0), (ProxyStep::Reply, 39)]
        {
            let manners = Manners::new().misdeed(step, misdeed);
            let proxy = Proxy::start(HttpProxy::new().manners(manners)).await;
            let sent = if step == ProxyStep::Accept { b"" } else { CONNECT };
            check(proxy, sent, bytes, misdeed).await;
        }
    }
}

/// What a proxy says against a client that sends `talk`.
async fn failure<K: ProxyKind>(proxy: Proxy<K>, talk: &[u8]) -> String {
    let mut client = connect(proxy.address()).await;
    client.write_all(talk).await.expect("the proxy reads");
    client.shutdown().await.expect("the proxy is there");
    // How the proxy ends the connection is not the subject here.
    client.read_to_end(&mut Vec::new()).await.ok();
    let mut finishing = JoinSet::new();
    finishing.spawn(proxy.finish());
    match finishing.join_next().await.expect("there is a task") {
        Ok(_) => String::new(),
        Err(panic) => *panic.into_panic().downcast().expect("the panic has a text"),
    }
}

#[tokio::test]
async fn clients_that_break_the_protocol_fail_the_test() {
    for (talk, expected) in [
        (b"\x05".as_slice(), ""),
        (b"\x04\x01\x00", "a greeting of version 4"),
        (b"\x05\x00", "with 0 methods"),
        (b"\x05\x01\x00\x05\x02\x00\x01", "a request that begins 5 2 0"),
        (b"\x05\x01\x00\x05\x01\x01\x01", "a request that begins 5 1 1"),
        (b"\x05\x01\x00\x05\x01\x00\x02", "an address of type 2"),
        (b"\x05\x01\x00\x05\x01\x00\x03\x00", "a name that is empty"),
    ] {
        let failure = failure(Proxy::start(Socks5::new()).await, talk).await;
        assert!(
            failure.contains(expected) && failure.is_empty() == expected.is_empty(),
            "{failure}"
        );
    }
    let strict = Proxy::start(Socks5::new().password("u", "p")).await;
    assert!(failure(strict, b"\x05\x01\x02\x05\x01u\x01p").await.contains("of version 5"));
    assert!(failure(Proxy::start(Socks4::new()).await, b"\x05\x01").await.contains("begins 5 1"));
    for (talk, expected) in [
        (b"CONNECT db.test HTTP/1.1\r\nHost: db.test\r\n\r\n".as_slice(), "not a host and a port"),
        (b"CONNECT db.test:1 HTTP/1.1\r\nHost: db.test:2\r\n\r\n", "with another Host"),
        (b"CONNECT db.test:1 HTTP/1.1\r\n\r\n", "needs one Host"),
        (b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", "was asked for \"/\""),
        (b"GET http://u@a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n", "not a host and a port"),
        (b"GET http://a.test/ HTTP/1.1\r\nHost: b.test\r\n\r\n", "with another Host"),
    ] {
        let failure = failure(Proxy::start(HttpProxy::new()).await, talk).await;
        assert!(failure.contains(expected), "{failure}");
    }
}
