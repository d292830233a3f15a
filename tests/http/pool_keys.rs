//! What is not alike never shares a connection, and what is alike does.

use harness::{Ca, HttpProxy, HttpServer, Listen, Peer, Proxy, Script, httpbin, told};
use opi_http_connector::{PoolConfig, Request, Response, Session, SessionConfig};
use opi_net::Dialer;
use opi_net::tls::{
    Certificate, Certificates, Identity, KeyLog, Name, Sni, Tls, Trust, Version, Versions,
};
use opi_proxy::{Hop, Protocol, Route};

use crate::setting::{bin, get, session, soon, trusting, try_get};

/// An HTTPS server for `localhost`, and who issued its certificate.
async fn secure() -> (Ca, HttpServer) {
    let ca = Ca::new();
    let listen = Listen::tls(ca.issue(&["localhost", "127.0.0.1"]).server_config());
    let server = HttpServer::start_handling(listen, httpbin).await;
    (ca, server)
}

async fn ask(session: &Session, request: Request) -> Response {
    session.send(request, &soon()).await.unwrap()
}

#[tokio::test]
async fn pool_key_matrix_of_tls() {
    let (ca, server) = secure().await;
    let base = trusting(&ca);
    let client = ca.issue_client("client");
    let client = Identity::from_pem(client.chain_pem().as_bytes(), client.key_pem().as_bytes());
    let key = {
        let session = Session::new(SessionConfig::new().tls(base.clone()));
        let facts = get(&session, &server.url_as("localhost", "/get")).await.facts().clone();
        Certificate::from_der(&facts.tls.unwrap().peer_chain[0]).unwrap().pin()
    };
    let folder = tempfile::tempdir().unwrap();
    let issuers = Certificates::from_pem(ca.pem().as_bytes()).unwrap();
    let others = [
        ("trust made anew", trusting(&ca)),
        ("the system's roots besides", Tls::new(Trust::SystemAnd(issuers))),
        ("no verification", Tls::new(Trust::DangerousAnyone)),
        ("any name", base.clone().name(Name::DangerousAny)),
        ("another name", base.clone().name(Name::Other("127.0.0.1".into()))),
        ("an identity", base.clone().identity(client.unwrap())),
        ("TLS 1.2", base.clone().versions(Versions::only(Version::Tls12))),
        ("TLS 1.3", base.clone().versions(Versions::only(Version::Tls13))),
        ("a hidden name", base.clone().sni(Sni::Hidden)),
        ("a pin", base.clone().pins(&[key])),
        ("protocols", base.clone().alpn(&["http/1.1"])),
        ("a key log", base.clone().key_log(KeyLog::File(folder.path().join("keys")))),
    ];
    let session = Session::new(SessionConfig::new().tls(base.clone()));
    let request = || Request::get(&server.url_as("localhost", "/get")).unwrap();
    let first = ask(&session, request()).await.facts().id;
    for (what, other) in others {
        let before = server.connections();
        let answer = ask(&session, request().tls(other.clone())).await;
        assert_eq!(server.connections(), before + 1, "{what}");
        let tls = answer.facts().tls.clone().unwrap();
        assert!(!answer.facts().reused && !tls.resumed, "{what}");
        // The same value again shares, and the session's own connection is still its own.
        assert!(ask(&session, request().tls(other)).await.facts().reused, "{what}");
        assert_eq!(ask(&session, request()).await.facts().id, first, "{what}");
        assert_eq!(ask(&session, request().tls(base.clone())).await.facts().id, first, "{what}");
    }
    server.finish().await;
}

