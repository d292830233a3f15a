//! TLS as a server with clients that are not ours: curl and openssl.

use std::future::Future;
use std::process::Output;

use opi_net::tls::{Certificates, Clients, ServerTls, Version, Versions};
use opi_net::{Error, TlsFacts};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::process::run;
use crate::servers::{file, path, server_identity, soon};

/// What both sides came to.
struct Meeting {
    server: Result<TlsFacts, Error>,
    client: Output,
}

impl Meeting {
    /// Serves one client, which gets the port, with one answer.
    async fn of<F: Future<Output = Output>>(
        tls: &ServerTls,
        client: impl FnOnce(u16) -> F,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (server, client) = tokio::join!(serve(tls, &listener), client(port));
        Self { server, client }
    }

    fn exit(&self) -> i32 {
        self.client.status.code().unwrap()
    }

    fn text(&self) -> String {
        let both = [&self.client.stdout[..], &self.client.stderr[..]].concat();
        String::from_utf8_lossy(&both).into_owned()
    }

    fn code(&self) -> &'static str {
        self.server.as_ref().map_or_else(Error::code, |_| "ok")
    }
}

async fn serve(tls: &ServerTls, listener: &TcpListener) -> Result<TlsFacts, Error> {
    let (socket, _) = listener.accept().await.unwrap();
    let mut stream = tls.accept(socket.into(), &soon()).await?;
    let facts = stream.tls().unwrap();
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") && stream.read_buf(&mut request).await.unwrap_or(0) > 0 {}
    stream.write_all(b"HTTP/1.0 200 OK\r\n\r\nhello\n").await.unwrap();
    stream.shutdown().await.unwrap();
    Ok(facts)
}

fn tls() -> ServerTls {
    ServerTls::new(server_identity()).unwrap()
}

fn curl(arguments: &[&str], port: u16) -> impl Future<Output = Output> + use<> {
    let url = format!("https://localhost:{port}/");
    let quiet = ["--disable", "--silent", "--show-error", "--noproxy", "*", "--http1.1"];
    run("curl", &[&quiet[..], arguments, &[&url]].concat(), b"")
}

fn s_client(arguments: &[&str], port: u16) -> impl Future<Output = Output> + use<> {
    let address = format!("127.0.0.1:{port}");
    let ca = path("ca.pem");
    let usual = ["s_client", "-connect", &address, "-CAfile", &ca, "-verify_return_error"];
    let quiet = ["-servername", "localhost", "-verify_hostname", "localhost", "-ign_eof"];
    run("openssl", &[&usual[..], &quiet, arguments].concat(), b"GET / HTTP/1.0\r\n\r\n")
}

#[tokio::test]
async fn curl_trusts_us_by_the_ca_and_by_nothing_else() {
    let ca = path("ca.pem");
    let good = Meeting::of(&tls(), |port| curl(&["--cacert", &ca], port)).await;
    assert_eq!((good.exit(), good.text().as_str(), good.code()), (0, "hello\n", "ok"));
    let facts = good.server.unwrap();
    assert_eq!(
        (facts.version.as_str(), facts.server_name.as_deref()),
        ("TLSv1_3", Some("localhost"))
    );

    let untrusting = Meeting::of(&tls(), |port| curl(&[], port)).await;
    assert_eq!(
        (untrusting.exit(), untrusting.code()),
        (60, "tls_handshake"),
        "{}",
        untrusting.text()
    );
    let plain = Meeting::of(&tls(), |port| {
        run(
            "curl",
            &["--disable", "--silent", "--noproxy", "*", &format!("http://localhost:{port}")],
            b"",
        )
    })
    .await;
    assert_eq!(plain.code(), "tls_handshake");
}

#[tokio::test]
async fn versions_are_those_both_sides_speak() {
    let both = [Version::Tls12, Version::Tls13];
    for ours in both {
        let tls = tls().versions(Versions::only(ours)).unwrap();
        for (theirs, flag) in both.into_iter().zip(["-tls1_2", "-tls1_3"]) {
            let met = Meeting::of(&tls, |port| s_client(&[flag], port)).await;
            let expected = if ours == theirs { "ok" } else { "tls_handshake" };
            assert_eq!(met.code(), expected, "{ours:?} and {flag}: {}", met.text());
            assert_eq!(met.text().contains("hello"), ours == theirs, "{ours:?} and {flag}");
        }
    }
    let old =
        Meeting::of(&tls(), |port| s_client(&["-tls1_1", "-cipher", "ALL@SECLEVEL=0"], port)).await;
    assert_eq!(old.code(), "tls_handshake");
}

#[tokio::test]
async fn the_protocol_is_agreed_on() {
    let tls = tls().alpn(&["mqtt", "http/1.1"]).unwrap();
    let met = Meeting::of(&tls, |port| s_client(&["-alpn", "http/1.1,other"], port)).await;
    assert!(met.text().contains("ALPN protocol: http/1.1"), "{}", met.text());
    assert_eq!(met.server.unwrap().alpn.as_deref(), Some("http/1.1"));
    let none = Meeting::of(&tls, |port| s_client(&["-alpn", "other"], port)).await;
    assert_eq!(none.code(), "tls_handshake", "{}", none.text());
}

#[tokio::test]
async fn a_session_is_resumed_by_its_ticket() {
    let tls = tls();
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("session.pem").display().to_string();
    for flag in ["-tls1_2", "-tls1_3"] {
        let first = Meeting::of(&tls, |port| s_client(&[flag, "-sess_out", &kept], port)).await;
        assert!(!first.server.unwrap().resumed, "{flag}");
        let again = Meeting::of(&tls, |port| s_client(&[flag, "-sess_in", &kept], port)).await;
        assert!(again.text().contains("Reused"), "{flag}: {}", again.text());
        assert!(again.server.unwrap().resumed, "{flag}");
    }
}

#[tokio::test]
async fn clients_show_certificates_that_our_ca_issued() {
    let ca = Certificates::from_pem(&file("tls/ca.pem")).unwrap();
    let tls = tls().clients(Clients::Required(ca)).unwrap();
    let [ca, certificate, key, store] =
        ["ca.pem", "client.pem", "client.key", "client.p12:123"].map(path);
    let [self_signed, its_key] = ["self-signed.pem", "self-signed.key"].map(path);
    let trusting = ["--cacert", ca.as_str()];
    for (arguments, code) in [
        (vec!["--cert", certificate.as_str(), "--key", &key], "ok"),
        (vec!["--cert-type", "P12", "--cert", &store], "ok"),
        (vec![], "tls_client_certificate"),
        (vec!["--cert", &self_signed, "--key", &its_key], "tls_client_certificate"),
    ] {
        let arguments = [&trusting, &arguments[..]].concat();
        let met = Meeting::of(&tls, |port| curl(&arguments, port)).await;
        assert_eq!(met.code(), code, "{arguments:?}: {:?}", met.server);
        assert_eq!(met.exit() == 0, code == "ok", "{arguments:?}: {}", met.text());
        if let Ok(facts) = met.server {
            assert_eq!(facts.peer_chain.len(), 2, "the client's certificate and its issuer");
        }
    }
}
