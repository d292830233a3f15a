//! Proxies that refuse, and how often they are asked.

use harness::{Peer, Plan, told};
use opi_tcp_client::Error;

use crate::setting::{PIECES, answering, errors, http, refused, through};

#[track_caller]
fn check(error: &Error, code: &str, words: &str) {
    assert_eq!(error.code(), code, "{}", told(error));
    assert!(error.to_string().contains(words), "{error}");
    assert!(error.to_string().contains("towards db.test:5432"), "{error}");
    assert!(!format!("{} {error:?}", told(error)).contains("hunter2"), "{error:?}");
}

#[tokio::test]
async fn evil_04_a_407_without_a_challenge_is_told() {
    for error in errors("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n").await {
        check(&error, "proxy_auth", "407 Proxy Authentication Required and offers no way");
    }
}

const DIGEST: &str = "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n";

#[tokio::test]
async fn evil_05_a_proxy_that_closes_behind_its_challenge_is_asked_on_a_new_connection() {
    for pieces in PIECES {
        for close in ["Connection: close\r\nContent-Length: 0\r\n", "", "Content-Length: 9\r\n"] {
            let challenge = format!("HTTP/1.1 407 No\r\n{DIGEST}{close}\r\n");
            let scripts = vec![
                answering(&challenge, pieces).close(),
                answering("HTTP/1.1 200 OK\r\n\r\nopen", pieces).close(),
            ];
            let proxy = Peer::start(scripts).await;
            let config = through(http(proxy.address()).login("user", "hunter2"));
            opi_tcp_client::Connection::open(&config, &crate::setting::soon()).await.unwrap();
            let asked = proxy.finish().await;
            assert_eq!(schemes(&asked.concat()), ["Basic", "Digest"], "{close:?}");
        }
    }
}

/// The scheme of each `Proxy-Authorization` that was sent.
fn schemes(sent: &[u8]) -> Vec<String> {
    let sent = String::from_utf8(sent.to_vec()).unwrap();
    let values = sent.lines().filter_map(|line| line.strip_prefix("Proxy-Authorization: "));
    values.map(|value| value.split(' ').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn evil_06_a_long_refusal_is_not_read_to_its_end() {
    let body = "x".repeat(1024 * 1024);
    let challenge = format!("HTTP/1.1 407 No\r\n{DIGEST}Content-Length: {}\r\n\r\n", body.len());
    let scripts = vec![
        answering(&(challenge + &body), usize::MAX).expect_gone(),
        answering("HTTP/1.1 403 No\r\n\r\n", 1).expect_gone(),
    ];
    let proxy = Peer::start(scripts).await;
    let error = refused(through(http(proxy.address()).login("user", "hunter2"))).await;
    check(&error, "proxy_refused", "403");
    assert_eq!(schemes(&proxy.finish().await.concat()), ["Basic", "Digest"]);
}

#[tokio::test]
async fn evil_07_a_proxy_that_always_asks_is_asked_twice() {
    for pieces in PIECES {
        let challenge = format!("HTTP/1.1 407 No\r\n{DIGEST}Content-Length: 2\r\n\r\nno");
        let forever = answering(&challenge, pieces).expect_until("\r\n\r\n");
        let forever = forever.send_pieces(challenge.clone(), pieces.min(challenge.len()));
        let proxy = Peer::start(forever.expect_gone()).await;
        let error = refused(through(http(proxy.address()).login("user", "hunter2"))).await;
        check(&error, "proxy_auth", "it offers Digest");
        let asked = proxy.finish().await;
        assert_eq!((asked.len(), schemes(&asked[0]).len()), (1, 2));
    }
}

#[tokio::test]
async fn a_proxy_that_always_says_stale_is_asked_three_times() {
    let stale = DIGEST.replace("qop", "stale=true, qop");
    let challenge = format!("HTTP/1.1 407 No\r\n{stale}Connection: close\r\n\r\n");
    let proxy = Peer::start(Plan::Every(answering(&challenge, usize::MAX).close())).await;
    let error = refused(through(http(proxy.address()).login("user", "hunter2"))).await;
    check(&error, "proxy_auth", "it offers Digest");
    assert_eq!(proxy.connections(), 3);
    proxy.finish().await;
}

#[tokio::test]
async fn evil_08_a_proxy_that_knows_only_ntlm_is_told() {
    let answer = "HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: \
                  Negotiate\r\nContent-Length: 0\r\n\r\n";
    for error in errors(answer).await {
        check(&error, "proxy_auth", "it offers NTLM, Negotiate");
    }
}

#[tokio::test]
async fn evil_09_a_redirect_of_a_proxy_is_never_followed() {
    let evil = Peer::start(Vec::new()).await;
    let place = evil.address();
    let answer =
        format!("HTTP/1.1 301 Go\r\nLocation: http://{place}/\r\nContent-Length: 0\r\n\r\n");
    for error in errors(&answer).await {
        check(&error, "proxy_refused", "301 Moved Permanently");
        assert!(!told(&error).contains(&place.to_string()), "{}", told(&error));
    }
    assert_eq!(evil.connections(), 0);
    evil.finish().await;
}

#[tokio::test]
async fn evil_10_an_error_page_is_the_proxys_and_not_the_targets() {
    let page = "<html><h1>502</h1></html>";
    let answer = format!("HTTP/1.1 502 Oops\r\nContent-Length: {}\r\n\r\n{page}", page.len());
    for error in errors(&answer).await {
        check(&error, "proxy_target", "the proxy answered 502 Bad Gateway");
        assert!(!told(&error).contains("html"), "{}", told(&error));
    }
}
