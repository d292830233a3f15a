//! Proxies beyond the matrix: rows of them, and ports they do not lead to.

use opi_net::tls::{Certificates, Tls, Trust};
use opi_proxy::{Hop, Route};
use opi_tcp_client::Config;

use crate::cells::To;
use crate::proxies::trusting;
use crate::servers::{file, port, target, tls};

#[tokio::test]
async fn proxies_of_three_kinds_stand_in_a_row() {
    let rows = [
        "socks5://user:pass@microsocks-password http://user:pass@squid-basic socks4a://ssh-socks",
        "http://user:pass@tiny-http socks5://user:pass@pproxy-socks5 socks4://dante",
        "socks4a://user@tiny-socks4a-user socks5://dante http://squid-open",
        // TLS in TLS in TLS.
        "https://user:pass@squid-basic-tls socks5+tls://user:pass@haproxy-socks-tls http://squid-open",
        "http://user:pass@squid-digest https://user:pass@squid-basic-tls http://user:pass@apache-digest",
    ];
    for row in rows {
        let route = placed(row);
        for to in [To::Name, To::TlsByName, To::TlsByIpv4, To::Banner] {
            let config = to.config().route(route.clone());
            let (mut code, mut words) = to.talk(&config).await;
            if code == "closed" && row.contains("squid-basic-tls") {
                // A busy squid under TLS dropped a tunnel once in some fourteen runs; never twice.
                (code, words) = to.talk(&config).await;
            }
            assert_eq!(code, "ok", "{row} to {to:?}: {words}");
        }
    }
}

#[tokio::test]
async fn a_wrong_login_in_the_middle_names_its_proxy() {
    let row = "socks5://microsocks http://second:wrong@squid-basic socks5://ssh-socks";
    let (code, words) = To::Name.talk(&To::Name.config().route(placed(row))).await;
    assert_eq!(code, "proxy_auth", "{words}");
    let named = format!("http://second@127.0.0.1:{}", port("squid-basic"));
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

#[tokio::test]
async fn a_proxy_under_tls_is_checked_by_its_own_trust() {
    let port = port("squid-basic-tls");
    let only_self_signed = || {
        let other = Certificates::from_pem(&file("tls/self-signed.pem")).unwrap();
        Tls::new(Trust::Only(other))
    };
    for (host, trust, code) in [
        ("localhost", tls(), "ok"),
        ("127.0.0.1", tls(), "ok"),
        ("localhost", only_self_signed(), "tls_certificate_untrusted"),
        ("localhost", Tls::new(Trust::System), "tls_certificate_untrusted"),
        ("localhost", Tls::new(Trust::DangerousAnyone), "ok"),
    ] {
        let hop: Hop = format!("https://user:pass@{host}:{port}").parse().unwrap();
        for to in [To::Name, To::TlsByName] {
            let config = to.config().route(Route::through(hop.clone().tls(trust.clone())));
            let (told, words) = to.talk(&config).await;
            assert_eq!(told, code, "{host} to {to:?}: {words}");
        }
    }
}

#[tokio::test]
async fn the_trust_of_a_proxy_is_not_that_of_the_target() {
    let distrusted = target("localhost", "nginx-self-signed");
    let config = Config::new(distrusted).tls(tls());
    let route = placed("https://user:pass@squid-basic-tls");
    let (code, words) = To::Name.talk(&config.route(route)).await;
    assert_eq!(code, "tls_certificate_untrusted", "{words}");
    assert!(!words.contains("squid"), "the target is at fault: {words}");
}

#[tokio::test]
async fn tls_and_no_tls_are_told_apart() {
    for (row, codes) in [
        ("https://user:pass@squid-open", &["tls_handshake"][..]),
        ("socks5+tls://microsocks", &["tls_handshake", "closed"]),
        ("http://user:pass@squid-basic-tls", &["proxy_protocol", "closed"]),
        ("http://microsocks", &["proxy_protocol", "closed"]),
        ("socks5://microsocks-password", &["proxy_auth"]),
    ] {
        let (code, words) = To::Name.talk(&To::Name.config().route(placed(row))).await;
        assert!(codes.contains(&code), "{row}: {code}: {words}");
    }
}

#[tokio::test]
async fn a_password_that_only_digest_may_carry_is_not_sent_by_basic() {
    let route = placed("http://user:pass@squid-basic?auth=digest");
    let (code, words) = To::Name.talk(&To::Name.config().route(route)).await;
    assert_eq!(code, "proxy_auth", "{words}");
    assert!(words.contains("Basic"), "what the proxy takes is told: {words}");
}

/// A route with the name of an endpoint in place of each address.
fn placed(row: &str) -> Route {
    let place = |url: &str| {
        let (before, endpoint) = url.rsplit_once(['@', '/']).unwrap();
        let mark = &url[before.len()..=before.len()];
        let (endpoint, options) = endpoint.split_at(endpoint.find('?').unwrap_or(endpoint.len()));
        format!("{before}{mark}127.0.0.1:{}{options}", port(endpoint))
    };
    trusting(&row.split(' ').map(place).collect::<Vec<_>>().join(" "))
}
