//! Proxies under TLS: their own trust and names, logins that nobody reads, TLS within TLS.

use harness::{Ca, EchoServer, HttpProxy, Listen, Peer, Proxy, Script, Socks5, told};
use opi_net::tls::{Tls, Trust};
use opi_proxy::{Hop, Protocol, Route};
use opi_tcp_client::Config;

use crate::setting::{ask, refused, trusting};

fn at(protocol: Protocol, port: u16, tls: Tls) -> Hop {
    Hop::new(protocol, format!("localhost:{port}").parse().unwrap()).tls(tls)
}

fn through(hop: Hop) -> Config {
    Config::new("db.test:5432".parse().unwrap()).route(Route::through(hop))
}

#[tokio::test]
async fn a_proxy_under_tls_has_its_own_trust_and_name() {
    let (proxys, targets) = (Ca::new(), Ca::new());
    let echo = EchoServer::start_on(Listen::tls(targets.issue(&["db.test"]).server_config())).await;
    let listen = Listen::tls(proxys.issue(&["localhost"]).server_config());
    let proxy = Proxy::start_on(listen, HttpProxy::new().password("user", "secret")).await;
    proxy.map("db.test:5432", echo.address());
    let hop = at(Protocol::Http, proxy.address().port(), trusting(&proxys)).login("user", "secret");
    let config = through(hop).tls(trusting(&targets));
    assert_eq!(ask(&config, b"twice").await, b"twice");
    assert_eq!(proxy.server_names(), [Some("localhost".to_owned())]);
    assert_eq!(echo.server_names(), [Some("db.test".to_owned())]);
    proxy.finish().await;
    echo.finish().await;
}

#[tokio::test]
async fn socks_goes_under_tls_too() {
    let (ca, echo) = (Ca::new(), EchoServer::start().await);
    let listen = Listen::tls(ca.issue(&["localhost"]).server_config());
    let proxy = Proxy::start_on(listen, Socks5::new()).await;
    proxy.map("db.test:5432", echo.address());
    let config = through(at(Protocol::Socks5, proxy.address().port(), trusting(&ca)));
    assert_eq!(ask(&config, b"through").await, b"through");
    proxy.finish().await;
    echo.finish().await;
}

#[tokio::test]
async fn evil_19_a_proxy_with_a_wrong_certificate_gets_no_login() {
    let ca = Ca::new();
    for (identity, trust, code) in [
        (ca.issue(&["other.test"]), trusting(&ca), "tls_certificate_name"),
        (ca.issue_expired(&["localhost"]), trusting(&ca), "tls_certificate_time"),
        (ca.issue(&["localhost"]), Tls::new(Trust::System), "tls_certificate_untrusted"),
    ] {
        let listen = Listen::tls(identity.server_config());
        let proxy = Peer::start_on(listen, Script::refused_handshake()).await;
        let hop = at(Protocol::Http, proxy.address().port(), trust).login("user", "hunter2");
        let error = refused(through(hop).tls(Tls::new(Trust::DangerousAnyone))).await;
        assert_eq!(error.code(), code, "{}", told(&error));
        assert!(error.to_string().starts_with("proxy https://user@localhost:"), "{error}");
        assert!(proxy.finish().await.concat().is_empty());
    }
}
