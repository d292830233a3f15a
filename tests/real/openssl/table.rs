//! Every certificate of the fixture table.

use opi_http_connector::{Request, Session, SessionConfig};
use opi_net::ErrorKind::{CertificateName, CertificateTime, CertificateUntrusted};
use opi_net::tls::{Certificates, Tls, Trust};
use opi_proxy::Route;
use opi_tcp_client::{Config, Connection};

use super::{Certs, Expected, Server};
use crate::proxies::trusting;
use crate::servers::{port, soon};

const LOCAL: [&str; 2] = ["localhost", "127.0.0.1"];

async fn check(tls: &Tls, route: &Route, server: &Server, host: &str, expected: Expected) {
    let target = server.target(host);
    let config = Config::new(target.clone()).tls(tls.clone()).route(route.clone());
    let opened = Connection::open(&config, &soon()).await;
    let told = opened.map(drop).map_err(|error| (error.code(), error.to_string()));
    agree("TCP", route, host, &told, expected);

    let session = Session::new(SessionConfig::new().tls(tls.clone()).route(route.clone()));
    let request = Request::get(&format!("https://{target}/")).unwrap();
    let answered = session.send(request, &soon()).await;
    let told = answered.map(drop).map_err(|error| (error.code(), error.to_string()));
    agree("HTTP", route, host, &told, expected);
}

fn agree(
    by: &str,
    route: &Route,
    host: &str,
    told: &Result<(), (&str, String)>,
    expected: Expected,
) {
    let right = match (told, expected) {
        (Ok(()), Ok(())) => true,
        (Err((code, told)), Err((kind, words))) => *code == kind.code() && told.contains(words),
        _ => false,
    };
    assert!(right, "{by}, {route}, {host}: {told:?}, but expected {expected:?}");
}

/// The table by a name or an address each; `chain` is the file shown.
fn rows() -> Vec<(&'static str, &'static str, Expected)> {
    let untrusted = |words| Err((CertificateUntrusted, words));
    vec![
        ("good", "good.pem", Ok(())),
        ("rsa2048", "rsa2048.pem", Ok(())),
        ("via-inter", "via-inter-chain.pem", Ok(())),
        ("via-inter", "via-inter.pem", untrusted("the issuer CN=inter is unknown")),
        ("expired", "expired.pem", Err((CertificateTime, "expired on 2021-01-01"))),
        (
            "not-yet-valid",
            "not-yet-valid.pem",
            Err((CertificateTime, "not valid before 2090-01-01")),
        ),
        ("wrong-host", "wrong-host.pem", Err((CertificateName, "is for other.test, not for"))),
        (
            "cn-only",
            "cn-only.pem",
            Err((CertificateName, "common name (localhost) does not count")),
        ),
        ("client-eku", "client-eku.pem", untrusted("made for clients, not for servers")),
        ("unknown-ca", "unknown-ca.pem", untrusted("the issuer CN=ca-other is unknown")),
        ("self-signed", "self-signed.pem", untrusted("CN=localhost is self-signed")),
        ("signed-by-leaf", "signed-by-leaf+leaf-as-ca.pem", untrusted("which is no CA")),
        ("nc-violation", "nc-violation-chain.pem", untrusted("CN=nc may not issue")),
        ("rsa1024", "rsa1024.pem", untrusted("too small: RSA of 1024 bits")),
        ("sha1-sig", "sha1-sig.pem", untrusted("signed with SHA-1")),
    ]
}

async fn whole_table(certs: &Certs, route: &Route) {
    let parts = ["signed-by-leaf.pem", "leaf-as-ca.pem"];
    let chain = parts.map(|part| std::fs::read_to_string(certs.path(part)).unwrap()).concat();
    std::fs::write(certs.path("signed-by-leaf+leaf-as-ca.pem"), chain).unwrap();
    for (name, chain, expected) in rows() {
        let server = Server::start(certs, chain, name, &[]);
        for host in LOCAL {
            check(&certs.tls(), route, &server, host, expected).await;
        }
    }
    let by_address = Err((CertificateName, "for localhost, not for 127.0.0.1"));
    let as_name = Err((CertificateName, "127.0.0.1 as a host name, not as an address"));
    let not_local = Err((CertificateName, "is for 127.0.0.1, not for localhost"));
    for (name, expected) in
        [("no-ip-san", [Ok(()), by_address]), ("ip-as-dns", [not_local, as_name])]
    {
        let server = Server::start(certs, &format!("{name}.pem"), name, &[]);
        for (host, expected) in LOCAL.into_iter().zip(expected) {
            check(&certs.tls(), route, &server, host, expected).await;
        }
    }
}

#[tokio::test]
async fn directly() {
    let Some(certs) = Certs::get() else { return };
    whole_table(certs, &Route::direct()).await;
}

#[tokio::test]
async fn through_proxies_of_every_kind() {
    let Some(certs) = Certs::get() else { return };
    for (before, endpoint) in [
        ("http://", "squid-open"),
        ("https://user:pass@", "squid-basic-tls"),
        ("socks4://", "dante"),
        ("socks4a://", "ssh-socks"),
        ("socks5://user:pass@", "microsocks-password"),
    ] {
        let proxy = format!("{before}127.0.0.1:{}", port(endpoint));
        whole_table(certs, &trusting(&proxy)).await;
    }
}

#[tokio::test]
async fn wildcards_hold_for_one_label() {
    use opi_net::tls::Name;
    let Some(certs) = Certs::get() else { return };
    let other = Err((CertificateName, "not for"));
    for (name, host, expected) in [
        ("wildcard", "x.a.test", Ok(())),
        ("wildcard", "a.test", other),
        ("wildcard", "x.y.a.test", other),
        ("wildcard-tld", "x.test", other),
        ("wildcard-tld", "x.a.test", other),
        ("partial-wildcard", "www.a.test", other),
        ("good", "a.test", Ok(())),
        ("good", "::1", Ok(())),
        ("good", "b.test", other),
    ] {
        let server = Server::start(certs, &format!("{name}.pem"), name, &[]);
        let tls = certs.tls().name(Name::Other(host.into()));
        check(&tls, &Route::direct(), &server, "127.0.0.1", expected).await;
    }
}

#[tokio::test]
async fn a_self_signed_certificate_is_trusted_when_it_is_given_itself() {
    let Some(certs) = Certs::get() else { return };
    let server = Server::start(certs, "self-signed.pem", "self-signed", &[]);
    let own = Certificates::from_file(certs.path("self-signed.pem")).unwrap();
    for host in LOCAL {
        check(&Tls::new(Trust::Exactly(own.clone())), &Route::direct(), &server, host, Ok(()))
            .await;
    }
}

#[tokio::test]
async fn old_versions_are_told() {
    let Some(certs) = Certs::get() else { return };
    let server = Server::start(certs, "good.pem", "good", &["-tls1_1"]);
    let expected = Err((opi_net::ErrorKind::Tls, "version"));
    check(&certs.tls(), &Route::direct(), &server, "localhost", expected).await;
}
