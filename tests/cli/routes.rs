//! Through proxies: names go to them as they were written, and their refusals have exit codes.

use harness::{
    Answer, EchoServer, HttpProxy, HttpServer, Listen, Manners, Misdeed, Peer, Plan, Proxy,
    ProxyStep, RefusingPort, Script, Socks5, httpbin,
};

use crate::command::{Opi, opi};

#[tokio::test]
async fn tcp_through_socks5_and_http() {
    let echo = EchoServer::start().await;
    let socks = Proxy::start(Socks5::new().password("ann", "hunter2")).await;
    socks.map("db.test:5432", echo.address());
    let url = format!("socks5://ann:hunter2@{}", socks.address());
    let outcome = opi(&["tcp", "request", "db.test:5432", "x\n", "--proxy", &url]).await;
    assert_eq!(outcome.good(), b"x\n");
    let requests = socks.finish().await;
    assert_eq!(requests[0].asked(), "name db.test:5432");
    assert_eq!(requests[0].credentials, Some(("ann".to_owned(), "hunter2".to_owned())));

    let http = Proxy::start(HttpProxy::new().password("ann", "hunter2")).await;
    http.map("db.test:5432", echo.address());
    let url = format!("http://ann:hunter2@{}", http.address());
    let line = ["tcp", "request", "db.test:5432", "x\n", "--proxy", "env:OPI_TEST_PROXY"];
    let outcome = Opi::new(&line).env("OPI_TEST_PROXY", &url).run().await;
    assert_eq!(outcome.good(), b"x\n");
    assert_eq!(http.finish().await[0].target, "db.test:5432");
    echo.finish().await;
}

#[tokio::test]
async fn http_through_socks5_and_http() {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    let socks = Proxy::start(Socks5::new()).await;
    let http = Proxy::start(HttpProxy::new()).await;
    for proxy in [format!("socks5://{}", socks.address()), format!("http://{}", http.address())] {
        socks.map("api.test:80", server.address());
        http.map("api.test:80", server.address());
        let outcome = opi(&["get", "http://api.test/get", "--proxy", &proxy, "--json"]).await;
        assert_eq!(outcome.result()["json"]["url"], "http://api.test/get");
    }
    assert_eq!(socks.finish().await[0].asked(), "name api.test:80");
    assert_eq!(http.finish().await[0].target, "http://api.test/get");
    server.finish().await;
}

