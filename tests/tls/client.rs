//! What a client can be asked for: names, pins, exact certificates, versions, a key log.

use std::fs;
use std::sync::Arc;

use harness::{Ca, Identity, LogCapture, told};
use opi_net::tls::{
    Certificate, Certificates, KeyLog, Name, Pin, ServerTls, Sni, Tls, Trust, Version, Versions,
};
use opi_net::{ErrorKind, Target};
use rustls::version::{TLS12, TLS13};

use crate::setting::{call, identity, issuers, sockets, soon};

fn only(ca: &Ca) -> Tls {
    Tls::new(Trust::Only(issuers(&ca.pem())))
}

fn pin(identity: &Identity) -> Pin {
    Certificate::from_der(&identity.chain()[0]).unwrap().pin()
}

/// How a call of `localhost` ends: with the name the server was sent, or with an error.
async fn outcome(tls: &Tls, server: &Identity) -> Result<Option<String>, opi_net::Error> {
    let (called, accepted) = call(tls, "localhost", server.server_config()).await;
    let called = called?;
    let sent = accepted.unwrap().get_ref().1.server_name().map(str::to_owned);
    assert_eq!(called.tls().unwrap().server_name, sent);
    Ok(sent)
}

#[tokio::test]
async fn another_name_is_sent_and_checked() {
    let ca = Ca::new();
    let server = ca.issue(&["inside.test"]);
    let error = outcome(&only(&ca), &server).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CertificateName);
    let other = only(&ca).name(Name::Other("inside.test".into()));
    assert_eq!(outcome(&other, &server).await.unwrap().as_deref(), Some("inside.test"));
    let wrong = only(&ca).name(Name::Other("wrong.test".into()));
    let error = outcome(&wrong, &server).await.unwrap_err();
    assert!(error.to_string().contains("for inside.test, not for wrong.test"), "{error}");
}

#[tokio::test]
async fn another_name_may_be_in_other_letters_and_must_be_one() {
    let ca = Ca::new();
    let server = ca.issue(&["xn--e1afmkfd.test"]);
    let other = only(&ca).name(Name::Other("Пример.test".into()));
    assert_eq!(outcome(&other, &server).await.unwrap().as_deref(), Some("xn--e1afmkfd.test"));
    for name in ["", "a b", "a..b"] {
        let error = outcome(&only(&ca).name(Name::Other(name.into())), &server).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadHost, "{name:?}: {error}");
    }
}

#[tokio::test]
async fn protocols_that_cannot_be_sent_are_told() {
    let ca = Ca::new();
    let long = "a".repeat(256);
    for name in ["", long.as_str()] {
        let error = outcome(&only(&ca).alpn(&["h2", name]), &ca.issue(&["localhost"])).await;
        let error = error.unwrap_err();
        assert!(error.to_string().contains("(ALPN): expected names of 1 to 255 bytes"), "{error}");
        let server = ServerTls::new(identity(&ca.issue(&["localhost"]))).unwrap();
        assert!(server.alpn(&["h2", name]).is_err());
    }
}

/// A server that shows the certificate of one and has the key of another.
fn impostor(ca: &Ca, version: &'static rustls::SupportedProtocolVersion) -> rustls::ServerConfig {
    let (shown, held) = (ca.issue(&["localhost"]), ca.issue(&["localhost"]));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = provider.key_provider.load_private_key(held.key()).unwrap();
    let shown = rustls::sign::CertifiedKey::new(shown.chain().to_vec(), key);
    let builder = rustls::ServerConfig::builder_with_provider(provider);
    let builder = builder.with_protocol_versions(&[version]).unwrap().with_no_client_auth();
    builder.with_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(shown)))
}

#[tokio::test]
async fn a_server_must_have_the_key_of_its_certificate() {
    let ca = Ca::new();
    for version in [&TLS12, &TLS13] {
        for tls in [only(&ca), Tls::new(Trust::DangerousAnyone)] {
            let server = Arc::new(impostor(&ca, version));
            let error = call(&tls, "localhost", server).await.0.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::CertificateUntrusted, "{}", told(&error));
        }
    }
}

#[tokio::test]
async fn the_name_is_sent_unless_it_is_hidden() {
    let ca = Ca::new();
    let server = ca.issue(&["localhost"]);
    assert_eq!(outcome(&only(&ca), &server).await.unwrap().as_deref(), Some("localhost"));
    assert_eq!(outcome(&only(&ca).sni(Sni::Hidden), &server).await.unwrap(), None);
    let server = ca.issue(&["other.test"]);
    assert!(outcome(&only(&ca).sni(Sni::Hidden), &server).await.is_err());
}

