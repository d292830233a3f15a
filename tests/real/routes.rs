//! Every proxy there is, with right, wrong and no credentials.

use opi_proxy::Route;
use opi_tcp_client::{Config, Connection, Error, Until};

use crate::servers::{port, soon, target, tls};

/// The proxies that open tunnels to any port: scheme, login and endpoint.
const PROXIES: &[(&str, &str, &str)] = &[
    ("http", "", "squid-open"),
    ("http", "user:pass@", "squid-basic"),
    ("socks4", "", "dante"),
    ("socks4", "", "ssh-socks"),
    ("socks4a", "", "ssh-socks"),
    ("socks5", "", "dante"),
    ("socks5", "", "microsocks"),
    ("socks5", "", "ssh-socks"),
    ("socks5", "user:pass@", "microsocks-password"),
];

fn route(scheme: &str, login: &str, endpoint: &str) -> Route {
    format!("{scheme}://{login}127.0.0.1:{}", port(endpoint)).parse().unwrap()
}

async fn echoes(config: &Config) -> Result<(), Error> {
    let mut connection = Connection::open(config, &soon()).await?;
    connection.send(b"through\n", &soon()).await?;
    let received = connection.receive(Until::marker("\n").unwrap(), &soon()).await?;
    assert_eq!(&received.data[..], b"through\n");
    connection.close(&soon()).await
}

#[tokio::test]
async fn a_tunnel_leads_to_the_target_by_name_and_by_address() {
    for (scheme, login, endpoint) in PROXIES {
        for host in ["localhost", "127.0.0.1"] {
            let config = Config::new(target(host, "echo")).route(route(scheme, login, endpoint));
            let outcome = echoes(&config).await;
            assert!(outcome.is_ok(), "{endpoint} to {host}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn tls_goes_through_every_tunnel() {
    for (scheme, login, endpoint) in PROXIES {
        let config = Config::new(target("localhost", "echo-tls")).tls(tls());
        let outcome = echoes(&config.route(route(scheme, login, endpoint))).await;
        assert!(outcome.is_ok(), "{endpoint}: {outcome:?}");
    }
}

#[tokio::test]
async fn tinyproxy_opens_tunnels_where_it_may() {
    let through = |login| route("http", login, "tinyproxy");
    let allowed = Config::new(target("localhost", "nginx-tls")).tls(tls());
    drop(Connection::open(&allowed.route(through("user:pass@")), &soon()).await.unwrap());
    let forbidden = Config::new(target("localhost", "nginx-mtls")).route(through("user:pass@"));
    assert_eq!(echoes(&forbidden).await.unwrap_err().code(), "proxy_refused");
}

#[tokio::test]
async fn wrong_and_missing_logins_are_told() {
    for (scheme, endpoint) in
        [("http", "squid-basic"), ("http", "tinyproxy"), ("socks5", "microsocks-password")]
    {
        for login in ["user:wrong@", ""] {
            let config = Config::new(target("localhost", "nginx-tls"));
            let config = config.route(route(scheme, login, endpoint));
            let error = echoes(&config).await.unwrap_err();
            assert_eq!(error.code(), "proxy_auth", "{endpoint} {login}: {error}");
        }
    }
}

#[tokio::test]
async fn proxies_of_two_kinds_stand_in_a_row() {
    let text = format!(
        "socks5://user:pass@127.0.0.1:{} http://user:pass@127.0.0.1:{} socks5://127.0.0.1:{}",
        port("microsocks-password"),
        port("squid-basic"),
        port("ssh-socks"),
    );
    let config = Config::new(target("localhost", "echo-tls")).tls(tls());
    echoes(&config.route(text.parse().unwrap())).await.unwrap();
}

#[tokio::test]
async fn a_target_that_refuses_is_told_apart_from_the_proxy() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (scheme, login, endpoint) in PROXIES {
        let config = Config::new(free.into()).route(route(scheme, login, endpoint));
        let error = echoes(&config).await.unwrap_err();
        // OpenSSH closes the connection where the others send a reply.
        let code = if *endpoint == "ssh-socks" { "closed" } else { "proxy_target" };
        assert_eq!(error.code(), code, "{endpoint}: {error}");
    }
}
