//! The TCP client against real echo servers, plain and under TLS.

use opi_tcp_client::{Config, Connection, Reason, Until};

use crate::servers::{identity, soon, target, tls};

async fn echoes(config: Config) {
    let mut connection = Connection::open(&config, &soon()).await.unwrap();
    connection.send(b"one\ntwo\n", &soon()).await.unwrap();
    for expected in ["one\n", "two\n"] {
        let received = connection.receive(Until::marker("\n").unwrap(), &soon()).await.unwrap();
        assert_eq!((&received.data[..], received.reason), (expected.as_bytes(), Reason::Marker));
    }
    connection.close(&soon()).await.unwrap();
}

#[tokio::test]
async fn socat_echoes_plain_by_address_and_by_name() {
    for host in ["127.0.0.1", "localhost"] {
        echoes(Config::new(target(host, "echo"))).await;
    }
}

#[tokio::test]
async fn socat_echoes_under_tls() {
    echoes(Config::new(target("localhost", "echo-tls")).tls(tls())).await;
}

#[tokio::test]
async fn socat_sees_the_client_certificate() {
    let known = tls().identity(identity());
    echoes(Config::new(target("localhost", "echo-mtls")).tls(known)).await;
    let config = Config::new(target("localhost", "echo-mtls")).tls(tls());
    // With TLS 1.3 the refusal comes with the first read.
    let refused = match Connection::open(&config, &soon()).await {
        Ok(mut open) => open.receive(Until::size(1), &soon()).await.unwrap_err(),
        Err(refused) => refused,
    };
    assert!(["tls_handshake", "closed", "truncated", "io"].contains(&refused.code()), "{refused}");
}

#[tokio::test]
async fn certificates_that_must_be_refused_are_refused_by_their_fault() {
    for (endpoint, code) in [
        ("nginx-expired", "tls_certificate_time"),
        ("nginx-no-intermediate", "tls_certificate_untrusted"),
        ("nginx-self-signed", "tls_certificate_untrusted"),
        ("nginx-wrong-host", "tls_certificate_name"),
        ("nginx", "tls_handshake"),
    ] {
        let config = Config::new(target("localhost", endpoint)).tls(tls());
        let error = Connection::open(&config, &soon()).await.unwrap_err();
        assert_eq!(error.code(), code, "{endpoint}: {error}");
    }
}

#[tokio::test]
async fn tls_1_2_is_spoken_where_1_3_is_not() {
    let config = Config::new(target("localhost", "nginx-tls12")).tls(tls());
    let connection = Connection::open(&config, &soon()).await.unwrap();
    assert_eq!(connection.tls().unwrap().version, "TLSv1_2");
}
