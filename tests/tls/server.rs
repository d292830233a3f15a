//! Our side as the server.

use std::fs;
use std::sync::Arc;

use harness::{Ca, told};
use opi_net::tls::{
    Certificate, Certificates, Clients, Identity, IdentityFiles, ServerTls, Version, Versions,
};
use opi_net::{ErrorKind, Phase};
use rustls::{ClientConfig, HandshakeKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::setting::{identity, meet};

fn server(ca: &Ca) -> ServerTls {
    ServerTls::new(identity(&ca.issue(&["localhost"]))).unwrap()
}

fn issuers(ca: &Ca) -> Certificates {
    Certificates::from_pem(ca.pem().as_bytes()).unwrap()
}

#[tokio::test]
async fn bytes_go_both_ways_and_the_facts_are_known() {
    let ca = Ca::new();
    let server = server(&ca).alpn(&["h2", "http/1.1"]).unwrap();
    let mut client = ClientConfig::clone(&ca.client_config());
    client.alpn_protocols = vec![b"http/1.1".to_vec()];
    let (accepted, called) = meet(&server, Arc::new(client)).await;
    let (mut accepted, mut called) = (accepted.unwrap(), called.unwrap());
    called.write_all(b"ping").await.unwrap();
    let mut four = [0; 4];
    accepted.read_exact(&mut four).await.unwrap();
    assert_eq!(&four, b"ping");
    accepted.write_all(b"pong").await.unwrap();
    accepted.flush().await.unwrap();
    called.read_exact(&mut four).await.unwrap();
    assert_eq!(&four, b"pong");
    let facts = accepted.tls().unwrap();
    assert_eq!((&facts.version[..], facts.resumed), ("TLSv1_3", false));
    assert_eq!(facts.alpn.as_deref(), Some("http/1.1"));
    assert_eq!(facts.server_name.as_deref(), Some("localhost"));
    assert_eq!(facts.peer_chain.len(), 0);
    assert_eq!(accepted.peer(), Some(called.get_ref().0.local_addr().unwrap()));
}

#[tokio::test]
async fn a_client_without_a_common_protocol_is_refused() {
    let ca = Ca::new();
    let server = server(&ca).alpn(&["h2"]).unwrap();
    let mut client = ClientConfig::clone(&ca.client_config());
    client.alpn_protocols = vec![b"smtp".to_vec()];
    let error = meet(&server, Arc::new(client)).await.0.unwrap_err();
    assert!(error.to_string().contains("ALPN"), "{error}");
}

#[tokio::test]
async fn a_required_certificate_is_checked_and_shown() {
    let ca = Ca::new();
    let server = server(&ca).clients(Clients::Required(issuers(&ca))).unwrap();
    let client = ca.issue_client("till-7");
    let (accepted, _called) = meet(&server, ca.client_config_with(&client)).await;
    let facts = accepted.unwrap().tls().unwrap();
    let shown = Certificate::from_der(&facts.peer_chain[0]).unwrap();
    assert_eq!((shown.subject(), shown.names()), ("CN=till-7", &["till-7".to_owned()][..]));
    assert_eq!(facts.peer_chain.len(), 2);
}

#[tokio::test]
async fn a_client_without_a_good_certificate_is_told_apart() {
    let ca = Ca::new();
    let required = server(&ca).clients(Clients::Required(issuers(&ca))).unwrap();
    let asked = server(&ca).clients(Clients::Asked(issuers(&ca))).unwrap();
    let stranger = ca.client_config_with(&Ca::new().issue_client("stranger"));
    let purpose = ca.client_config_with(&ca.issue(&["localhost"]));
    for (server, client, part) in [
        (&required, ca.client_config(), "showed no certificate"),
        (&required, stranger.clone(), "unknown issuer"),
        (&asked, stranger, "unknown issuer"),
        (&required, purpose, "not made for clients"),
    ] {
        let error = meet(server, client).await.0.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ClientCertificate, "{}", told(&error));
        assert_eq!(error.phase(), Some(Phase::Tls));
        assert!(error.to_string().contains(part), "{error}");
    }
    let nobody = meet(&asked, ca.client_config()).await.0.unwrap();
    assert_eq!(nobody.tls().unwrap().peer_chain.len(), 0);
}

#[tokio::test]
async fn only_the_versions_asked_for_are_spoken() {
    let ca = Ca::new();
    let newest = server(&ca).versions(Versions::only(Version::Tls13)).unwrap();
    let older = server(&ca).versions(Versions::only(Version::Tls12)).unwrap();
    let accepted = meet(&older, ca.client_config()).await.0.unwrap();
    assert_eq!(accepted.tls().unwrap().version, "TLSv1_2");
    let client = old_client(&ca);
    assert_eq!(meet(&older, client.clone()).await.0.unwrap().tls().unwrap().version, "TLSv1_2");
    let error = meet(&newest, client).await.0.unwrap_err();
    assert!(error.to_string().contains("no version of TLS"), "{}", told(&error));
}

