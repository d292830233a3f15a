//! The certificates are what they claim to be, to rustls and to whoever reads their files.

use std::{fs, sync::Arc};

use harness::{Ca, EchoServer, Identity, Listen};
use rustls::{
    ClientConfig, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    version::TLS12,
};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::client::{connect, exact, shake_hands};

/// Shakes hands with `server` under `name`; the answer is the client's complaint, or none.
async fn check(server: Arc<ServerConfig>, client: Arc<ClientConfig>, name: &str, complaint: &str) {
    let echo = EchoServer::start_on(Listen::tls(server)).await;
    let complained = match shake_hands(client, name, connect(echo.address()).await).await {
        Err(error) => error.to_string(),
        Ok(mut client) => {
            // Under TLS 1.3 a server refuses a client after the client's handshake is done.
            let talked = async {
                client.write_all(b"x").await?;
                client.read_exact(&mut [0]).await
            };
            talked.await.map_or_else(|error| error.to_string(), |_| String::new())
        }
    };
    assert!(complained.contains(complaint), "{complained:?} against {complaint:?}");
    assert_eq!(complained.is_empty(), complaint.is_empty(), "{complained:?}");
    match complaint {
        "" => assert!(echo.handshake_failures().is_empty()),
        _ => assert!(!echo.handshake_failure().await.is_empty()),
    }
    echo.finish().await;
}

#[tokio::test]
async fn clients_tell_good_certificates_from_bad_ones() {
    let ca = Ca::new();
    let names = ["localhost", "127.0.0.1", "::1", "*.opi.test"];
    let good = ca.issue(&names);
    for (identity, name, complaint) in [
        (&good, "localhost", ""),
        (&good, "127.0.0.1", ""),
        (&good, "::1", ""),
        (&good, "a.opi.test", ""),
        (&good, "other.test", "not valid for name \"other.test\""),
        (&good, "127.0.0.2", "not valid for name"),
        (&ca.issue_expired(&names), "localhost", "certificate expired"),
        (&ca.issue_not_yet_valid(&names), "localhost", "certificate not valid yet"),
        (&Identity::self_signed(&names), "localhost", "UnknownIssuer"),
        (&ca.issue(&names).without_intermediate(), "localhost", "UnknownIssuer"),
        (&Ca::new().issue(&names), "localhost", "UnknownIssuer"),
        (&ca.issue_client("localhost"), "localhost", "extended key usage"),
    ] {
        check(identity.server_config(), ca.client_config(), name, complaint).await;
    }
    check(good.server_config_for(&[&TLS12]), ca.client_config(), "localhost", "").await;
}

#[tokio::test]
async fn servers_ask_for_client_certificates() {
    let ca = Ca::new();
    let server = ca.issue(&["localhost"]).server_config_requiring(&ca);
    let known = ca.client_config_with(&ca.issue_client("alice"));
    let unknown = ca.client_config_with(&Ca::new().issue_client("alice"));
    check(Arc::clone(&server), known, "localhost", "").await;
    check(Arc::clone(&server), ca.client_config(), "localhost", "CertificateRequired").await;
    check(server, unknown, "localhost", "fatal alert").await;
}

#[tokio::test]
async fn servers_know_the_name_that_was_asked_for() {
    let ca = Ca::new();
    let server = ca.issue(&["db.test", "127.0.0.1"]).server_config();
    let echo = EchoServer::start_on(Listen::tls(server)).await;
    for name in ["db.test", "127.0.0.1"] {
        let tcp = connect(echo.address()).await;
        let mut client = shake_hands(ca.client_config(), name, tcp).await.expect("trust");
        client.write_all(b"x").await.expect("the server reads");
        assert_eq!(exact(&mut client, 1).await, b"x");
    }
    assert_eq!(echo.server_names(), [Some("db.test".to_owned()), None]);
    echo.finish().await;
}

#[test]
fn pem_files_hold_the_chain_and_the_key() {
    let (folder, ca) = (TempDir::new().expect("there is a temporary folder"), Ca::new());
    let identity = ca.issue(&["localhost"]);
    let files = identity.write_to(&folder, "server");
    let chain: Vec<_> = CertificateDer::pem_file_iter(files.chain)
        .expect("the file can be read")
        .map(|certificate| certificate.expect("it holds certificates"))
        .collect();
    assert_eq!(chain, identity.chain());
    let key = PrivateKeyDer::from_pem_file(files.key).expect("the file holds a key");
    assert_eq!(key, identity.key());
    let root = fs::read_to_string(ca.write_to(&folder)).expect("the file can be read");
    assert_eq!(root, ca.pem());
}
