//! Sessions over TLS: httpbin by gunicorn, nginx, client certificates, tunnels.

use opi_http_connector::{Request, Response, Session, SessionConfig};
use opi_net::tls::{Tls, Trust};

use crate::servers::{identity, soon, tls, url};

async fn get(config: SessionConfig, url: &str) -> Result<Response, opi_http_connector::Error> {
    Session::new(config).send(Request::get(url).unwrap(), &soon()).await
}

fn trusting() -> SessionConfig {
    SessionConfig::new().tls(tls())
}

#[tokio::test]
async fn gunicorn_and_nginx_answer_over_tls() {
    let response = get(trusting(), &url("https", "httpbin-tls", "/get?a=b")).await.unwrap();
    assert_eq!(response.json().unwrap()["args"]["a"], "b");
    let response = get(trusting(), &url("https", "nginx-tls", "/connection")).await.unwrap();
    let text = response.text().unwrap();
    assert!(text.contains("HTTP/1.1") && text.contains("TLSv1.3"), "{text}");
    assert!(text.contains("localhost"), "the name was sent: {text}");
    assert_eq!(response.facts().tls.clone().unwrap().alpn.as_deref(), Some("http/1.1"));
}

#[tokio::test]
async fn without_the_ca_nobody_is_trusted() {
    let address = url("https", "nginx-tls", "/connection");
    let error = get(SessionConfig::new(), &address).await.unwrap_err();
    assert_eq!(error.code(), "tls_certificate_untrusted", "{error}");
    let anyone = SessionConfig::new().tls(Tls::new(Trust::DangerousAnyone));
    assert_eq!(get(anyone, &address).await.unwrap().status(), 200);
}

#[tokio::test]
async fn nginx_demands_a_client_certificate() {
    let address = url("https", "nginx-mtls", "/");
    assert_eq!(get(trusting(), &address).await.unwrap().status(), 400);
    let known = SessionConfig::new().tls(tls().identity(identity()));
    let response = get(known, &address).await.unwrap();
    assert!(response.text().unwrap().contains("SUCCESS"), "{:?}", response.text());
}