#[tokio::test]
async fn pool_key_matrix_of_routes() {
    let (origin, server) = secure().await;
    let (one, two) = (Proxy::start(HttpProxy::new()).await, Proxy::start(HttpProxy::new()).await);
    let (ca, other) = (Ca::new(), Ca::new());
    let listen = Listen::tls(ca.issue(&["127.0.0.1"]).server_config());
    let under_tls = Proxy::start_on(listen, HttpProxy::new()).await;
    let route = |text: String| text.parse::<Route>().unwrap();
    let at =
        |tls: Tls| Route::through(Hop::new(Protocol::Http, under_tls.address().into()).tls(tls));
    let both = Certificates::from_pem(format!("{}{}", ca.pem(), other.pem()).as_bytes()).unwrap();
    let routes = [
        Route::direct(),
        route(format!("http://{}", one.address())),
        route(format!("http://user:one@{}", one.address())),
        route(format!("http://user:two@{}", one.address())),
        route(format!("http://other:two@{}", one.address())),
        route(format!("http://{}", two.address())),
        route(format!("http://{} http://{}", one.address(), two.address())),
        at(trusting(&ca)),
        at(Tls::new(Trust::DangerousAnyone)),
        at(Tls::new(Trust::Only(both))),
    ];
    let session = Session::new(SessionConfig::new().tls(trusting(&origin)));
    let mut ids = Vec::new();
    for route in &routes {
        let request =
            || Request::get(&server.url_as("localhost", "/get")).unwrap().route(route.clone());
        let facts = ask(&session, request()).await.facts().clone();
        assert!(!facts.reused && !ids.contains(&facts.id), "{route}");
        ids.push(facts.id);
        assert_eq!(ask(&session, request()).await.facts().id, facts.id, "{route}");
    }
    assert_eq!(server.connections(), routes.len());
    drop(session);
    for proxy in [one, two, under_tls] {
        proxy.finish().await;
    }
    server.finish().await;
}

#[tokio::test]
async fn verify_false_is_not_sticky() {
    let (_ca, server) = secure().await;
    let url = server.url_as("localhost", "/get");
    let session = session();
    let anyone = Tls::new(Trust::DangerousAnyone);
    for round in 0..2 {
        let careless = Request::get(&url).unwrap().tls(anyone.clone());
        assert_eq!(ask(&session, careless).await.facts().reused, round > 0);
        let error = try_get(&session, &url).await.unwrap_err();
        assert_eq!(error.code(), "tls_certificate_untrusted", "{}", told(&error));
        server.handshake_failure().await;
    }
    server.finish().await;
}

#[tokio::test]
async fn a_tls_session_is_resumed_by_its_own_kind_alone() {
    let (ca, server) = secure().await;
    let tls = trusting(&ca);
    let session = Session::new(SessionConfig::new().tls(tls.clone()));
    let request = || Request::get(&server.url_as("localhost", "/get")).unwrap();
    let resumed = async |request| {
        let facts = ask(&session, request).await.facts().clone();
        session.close_idle();
        assert!(!facts.reused);
        facts.tls.unwrap().resumed
    };
    assert!(!resumed(request()).await);
    assert!(resumed(request()).await);
    assert!(resumed(request().tls(tls)).await);
    assert!(!resumed(request().tls(Tls::new(Trust::DangerousAnyone))).await);
    assert!(!resumed(request().tls(trusting(&ca))).await);
    server.finish().await;
}

#[tokio::test]
async fn https_proxy_own_tls() {
    let (ca, server) = secure().await;
    let of_the_proxy = Ca::new();
    let identity = of_the_proxy.issue(&["127.0.0.1"]);
    let proxy = Proxy::start_on(Listen::tls(identity.server_config()), HttpProxy::new()).await;
    let at = proxy.address();
    let route = |tls| Route::through(Hop::new(Protocol::Http, at.into()).tls(tls));
    let url = server.url_as("localhost", "/get");
    let send = async |origin: Tls, at_the_proxy: Tls| {
        let config = SessionConfig::new().tls(origin).route(route(at_the_proxy));
        try_get(&Session::new(config), &url).await.map(|answer| answer.status().as_u16())
    };
    let anyone = || Tls::new(Trust::DangerousAnyone);
    assert_eq!(send(trusting(&ca), trusting(&of_the_proxy)).await.unwrap(), 200);
    // What holds for one holds not for the other.
    for (origin, at_the_proxy, phase) in
        [(anyone(), trusting(&ca), "127.0.0.1"), (trusting(&of_the_proxy), anyone(), "localhost")]
    {
        let error = send(origin, at_the_proxy).await.unwrap_err();
        assert_eq!(error.code(), "tls_certificate_untrusted", "{}", told(&error));
        assert!(told(&error).contains(phase), "{}", told(&error));
    }
    server.handshake_failure().await;
    proxy.handshake_failure().await;
    proxy.finish().await;
    server.finish().await;
}

