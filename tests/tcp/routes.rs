//! Proxies: names as the user wrote them, no byte lost, refusals that say who refused.

use harness::{
    Answer, Ca, EchoServer, HttpProxy, Listen, LogCapture, Manners, Misdeed, Peer, Proxy,
    ProxyStep, RefusingPort, Script, Socks4, Socks5, told,
};
use opi_net::Phase;
use opi_net::tls::{Certificates, Tls, Trust};
use opi_proxy::{Hop, Protocol, Route};
use opi_tcp_client::{Config, Connection, Error, Until};

use crate::setting::{line, refused, short, soon};

fn through(protocol: Protocol, address: std::net::SocketAddr) -> Hop {
    Hop::new(protocol, address.into())
}

fn to(name: &str, hop: Hop) -> Config {
    Config::new(name.parse().unwrap()).route(Route::through(hop))
}

async fn exchange(config: &Config, text: &[u8]) -> Vec<u8> {
    let mut connection = Connection::open(config, &soon()).await.unwrap();
    connection.send(text, &soon()).await.unwrap();
    let answer = connection.receive(Until::size(text.len()), &soon()).await.unwrap();
    connection.close(&soon()).await.unwrap();
    answer.data.to_vec()
}

#[tokio::test]
async fn socks5_gets_the_name_and_the_password() {
    let echo = EchoServer::start().await;
    let proxy = Proxy::start(Socks5::new().password("user", "secret")).await;
    proxy.map("db.test:5432", echo.address());
    let hop = through(Protocol::Socks5, proxy.address()).login("user", "secret");
    assert_eq!(exchange(&to("db.test:5432", hop), b"through").await, b"through");
    let requests = proxy.finish().await;
    assert_eq!(requests[0].asked(), "name db.test:5432");
    assert_eq!(requests[0].credentials, Some(("user".into(), "secret".into())));
    echo.finish().await;
}

#[tokio::test]
async fn socks5_gets_addresses_as_addresses() {
    let echo = EchoServer::start().await;
    let proxy = Proxy::start(Socks5::new()).await;
    let hop = through(Protocol::Socks5, proxy.address());
    let config = to(&echo.address().to_string(), hop);
    assert_eq!(exchange(&config, b"v4").await, b"v4");
    assert_eq!(proxy.finish().await[0].asked(), format!("ipv4 {}", echo.address()));
    echo.finish().await;
}

#[tokio::test]
async fn socks4_gets_addresses_and_4a_gets_names() {
    let echo = EchoServer::start().await;
    for manners in [Manners::new(), Manners::new().glue(), Manners::new().pieces(1)] {
        let proxy = Proxy::start(Socks4::new().manners(manners)).await;
        let peer = Peer::start(Script::new().send("banner\n").expect("bye\n").close()).await;
        proxy.map("db.test:5432", peer.address());
        let hop = through(Protocol::Socks4a, proxy.address()).login("me", "");
        let mut connection = Connection::open(&to("db.test:5432", hop), &soon()).await.unwrap();
        assert_eq!(&connection.receive(line(), &soon()).await.unwrap().data[..], b"banner\n");
        connection.send(b"bye\n", &soon()).await.unwrap();
        connection.close(&soon()).await.unwrap();
        peer.finish().await;
        let requests = proxy.finish().await;
        assert_eq!(requests[0].asked(), "name db.test:5432");
        assert_eq!(requests[0].user_id.as_deref(), Some("me"));
    }
    for protocol in [Protocol::Socks4, Protocol::Socks4a] {
        for host in ["127.0.0.1", "localhost"] {
            let proxy = Proxy::start(Socks4::new()).await;
            proxy.map(&format!("localhost:{}", echo.address().port()), echo.address());
            let name = format!("{host}:{}", echo.address().port());
            let config = to(&name, through(protocol, proxy.address()));
            assert_eq!(exchange(&config, b"four").await, b"four");
            let named = protocol == Protocol::Socks4a && host == "localhost";
            let expected =
                if named { format!("name {name}") } else { format!("ipv4 {}", echo.address()) };
            assert_eq!(proxy.finish().await[0].asked(), expected);
        }
    }
    echo.finish().await;
}

#[tokio::test]
async fn what_socks4_cannot_carry_is_refused_before_it_is_sent() {
    let proxy = Proxy::start(Socks4::new()).await;
    let plain = through(Protocol::Socks4a, proxy.address());
    for (hop, name, words) in [
        (plain.clone(), "[::1]:80", "no IPv6"),
        (plain.clone().login("u", "p"), "db.test:80", "no password"),
        (plain.clone().login("u\0", ""), "db.test:80", "no NUL"),
        (plain.login("u".repeat(256), ""), "db.test:80", "at most 255 bytes"),
    ] {
        let error = refused(to(name, hop)).await;
        assert_eq!(error.code(), "proxy_bad_request", "{}", told(&error));
        assert!(error.to_string().contains(words), "{error}");
    }
    assert!(proxy.finish().await.iter().all(|request| request.asked() == "nothing"));
}

