//! Clients of our server that speak no TLS, nonsense, or nothing at all.

use std::sync::Arc;
use std::time::Duration;

use harness::{Ca, told};
use opi_net::tls::ServerTls;
use opi_net::{Deadline, Error, ErrorKind, Phase};
use rustls::ClientConfig;
use tokio::io::AsyncWriteExt;

use crate::setting::{identity, meet, sockets, soon};

fn server(ca: &Ca) -> ServerTls {
    ServerTls::new(identity(&ca.issue(&["localhost"]))).unwrap()
}

/// What the server says about a client that sends `bytes` and leaves.
async fn told_by_server(bytes: &[u8]) -> Error {
    let (mut near, far) = sockets().await;
    near.write_all(bytes).await.unwrap();
    near.shutdown().await.unwrap();
    let error = server(&Ca::new()).accept(far.into(), &soon()).await.unwrap_err();
    assert_eq!(error.phase(), Some(Phase::Tls));
    assert!(error.to_string().starts_with("tls 127.0.0.1:"), "{error}");
    error
}

#[tokio::test]
async fn what_is_no_tls_is_told() {
    for (bytes, kind, part) in [
        (&b""[..], ErrorKind::Closed, "before the TLS handshake"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", ErrorKind::Tls, "plain HTTP to a TLS port"),
        (b"EHLO me\r\n", ErrorKind::Tls, "plain text"),
        (b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00", ErrorKind::Tls, "SSL 2"),
        (b"\x16\x03\x01", ErrorKind::Tls, "closed the connection in the handshake"),
        (b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", ErrorKind::Tls, "handshake failed"),
        // A handshake message that claims 16 MiB.
        (b"\x16\x03\x01\x00\x04\x01\xff\xff\xff", ErrorKind::Tls, "handshake"),
        (b"\x16\x03\x01\xff\xff\x01\x00", ErrorKind::Tls, "handshake"),
    ] {
        let error = told_by_server(bytes).await;
        assert_eq!(error.kind(), kind, "{bytes:?}: {}", told(&error));
        assert!(error.to_string().contains(part), "{bytes:?}: {}", told(&error));
    }
}

#[tokio::test]
async fn a_client_that_stalls_is_given_up() {
    let server = server(&Ca::new());
    for bytes in [&b""[..], b"\x16\x03\x01\x02\x00\x01"] {
        let (mut near, far) = sockets().await;
        near.write_all(bytes).await.unwrap();
        let short = Deadline::after(Duration::from_millis(50));
        let error = server.accept(far.into(), &short).await.unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Some(Phase::Tls)));
    }
}

#[tokio::test]
async fn a_greeting_of_16_kib_in_small_pieces_is_understood() {
    let ca = Ca::new();
    let mut client = ClientConfig::clone(&ca.client_config());
    // 64 names of 250 bytes, in records of 64 bytes.
    let name = |number: u8| [&[b'x'; 249][..], &[number]].concat();
    client.alpn_protocols = (0..64).map(name).collect();
    client.max_fragment_size = Some(64);
    let (accepted, called) = meet(&server(&ca), Arc::new(client)).await;
    assert!(called.is_ok(), "{called:?}");
    drop(accepted.unwrap());
}

#[tokio::test]
async fn a_client_that_does_not_trust_us_is_told_so() {
    let error = meet(&server(&Ca::new()), Ca::new().client_config()).await.0.unwrap_err();
    assert!(error.to_string().contains("does not trust our certificate"), "{}", told(&error));
}
