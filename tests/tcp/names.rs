//! Hosts in other letters and addresses with a zone: what proxies and servers get to see.

use harness::{Ca, EchoServer, HttpProxy, Listen, Proxy, Socks4, Socks5};
use opi_net::ErrorKind as NetErrorKind;
use opi_net::tls::{Certificates, Tls, Trust};
use opi_proxy::{Hop, Protocol, Route};
use opi_tcp_client::{Config, Connection, ErrorKind};

use crate::setting::{line, refused, soon};

/// The host of the tests as it is written and as others are to read it.
const WRITTEN: &str = "СЕРВЕР。рф";
const ASCII: &str = "xn--b1afb6bcb.xn--p1ai";

fn through(protocol: Protocol, address: std::net::SocketAddr, target: &str) -> Config {
    let route = Route::through(Hop::new(protocol, address.into()));
    Config::new(target.parse().unwrap()).route(route)
}

async fn works(config: &Config) {
    let mut connection = Connection::open(config, &soon()).await.unwrap();
    connection.send(b"named\n", &soon()).await.unwrap();
    assert_eq!(&connection.receive(line(), &soon()).await.unwrap().data[..], b"named\n");
    connection.close(&soon()).await.unwrap();
}

#[tokio::test]
async fn proxies_get_the_name_in_ascii() {
    let echo = EchoServer::start().await;
    let (asked, target) = (format!("{ASCII}:5432"), format!("{WRITTEN}:5432"));

    let proxy = Proxy::start(Socks5::new()).await;
    proxy.map(&asked, echo.address());
    works(&through(Protocol::Socks5, proxy.address(), &target)).await;
    assert_eq!(proxy.finish().await[0].asked(), format!("name {asked}"));

    let proxy = Proxy::start(Socks4::new()).await;
    proxy.map(&asked, echo.address());
    works(&through(Protocol::Socks4a, proxy.address(), &target)).await;
    assert_eq!(proxy.finish().await[0].asked(), format!("name {asked}"));

    let proxy = Proxy::start(HttpProxy::new()).await;
    proxy.map(&asked, echo.address());
    works(&through(Protocol::Http, proxy.address(), &target)).await;
    let request = &proxy.finish().await[0];
    assert_eq!(request.target, asked);
    assert_eq!(request.header("host"), Some(&*asked));
    echo.finish().await;
}

#[tokio::test]
async fn servers_and_certificates_get_the_name_in_ascii() {
    let ca = Ca::new();
    let identity = ca.issue(&[ASCII]);
    let echo = EchoServer::start_on(Listen::tls(identity.server_config())).await;
    let proxy = Proxy::start(Socks5::new()).await;
    proxy.map(&format!("{ASCII}:5432"), echo.address());
    let config = through(Protocol::Socks5, proxy.address(), &format!("{WRITTEN}:5432"));
    let roots = Certificates::from_pem(ca.pem().as_bytes()).unwrap();
    works(&config.tls(Tls::new(Trust::Only(roots)))).await;
    assert_eq!(echo.server_names(), [Some(ASCII.to_owned())]);
    proxy.finish().await;
    echo.finish().await;
}

const ASKED: &str = "[fe80::1]:5432";

#[tokio::test]
async fn no_proxy_gets_to_see_a_zone() {
    let echo = EchoServer::start().await;
    let proxy = Proxy::start(HttpProxy::new()).await;
    proxy.map(ASKED, echo.address());
    works(&through(Protocol::Http, proxy.address(), "[fe80::1%eth0]:5432")).await;
    let request = &proxy.finish().await[0];
    assert_eq!((&*request.target, request.header("host")), (ASKED, Some(ASKED)));

    let proxy = Proxy::start(Socks5::new()).await;
    let config = through(Protocol::Socks5, proxy.address(), "[::1%no-such-if]:1");
    let error = refused(config).await;
    assert_eq!(error.code(), "proxy_target", "{error}");
    assert_eq!(proxy.finish().await[0].asked(), "ipv6 [::1]:1");
    echo.finish().await;
}

#[tokio::test]
async fn a_name_that_the_rules_forbid_reaches_no_proxy() {
    let proxy = Proxy::start(Socks5::new()).await;
    let error = refused(through(Protocol::Socks5, proxy.address(), "xn--example-.org:80")).await;
    assert_eq!(error.code(), "bad_host", "{error}");
    assert!(proxy.finish().await.is_empty());
    let direct = refused(Config::new("xn--example-.org:80".parse().unwrap())).await;
    assert_eq!(direct.kind(), ErrorKind::Net(NetErrorKind::BadHost));
}
