//! A server of openssl that demands a client certificate.

use opi_net::tls::{Identity, IdentityFiles, Tls};
use opi_net::{ErrorKind, Secret};
use opi_tcp_client::{Config, Connection, Error, Until};

use super::{Certs, Server};
use crate::servers::soon;

/// Asks for the status page, which a server gives only whom it let in.
async fn asks(tls: Tls, server: &Server) -> Result<(), Error> {
    let config = Config::new(server.target("localhost")).tls(tls);
    let mut connection = Connection::open(&config, &soon()).await?;
    connection.send(b"GET / HTTP/1.0\r\n\r\n", &soon()).await?;
    connection.receive(Until::marker("HTTP/1.0 200").unwrap(), &soon()).await?;
    Ok(())
}

fn identities(certs: &Certs) -> Vec<Identity> {
    let store = |name| {
        let files = IdentityFiles::pkcs12(certs.path(name)).passphrase(Secret::new("123"));
        Identity::from_files(&files).unwrap()
    };
    let pem = IdentityFiles::pem(certs.path("client.pem"), certs.path("client.key"));
    vec![Identity::from_files(&pem).unwrap(), store("client.p12"), store("client-legacy-rc2.p12")]
}

#[tokio::test]
async fn every_form_of_identity_logs_in() {
    let Some(certs) = Certs::get() else { return };
    for version in ["-tls1_2", "-tls1_3"] {
        let options = ["-Verify", "1", "-verify_return_error", "-CAfile", "ca-good.pem", version];
        let server = Server::start(certs, "good.pem", "good", &options);
        for identity in identities(certs) {
            let outcome = asks(certs.tls().identity(identity), &server).await;
            assert!(outcome.is_ok(), "{version}: {outcome:?}");
        }
        let error = asks(certs.tls(), &server).await.unwrap_err();
        assert_eq!(error.code(), wanted(version).code(), "{version}: {error}");
    }
}

/// OpenSSL has no alert of its own for a missing certificate before TLS 1.3.
fn wanted(version: &str) -> ErrorKind {
    if version == "-tls1_3" { ErrorKind::ClientCertificate } else { ErrorKind::Tls }
}

#[tokio::test]
async fn a_certificate_of_another_issuer_is_refused_in_words() {
    let Some(certs) = Certs::get() else { return };
    let options = ["-Verify", "1", "-verify_return_error", "-CAfile", "ca-other.pem"];
    let server = Server::start(certs, "good.pem", "good", &options);
    for identity in identities(certs) {
        let error = asks(certs.tls().identity(identity), &server).await.unwrap_err();
        assert_eq!(error.code(), ErrorKind::ClientCertificate.code(), "{error}");
        assert!(error.to_string().contains("unknown CA"), "{error}");
    }
}
