//! Connections: the proxy that was asked for, and none that belongs to another.

use harness::{Answer, Ca, HttpProxy, HttpServer, Listen, Proxy, httpbin};
use opi_http_connector::{Request, Session, SessionConfig};
use opi_net::tls::{Identity, Tls, Trust};
use opi_proxy::{ProxySettings, Route};

use crate::setting::{bin, get, session, soon, trusting};

/// The session's proxy was never read, nor that of the environment.
#[tokio::test]
async fn b03_the_proxy_of_the_session_is_used() {
    let server = bin().await;
    let proxy = Proxy::start(HttpProxy::new()).await;
    proxy.map("api.test:80", server.address());
    let address = format!("http://{}", proxy.address());
    let variables = [("http_proxy", address.as_str()), ("no_proxy", "127.0.0.1")];
    let settings = ProxySettings::from_variables(|name| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    });
    let of_session = Session::new(SessionConfig::new().route(address.parse().unwrap()));
    let of_environment = Session::new(SessionConfig::new().proxies(settings.unwrap()));
    for session in [&of_session, &of_environment] {
        get(session, "http://api.test/get").await;
    }
    let of_request = Request::get("http://api.test/get").unwrap().route(address.parse().unwrap());
    session().send(of_request, &soon()).await.unwrap();
    let around = Request::get(&server.url("/get")).unwrap().route(Route::direct());
    of_session.send(around, &soon()).await.unwrap();
    get(&of_environment, &server.url("/get")).await;
    assert_eq!(proxy.finish().await.len(), 3);
    assert_eq!(server.finish().await.len(), 5);
}

/// A connection was reused through another proxy, and with another's certificate.
#[tokio::test]
async fn b25_a_connection_serves_its_own_proxy_and_certificate_alone() {
    let ca = Ca::new();
    let required = ca.issue(&["localhost"]).server_config_requiring(&ca);
    let server = HttpServer::start_handling(Listen::tls(required), httpbin).await;
    let url = server.url_as("localhost", "/get");
    let identity = |name: &str| {
        let own = ca.issue_client(name);
        Identity::from_pem(own.chain_pem().as_bytes(), own.key_pem().as_bytes()).unwrap()
    };
    let [one, other] = ["one", "other"].map(|name| trusting(&ca).identity(identity(name)));
    let session = session();
    let ask = async |tls: &Tls| {
        let request = Request::get(&url).unwrap().tls(tls.clone());
        session.send(request, &soon()).await.unwrap().facts().clone()
    };
    let (first, second) = (ask(&one).await, ask(&other).await);
    assert!(!first.reused && !second.reused && first.id != second.id);
    assert_eq!((ask(&one).await.id, ask(&other).await.id), (first.id, second.id));
    let bare = Request::get(&url).unwrap().tls(Tls::new(Trust::DangerousAnyone));
    assert!(session.send(bare, &soon()).await.is_err(), "it has no certificate to show");
    server.handshake_failure().await;
    server.finish().await;
    two_proxies().await;
}

async fn two_proxies() {
    let session = session();
    let mut ends = Vec::new();
    for name in ["first", "second"] {
        let server = HttpServer::start().await;
        server.answer(Answer::ok().text(name));
        let proxy = Proxy::start(HttpProxy::new()).await;
        proxy.map("api.test:80", server.address());
        let route = format!("http://{}", proxy.address()).parse::<Route>().unwrap();
        let request = Request::get("http://api.test/").unwrap().route(route);
        let response = session.send(request, &soon()).await.unwrap();
        assert_eq!((&*response.text().unwrap(), response.facts().reused), (name, false));
        ends.push((proxy, server));
    }
    for (proxy, server) in ends {
        assert_eq!((proxy.finish().await.len(), server.finish().await.len()), (1, 1));
    }
    assert!(session.pool().idle <= 256);
}
