//! Proxies that send too much, too little, or nothing that makes sense.

use harness::{Peer, Script, told};
use opi_tcp_client::{Connection, Error};

use crate::setting::{PIECES, answering, errors, http, refused, short, through};

#[track_caller]
fn check(error: &Error, code: &str, words: &str) {
    assert_eq!(error.code(), code, "{}", told(error));
    assert!(error.to_string().contains(words), "{error}");
}

/// The error of a proxy that begins with `begin` and goes on with `more` for ever.
async fn endless(begin: &str, more: &str) -> Error {
    let script = answering(begin, usize::MAX).send_endlessly(more);
    let proxy = Peer::start(script).await;
    let error = refused(through(http(proxy.address()))).await;
    proxy.finish().await;
    error
}

#[tokio::test]
async fn evil_11_endless_headers_end_at_a_limit() {
    let error = endless("HTTP/1.1 200 OK\r\n", &"X: y\r\n".repeat(100)).await;
    check(&error, "proxy_protocol", "exceeds 65536 bytes");
    let error = endless("HTTP/1.1 200 OK\r\nX: ", &"y".repeat(100)).await;
    check(&error, "proxy_protocol", "exceeds 65536 bytes");
}

#[tokio::test]
async fn evil_12_endless_interim_answers_end_at_a_limit() {
    let error = endless("HTTP/1.1 102 Wait\r\n\r\n", "HTTP/1.1 102 Wait\r\n\r\n").await;
    check(&error, "proxy_protocol", "more than 100 interim answers");
    let long = format!("HTTP/1.1 102 Wait\r\nX: {}\r\n\r\n", "y".repeat(4000));
    check(&endless(&long, &long).await, "proxy_protocol", "exceeds 65536 bytes");
}

/// A refusal whose head, with what comes before it, has this many bytes.
fn head(length: usize, before: &str) -> String {
    let rest = format!("{before}HTTP/1.1 403 No\r\nX: \r\n\r\n");
    rest.replace("X: ", &format!("X: {}", "y".repeat(length - rest.len())))
}

#[tokio::test]
async fn the_head_of_an_answer_has_a_limit() {
    for before in ["", "HTTP/1.1 100 Go\r\n\r\n"] {
        for (length, code) in [(65_536, "proxy_refused"), (65_537, "proxy_protocol")] {
            let proxy =
                Peer::start(answering(&head(length, before), usize::MAX).expect_gone()).await;
            check(&refused(through(http(proxy.address()))).await, code, "");
            proxy.finish().await;
        }
    }
}

#[tokio::test]
async fn the_number_of_interim_answers_and_of_fields_has_a_limit() {
    for (count, code) in [(100, "proxy_refused"), (101, "proxy_protocol")] {
        let interim = "HTTP/1.1 100 Go\r\n\r\n".repeat(count);
        for error in errors(&format!("{interim}HTTP/1.1 403 No\r\n\r\n")).await {
            check(&error, code, "");
        }
    }
    for (count, code) in [(256, "proxy_refused"), (257, "proxy_protocol")] {
        for error in errors(&format!("HTTP/1.1 403 No\r\n{}\r\n", "X: y\r\n".repeat(count))).await {
            check(&error, code, "");
        }
    }
}

#[tokio::test]
async fn evil_14_garbage_is_told_at_once() {
    for garbage in ["\0\x01\x02\x03", "SSH-2.0-x\r\n", "<html>", "\r\n\r\n", "HTTP/2.0 200 OK\r\n"]
    {
        for error in errors(garbage).await {
            check(&error, "proxy_protocol", "does not answer as a proxy");
        }
    }
    for error in errors("HTTP/1.1 two hundred\r\n\r\n").await {
        check(&error, "proxy_protocol", "does not answer as a proxy");
    }
    for error in errors("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n").await {
        check(&error, "proxy_protocol", "101");
    }
}

#[tokio::test]
async fn evil_15_an_end_in_the_head_is_told() {
    let whole = "HTTP/1.1 200 OK\r\nX: y\r\n\r\n";
    for cut in 1..whole.len() {
        for pieces in PIECES {
            let proxy = Peer::start(answering(&whole[..cut], pieces).close()).await;
            check(&refused(through(http(proxy.address()))).await, "closed", "in the handshake");
            proxy.finish().await;
        }
        let proxy = Peer::start(answering(&whole[..cut], 1).reset()).await;
        let error = refused(through(http(proxy.address()))).await;
        assert_eq!(error.code(), "closed", "{}", told(&error));
        proxy.finish().await;
    }
}

#[tokio::test]
async fn evil_17_a_proxy_that_says_nothing_ends_with_the_deadline() {
    for script in [Script::new().hold(), answering("HTTP/1.1 200 OK\r\n", 1).hold()] {
        let proxy = Peer::start(script).await;
        let config = through(http(proxy.address()));
        let error = Connection::open(&config, &short()).await.unwrap_err();
        check(&error, "timeout", "proxy http://");
        proxy.finish().await;
    }
}