#[tokio::test]
async fn a_socks4_refusal_is_told_by_its_meaning() {
    for (code, expected) in [(91, "proxy_target"), (92, "proxy_auth"), (93, "proxy_auth")] {
        let proxy = Proxy::start(Socks4::new().refuse(code)).await;
        let hop = through(Protocol::Socks4a, proxy.address());
        check(&refused(to("db.test:5432", hop)).await, expected, &format!("replied {code}"));
        proxy.finish().await;
    }
}

#[tokio::test]
async fn connect_gets_the_name_and_the_password() {
    let echo = EchoServer::start().await;
    let proxy = Proxy::start(HttpProxy::new().password("user", "secret")).await;
    proxy.map("db.test:5432", echo.address());
    let hop = through(Protocol::Http, proxy.address()).login("user", "secret");
    assert_eq!(exchange(&to("db.test:5432", hop), b"through").await, b"through");
    let requests = proxy.finish().await;
    assert_eq!((requests[0].method.as_str(), &*requests[0].target), ("CONNECT", "db.test:5432"));
    assert_eq!(requests[0].header("host"), Some("db.test:5432"));
    echo.finish().await;
}

#[tokio::test]
async fn bytes_behind_a_proxys_answer_belong_to_the_target() {
    let banner = || Script::new().send("220 banner\n").expect("bye\n").close();
    let manners = [Manners::new(), Manners::new().glue(), Manners::new().pieces(1)];
    for manners in manners {
        let peer = Peer::start(vec![banner(), banner()]).await;
        let socks = Proxy::start(Socks5::new().manners(manners.clone())).await;
        let http = Proxy::start(HttpProxy::new().manners(manners)).await;
        for hop in
            [through(Protocol::Socks5, socks.address()), through(Protocol::Http, http.address())]
        {
            let config = to(&peer.address().to_string(), hop);
            let mut connection = Connection::open(&config, &soon()).await.unwrap();
            let received = connection.receive(line(), &soon()).await.unwrap();
            assert_eq!(&received.data[..], b"220 banner\n");
            connection.send(b"bye\n", &soon()).await.unwrap();
            connection.close(&soon()).await.unwrap();
        }
        peer.finish().await;
        socks.finish().await;
        http.finish().await;
    }
}

#[tokio::test]
async fn any_2xx_opens_a_tunnel() {
    for established in [
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.0 200\r\n\r\n",
        "HTTP/1.1 299 Fine\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nbad name : x\r\n\r\n",
    ] {
        let echo = EchoServer::start().await;
        let proxy = Proxy::start(HttpProxy::new().established(established)).await;
        let config = to(&echo.address().to_string(), through(Protocol::Http, proxy.address()));
        assert_eq!(exchange(&config, b"open").await, b"open", "{established:?}");
        proxy.finish().await;
        echo.finish().await;
    }
}

#[tokio::test]
async fn tls_behind_every_proxy_checks_the_targets_name() {
    let ca = Ca::new();
    let echo = EchoServer::start_on(Listen::tls(ca.issue(&["db.test"]).server_config())).await;
    let socks = Proxy::start(Socks5::new()).await;
    let http = Proxy::start(HttpProxy::new()).await;
    socks.map("db.test:5432", echo.address());
    http.map("db.test:5432", echo.address());
    let tls = Tls::new(Trust::Only(Certificates::from_pem(ca.pem().as_bytes()).unwrap()));
    for hop in [through(Protocol::Socks5, socks.address()), through(Protocol::Http, http.address())]
    {
        let config = to("db.test:5432", hop).tls(tls.clone());
        assert_eq!(exchange(&config, b"private").await, b"private");
    }
    assert_eq!(echo.server_names(), [Some("db.test".to_owned()), Some("db.test".to_owned())]);
    socks.finish().await;
    http.finish().await;
    echo.finish().await;
}

#[tokio::test]
async fn proxies_stand_in_a_row() {
    let echo = EchoServer::start().await;
    let first = Proxy::start(Socks5::new().password("one", "1")).await;
    let second = Proxy::start(HttpProxy::new().password("two", "2")).await;
    first.map("second.test:3128", second.address());
    second.map("db.test:5432", echo.address());
    let behind = Hop::new(Protocol::Http, "second.test:3128".parse().unwrap()).login("two", "2");
    let route = Route::through(through(Protocol::Socks5, first.address()).login("one", "1"));
    let config = Config::new("db.test:5432".parse().unwrap()).route(route.then(behind));
    assert_eq!(exchange(&config, b"far").await, b"far");
    assert_eq!(first.finish().await[0].asked(), "name second.test:3128");
    assert_eq!(second.finish().await[0].target, "db.test:5432");
    echo.finish().await;
}

#[track_caller]
fn check(error: &Error, code: &str, words: &str) {
    assert_eq!((error.code(), error.phase()), (code, Some(Phase::Proxy)), "{}", told(error));
    assert!(error.to_string().contains(words), "{error}");
    assert!(error.to_string().contains("towards db.test:5432"), "{error}");
}

