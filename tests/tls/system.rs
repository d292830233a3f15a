//! The system's store is really asked: in a child process, where a file can stand in for it.

use std::env;
use std::process::Command;

use harness::{Ca, EchoServer, Listen};
use opi_net::tls::{Tls, Trust};
use opi_net::{ErrorKind, Target};

use crate::setting::{issuers, soon};

/// Runs the test `child` of this program where the system's store is what `variable` names.
async fn told_by_child(variable: &str, store: &std::path::Path, server: &EchoServer) {
    let program = env::current_exe().unwrap();
    let mut child = Command::new(program);
    child.args(["--exact", "system::child", "--nocapture"]);
    child.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
    child.env(variable, store).env("OPI_TLS_CHILD", server.address().port().to_string());
    let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("the store was asked"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_in_a_file_and_one_in_a_folder_are_used() {
    let ca = Ca::new();
    let folder = tempfile::tempdir().unwrap();
    let file = ca.write_to(&folder);
    let server = EchoServer::start_on(Listen::tls(ca.issue(&["localhost"]).server_config())).await;
    told_by_child("SSL_CERT_FILE", &file, &server).await;
    told_by_child("SSL_CERT_DIR", folder.path(), &server).await;
    for _ in 0..6 {
        server.handshake_failure().await;
    }
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_was_named_and_is_not_there_is_told() {
    let ca = Ca::new();
    let server = EchoServer::start_on(Listen::tls(ca.issue(&["localhost"]).server_config())).await;
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", "system::child_without_a_store", "--nocapture"]);
    child.env("SSL_CERT_FILE", "/none/there").env_remove("SSL_CERT_DIR");
    child.env("OPI_TLS_NO_STORE", server.address().port().to_string());
    let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("the store was missed"), "{text}");
    for _ in 0..2 {
        server.handshake_failure().await;
    }
    server.finish().await;
}

/// Does nothing but in the child.
#[tokio::test]
#[expect(clippy::print_stdout, reason = "the parent reads it")]
async fn child_without_a_store() {
    let Ok(port) = env::var("OPI_TLS_NO_STORE") else { return };
    let target = Target::new("localhost", port.parse().unwrap()).unwrap();
    let own = Trust::Only(issuers(&Ca::new().pem()));
    for (trust, told) in [(Trust::System, true), (own, false)] {
        let stream = opi_net::connect(&target, &soon()).await.unwrap();
        let error = Tls::new(trust).handshake(stream, &target, &soon()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CertificateUntrusted);
        assert_eq!(error.to_string().contains("SSL_CERT_FILE names /none/there"), told, "{error}");
    }
    println!("the store was missed");
}

/// Does nothing but in the child.
#[tokio::test]
#[expect(clippy::print_stdout, reason = "the parent reads it")]
async fn child() {
    let Ok(port) = env::var("OPI_TLS_CHILD") else { return };
    let target = |host| Target::new(host, port.parse().unwrap()).unwrap();
    let stranger = issuers(&Ca::new().pem());
    let (name, address) = (target("localhost"), target("127.0.0.1"));
    for (trust, target, outcome) in [
        (Trust::System, &name, None),
        (Trust::SystemAnd(stranger.clone()), &name, None),
        (Trust::System, &address, Some(ErrorKind::CertificateName)),
        (Trust::SystemAnd(stranger.clone()), &address, Some(ErrorKind::CertificateName)),
        (Trust::Only(stranger), &name, Some(ErrorKind::CertificateUntrusted)),
    ] {
        let stream = opi_net::connect(target, &soon()).await.unwrap();
        let shaken = Tls::new(trust).handshake(stream, target, &soon()).await;
        assert_eq!(shaken.err().map(|error| error.kind()), outcome);
    }
    println!("the store was asked");
}
