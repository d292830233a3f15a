//! Proxies beyond the matrix: rows of them, and ports they do not lead to.

use opi_proxy::Route;
use opi_tcp_client::Config;

use crate::cells::To;
use crate::servers::{port, target};

#[tokio::test]
async fn proxies_of_three_kinds_stand_in_a_row() {
    let rows = [
        "socks5://user:pass@microsocks-password http://user:pass@squid-basic socks4a://ssh-socks",
        "http://user:pass@tiny-http socks5://user:pass@pproxy-socks5 socks4://dante",
        "socks4a://user@tiny-socks4a-user socks5://dante http://squid-open",
    ];
    for row in rows {
        let route = placed(row);
        for to in [To::Name, To::TlsByName, To::TlsByIpv4, To::Banner] {
            let (code, words) = to.talk(&to.config().route(route.clone())).await;
            assert_eq!(code, "ok", "{row} to {to:?}: {words}");
        }
    }
}

#[tokio::test]
async fn a_wrong_login_in_the_middle_names_its_proxy() {
    let row = "socks5://microsocks http://user:wrong@squid-basic socks5://ssh-socks";
    let (code, words) = To::Name.talk(&To::Name.config().route(placed(row))).await;
    assert_eq!(code, "proxy_auth", "{words}");
    let named = format!("http://user@127.0.0.1:{}", port("squid-basic"));
    assert!(words.contains(&named) && !words.contains("wrong"), "{words}");
}

#[tokio::test]
async fn a_port_that_a_proxy_does_not_lead_to_is_told() {
    for endpoint in ["apache-basic", "tinyproxy"] {
        let forbidden = Config::new(target("localhost", "nginx-mtls"));
        let route = placed(&format!("http://user:pass@{endpoint}"));
        let (code, words) = To::Name.talk(&forbidden.route(route)).await;
        assert_eq!(code, "proxy_refused", "{endpoint}: {words}");
    }
}

/// A route with the name of an endpoint in place of each address.
fn placed(row: &str) -> Route {
    let place = |url: &str| {
        let (before, endpoint) = url.rsplit_once(['@', '/']).unwrap();
        let mark = &url[before.len()..=before.len()];
        format!("{before}{mark}127.0.0.1:{}", port(endpoint))
    };
    row.split(' ').map(place).collect::<Vec<_>>().join(" ").parse().unwrap()
}
