//! Servers that speak before they are asked: what they say answers nothing.

use std::io::{Read, Write};
use std::sync::Arc;

use harness::{Ca, Manners, Peer, Proxy, Script, Socks5, told};
use opi_http_connector::{Session, SessionConfig};
use rustls::{ServerConfig, ServerConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::setting::{trusting, try_get};

const FORGED: &str = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";

async fn refused(session: &Session, url: &str) {
    for _ in 0..2 {
        let error = try_get(session, url).await.unwrap_err();
        assert_eq!(error.code(), "http_protocol", "{}", told(&error));
        assert!(error.to_string().contains("spoke before it was asked"), "{}", told(&error));
        assert_eq!(error.facts().unwrap().sent, 0);
    }
    assert_eq!((session.pool().idle, session.pool().open), (0, 0));
}

#[tokio::test]
async fn words_before_the_first_request_do_not_answer_it() {
    let speaks = || Script::new().send(FORGED).expect_gone();
    let peer = Peer::start(vec![speaks(), speaks()]).await;
    // The server's words come with the proxy's own: they are there before anything can be asked.
    let proxy = Proxy::start(Socks5::new().manners(Manners::new().glue())).await;
    proxy.map("h.test:80", peer.address());
    let route: opi_proxy::Route = format!("socks5://{}", proxy.address()).parse().unwrap();
    let session = Session::new(SessionConfig::new().route(route));
    refused(&session, "http://h.test/").await;
    assert!(peer.finish().await.iter().all(Vec::is_empty));
    proxy.finish().await;
}

#[tokio::test]
async fn words_right_behind_the_handshake_do_not_answer_the_first_request() {
    let ca = Ca::new();
    let config = ca.issue(&["localhost"]).server_config_for(&[&rustls::version::TLS12]);
    // Where a session is resumed, the last word of the handshake is the client's.
    let mut config = ServerConfig::clone(&config);
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    let serving = async {
        for _ in 0..2 {
            let (socket, _) = listener.accept().await.unwrap();
            assert_eq!(said_to(socket, config.clone()).await, b"");
        }
    };
    let dialer = opi_net::Dialer::new().resolve("localhost", [[127, 0, 0, 1].into()]).unwrap();
    let session = Session::new(SessionConfig::new().tls(trusting(&ca)).dialer(dialer));
    tokio::join!(serving, refused(&session, &url));
}

/// Speaks in the same piece in which the handshake ends; what the client then says.
async fn said_to(mut socket: TcpStream, config: Arc<ServerConfig>) -> Vec<u8> {
    let mut tls = ServerConnection::new(config).unwrap();
    let (mut said, mut spoken, mut piece) = (Vec::new(), false, vec![0; 16 * 1024]);
    loop {
        if !tls.is_handshaking() && !spoken {
            tls.writer().write_all(FORGED.as_bytes()).unwrap();
            spoken = true;
        }
        let mut out = Vec::new();
        while tls.wants_write() {
            tls.write_tls(&mut out).unwrap();
        }
        // A client that has gone takes no more.
        let gone = socket.write_all(&out).await.is_err();
        let read = socket.read(&mut piece).await.unwrap_or(0);
        if gone || read == 0 {
            return said;
        }
        let mut rest = &piece[..read];
        while !rest.is_empty() {
            tls.read_tls(&mut rest).unwrap();
            let state = tls.process_new_packets().unwrap();
            let mut plain = vec![0; state.plaintext_bytes_to_read()];
            tls.reader().read_exact(&mut plain).unwrap();
            said.extend(plain);
        }
    }
}
