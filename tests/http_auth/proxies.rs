//! Logins of proxies that forward: Digest there too, each proxy apart, and nothing at the origin.

use harness::{Answer, HttpProxy, HttpServer, Listen, Proxy, Request as Seen, httpbin};
use opi_http_connector::{Session, SessionConfig};

use crate::setting::{get, send, shown, try_send};

fn through(route: &str) -> Session {
    Session::new(SessionConfig::new().route(route.parse::<opi_proxy::Route>().unwrap()))
}

/// A proxy that forwards to nowhere: it answers itself, when the nonce is right.
async fn forwarder(nonce: &'static str) -> HttpServer {
    let handler = move |request: &Seen| {
        let shown = request.header("proxy-authorization").unwrap_or_default();
        if shown.contains(&format!("nonce=\"{nonce}\"")) { Answer::ok() } else { asks(nonce) }
    };
    HttpServer::start_forwarding(handler).await
}

fn asks(nonce: &str) -> Answer {
    let value = format!("Digest realm=\"p\", nonce=\"{nonce}\", qop=\"auth\"");
    Answer::status(407).header("Proxy-Authenticate", &value)
}

#[tokio::test]
async fn a_forwarding_proxy_is_answered_by_digest() {
    let proxy = forwarder("n").await;
    let session = through(&format!("http://user:hunter2@{}?auth=digest", proxy.address()));
    for _ in 0..2 {
        let response = send(&session, get("http://api.test/a?b")).await;
        assert_eq!(response.status(), 200);
    }
    let seen = proxy.finish().await;
    let expected = ["nothing", "n 00000001", "n 00000002"];
    assert_eq!(shown(&seen, "proxy-authorization"), expected);
    let value = seen[1].header("proxy-authorization").unwrap();
    assert!(value.contains("uri=\"http://api.test/a?b\"") && !value.contains("hunter2"), "{value}");
}

#[tokio::test]
async fn a_proxy_may_be_shown_basic_first() {
    let proxy = forwarder("n").await;
    let session = through(&format!("http://user:hunter2@{}", proxy.address()));
    send(&session, get("http://api.test/")).await;
    send(&session, get("http://api.test/")).await;
    let seen = proxy.finish().await;
    assert_eq!(shown(&seen, "proxy-authorization"), ["Basic", "n 00000001", "n 00000002"]);
}

#[tokio::test]
async fn a_wrong_password_ends_after_one_answer() {
    let proxy = HttpServer::start_forwarding(|_: &Seen| asks("n")).await;
    let session = through(&format!("http://user:hunter2@{}?auth=digest", proxy.address()));
    let error = try_send(&session, get("http://api.test/")).await.unwrap_err();
    assert_eq!(error.code(), "proxy_auth");
    assert_eq!(shown(&proxy.finish().await, "proxy-authorization"), ["nothing", "n 00000001"]);
}

#[tokio::test]
async fn a_proxy_that_proves_nothing_right_is_left() {
    let proxy = HttpServer::start_forwarding(|_: &Seen| {
        Answer::ok().header("Proxy-Authentication-Info", "rspauth=\"0\"")
    });
    let proxy = proxy.await;
    proxy.answer(asks("n"));
    let session = through(&format!("http://user:hunter2@{}?auth=digest", proxy.address()));
    let error = try_send(&session, get("http://api.test/")).await.unwrap_err();
    assert_eq!(error.code(), "auth_server_unproven");
    proxy.finish().await;
}

#[tokio::test]
async fn each_proxy_has_a_state_of_its_own() {
    let (one, other) = (forwarder("n").await, forwarder("m").await);
    let route = |server: &HttpServer, login: &str| -> opi_proxy::Route {
        format!("http://{login}{}", server.address()).parse().unwrap()
    };
    let session = Session::new(SessionConfig::new());
    let ask = |route| get("http://api.test/").route(route);
    send(&session, ask(route(&one, "user:hunter2@"))).await;
    send(&session, ask(route(&other, "user:hunter3@"))).await;
    send(&session, ask(route(&one, "user:hunter2@"))).await;
    // Without its login the proxy is shown nothing, whatever it was shown before.
    let error = try_send(&session, ask(route(&one, ""))).await.unwrap_err();
    assert_eq!(error.code(), "proxy_auth");
    let expected = ["Basic", "n 00000001", "n 00000002", "nothing"];
    assert_eq!(shown(&one.finish().await, "proxy-authorization"), expected);
    let seen = other.finish().await;
    assert_eq!(shown(&seen, "proxy-authorization"), ["Basic", "m 00000001"]);
    let second = opi_auth::basic("user", "hunter3").unwrap();
    assert_eq!(seen[0].header("proxy-authorization"), Some(second.expose()));
}

#[tokio::test]
async fn a_proxys_login_is_never_at_the_origin() {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    let proxy = Proxy::start(HttpProxy::new().password("user", "hunter2")).await;
    for name in ["api.test:80", "other.test:80"] {
        proxy.map(name, server.address());
    }
    let session = through(&format!("http://user:hunter2@{}", proxy.address()));
    send(&session, get("http://api.test/redirect-to?url=http://other.test/get")).await;
    send(&session, get("http://api.test/get")).await;
    let direct = server.url("/get");
    send(&session, get(&direct).route(opi_proxy::Route::direct())).await;
    proxy.finish().await;
    let basic = opi_auth::basic("user", "hunter2").unwrap();
    let encoded = basic.expose().trim_start_matches("Basic ").to_owned();
    let seen = server.finish().await;
    assert_eq!(seen.len(), 4);
    for request in seen {
        let raw = String::from_utf8_lossy(&request.raw_head).into_owned();
        let clean = !raw.contains("hunter2") && !raw.contains(&encoded);
        assert!(clean && !raw.to_lowercase().contains("proxy-auth"), "{raw}");
    }
}

#[tokio::test]
async fn a_refusal_of_a_proxy_shows_nothing_of_the_origins_login() {
    // 407 without a proxy is the answer of a strange server, and no reason to show anything.
    let server = HttpServer::start().await;
    server.answer(asks("n"));
    let session = Session::new(SessionConfig::new());
    let request = get(&server.url("/")).auth(opi_auth::Login::digest("u", "hunter2"));
    assert_eq!(send(&session, request).await.status(), 407);
    assert_eq!(shown(&server.finish().await, "authorization"), ["nothing"]);
}
