//! Proxies that open a tunnel in strange ways, or to a strange place.

use harness::{Ca, EchoServer, HttpProxy, Listen, Manners, Peer, Proxy, Script, told};
use opi_proxy::Route;
use opi_tcp_client::{Config, Connection, Until};

use crate::setting::{PIECES, answering, ask, http, refused, soon, through, trusting};

/// Opens tunnels with `established` to a plain and to a TLS echo, whole and byte by byte.
async fn opens(established: &str) {
    let ca = Ca::new();
    for pieces in PIECES {
        for tls in [None, Some(trusting(&ca))] {
            let listen = match tls {
                None => Listen::plain(),
                Some(_) => Listen::tls(ca.issue(&["db.test"]).server_config()),
            };
            let echo = EchoServer::start_on(listen).await;
            let manners = Manners::new().pieces(pieces.min(established.len()));
            let proxy = HttpProxy::new().established(established).manners(manners);
            let proxy = Proxy::start(proxy).await;
            proxy.map("db.test:5432", echo.address());
            let mut config = through(http(proxy.address()));
            if let Some(tls) = tls {
                config = config.tls(tls);
            }
            assert_eq!(ask(&config, b"through").await, b"through", "{established:?}");
            proxy.finish().await;
            echo.finish().await;
        }
    }
}

#[tokio::test]
async fn evil_01_bytes_behind_the_answer_belong_to_the_target() {
    for (pieces, status) in PIECES.into_iter().flat_map(|it| [(it, "200 OK"), (it, "204 None")]) {
        let banner = format!("HTTP/1.1 {status}\r\n\r\n220 hello\n");
        let proxy = Peer::start(answering(&banner, pieces).expect("bye\n").close()).await;
        let config = through(http(proxy.address()));
        let mut connection = Connection::open(&config, &soon()).await.unwrap();
        let line = connection.receive(Until::marker("\n").unwrap(), &soon()).await.unwrap();
        assert_eq!(&line.data[..], b"220 hello\n");
        connection.send(b"bye\n", &soon()).await.unwrap();
        connection.close(&soon()).await.unwrap();
        proxy.finish().await;
    }
}

#[tokio::test]
async fn evil_02_a_length_of_an_open_tunnel_means_nothing() {
    opens("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").await;
}

#[tokio::test]
async fn evil_03_chunks_of_an_open_tunnel_mean_nothing() {
    opens("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await;
}

#[tokio::test]
async fn evil_13_an_old_proxy_opens_a_tunnel_too() {
    opens("HTTP/1.0 200\r\n\r\n").await;
}

#[tokio::test]
async fn any_2xx_opens_a_tunnel_and_what_comes_before_is_passed_over() {
    opens("HTTP/1.1 204 No Content\r\n\r\n").await;
    opens("HTTP/1.1 205 Reset Content\r\n\r\n").await;
    opens("HTTP/1.1 299 Fine\r\nConnection: close\r\n\r\n").await;
    opens("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\nHTTP/1.1 200\r\n\r\n")
        .await;
}

#[tokio::test]
async fn evil_16_a_reset_behind_the_answer_is_the_connections() {
    let proxy = Peer::start(answering("HTTP/1.1 200 OK\r\n\r\n", 1).read(4).reset()).await;
    let config = through(http(proxy.address()));
    let mut connection = Connection::open(&config, &soon()).await.unwrap();
    connection.send(b"ping", &soon()).await.unwrap();
    let error = connection.receive(Until::size(1), &soon()).await.unwrap_err();
    assert_eq!(error.code(), "closed", "{}", told(&error));
    proxy.finish().await;
}

#[tokio::test]
async fn evil_18_byte_by_byte_nothing_is_lost() {
    let answer = "HTTP/1.1 200 OK\r\nX: y\r\n\r\nearly";
    let script = answering(answer, 1).expect("ping").send_pieces("late!", 1).close();
    let proxy = Peer::start(script).await;
    let config = through(http(proxy.address()));
    let mut connection = Connection::open(&config, &soon()).await.unwrap();
    connection.send(b"ping", &soon()).await.unwrap();
    let all = connection.receive(Until::size(10), &soon()).await.unwrap();
    assert_eq!(&all.data[..], b"earlylate!");
    proxy.finish().await;
}

#[tokio::test]
async fn evil_20_a_tunnel_to_another_host_fails_by_its_certificate() {
    let ca = Ca::new();
    let other = ca.issue(&["other.test"]).server_config();
    let stranger = Peer::start_on(Listen::tls(other), Script::refused_handshake()).await;
    let proxy = Proxy::start(HttpProxy::new()).await;
    proxy.map("db.test:5432", stranger.address());
    let error = refused(through(http(proxy.address())).tls(trusting(&ca))).await;
    assert_eq!(error.code(), "tls_certificate_name", "{}", told(&error));
    stranger.finish().await;
    proxy.finish().await;
}

#[tokio::test]
async fn evil_21_plain_http_instead_of_tls_is_told() {
    for pieces in PIECES {
        let answer = "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\n";
        let proxy = Peer::start(answering(answer, pieces).expect_gone()).await;
        let error = refused(through(http(proxy.address())).tls(trusting(&Ca::new()))).await;
        assert_eq!(error.code(), "tls_handshake", "{}", told(&error));
        proxy.finish().await;
    }
}

#[tokio::test]
async fn evil_24_a_proxy_whose_name_has_no_address_is_not_gone_around() {
    let echo = EchoServer::start().await;
    let route: Route = "http://no-such-proxy.invalid:3128".parse().unwrap();
    let error = refused(Config::new(echo.address().into()).route(route)).await;
    assert_eq!(error.code(), "resolve_failed", "{}", told(&error));
    assert!(error.to_string().starts_with("proxy http://no-such-proxy.invalid"), "{error}");
    assert_eq!(echo.connections(), 0);
    echo.finish().await;
}