#[tokio::test]
async fn the_dangerous_choices_drop_what_they_say_and_no_more() {
    let (ca, other) = (Ca::new(), Ca::new());
    let any_name = only(&ca).name(Name::DangerousAny);
    outcome(&any_name, &ca.issue(&["other.test"])).await.unwrap();
    let error = outcome(&any_name, &other.issue(&["localhost"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CertificateUntrusted);
    let error = outcome(&any_name, &ca.issue_expired(&["other.test"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CertificateTime);
    let anyone = Tls::new(Trust::DangerousAnyone);
    outcome(&anyone, &other.issue_expired(&["other.test"])).await.unwrap();
}

#[tokio::test]
async fn a_dangerous_choice_warns_once_for_each_configuration() {
    let ca = Ca::new();
    let server = ca.issue(&["localhost"]);
    for (tls, warning) in [
        (Tls::new(Trust::DangerousAnyone), "certificates are not checked"),
        (only(&ca).name(Name::DangerousAny), "names in certificates are not checked"),
    ] {
        let log = LogCapture::new();
        let _guard = log.on_this_thread();
        for _ in 0..2 {
            outcome(&tls, &server).await.unwrap();
        }
        assert_eq!(log.text().matches(warning).count(), 1, "{}", log.text());
    }
}

#[tokio::test]
async fn a_pin_counts_besides_the_rest() {
    let ca = Ca::new();
    let (server, another) = (ca.issue(&["localhost"]), ca.issue(&["localhost"]));
    let pinned = only(&ca).pins(&[pin(&another), pin(&server)]);
    outcome(&pinned, &server).await.unwrap();
    let error = outcome(&only(&ca).pins(&[pin(&another)]), &server).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CertificatePin);
    assert!(error.to_string().contains(&pin(&server).to_string()), "{error}");
    let stranger = Ca::new().issue(&["localhost"]);
    let error = outcome(&only(&ca).pins(&[pin(&stranger)]), &stranger).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CertificateUntrusted);
    let dangerous = Tls::new(Trust::DangerousAnyone).pins(&[pin(&another)]);
    let error = outcome(&dangerous, &server).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CertificatePin);
}

#[tokio::test]
async fn a_pin_can_stand_for_all_the_rest() {
    let alone = Identity::self_signed(&["other.test"]);
    outcome(&Tls::new(Trust::Pinned(vec![pin(&alone)])), &alone).await.unwrap();
    let another = Identity::self_signed(&["other.test"]);
    let error = outcome(&Tls::new(Trust::Pinned(vec![pin(&another)])), &alone).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CertificatePin, "{}", told(&error));
    assert!(outcome(&Tls::new(Trust::Pinned(Vec::new())), &alone).await.is_err());
}

#[tokio::test]
async fn exactly_the_certificates_given_are_trusted() {
    let (ca, alone) = (Ca::new(), Identity::self_signed(&["other.test"]));
    let exactly = |identity: &Identity| {
        Tls::new(Trust::Exactly(Certificates::from_der(&identity.chain()[0]).unwrap()))
    };
    outcome(&exactly(&alone), &alone).await.unwrap();
    let issued = ca.issue(&["localhost"]);
    outcome(&exactly(&issued), &issued).await.unwrap();
    let error = outcome(&exactly(&alone), &Identity::self_signed(&["other.test"])).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CertificateUntrusted);
    assert!(error.to_string().contains("none of those that are trusted"), "{error}");
    let expired = ca.issue_expired(&["localhost"]);
    let error = outcome(&exactly(&expired), &expired).await.unwrap_err();
    assert!(error.to_string().contains("expired on 2021-01-01"), "{error}");
    // A certificate that signs itself is no root: trusting it as an issuer does not help.
    let root = Tls::new(Trust::Only(Certificates::from_der(&issued.chain()[0]).unwrap()));
    assert!(outcome(&root, &issued).await.is_err());
}

