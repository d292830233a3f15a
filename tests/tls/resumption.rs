//! Sessions are resumed, and never by another trust or identity.

use std::sync::Arc;

use harness::Ca;
use opi_net::tls::{Name, Pin, Tls, Trust};
use rustls::ServerConfig;
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::setting::{call, identity, issuers};

/// Whether a call resumes; it reads, so that it learns the ticket for the next one.
async fn resumes(tls: &Tls, server: &Arc<ServerConfig>) -> bool {
    let (called, accepted) = call(tls, "localhost", server.clone()).await;
    let (mut called, mut accepted) = (called.unwrap(), accepted.unwrap());
    accepted.write_all(b".").await.unwrap();
    called.read_u8().await.unwrap();
    let kind = accepted.get_ref().1.handshake_kind().unwrap();
    let resumed = called.tls().unwrap().resumed;
    assert_eq!(kind == rustls::HandshakeKind::Resumed, resumed);
    assert_eq!(called.tls().unwrap().peer_chain.len(), 2);
    resumed
}

#[tokio::test]
async fn the_second_handshake_of_a_configuration_resumes_the_first() {
    let ca = Ca::new();
    for version in [&TLS12, &TLS13] {
        let server = ca.issue(&["localhost"]).server_config_for(&[version]);
        let tls = Tls::new(Trust::Only(issuers(&ca.pem())));
        assert!(!resumes(&tls, &server).await);
        assert!(resumes(&tls, &server).await);
        assert!(resumes(&tls.clone(), &server).await);
    }
}

#[tokio::test]
async fn another_trust_or_identity_never_resumes_it() {
    let ca = Ca::new();
    let server = ca.issue(&["localhost"]).server_config();
    let dangerous = Tls::new(Trust::DangerousAnyone);
    let only = Tls::new(Trust::Only(issuers(&ca.pem())));
    let client = identity(&ca.issue_client("client"));
    for first in [&dangerous, &only] {
        resumes(first, &server).await;
        assert!(resumes(first, &server).await);
        for other in [
            Tls::new(Trust::Only(issuers(&ca.pem()))),
            first.clone().identity(client.clone()),
            first.clone().alpn(&["http/1.1"]),
            first.clone().name(Name::Other("localhost".into())),
        ] {
            assert!(!resumes(&other, &server).await);
        }
    }
}

#[tokio::test]
async fn what_was_accepted_dangerously_does_not_help_a_careful_client() {
    let ca = Ca::new();
    let server = Ca::new().issue(&["localhost"]).server_config();
    let dangerous = Tls::new(Trust::DangerousAnyone);
    resumes(&dangerous, &server).await;
    assert!(resumes(&dangerous, &server).await);
    for careful in
        [Tls::new(Trust::Only(issuers(&ca.pem()))), dangerous.clone().pins(&[Pin::from([7; 32])])]
    {
        assert!(call(&careful, "localhost", server.clone()).await.0.is_err());
    }
}
