//! The server behind haproxy and curl, which send the PROXY protocol: facts tell the real peer.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use opi_net::Dialer;
use opi_net::tls::ServerTls;
use opi_tcp_client::{Config, Connection, Until};
use opi_tcp_server::{
    Config as ServerConfig, ConnectionFacts, Network, ProxyProtocol, Server, Untrusted,
};

use crate::process::run;
use crate::servers::{port, server_identity, soon, target, tls};

/// Where clients connect from, to be told apart from haproxy.
const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 7));

fn networks(text: &str) -> [Network; 1] {
    [text.parse().unwrap()]
}

/// What haproxy and the other servers here connect from.
fn trusting() -> ProxyProtocol {
    ProxyProtocol::from(networks("127.0.0.1/32"))
}

/// The port that haproxy connects to for an endpoint.
fn behind(endpoint: &str) -> ServerConfig {
    ServerConfig::loopback(port(&format!("behind-{endpoint}")))
}

fn from_client(endpoint: &str) -> Config {
    let dialer = Dialer::new().local_address(SocketAddr::new(CLIENT, 0));
    Config::new(target("localhost", endpoint)).dialer(dialer)
}

/// Talks both ways through haproxy; returns what the server knows of the connection.
async fn met(server: &Server, config: &Config) -> ConnectionFacts {
    let mut connection = Connection::open(config, &soon()).await.unwrap();
    connection.send(b"hello\n", &soon()).await.unwrap();
    let message = server.next(1000, &soon()).await.unwrap().unwrap();
    assert_eq!(&message.data[..], b"hello\n", "the header is no data");
    server.send(message.connection, b"to you\n", &soon()).await.unwrap();
    let answer = connection.receive(Until::marker("\n").unwrap(), &soon()).await.unwrap();
    assert_eq!(&answer.data[..], b"to you\n");
    let facts = server.facts(message.connection).unwrap();
    assert_eq!((message.peer, facts.peer.ip()), (facts.peer, CLIENT));
    assert_eq!(facts.via.map(|via| via.ip()), Some(Ipv4Addr::LOCALHOST.into()));
    facts
}

#[tokio::test]
async fn haproxy_tells_the_real_peer() {
    for endpoint in ["haproxy-v1", "haproxy-v2"] {
        let server = Server::start(behind(endpoint).proxy_protocol(trusting())).unwrap();
        for _ in 0..3 {
            met(&server, &from_client(endpoint)).await;
        }
        server.stop().await;

        // From haproxy, which is not trusted here, the header is data, or the end.
        let elsewhere = || ProxyProtocol::from(networks("10.0.0.0/8"));
        let direct = elsewhere().untrusted(Untrusted::Direct);
        let server = Server::start(behind(endpoint).proxy_protocol(direct)).unwrap();
        let open = Connection::open(&from_client(endpoint), &soon()).await.unwrap();
        let message = server.next(1000, &soon()).await.unwrap().unwrap();
        let header = if endpoint == "haproxy-v1" { &b"PROXY TCP4 "[..] } else { b"\r\n\r\n\0" };
        assert!(message.data.starts_with(header), "{endpoint}: {:?}", message.data);
        assert_eq!(message.peer.ip(), Ipv4Addr::LOCALHOST, "{endpoint}");
        drop(open);
        server.stop().await;

        let server = Server::start(behind(endpoint).proxy_protocol(elsewhere())).unwrap();
        let mut refused = Connection::open(&from_client(endpoint), &soon()).await.unwrap();
        let end = refused.receive(Until::closed(), &soon()).await;
        assert!(end.is_err() || end.unwrap().data.is_empty(), "{endpoint}");
        assert!(server.connections().is_empty(), "{endpoint}");
        server.stop().await;
    }
}

#[tokio::test]
async fn a_header_with_the_facts_of_tls_is_understood() {
    let server = Server::start(behind("haproxy-v2-tls").proxy_protocol(trusting())).unwrap();
    let known = tls().identity(crate::servers::identity());
    for tls in [tls(), known] {
        let facts = met(&server, &from_client("haproxy-v2-tls").tls(tls)).await;
        assert!(facts.tls.is_none(), "TLS ended at haproxy");
    }
    server.stop().await;
}

#[tokio::test]
async fn tls_begins_behind_the_header() {
    let identity = ServerTls::new(server_identity()).unwrap();
    let config = behind("haproxy-v2-through").proxy_protocol(trusting()).tls(identity);
    let server = Server::start(config).unwrap();
    let facts = met(&server, &from_client("haproxy-v2-through").tls(tls())).await;
    assert_eq!(facts.tls.unwrap().version, "TLSv1_3");
    server.stop().await;
}

#[tokio::test]
async fn curl_sends_the_header_and_is_refused_without() {
    let config = ServerConfig::loopback(0).proxy_protocol(trusting());
    let server = Server::start(config).unwrap();
    let url = format!("http://{}/", server.address());
    let quiet = ["--disable", "--silent", "--noproxy", "*", &url, "--haproxy-protocol"];
    let curl = run("curl", &quiet, b"");
    let serving = async {
        let message = server.next(1000, &soon()).await.unwrap().unwrap();
        assert!(message.data.starts_with(b"GET / HTTP/1.1\r\n"), "{:?}", message.data);
        let facts = server.facts(message.connection).unwrap();
        assert_eq!(facts.via, Some(facts.peer), "curl tells of itself");
        server.send(message.connection, b"HTTP/1.0 200 OK\r\n\r\nhello", &soon()).await.unwrap();
        server.finish_sending(message.connection).unwrap();
    };
    let (ended, ()) = tokio::join!(curl, serving);
    assert_eq!(ended.stdout, b"hello");
    let without = run("curl", &quiet[..5], b"").await;
    assert!([52, 56].contains(&without.status.code().unwrap()), "{without:?}");
    assert!(
        server
            .next(1, &opi_net::Deadline::after(std::time::Duration::ZERO))
            .await
            .unwrap()
            .is_none()
    );
    server.stop().await;
}