#[tokio::test]
async fn a_socks5_refusal_is_told_by_its_meaning() {
    for (reply, code, words) in [
        (1, "proxy_target", "1: general failure"),
        (2, "proxy_refused", "2: not allowed"),
        (3, "proxy_target", "3: network unreachable"),
        (4, "proxy_target", "4: host unreachable"),
        (5, "proxy_target", "5: connection refused"),
        (6, "proxy_target", "6: TTL expired"),
        (7, "proxy_protocol", "7: command not supported"),
        (8, "proxy_target", "8: address type"),
        (99, "proxy_target", "99: unassigned"),
    ] {
        let proxy = Proxy::start(Socks5::new().refuse(reply)).await;
        let hop = through(Protocol::Socks5, proxy.address());
        check(&refused(to("db.test:5432", hop)).await, code, words);
        proxy.finish().await;
    }
}

#[tokio::test]
async fn an_http_refusal_is_told_by_its_meaning() {
    for (status, code) in [
        (401, "proxy_auth"),
        (403, "proxy_refused"),
        (404, "proxy_refused"),
        (407, "proxy_auth"),
        (500, "proxy_target"),
        (502, "proxy_target"),
        (503, "proxy_target"),
        (504, "proxy_target"),
    ] {
        let answer = Answer::status(status).text("no").chunked(1);
        let proxy = Proxy::start(HttpProxy::new().refuse(answer)).await;
        let hop = through(Protocol::Http, proxy.address());
        check(&refused(to("db.test:5432", hop)).await, code, &format!("answered {status}"));
        proxy.finish().await;
    }
}

#[tokio::test]
async fn a_wrong_password_is_told_and_not_shown() {
    let log = LogCapture::new();
    let socks = Proxy::start(Socks5::new().password("user", "right")).await;
    let http = Proxy::start(HttpProxy::new().password("user", "right")).await;
    for hop in [through(Protocol::Socks5, socks.address()), through(Protocol::Http, http.address())]
    {
        let config = to("db.test:5432", hop.clone().login("user", "hunter2"));
        let error = log.around(refused(config.clone())).await;
        check(&error, "proxy_auth", "user@");
        let shown = format!("{} {error:?} {config:?}", told(&error));
        assert!(!shown.contains("hunter2"), "{shown}");
        let nothing = refused(to("db.test:5432", hop)).await;
        assert_eq!(nothing.code(), "proxy_auth");
    }
    assert!(!log.text().contains("hunter2"), "{}", log.text());
    socks.finish().await;
    http.finish().await;
}

#[tokio::test]
async fn a_login_that_socks5_cannot_carry_is_refused_before_it_is_sent() {
    let proxy = Proxy::start(Socks5::new()).await;
    for (user, password) in [("", "p"), ("u", ""), (&*"u".repeat(256), "p")] {
        let hop = through(Protocol::Socks5, proxy.address()).login(user, password);
        check(&refused(to("db.test:5432", hop)).await, "proxy_bad_request", "1 to 255 bytes");
    }
    assert!(proxy.finish().await.iter().all(|request| request.credentials.is_none()));
}

#[tokio::test]
async fn a_proxy_that_goes_away_or_says_nothing_is_named() {
    let steps = [ProxyStep::Accept, ProxyStep::Request];
    for (step, misdeed) in steps.into_iter().flat_map(|step| {
        [Misdeed::Close, Misdeed::Reset, Misdeed::Stall].map(|misdeed| (step, misdeed))
    }) {
        let manners = Manners::new().misdeed(step, misdeed);
        let socks = Proxy::start(Socks5::new().manners(manners.clone())).await;
        let http = Proxy::start(HttpProxy::new().manners(manners)).await;
        for hop in
            [through(Protocol::Socks5, socks.address()), through(Protocol::Http, http.address())]
        {
            let deadline = if misdeed == Misdeed::Stall { short() } else { soon() };
            let config = to("db.test:5432", hop);
            let error = Connection::open(&config, &deadline).await.unwrap_err();
            let code = if misdeed == Misdeed::Stall { "timeout" } else { "closed" };
            check(&error, code, "proxy ");
        }
        socks.finish().await;
        http.finish().await;
    }
}

#[tokio::test]
async fn what_is_no_proxy_is_told_so() {
    for protocol in [Protocol::Http, Protocol::Socks4a, Protocol::Socks5] {
        // Some greet at once, some only when spoken to.
        let greeting = "220 smtp.test ready\r\n";
        for script in [
            Script::new().send(greeting).expect_gone(),
            Script::new().read(1).send(greeting).expect_gone(),
        ] {
            let peer = Peer::start(script).await;
            let error = refused(to("db.test:5432", through(protocol, peer.address()))).await;
            check(&error, "proxy_protocol", "does not answer as a proxy");
            peer.finish().await;
        }
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_told_apart_from_the_target() {
    let free = RefusingPort::new();
    let error = refused(to("db.test:5432", through(Protocol::Http, free.address()))).await;
    assert_eq!((error.code(), error.phase()), ("connect_refused", Some(Phase::Connect)));
    assert!(error.to_string().starts_with("proxy http://"), "{error}");
}