/// The code of the error of a request through `proxy`, over TCP and over HTTP.
async fn refused(proxy: &str, exit: i32, expected: &[&str]) {
    let tcp = ["tcp", "request", "db.test:5432", "x", "--proxy", proxy, "--timeout", "0.5"];
    let https = ["get", "https://db.test:5432/", "--proxy", proxy, "--timeout", "0.5"];
    for line in [&tcp[..], &https[..]] {
        let plain = opi(line).await;
        let text = plain.failed(exit);
        assert!(text.contains("towards db.test:5432") || text.contains("proxy"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
        let error = opi(&[line, &["--json"]].concat()).await.error(exit);
        let [code, phase] = [&error["code"], &error["phase"]].map(|it| it.as_str().unwrap());
        assert_eq!([code, phase], expected, "{error}");
    }
}

#[tokio::test]
async fn a_socks5_proxy_that_refuses() {
    let with = async |kind: Socks5, exit, code: &str| {
        let proxy = Proxy::start(kind).await;
        let url = format!("socks5://ann:hunter2@{}", proxy.address());
        refused(&url, exit, &[code, "proxy"]).await;
        proxy.finish().await;
    };
    with(Socks5::new().password("ann", "other"), 17, "proxy_auth").await;
    with(Socks5::new().refuse(2), 13, "proxy_refused").await;
    with(Socks5::new().refuse(4), 13, "proxy_target").await;
    let close = Manners::new().misdeed(ProxyStep::Request, Misdeed::Close);
    with(Socks5::new().manners(close), 13, "closed").await;
    let stall = Manners::new().misdeed(ProxyStep::Request, Misdeed::Stall);
    with(Socks5::new().manners(stall), 14, "timeout").await;
}

#[tokio::test]
async fn an_http_proxy_that_refuses() {
    let with = async |kind: HttpProxy, exit, code: &str| {
        let proxy = Proxy::start(kind).await;
        let url = format!("http://ann:hunter2@{}", proxy.address());
        refused(&url, exit, &[code, "proxy"]).await;
        proxy.finish().await;
    };
    with(HttpProxy::new().password("ann", "other"), 17, "proxy_auth").await;
    with(HttpProxy::new().refuse(Answer::status(403)), 13, "proxy_refused").await;
    with(HttpProxy::new().refuse(Answer::status(502)), 13, "proxy_target").await;
}

#[tokio::test]
async fn a_forwarding_proxy_that_refuses_the_login() {
    let proxy = Proxy::start(HttpProxy::new().password("ann", "other")).await;
    let url = format!("http://ann:hunter2@{}", proxy.address());
    let outcome = opi(&["get", "http://api.test/", "--proxy", &url]).await;
    assert!(!outcome.failed(17).contains("hunter2"), "{outcome}");
    proxy.finish().await;
}

#[tokio::test]
async fn a_proxy_that_is_not_there_or_is_none() {
    let port = RefusingPort::new();
    refused(&format!("socks5://{}", port.address()), 11, &["connect_refused", "connect"]).await;
    let name = format!("socks5://{}.test:1", "a".repeat(64));
    refused(&name, 10, &["resolve_failed", "resolve"]).await;
    for (scheme, request) in
        [("http", Script::new().expect_until("\r\n\r\n")), ("socks5", Script::new().read(3))]
    {
        let other =
            Peer::start(Plan::Every(request.send("220 this is no proxy\r\n").expect_gone())).await;
        let proxy = format!("{scheme}://{}", other.address());
        refused(&proxy, 13, &["proxy_protocol", "proxy"]).await;
        other.finish().await;
    }
}

#[tokio::test]
async fn hosts_that_go_around_the_proxies() {
    let echo = EchoServer::start().await;
    let address = echo.address().to_string();
    let dead = RefusingPort::new();
    let proxy = format!("socks5://{}", dead.address());
    let line = ["tcp", "request", &address, "x\n", "--proxy", &proxy, "--no-proxy"];
    let asked = async |list: &str| opi(&[&line[..], &[list]].concat()).await;
    assert_eq!(asked("h.test,127.0.0.0/8").await.good(), b"x\n");
    asked("192.0.2.0/24").await.failed(11);
    assert!(asked("10.0.0.0/99").await.failed(2).contains("--no-proxy: expected a host"));
    echo.finish().await;
}

#[tokio::test]
async fn a_list_of_routes_and_what_each_phase_took() {
    let (echo, free) = (EchoServer::start().await, RefusingPort::new());
    let proxy = Proxy::start(HttpProxy::new().password("ann", "hunter2")).await;
    proxy.map("db.test:5432", echo.address());
    let good = proxy.address();
    let list = format!("socks5://{} | http://ann:hunter2@{good}", free.address());
    let line = ["tcp", "request", "db.test:5432", "x\n", "--proxy", &list, "--json"];
    let outcome = opi(&line).await;
    let result = outcome.result();
    assert_eq!(result["route"], format!("http://ann@{good}"));
    for phase in ["resolve_ms", "connect_ms", "proxy_ms", "tls_ms"] {
        assert!(result[phase].is_u64(), "{result}");
    }
    assert!(!outcome.printed().contains("hunter2"), "{outcome}");
    let both = opi(&[&line[..], &["--proxy", &format!("http://{good}")]].concat()).await;
    both.error(2);
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    proxy.map("api.test:80", server.address());
    let outcome = opi(&["get", "http://api.test/get", "--proxy", &list]).await;
    outcome.good();
    server.finish().await;
    assert_eq!(proxy.finish().await.len(), 2);
    echo.finish().await;
}

#[tokio::test]
async fn the_environment_names_proxies_only_when_asked() {
    let echo = EchoServer::start().await;
    let proxy = Proxy::start(HttpProxy::new().password("ann", "hunter2")).await;
    proxy.map("db.test:5432", echo.address());
    let url = format!("http://ann:hunter2@{}", proxy.address());
    let address = echo.address().to_string();
    let request = |address: &str, options: &[&str]| {
        let line = [&["tcp", "request", address, "x\n", "--json"], options].concat();
        Opi::new(&line).env("ALL_PROXY", &url).env("NO_PROXY", "127.0.0.1")
    };
    let asked = ["--proxy-from-environment"];
    let outcome = request("db.test:5432", &asked).run().await;
    assert_eq!(outcome.result()["route"], format!("http://ann@{}", proxy.address()));
    assert!(!outcome.printed().contains("hunter2"), "{outcome}");
    assert_eq!(request(&address, &asked).run().await.result()["route"], "direct");
    let unasked = request(&address, &[]).env("NO_PROXY", "").run().await;
    assert_eq!(unasked.result()["route"], "direct");
    let wrong = request(&address, &asked).env("ALL_PROXY", "ftp://ann:hunter2@x").run().await;
    assert_eq!(wrong.error(2)["code"], "bad_route");
    assert!(!wrong.printed().contains("hunter2"), "{wrong}");
    assert_eq!(proxy.finish().await.len(), 1);
    echo.finish().await;
}

#[tokio::test]
async fn requests_take_the_proxies_of_the_environment_and_go_around_them_as_they_are_told() {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    let proxy = Proxy::start(HttpProxy::new().password("ann", "hunter2")).await;
    proxy.map("api.test:80", server.address());
    let url = format!("http://ann:hunter2@{}", proxy.address());
    let get = |address: &str, options: &[&str]| {
        let line = [&["get", address, "-v"], options].concat();
        Opi::new(&line).env("http_proxy", &url).env("NO_PROXY", "127.0.0.1")
    };
    let asked = ["--proxy-from-environment"];
    let outcome = get("http://api.test/get", &asked).run().await;
    outcome.good();
    assert!(!outcome.printed().contains("hunter2"), "{outcome}");
    get(&server.url("/get"), &asked).run().await.good();
    get("http://api.test/get", &[]).run().await.failed(10);
    let dead = format!("http://{}", RefusingPort::new().address());
    let around = ["--proxy", &dead, "--no-proxy", "127.0.0.0/8"];
    get(&server.url("/get"), &around).run().await.good();
    get("http://api.test/get", &around).run().await.failed(11);
    assert_eq!(proxy.finish().await.len(), 1);
    server.finish().await;
}