/// A rustls client of TLS 1.2 that trusts nobody's but checks nothing it is not shown.
fn old_client(ca: &Ca) -> Arc<ClientConfig> {
    let provider = rustls::crypto::ring::default_provider();
    let mut roots = rustls::RootCertStore::empty();
    let pem = ca.pem();
    let der = rustls::pki_types::pem::PemObject::from_pem_slice(pem.as_bytes()).unwrap();
    roots.add(der).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&rustls::version::TLS12])
        .unwrap();
    Arc::new(client.with_root_certificates(roots).with_no_client_auth())
}

#[tokio::test]
async fn a_session_is_resumed_by_ticket_until_the_identity_changes() {
    let ca = Ca::new();
    for client in [ca.client_config(), old_client(&ca)] {
        let server = server(&ca);
        let mut kinds = Vec::new();
        for round in 0..3 {
            if round == 2 {
                server.replace(identity(&ca.issue(&["localhost"]))).unwrap();
            }
            let (accepted, called) = meet(&server, client.clone()).await;
            let (mut accepted, mut called) = (accepted.unwrap(), called.unwrap());
            // The client must read to learn its ticket.
            accepted.write_all(b".").await.unwrap();
            called.read_u8().await.unwrap();
            let resumed = accepted.tls().unwrap().resumed;
            let kind = called.get_ref().1.handshake_kind().unwrap();
            assert_eq!(kind == HandshakeKind::Resumed, resumed);
            kinds.push(resumed);
        }
        assert_eq!(kinds, [false, true, false]);
    }
}

#[tokio::test]
async fn clients_with_certificates_are_checked_at_every_handshake() {
    let ca = Ca::new();
    let server = server(&ca).clients(Clients::Required(issuers(&ca))).unwrap();
    let client = ca.client_config_with(&ca.issue_client("client"));
    for _ in 0..2 {
        let (accepted, called) = meet(&server, client.clone()).await;
        let (mut accepted, mut called) = (accepted.unwrap(), called.unwrap());
        accepted.write_all(b".").await.unwrap();
        called.read_u8().await.unwrap();
        assert!(!accepted.tls().unwrap().resumed);
    }
}

#[tokio::test]
async fn files_are_read_again_and_a_broken_one_changes_nothing() {
    let ca = Ca::new();
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (ca.issue(&["localhost"]), ca.issue(&["localhost", "new.test"]));
    let files = first.write_to(&folder, "server");
    let server = ServerTls::from_files(IdentityFiles::pem(&files.chain, &files.key)).unwrap();
    let clone = server.clone();

    fs::write(&files.chain, second.chain_pem()).unwrap();
    let error = server.reload().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadKey, "{error}");
    assert!(error.to_string().contains("server.key"), "{error}");
    fs::write(&files.chain, "no certificate").unwrap();
    let error = server.reload().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadCertificate, "{error}");
    assert!(error.to_string().contains("server.pem"), "{error}");
    assert_eq!(names_shown(&clone, &ca).await, ["localhost"]);

    let _files = second.write_to(&folder, "server");
    server.reload().unwrap();
    assert_eq!(names_shown(&clone, &ca).await, ["localhost", "new.test"]);
}

async fn names_shown(server: &ServerTls, ca: &Ca) -> Vec<String> {
    let called = meet(server, ca.client_config()).await.1.unwrap();
    let chain = called.get_ref().1.peer_certificates().unwrap();
    Certificate::from_der(&chain[0]).unwrap().names().to_vec()
}

#[test]
fn an_identity_that_does_not_fit_is_blamed_on_the_key() {
    let ca = Ca::new();
    let (one, other) = (ca.issue(&["one.test"]), ca.issue(&["other.test"]));
    let with = |chain: &str, key: &str| {
        Identity::from_pem(chain.as_bytes(), key.as_bytes()).unwrap_err().kind()
    };
    assert_eq!(with(&one.chain_pem(), other.key_pem()), ErrorKind::BadKey);
    assert_eq!(with(&one.chain_pem(), "no key"), ErrorKind::BadKey);
    assert_eq!(with(&one.chain_pem(), &one.chain_pem()), ErrorKind::BadKey);
    assert_eq!(with("no chain", one.key_pem()), ErrorKind::BadCertificate);
    assert_eq!(with(one.key_pem(), one.key_pem()), ErrorKind::BadCertificate);
    let shown = format!("{:?}", identity(&one));
    assert_eq!(shown, "Identity { chain: 2, .. }");
}

#[test]
fn a_server_without_files_has_nothing_to_reload() {
    let error = server(&Ca::new()).reload().unwrap_err();
    assert!(error.to_string().contains("no files"), "{error}");
}
