//! The TCP client against real echo servers, plain and under TLS.

use opi_net::Secret;
use opi_net::tls::Identity;
use opi_tcp_client::{Config, Connection, Reason, Until};

use crate::process::run;
use crate::servers::{file, identity, soon, target, tls};

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
    assert_eq!(refused.code(), "tls_client_certificate", "{refused}");
}

#[tokio::test]
async fn a_client_certificate_comes_from_every_kind_of_file() {
    let passphrase = Secret::from("123");
    let store = |name| Identity::from_pkcs12(&file(name), &passphrase).unwrap();
    // The second is RC2 and 3DES, as older systems export it.
    for known in [store("tls/client.p12"), store("tls/client-legacy.p12"), encrypted().await] {
        echoes(Config::new(target("localhost", "echo-mtls")).tls(tls().identity(known))).await;
    }
    let wrong = Identity::from_pkcs12(&file("tls/client.p12"), &Secret::from("1234"));
    assert_eq!(wrong.unwrap_err().code(), "bad_passphrase");
}

/// The key encrypted by openssl.
async fn encrypted() -> Identity {
    let words = ["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:123"];
    let encrypted = run("openssl", &words, &file("tls/client.key")).await;
    assert!(encrypted.stdout.starts_with(b"-----BEGIN ENCRYPTED"), "{encrypted:?}");
    let chain = file("tls/client.pem");
    Identity::from_pem_with(&chain, &encrypted.stdout, &Secret::from("123")).unwrap()
}

#[tokio::test]
async fn nginx_is_talked_to_over_tls_by_hand() {
    for (endpoint, version) in [("nginx-tls", "TLSv1.3"), ("nginx-tls12", "TLSv1.2")] {
        for host in ["localhost", "127.0.0.1"] {
            let config = Config::new(target(host, endpoint)).tls(tls());
            let mut connection = Connection::open(&config, &soon()).await.unwrap();
            let request = format!("GET /connection HTTP/1.0\r\nHost: {host}\r\n\r\n");
            connection.send(request.as_bytes(), &soon()).await.unwrap();
            let answer = connection.receive(Until::closed(), &soon()).await.unwrap();
            let text = String::from_utf8_lossy(&answer.data).into_owned();
            assert!(text.contains(version), "{endpoint} by {host}: {text}");
            // A name is sent, an address is not.
            assert_eq!(
                text.contains("sni=localhost"),
                host == "localhost" && version == "TLSv1.3",
                "{text}"
            );
            assert_eq!(answer.reason, Reason::Closed, "nginx says farewell");
        }
    }
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
