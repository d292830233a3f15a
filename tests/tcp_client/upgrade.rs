//! From plain to TLS in mid-stream, against a peer that speaks as SMTP servers do (RFC 3207).

use std::sync::Arc;

use harness::{Ca, Connection as Incoming, Gate, Peer, Plan, Script};
use opi_tcp_client::{ClientErrorKind, Config, Connection, ErrorKind};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio_rustls::TlsAcceptor;

use crate::setting::{line, short, soon, target, trusting};

/// Speaks plain up to the agreement, then as a TLS server with a certificate for `name`.
async fn mail_server(ca: &Ca, name: &str) -> Peer {
    let config = ca.issue(&[name]).server_config();
    Peer::start(Plan::custom(move |mut incoming: Incoming| {
        let config = Arc::clone(&config);
        async move {
            incoming.write_all(b"220 mail.test ESMTP\r\n").await.unwrap();
            expect(&mut incoming, "EHLO me\r\n").await;
            incoming.write_all(b"250-mail.test\r\n250 STARTTLS\r\n").await.unwrap();
            expect(&mut incoming, "STARTTLS\r\n").await;
            incoming.write_all(b"220 go ahead\r\n").await.unwrap();
            let Ok(encrypted) = TlsAcceptor::from(config).accept(incoming).await else { return };
            let mut encrypted = BufStream::new(encrypted);
            let mut command = String::new();
            encrypted.read_line(&mut command).await.unwrap();
            encrypted.write_all(format!("250 heard {command}").as_bytes()).await.unwrap();
            encrypted.flush().await.unwrap();
            encrypted.read_to_end(&mut Vec::new()).await.unwrap();
        }
    }))
    .await
}

async fn expect(incoming: &mut Incoming, words: &str) {
    let mut heard = vec![0; words.len()];
    incoming.read_exact(&mut heard).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&heard), words);
}

/// Speaks up to the peer's agreement to encrypt.
async fn agree(connection: &mut Connection) {
    for (command, answers) in [("", 1), ("EHLO me\r\n", 2), ("STARTTLS\r\n", 1)] {
        connection.send(command.as_bytes(), &soon()).await.unwrap();
        for _ in 0..answers {
            let answer = connection.receive(line(), &soon()).await.unwrap();
            assert!(answer.data.starts_with(b"2"), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn a_plain_connection_becomes_an_encrypted_one() {
    let ca = Ca::new();
    let peer = mail_server(&ca, "localhost").await;
    let name = target("localhost", peer.address());
    let mut connection = Connection::open(&Config::new(name.clone()), &soon()).await.unwrap();
    agree(&mut connection).await;
    assert!(connection.tls().is_none());
    let mut connection = connection.upgrade(&trusting(&ca), &name, &soon()).await.unwrap();
    assert!(connection.tls().unwrap().version.starts_with("TLSv1_"), "{:?}", connection.tls());
    let answer = connection.request(b"EHLO again\r\n", line(), &soon()).await.unwrap();
    assert_eq!(answer.data, "250 heard EHLO again\r\n");
    assert!(connection.stats().timings.tls > std::time::Duration::ZERO);
    connection.close(&soon()).await.unwrap();
    peer.finish().await;
}

#[tokio::test]
async fn the_name_is_checked_after_an_upgrade_too() {
    let ca = Ca::new();
    let peer = mail_server(&ca, "other.test").await;
    let name = target("localhost", peer.address());
    let mut connection = Connection::open(&Config::new(name.clone()), &soon()).await.unwrap();
    agree(&mut connection).await;
    let error = connection.upgrade(&trusting(&ca), &name, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "tls_certificate_name");
    peer.finish().await;
}

/// CVE-2011-0411: an answer put in front of the encryption must not be taken for an encrypted one.
#[tokio::test]
async fn an_answer_that_came_before_the_encryption_is_refused_and_the_connection_closed() {
    let script = Script::new().expect("STARTTLS\r\n");
    let peer = Peer::start(script.send("220 go ahead\r\n250 injected\r\n").expect_close()).await;
    let name = target("localhost", peer.address());
    let mut connection = Connection::open(&Config::new(name.clone()), &soon()).await.unwrap();
    let answer = connection.request(b"STARTTLS\r\n", line(), &soon()).await.unwrap();
    assert_eq!(answer.data, "220 go ahead\r\n");
    let error = connection.upgrade(&trusting(&Ca::new()), &name, &soon()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Client(ClientErrorKind::EarlyBytes));
    assert_eq!(error.to_string(), "14 bytes came unencrypted before the encryption began");
    peer.finish().await;
}

/// The same injected so late that it still lies in the socket: the handshake meets it.
#[tokio::test]
async fn an_answer_that_comes_in_plain_during_the_handshake_fails_it() {
    let gate = Gate::new("the agreement was read");
    let script = Script::new().expect("STARTTLS\r\n").send("220 go ahead\r\n").wait(&gate);
    let peer = Peer::start(script.send("250 injected\r\n").read_to_close()).await;
    let name = target("localhost", peer.address());
    let mut connection = Connection::open(&Config::new(name.clone()), &soon()).await.unwrap();
    connection.request(b"STARTTLS\r\n", line(), &soon()).await.unwrap();
    gate.open();
    let error = connection.upgrade(&trusting(&Ca::new()), &name, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "tls_handshake");
    peer.finish().await;
}

#[tokio::test]
async fn a_peer_that_never_shakes_hands_ends_at_the_deadline() {
    let peer = Peer::silent().await;
    let name = target("localhost", peer.address());
    let connection = Connection::open(&Config::new(name.clone()), &soon()).await.unwrap();
    let error = connection.upgrade(&trusting(&Ca::new()), &name, &short()).await.unwrap_err();
    assert_eq!((error.code(), error.phase()), ("timeout", Some(opi_net::Phase::Tls)));
    peer.finish().await;
}
