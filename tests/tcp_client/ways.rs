//! Which way a connection takes: lists of routes, hosts around them, and what each phase took.

use std::time::Duration;

use harness::{EchoServer, HttpProxy, Proxy, RefusingPort};
use opi_proxy::{Bypass, ProxySettings, Routes};
use opi_tcp_client::{Config, Connection, Persistent, Repeat};

use crate::setting::{line, soon};

const TARGET: &str = "db.test:5432";

/// A proxy that knows the target, and the echo behind it.
async fn proxied() -> (Proxy<HttpProxy>, EchoServer) {
    let (proxy, echo) = (Proxy::start(HttpProxy::new()).await, EchoServer::start().await);
    proxy.map(TARGET, echo.address());
    (proxy, echo)
}

/// A proxy that is not there, then one that is.
fn list(free: &RefusingPort, good: &Proxy<HttpProxy>) -> Routes {
    format!("socks5://{} | http://u:hunter2@{}", free.address(), good.address()).parse().unwrap()
}

#[tokio::test]
async fn the_route_that_was_taken_is_a_fact_of_the_connection() {
    let free = RefusingPort::new();
    let (proxy, echo) = proxied().await;
    let routes = list(&free, &proxy);
    let config = Config::new(TARGET.parse().unwrap()).routes(routes.clone());
    let connection = Connection::open(&config, &soon()).await.unwrap();
    assert_eq!(connection.route(), routes.iter().nth(1));
    assert!(!format!("{connection:?}").contains("hunter2"));
    let timings = connection.stats().timings;
    assert!(timings.connect > Duration::ZERO && timings.proxy > Duration::ZERO, "{timings:?}");
    assert_eq!((timings.tls, timings.resolve < timings.total()), (Duration::ZERO, true));
    drop(connection);
    assert_eq!(proxy.finish().await.len(), 1);
    echo.finish().await;
}

#[tokio::test]
async fn a_persistent_connection_tries_the_list_each_time() {
    let free = RefusingPort::new();
    let (proxy, echo) = proxied().await;
    let config = Config::new(TARGET.parse().unwrap()).routes(list(&free, &proxy));
    let mut device = Persistent::new(config);
    for _ in 0..2 {
        let answer = device.request(b"x\n", line(), Repeat::Never, &soon()).await.unwrap();
        assert_eq!(answer.data, "x\n");
        let taken = device.connection().unwrap().route().unwrap().to_string();
        assert_eq!(taken, format!("http://u@{}", proxy.address()));
        device.close(&soon()).await.unwrap();
    }
    assert_eq!(proxy.finish().await.len(), 2);
    echo.finish().await;
}

#[tokio::test]
async fn a_host_around_the_proxies_is_reached_straight_in_any_order_of_setters() {
    let free = RefusingPort::new();
    let echo = EchoServer::start().await;
    let routes: Routes = format!("http://{}", free.address()).parse().unwrap();
    let config = || Config::new(echo.address().into());
    let bypass = Bypass::new("127.0.0.0/8");
    for config in [
        config().routes(routes.clone()).bypass(bypass.clone()),
        config().bypass(bypass.clone()).routes(routes.clone()),
    ] {
        let connection = Connection::open(&config, &soon()).await.unwrap();
        assert!(connection.route().unwrap().is_direct());
        drop(connection);
    }
    let elsewhere = config().routes(routes).bypass(Bypass::new("10.0.0.0/8"));
    let error = Connection::open(&elsewhere, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "connect_refused");
    echo.finish().await;
}

#[tokio::test]
async fn settings_name_the_way_of_plain_tcp() {
    let (proxy, echo) = proxied().await;
    let variables = [
        ("ALL_PROXY", format!("http://{}", proxy.address())),
        ("HTTP_PROXY", "http://127.0.0.1:1".to_owned()),
        ("NO_PROXY", "127.0.0.1".to_owned()),
    ];
    let lookup =
        |name: &str| variables.iter().find(|variable| variable.0 == name).map(|it| it.1.clone());
    let settings = ProxySettings::from_variables(lookup).unwrap();
    let config = Config::new(TARGET.parse().unwrap()).proxies(&settings);
    let through = Connection::open(&config, &soon()).await.unwrap();
    assert_eq!(through.route().unwrap().hops().len(), 1);
    let config = Config::new(echo.address().into()).proxies(&settings);
    let straight = Connection::open(&config, &soon()).await.unwrap();
    assert!(straight.route().unwrap().is_direct());
    drop((through, straight));
    assert_eq!(proxy.finish().await.len(), 1);
    echo.finish().await;
}
