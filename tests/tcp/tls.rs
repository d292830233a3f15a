//! TLS by the name the user wrote.

use harness::{Ca, EchoServer, Identity, Listen, Peer, Script, told};
use opi_net::Phase;
use opi_net::tls::{self, Certificates, Tls, Trust};
use opi_tcp_client::{Config, Connection, Error, Reason, Until};

use crate::setting::{line, refused, short, soon, target};

fn trusting(ca: &Ca) -> Tls {
    Tls::new(Trust::Only(Certificates::from_pem(ca.pem().as_bytes()).unwrap()))
}

async fn echo(identity: &Identity) -> EchoServer {
    EchoServer::start_on(Listen::tls(identity.server_config())).await
}

/// What a client that trusts `ca` is told when it calls `host` and is shown `identity`.
async fn told_by(identity: &Identity, tls: Tls, host: &str) -> Error {
    let echo = echo(identity).await;
    let error = refused(Config::new(target(host, echo.address())).tls(tls)).await;
    echo.handshake_failure().await;
    echo.finish().await;
    error
}

#[tokio::test]
async fn the_name_goes_to_the_server_and_is_checked() {
    let ca = Ca::new();
    let echo = echo(&ca.issue(&["localhost"])).await;
    let config = Config::new(target("localhost", echo.address())).tls(trusting(&ca));
    let mut connection = Connection::open(&config, &soon()).await.unwrap();
    connection.send(b"over tls\n", &soon()).await.unwrap();
    let received = connection.receive(line(), &soon()).await.unwrap();
    assert_eq!(&received.data[..], b"over tls\n");
    assert!(connection.tls().unwrap().version.starts_with("TLSv1_"), "{:?}", connection.tls());
    connection.close(&soon()).await.unwrap();
    assert_eq!(echo.server_names(), [Some("localhost".to_owned())]);
    echo.finish().await;
}

#[tokio::test]
async fn a_certificate_for_another_name_names_both() {
    let ca = Ca::new();
    let error = told_by(&ca.issue(&["other.test"]), trusting(&ca), "localhost").await;
    assert_eq!((error.code(), error.phase()), ("tls_certificate_name", Some(Phase::Tls)));
    assert!(error.to_string().ends_with("is for other.test, not for localhost"), "{error}");
}

#[tokio::test]
async fn a_certificate_that_is_not_valid_now_says_since_when() {
    let ca = Ca::new();
    let expired = told_by(&ca.issue_expired(&["localhost"]), trusting(&ca), "localhost").await;
    assert_eq!(expired.code(), "tls_certificate_time");
    assert!(expired.to_string().contains("expired on 2021-01-01"), "{expired}");
    let early = told_by(&ca.issue_not_yet_valid(&["localhost"]), trusting(&ca), "localhost").await;
    assert_eq!(early.code(), "tls_certificate_time");
    assert!(early.to_string().contains("not valid before 2099-01-01"), "{early}");
}

#[tokio::test]
async fn nobody_is_trusted_but_the_roots() {
    let ca = Ca::new();
    let stranger = Ca::new().issue(&["localhost"]);
    let alone = Identity::self_signed(&["localhost"]);
    for identity in [&stranger, &alone] {
        for tls in [trusting(&ca), Tls::new(Trust::System)] {
            let error = told_by(identity, tls, "localhost").await;
            assert_eq!(error.code(), "tls_certificate_untrusted", "{}", told(&error));
        }
    }
}

#[tokio::test]
async fn an_extra_ca_is_trusted_beside_the_systems() {
    let ca = Ca::new();
    let more = Certificates::from_pem(ca.pem().as_bytes()).unwrap();
    let echo = echo(&ca.issue(&["localhost"])).await;
    let config = Config::new(target("localhost", echo.address()));
    let config = config.tls(Tls::new(Trust::SystemAnd(more)));
    drop(Connection::open(&config, &soon()).await.unwrap());
    echo.finish().await;
}