#[tokio::test]
async fn only_the_versions_asked_for_are_spoken() {
    let ca = Ca::new();
    let server = ca.issue(&["localhost"]);
    for (version, shown, spoken, other) in
        [(Version::Tls12, "TLSv1_2", &TLS12, &TLS13), (Version::Tls13, "TLSv1_3", &TLS13, &TLS12)]
    {
        let tls = only(&ca).versions(Versions::only(version));
        let both = call(&tls, "localhost", server.server_config()).await.0.unwrap();
        assert_eq!(both.tls().unwrap().version, shown);
        call(&tls, "localhost", server.server_config_for(&[spoken])).await.0.unwrap();
        let refused = call(&tls, "localhost", server.server_config_for(&[other])).await;
        let error = refused.0.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tls);
        assert!(error.to_string().contains("no version of TLS"), "{}", told(&error));
    }
}

#[tokio::test]
async fn the_secrets_are_written_down_only_where_asked() {
    let ca = Ca::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.log");
    let server = ca.issue(&["localhost"]);
    outcome(&only(&ca).key_log(KeyLog::File(path.clone())), &server).await.unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("CLIENT_TRAFFIC_SECRET_0 "), "{text}");
    assert!(text.lines().all(|line| line.split(' ').count() == 3), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let mut nowhere = vec![folder.path().join("no/keys.log")];
    #[cfg(unix)]
    {
        // A pipe that nobody reads would keep the handshake waiting for ever.
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        nowhere.push(pipe);
    }
    for path in nowhere {
        let tls = only(&ca).key_log(KeyLog::File(path));
        let error = outcome(&tls, &server).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().contains("key log"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_wants_another_application_protocol_says_so() {
    let ca = Ca::new();
    let mut server = rustls::ServerConfig::clone(&ca.issue(&["localhost"]).server_config());
    server.alpn_protocols = vec![b"h2".to_vec()];
    let tls = only(&ca).alpn(&["smtp"]);
    let error = call(&tls, "localhost", Arc::new(server)).await.0.unwrap_err();
    assert!(error.to_string().contains("ALPN"), "{}", told(&error));
}

#[tokio::test]
async fn the_servers_chain_is_known() {
    let ca = Ca::new();
    let server = ca.issue(&["localhost", "127.0.0.1"]);
    let called = call(&only(&ca), "127.0.0.1", server.server_config()).await.0.unwrap();
    let facts = called.tls().unwrap();
    assert_eq!((facts.peer_chain.len(), facts.server_name), (2, None));
    let own = Certificate::from_der(&facts.peer_chain[0]).unwrap();
    assert_eq!(own.names(), ["localhost", "127.0.0.1"]);
    assert_eq!((own.subject(), own.key()), ("CN=localhost", "ECDSA P-256"));
    assert!(own.issuer().starts_with("CN=opi test intermediate"), "{}", own.issuer());
    assert_eq!(own.fingerprint().len(), 95);
}

#[tokio::test]
async fn protocols_can_be_offered_for_one_handshake() {
    let ca = Ca::new();
    let mut server = rustls::ServerConfig::clone(&ca.issue(&["localhost"]).server_config());
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let (server, tls) = (Arc::new(server), only(&ca).alpn(&["h2"]));
    for (offered, expected) in [(&["http/1.1"][..], Some("http/1.1")), (&[], None)] {
        let (near, far) = sockets().await;
        let (target, deadline) = (Target::new("localhost", 443).unwrap(), soon());
        let accepting = tokio_rustls::TlsAcceptor::from(server.clone()).accept(far);
        let shaking = tls.handshake_offering(near.into(), &target, offered, &deadline);
        let (called, accepted) = tokio::join!(shaking, accepting);
        accepted.unwrap();
        assert_eq!(called.unwrap().tls().unwrap().alpn.as_deref(), expected);
    }
    let (near, _far) = sockets().await;
    let target = Target::new("localhost", 443).unwrap();
    let refused = tls.handshake_offering(near.into(), &target, &[""], &soon()).await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Tls);
}

#[tokio::test]
async fn a_client_can_be_made_nobody_again() {
    let ca = Ca::new();
    let server = ca.issue(&["localhost"]).server_config_requiring(&ca);
    let known = only(&ca).identity(identity(&ca.issue_client("client")));
    assert!(known.clone().same_as(&known.clone()));
    assert!(!known.clone().without_identity().same_as(&known));
    let nobody = only(&ca);
    assert!(nobody.clone().without_identity().same_as(&nobody));
    call(&known, "localhost", server.clone()).await.1.unwrap();
    call(&known.without_identity(), "localhost", server).await.1.unwrap_err();
}
