//! Digest at proxies: on the same connection, on a new one, behind another proxy, and the proof.

use harness::{Peer, Proxy, Script, Socks5, told};
use opi_auth::{Challenge, Digest, DigestRequest};
use opi_proxy::{LoginBy, Protocol, Route};
use opi_tcp_client::{Config, Connection};

use crate::setting::{PIECES, answering, http, refused, soon, through};

const CHALLENGE: &str =
    "Digest realm=\"Прокси\", nonce=\"abc\", qop=\"auth\", algorithm=SHA-256, opaque=\"o\"";

fn asks_for_digest() -> String {
    format!("HTTP/1.1 407 No\r\nProxy-Authenticate: {CHALLENGE}\r\nContent-Length: 4\r\n\r\nbody")
}

/// A proxy that keeps the connection, opens the tunnel at the second request and says pong.
fn keeping(pieces: usize, opened: &str) -> Script {
    let script = answering(&asks_for_digest(), pieces).expect_until("\r\n\r\n");
    script.send_pieces(opened, pieces.min(opened.len()))
}

const OPEN: &str = "HTTP/1.1 200 OK\r\n\r\n";

#[tokio::test]
async fn digest_is_answered_on_the_same_connection() {
    for pieces in PIECES {
        let proxy = Peer::start(keeping(pieces, OPEN).expect("ping").close()).await;
        let hop = http(proxy.address()).login("Админ", "hunter2").login_by(LoginBy::DigestOnly);
        let mut connection = Connection::open(&through(hop), &soon()).await.unwrap();
        connection.send(b"ping", &soon()).await.unwrap();
        connection.close(&soon()).await.unwrap();
        let sent = String::from_utf8(proxy.finish().await.concat()).unwrap();
        let (first, second) = sent.split_once("\r\n\r\n").unwrap();
        assert_eq!(first, "CONNECT db.test:5432 HTTP/1.1\r\nHost: db.test:5432");
        check_answer(second, "Админ", "hunter2");
    }
}

/// The answer is the one to the challenge, by the number that the client chose.
#[track_caller]
fn check_answer(head: &str, user: &str, password: &str) {
    let sent = head.lines().find_map(|line| line.strip_prefix("Proxy-Authorization: ")).unwrap();
    let cnonce = sent.split("cnonce=\"").nth(1).unwrap().split('"').next().unwrap();
    let digest = Digest::choose(&Challenge::read([CHALLENGE.as_bytes()])).unwrap();
    let request = DigestRequest::new("CONNECT", "db.test:5432");
    let expected = digest.answer(user, password, &request, cnonce, 1).unwrap();
    assert_eq!(sent, expected.expose());
    assert_eq!(cnonce.len(), 32);
}

#[tokio::test]
async fn behind_another_proxy_the_whole_way_is_gone_again() {
    let first = Proxy::start(Socks5::new().password("one", "1")).await;
    let scripts = vec![
        answering(&asks_for_digest().replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"), 1)
            .close(),
        answering(OPEN, 1).close(),
    ];
    let second = Peer::start(scripts).await;
    first.map("second.test:3128", second.address());
    let outer = opi_proxy::Hop::new(Protocol::Socks5, first.address().into()).login("one", "1");
    let inner = "http://two:2@second.test:3128?auth=digest".parse().unwrap();
    let route = Route::through(outer).then(inner);
    let config = Config::new("db.test:5432".parse().unwrap()).route(route);
    Connection::open(&config, &soon()).await.unwrap();
    check_answer(&String::from_utf8(second.finish().await.concat()).unwrap(), "two", "2");
    assert_eq!(first.finish().await.len(), 2);
}

#[tokio::test]
async fn a_wrong_proof_of_the_proxy_is_no_tunnel() {
    let opened = "HTTP/1.1 200 OK\r\nProxy-Authentication-Info: rspauth=\"0\"\r\n\r\n";
    let proxy = Peer::start(keeping(1, opened).expect_gone()).await;
    let error = refused(through(http(proxy.address()).login("u", "hunter2"))).await;
    assert_eq!(error.code(), "proxy_auth", "{}", told(&error));
    assert!(error.to_string().contains("does not know the password itself"), "{error}");
    proxy.finish().await;
}

#[tokio::test]
async fn without_a_login_nothing_is_answered() {
    let proxy = Peer::start(answering(&asks_for_digest(), 1).expect_gone()).await;
    let error = refused(through(http(proxy.address()))).await;
    assert_eq!(error.code(), "proxy_auth");
    assert!(error.to_string().contains("it offers Digest"), "{error}");
    proxy.finish().await;
}