#[tokio::test]
async fn the_dangerous_choice_accepts_anyone() {
    let echo = echo(&Identity::self_signed(&["other.test"])).await;
    let config = Config::new(target("localhost", echo.address()));
    let config = config.tls(Tls::new(Trust::DangerousAnyone));
    drop(Connection::open(&config, &soon()).await.unwrap());
    echo.finish().await;
}

#[tokio::test]
async fn a_client_certificate_is_shown_when_asked_for() {
    let ca = Ca::new();
    let server = ca.issue(&["localhost"]).server_config_requiring(&ca);
    let echo = EchoServer::start_on(Listen::tls(server)).await;
    let client = ca.issue_client("client");
    let identity =
        tls::Identity::from_pem(client.chain_pem().as_bytes(), client.key_pem().as_bytes());
    let config = Config::new(target("localhost", echo.address()));
    let known = config.clone().tls(trusting(&ca).identity(identity.unwrap()));
    let mut connection = Connection::open(&known, &soon()).await.unwrap();
    connection.send(b"me\n", &soon()).await.unwrap();
    assert_eq!(&connection.receive(line(), &soon()).await.unwrap().data[..], b"me\n");
    drop(connection);
    // With TLS 1.3 the server's refusal comes after the handshake.
    let mut nobody = Connection::open(&config.tls(trusting(&ca)), &soon()).await.unwrap();
    let error = nobody.receive(line(), &soon()).await.unwrap_err();
    assert!(told(&error).contains("CertificateRequired"), "{}", told(&error));
    drop(nobody);
    echo.handshake_failure().await;
    echo.finish().await;
}

#[tokio::test]
async fn a_plain_peer_and_a_silent_one_are_told_apart() {
    let ca = Ca::new();
    let plain = Peer::start(Script::new().send("220 ready\r\n").read_to_close()).await;
    let error = refused(Config::new(target("localhost", plain.address())).tls(trusting(&ca))).await;
    assert_eq!(error.code(), "tls_handshake");
    assert!(error.to_string().contains("does not speak TLS"), "{error}");
    plain.finish().await;

    let silent = Peer::silent().await;
    let config = Config::new(target("localhost", silent.address())).tls(trusting(&ca));
    let error = Connection::open(&config, &short()).await.unwrap_err();
    assert_eq!((error.code(), error.phase()), ("timeout", Some(Phase::Tls)));
    silent.finish().await;
}

#[tokio::test]
async fn a_close_without_farewell_is_no_success() {
    let ca = Ca::new();
    let listen = Listen::tls(ca.issue(&["localhost"]).server_config());
    let peer = Peer::start_on(listen, Script::new().send("half").cut()).await;
    let config = Config::new(target("localhost", peer.address())).tls(trusting(&ca));
    let mut connection = Connection::open(&config, &soon()).await.unwrap();
    let error = connection.receive(Until::closed(), &soon()).await.unwrap_err();
    assert_eq!(error.code(), "truncated", "{}", told(&error));
    assert_eq!(&connection.take_buffered()[..], b"half");
    peer.finish().await;
}

#[tokio::test]
async fn a_close_with_farewell_is_an_end() {
    let ca = Ca::new();
    let listen = Listen::tls(ca.issue(&["localhost"]).server_config());
    let peer = Peer::start_on(listen, Script::new().send("whole").close()).await;
    let config = Config::new(target("localhost", peer.address())).tls(trusting(&ca));
    let mut connection = Connection::open(&config, &soon()).await.unwrap();
    let received = connection.receive(Until::closed(), &soon()).await.unwrap();
    assert_eq!((&received.data[..], received.reason), (&b"whole"[..], Reason::Closed));
    peer.finish().await;
}

#[test]
fn what_is_no_certificate_is_refused_by_name() {
    for pem in
        [&b""[..], b"text", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
    {
        let error = Certificates::from_pem(pem).unwrap_err();
        assert_eq!(error.code(), "bad_certificate");
        assert!(error.to_string().contains("CA certificate"), "{error}");
    }
}