#[tokio::test]
async fn a_plain_connection_does_not_serve_https() {
    const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let plain = Script::new().expect_until("\r\n\r\n").send(OK).expect_gone();
    let hello = Script::new().expect(&b"\x16\x03\x01"[..]).close();
    let peer = Peer::start(vec![plain, hello]).await;
    {
        let session = session();
        get(&session, &format!("http://{}/", peer.address())).await;
        let error = try_get(&session, &format!("https://{}/", peer.address())).await.unwrap_err();
        assert_eq!(error.code(), "tls_handshake", "{}", told(&error));
    }
    peer.finish().await;
}

#[tokio::test]
async fn a_change_of_the_proxy_takes_effect_at_once_and_shows_no_login_to_another() {
    let server = bin().await;
    let first = Proxy::start(HttpProxy::new().password("user", "hunter2")).await;
    let second = Proxy::start(HttpProxy::new()).await;
    for proxy in [&first, &second] {
        proxy.map("api.test:80", server.address());
    }
    let session = session();
    let through = |text: String| {
        Request::get("http://api.test/get").unwrap().route(text.parse::<Route>().unwrap())
    };
    for _ in 0..2 {
        ask(&session, through(format!("http://user:hunter2@{}", first.address()))).await;
        ask(&session, through(format!("http://{}", second.address()))).await;
    }
    let of_one: Vec<_> = first.finish().await;
    let of_other: Vec<_> = second.finish().await;
    assert!(of_one.iter().all(|it| it.header("proxy-authorization").is_some()));
    assert!(of_other.iter().all(|it| it.header("proxy-authorization").is_none()));
    for request in server.finish().await {
        let raw = String::from_utf8(request.raw_head).unwrap().to_lowercase();
        assert!(!raw.contains("proxy-authorization"), "{raw}");
    }
}

#[tokio::test]
async fn a_client_certificate_is_not_shown_where_a_redirect_leads() {
    let ca = Ca::new();
    let client = ca.issue_client("client");
    let client = Identity::from_pem(client.chain_pem().as_bytes(), client.key_pem().as_bytes());
    let known = trusting(&ca).identity(client.unwrap());
    let config = ca.issue(&["localhost"]).server_config_requiring(&ca);
    let strict = HttpServer::start_handling(Listen::tls(config.clone()), httpbin).await;
    let other = HttpServer::start_handling(Listen::tls(config), httpbin).await;
    let to = |server: &HttpServer, path: &str| server.url_as("localhost", path);
    let leads = |from: &HttpServer, url: &str| {
        let mut away: opi_http_connector::Url = to(from, "/redirect-to").parse().unwrap();
        away.query_pairs_mut().append_pair("url", url);
        Request::get(away.as_str()).unwrap()
    };
    let session = Session::new(SessionConfig::new().tls(known.clone()));
    ask(&session, Request::get(&to(&other, "/get")).unwrap()).await;
    ask(&session, leads(&strict, &to(&strict, "/get"))).await;
    for request in [
        leads(&strict, &to(&other, "/get")),
        leads(&strict, &to(&other, "/get")).tls(known.clone()),
    ] {
        let error = session.send(request, &soon()).await.unwrap_err();
        assert_eq!(error.code(), "tls_client_certificate", "{}", told(&error));
        other.handshake_failure().await;
    }
    strict.finish().await;
    other.finish().await;
}

#[tokio::test]
async fn a_session_says_what_its_pool_holds() {
    let server = bin().await;
    let at = [server.address().ip()];
    let dialer = Dialer::new().resolve("one.test", at).unwrap().resolve("two.test", at).unwrap();
    let session = Session::new(SessionConfig::new().dialer(dialer));
    for host in ["one.test", "two.test", "ONE.test"] {
        get(&session, &server.url_as(host, "/get")).await;
    }
    let stats = session.pool();
    assert_eq!((stats.open, stats.idle, stats.opened, stats.reused), (2, 2, 2, 1));
    session.close_idle();
    let stats = session.pool();
    assert_eq!((stats.open, stats.closed.on_request), (0, 2));
    server.finish().await;
}

#[tokio::test]
async fn requests_wait_for_the_one_connection_there_may_be() {
    let server = bin().await;
    let one = std::num::NonZeroUsize::MIN;
    let session = Session::new(SessionConfig::new().pool(PoolConfig::new().max_open(one)));
    let url = server.url("/get");
    let ask = || get(&session, &url);
    let (a, b, c) = tokio::join!(ask(), ask(), ask());
    assert_eq!([a, b, c].map(|answer| answer.facts().id), [1, 1, 1]);
    assert_eq!(server.connections(), 1);
    server.finish().await;
}
