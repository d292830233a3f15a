//! HTTP through proxies: plain requests are forwarded, https is tunnelled.

use harness::{Answer, Ca, HttpProxy, HttpServer, Listen, Proxy, Socks5, httpbin, told};
use opi_http_connector::{Request, Session, SessionConfig};
use opi_proxy::Route;
use serde_json::json;

use crate::setting::{bin, get, session, soon, trusting, try_get};

fn through(url: &str) -> SessionConfig {
    SessionConfig::new().route(url.parse::<Route>().unwrap())
}

#[tokio::test]
async fn https_checks_the_name_and_says_how_it_came() {
    let ca = Ca::new();
    let listen = Listen::tls(ca.issue(&["localhost"]).server_config());
    let server = HttpServer::start_handling(listen, httpbin).await;
    let session = Session::new(SessionConfig::new().tls(trusting(&ca)));
    let response = get(&session, &server.url_as("localhost", "/get?a=b")).await;
    assert_eq!(response.json().unwrap()["args"], json!({"a": "b"}));
    let tls = response.facts().tls.clone().unwrap();
    assert_eq!(tls.version, "TLSv1_3");
    assert_eq!(server.server_names()[0].as_deref(), Some("localhost"));
    server.finish().await;
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let ca = Ca::new();
    let listen = Listen::tls(ca.issue(&["other.test"]).server_config());
    let server = HttpServer::start_on(listen).await;
    let session = Session::new(SessionConfig::new().tls(trusting(&ca)));
    let error = try_get(&session, &server.url_as("localhost", "/")).await.unwrap_err();
    assert_eq!(error.code(), "tls_certificate_name", "{}", told(&error));
    server.handshake_failure().await;
    server.finish().await;
}

#[tokio::test]
async fn a_plain_request_is_forwarded_with_the_proxys_login_only_to_the_proxy() {
    let server = bin().await;
    let proxy = Proxy::start(HttpProxy::new().password("user", "hunter2")).await;
    proxy.map("api.test:80", server.address());
    let session = Session::new(through(&format!("http://user:hunter2@{}", proxy.address())));
    let response = get(&session, "http://api.test/get?a=b").await;
    assert_eq!(response.json().unwrap()["args"], json!({"a": "b"}));
    let requests = proxy.finish().await;
    assert_eq!(requests[0].target, "http://api.test/get?a=b");
    assert!(requests[0].header("proxy-authorization").is_some());
    for request in server.finish().await {
        let raw = String::from_utf8(request.raw_head).unwrap().to_lowercase();
        assert!(!raw.contains("proxy-authorization"), "{raw}");
    }
}

#[tokio::test]
async fn https_goes_through_a_tunnel() {
    let ca = Ca::new();
    let listen = Listen::tls(ca.issue(&["api.test"]).server_config());
    let server = HttpServer::start_handling(listen, httpbin).await;
    let http = Proxy::start(HttpProxy::new().password("user", "hunter2")).await;
    let socks = Proxy::start(Socks5::new().password("user", "hunter2")).await;
    http.map("api.test:443", server.address());
    socks.map("api.test:443", server.address());
    for (scheme, address) in [("http", http.address()), ("socks5", socks.address())] {
        let config = through(&format!("{scheme}://user:hunter2@{address}")).tls(trusting(&ca));
        let response = get(&Session::new(config), "https://api.test/get?a=b").await;
        assert_eq!(response.json().unwrap()["args"], json!({"a": "b"}));
    }
    assert_eq!(http.finish().await[0].target, "api.test:443");
    assert_eq!(socks.finish().await[0].asked(), "name api.test:443");
    for request in server.finish().await {
        let raw = String::from_utf8(request.raw_head).unwrap();
        assert!(!raw.to_lowercase().contains("proxy-"), "{raw}");
    }
}

#[tokio::test]
async fn a_plain_request_goes_through_socks5_by_name() {
    let server = bin().await;
    let proxy = Proxy::start(Socks5::new()).await;
    proxy.map("api.test:80", server.address());
    let session = Session::new(through(&format!("socks5://{}", proxy.address())));
    assert_eq!(get(&session, "http://api.test/get").await.status(), 200);
    assert_eq!(proxy.finish().await[0].asked(), "name api.test:80");
    server.finish().await;
}

#[tokio::test]
async fn a_proxy_that_wants_a_login_is_told_apart_from_the_server() {
    let proxy = Proxy::start(HttpProxy::new().password("user", "right")).await;
    for url in ["http://api.test/", "https://api.test/"] {
        let session = Session::new(through(&format!("http://user:hunter2@{}", proxy.address())));
        let error = try_get(&session, url).await.unwrap_err();
        assert_eq!(error.code(), "proxy_auth", "{}", told(&error));
        assert!(!format!("{} {error:?}", told(&error)).contains("hunter2"));
    }
    proxy.finish().await;
}

#[tokio::test]
async fn a_servers_own_407_is_an_answer() {
    let server = HttpServer::start().await;
    server.answer(Answer::status(407));
    let request = Request::get(&server.url("/")).unwrap();
    assert_eq!(session().send(request, &soon()).await.unwrap().status(), 407);
    server.finish().await;
}

#[tokio::test]
async fn a_request_has_a_dialer_of_its_own_and_shares_no_connection_of_another() {
    let (one, other) = (bin().await, bin().await);
    let to = |server: &HttpServer| {
        let target: opi_net::Target = "h.test:80".parse().unwrap();
        let there = opi_net::Target::new("127.0.0.1", server.address().port()).unwrap();
        opi_net::Dialer::new().connect_to(&target, there)
    };
    let session = Session::new(SessionConfig::new().dialer(to(&one)));
    let plain = || Request::get("http://h.test/get").unwrap();
    for _ in 0..2 {
        session.send(plain(), &soon()).await.unwrap();
        session.send(plain().dialer(to(&other)), &soon()).await.unwrap();
    }
    let equal = session.send(plain().dialer(to(&one)), &soon()).await.unwrap();
    assert!(equal.facts().reused);
    assert_eq!((one.connections(), other.connections()), (1, 1));
    assert_eq!((one.finish().await.len(), other.finish().await.len()), (3, 2));
}

#[tokio::test]
async fn a_request_has_hosts_around_the_proxy_of_its_own() {
    let server = bin().await;
    let proxy = Proxy::start(HttpProxy::new()).await;
    let url = server.url("/get");
    let session = Session::new(through(&format!("http://{}", proxy.address())));
    let around = || Request::get(&url).unwrap().bypass("127.0.0.1".into());
    session.send(around(), &soon()).await.unwrap();
    assert_eq!((server.connections(), proxy.connections()), (1, 0));
    let routed = around().route(format!("http://{}", proxy.address()).parse::<Route>().unwrap());
    assert!(session.send(routed, &soon()).await.unwrap().facts().reused);
    assert_eq!(proxy.connections(), 0);
    proxy.finish().await;
    server.finish().await;
}
