//! TLS on both sides: whom to trust, who we are, on which way.

use std::net::SocketAddr;
use std::path::PathBuf;

use harness::{Ca, EchoServer, Identity, Listen, watch};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::command::{Opi, Outcome, opi};
use crate::server::{event, start};

/// An authority, and its files.
pub(crate) struct Setting {
    pub(crate) ca: Ca,
    folder: TempDir,
}

impl Setting {
    pub(crate) fn new() -> Self {
        Self { ca: Ca::new(), folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn ca_file(&self) -> String {
        text(self.ca.write_to(&self.folder))
    }

    /// The files of an identity: certificates, key.
    pub(crate) fn files(&self, identity: &Identity, name: &str) -> [String; 2] {
        let files = identity.write_to(&self.folder, name);
        [text(files.chain), text(files.key)]
    }

    pub(crate) async fn client(
        &self,
        address: SocketAddr,
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let socket = TcpStream::connect(address).await?;
        let connector = TlsConnector::from(self.ca.client_config());
        watch("the handshake", connector.connect("localhost".try_into().unwrap(), socket)).await
    }
}

fn text(path: PathBuf) -> String {
    path.into_os_string().into_string().unwrap()
}

/// A request for one line over TLS.
async fn asked(address: &str, options: &[&str]) -> Outcome {
    opi(&[&["tcp", "request", address, "x\n", "--tls"], options].concat()).await
}

#[tokio::test]
async fn a_client_certificate_is_shown() {
    let it = Setting::new();
    let server = it.ca.issue(&["localhost"]).server_config_requiring(&it.ca);
    let echo = EchoServer::start_on(Listen::tls(server)).await;
    let address = format!("localhost:{}", echo.address().port());
    let [cert, key] = it.files(&it.ca.issue_client("ann"), "ann");
    let ca = it.ca_file();
    let options = ["--ca", &ca, "--cert", &cert, "--key", &key];
    assert_eq!(asked(&address, &options).await.good(), b"x\n");
    let without = asked(&address, &["--ca", &ca]).await;
    assert_ne!(without.code, 0, "{without}");
    echo.finish().await;
}

#[tokio::test]
async fn places_names_and_versions() {
    let it = Setting::new();
    let server = it.ca.issue(&["db.test"]).server_config();
    let echo = EchoServer::start_on(Listen::tls(server)).await;
    let port = echo.address().port();
    let (ca, named) = (it.ca_file(), format!("db.test:{port}"));
    let local = format!("127.0.0.1:{port}");
    let resolve = format!("{named}:127.0.0.1");
    asked(&named, &["--ca", &ca, "--resolve", &resolve]).await.good();
    let connect = format!("db.test:1={local}");
    asked("db.test:1", &["--ca", &ca, "--connect-to", &connect, "-4"]).await.good();
    asked(&local, &["--ca", &ca, "--server-name", "db.test"]).await.good();
    asked(&local, &["--ca", &ca, "--any-name"]).await.good();
    assert_eq!(asked(&local, &["--ca", &ca]).await.code, 12);
    for version in ["1.2", "1.3"] {
        let options =
            ["--ca", &ca, "--resolve", &resolve, "--tls-min", version, "--tls-max", version];
        let outcome = asked(&named, &[&options[..], &["--json"]].concat()).await;
        let expected = format!("TLSv{}", version.replace('.', "_"));
        assert_eq!(outcome.result()["tls"]["version"], expected);
    }
    let family = asked(&named, &["--ca", &ca, "--resolve", &resolve, "-6"]).await;
    assert_ne!(family.code, 0, "{family}");
    echo.finish().await;
}

#[tokio::test]
async fn a_pin_decides_with_and_without_the_rest() {
    let it = Setting::new();
    let echo =
        EchoServer::start_on(Listen::tls(Identity::self_signed(&["x.test"]).server_config())).await;
    let address = format!("localhost:{}", echo.address().port());
    let pin = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    let outcome = asked(&address, &["--insecure", "--pin", pin]).await;
    let told = outcome.failed(12);
    // The failure tells the pin that the server has.
    let found = told.split_whitespace().find_map(|word| {
        let at = word.find("sha256//")?;
        let text = &word[at..];
        text.get(..pin.len()).filter(|text| *text != pin)
    });
    let found = found.unwrap_or_else(|| panic!("{outcome}")).to_owned();
    asked(&address, &["--insecure", "--pin", pin, "--pin", &found]).await.good();
    assert_eq!(asked(&address, &["--pin", &found]).await.code, 12);
    drop(it);
    echo.finish().await;
}

#[tokio::test]
async fn a_forwarder_ends_tls_and_lets_in_whom_it_knows() {
    let it = Setting::new();
    let echo = EchoServer::start().await;
    let [cert, key] = it.files(&it.ca.issue(&["localhost"]), "server");
    let target = echo.address().to_string();
    let line = ["forward", "127.0.0.1:0", &target, "--listen-cert", &cert, "--listen-key", &key];
    let (_forwarder, address) = start(&line).await;
    let data: Vec<u8> = (0..=255).cycle().take(1_000_000).collect();
    let (mut reader, mut writer) = tokio::io::split(it.client(address).await.unwrap());
    let mut came = Vec::new();
    let sending = async {
        writer.write_all(&data).await?;
        writer.shutdown().await
    };
    let both = async { tokio::try_join!(sending, reader.read_to_end(&mut came)) };
    watch("the echo", both).await.unwrap();
    assert!(came == data);

    let ca = it.ca_file();
    let line = [&line[..], &["--client-ca", &ca]].concat();
    let (mut forwarder, address) = start(&line).await;
    let listening = format!("localhost:{}", address.port());
    let [cert, key] = it.files(&it.ca.issue_client("ann"), "ann");
    asked(&listening, &["--ca", &ca, "--cert", &cert, "--key", &key]).await.good();
    event(&mut forwarder, "accepted").await;
    event(&mut forwarder, "closed").await;
    let stranger = asked(&listening, &["--ca", &ca]).await;
    assert_ne!(stranger.code, 0, "{stranger}");
    event(&mut forwarder, "accepted").await;
    let closed = event(&mut forwarder, "closed").await;
    assert_eq!(closed["error"]["exit"], 12, "{closed}");
    // One that never begins its handshake keeps nobody out.
    echo.finish().await;
}

#[tokio::test]
async fn tls_on_both_sides_of_a_forwarder_carries_an_end_and_a_cut() {
    let it = Setting::new();
    let server = it.ca.issue(&["localhost"]).server_config();
    let script = harness::Script::new().expect("one").send("half").cut();
    let peer = harness::Peer::start_on(Listen::tls(server), script).await;
    let target = format!("localhost:{}", peer.address().port());
    let [cert, key] = it.files(&it.ca.issue(&["localhost"]), "server");
    let ca = it.ca_file();
    let line = [
        "forward",
        "127.0.0.1:0",
        &target,
        "--tls",
        "--ca",
        &ca,
        "--listen-cert",
        &cert,
        "--listen-key",
        &key,
    ];
    let (_forwarder, address) = start(&line).await;
    let mut client = it.client(address).await.unwrap();
    client.write_all(b"one").await.unwrap();
    let end = watch("the end", client.read_to_end(&mut Vec::new())).await.unwrap_err();
    let cut = [std::io::ErrorKind::ConnectionReset, std::io::ErrorKind::UnexpectedEof];
    assert!(cut.contains(&end.kind()), "{end}");
    peer.finish().await;
}

#[tokio::test]
async fn listen_speaks_tls_under_its_plain_names() {
    let it = Setting::new();
    let [cert, key] = it.files(&it.ca.issue(&["localhost"]), "server");
    let line = ["tcp", "listen", "-n", "--cert", &cert, "--key", &key];
    let mut running = Opi::new(&line).start();
    let note = running.first_note().await;
    let address = note.strip_prefix("listening on ").unwrap().parse().unwrap();
    let mut client = it.client(address).await.unwrap();
    client.write_all(b"secret").await.unwrap();
    client.shutdown().await.unwrap();
    assert_eq!(running.end().await.good(), b"secret");
}

#[tokio::test]
async fn one_that_says_nothing_is_sent_away() {
    let it = Setting::new();
    let [cert, key] = it.files(&it.ca.issue(&["localhost"]), "server");
    let options = ["--cert", &cert, "--key", &key, "--handshake-timeout", "0.2"];
    let line = [&["listen", "--keep"], &options[..]].concat();
    let (mut listening, address) = start(&line).await;
    let silent = TcpStream::connect(address).await.unwrap();
    event(&mut listening, "accepted").await;
    let closed = event(&mut listening, "closed").await;
    assert_eq!(
        (&closed["error"]["code"], &closed["error"]["phase"]),
        (&"timeout".into(), &"tls".into())
    );
    drop(silent);
    let mut client = it.client(address).await.unwrap();
    client.write_all(b"next").await.unwrap();
    client.shutdown().await.unwrap();
    event(&mut listening, "accepted").await;
    assert_eq!(event(&mut listening, "received").await["text"], "next");
}

#[tokio::test]
async fn a_password_of_a_key_is_never_shown() {
    let it = Setting::new();
    let [cert, key] = it.files(&it.ca.issue(&["localhost"]), "server");
    std::fs::write(
        &key,
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
    )
    .unwrap();
    let listen = ["tcp", "listen", "--cert", &cert, "--key", &key, "--key-password", "hunter2-"];
    let request = [
        "tcp",
        "request",
        "h.test:1",
        "--tls",
        "--cert",
        &cert,
        "--key",
        &key,
        "--key-password",
        "hunter2-",
    ];
    for line in [&listen[..], &request[..]] {
        let outcome = opi(line).await;
        assert_eq!(outcome.code, 2, "{outcome}");
        assert!(!outcome.printed().contains("hunter2"), "{outcome}");
    }
    let wrong = opi(&["tcp", "listen", "--key-password", "hunter2-", "--bogus"]).await;
    assert!(!wrong.printed().contains("hunter2"), "{wrong}");
}

#[tokio::test]
async fn wrong_use() {
    let long = "a".repeat(256);
    for (words, told) in [
        (&["request", "h.test:1", "--tls", "--key", "k"][..], "--cert"),
        (&["request", "h.test:1", "--tls", "--cert", "c"], "--key"),
        (&["request", "h.test:1", "--tls", "--tls-min", "1.1"], "expected 1.2 or 1.3"),
        (&["request", "h.test:1", "--tls", "--tls-min", "1.3", "--tls-max", "1.2"], "no version"),
        (&["request", "h.test:1", "--pin", "x"], "--pin needs --tls"),
        (&["request", "h.test:1", "--tls", "--pin", "x"], "sha256//"),
        (&["request", "h.test:1", "--alpn", "x"], "--tls"),
        (&["request", "h.test:1", "--tls", "--alpn", "a,,b"], "of 1 to 255 bytes"),
        (&["request", "h.test:1", "--tls", "--alpn", ""], "of 1 to 255 bytes"),
        (&["request", "h.test:1", "--tls", "--key-password", "x"], "needs --cert with --key"),
        (&["request", "127.0.0.1:1", "--tls", "--alpn", &long], "of 1 to 255 bytes"),
        (
            &["request", "h.test:1", "--resolve", "h.test:1"],
            "--resolve: expected HOST:PORT:ADDRESS",
        ),
        (&["request", "h.test:1", "--connect-to", "h.test:1"], "--connect-to: expected"),
        (&["request", "h.test:1", "--local-address", "here"], "--local-address: expected IP"),
        (&["request", "h.test:1", "-4", "-6"], "cannot be used with"),
        (&["listen", "--client-ca", "x"], "--client-ca needs a certificate"),
        (&["listen", "--key", "x"], "--cert"),
        (&["forward", "127.0.0.1:0", "h.test:1", "--listen-key", "x"], "--listen-cert"),
    ] {
        let outcome = opi(&[&["tcp"], words].concat()).await;
        assert!(outcome.failed(2).contains(told), "{words:?}: {outcome}");
    }
}

#[tokio::test]
async fn the_envelope_tells_what_tls_agreed_on() {
    let it = Setting::new();
    let server = it.ca.issue(&["localhost"]).server_config();
    let echo = EchoServer::start_on(Listen::tls(server)).await;
    let address = format!("localhost:{}", echo.address().port());
    let outcome = asked(&address, &["--ca", &it.ca_file(), "--json"]).await;
    let tls = &outcome.result()["tls"];
    assert_eq!((&tls["server_name"], &tls["resumed"]), (&"localhost".into(), &false.into()));
    let own = &tls["peer_chain"][0];
    assert_eq!(own["names"], serde_json::json!(["localhost"]));
    assert_ne!((&own["subject"], &own["issuer"]), (&serde_json::Value::Null, &own["subject"]));
    assert!(own["not_after"].as_str().unwrap().ends_with('Z'), "{own}");
    // The pin it tells is one that holds.
    let pin = own["pin"].as_str().unwrap();
    asked(&address, &["--insecure", "--pin", pin]).await.good();
    echo.finish().await;
}

#[tokio::test]
async fn a_pkcs12_file_and_an_encrypted_key_open_with_their_passwords() {
    let it = Setting::new();
    let [cert, key] = it.files(&it.ca.issue_client("ann"), "ann");
    let (p12, locked) = (text(it.folder.path().join("ann.p12")), format!("{key}.locked"));
    let export = ["pkcs12", "-export", "-in", &cert, "-inkey", &key, "-out", &p12];
    let lock = ["pkcs8", "-topk8", "-in", &key, "-out", &locked];
    if !openssl(&export) || !openssl(&lock) {
        return;
    }
    let server = it.ca.issue(&["localhost"]).server_config_requiring(&it.ca);
    let echo = EchoServer::start_on(Listen::tls(server)).await;
    let (ca, address) = (it.ca_file(), format!("localhost:{}", echo.address().port()));
    for own in [&["--p12", &p12][..], &["--cert", &cert, "--key", &locked]] {
        let with = |password| [&["--ca", &ca][..], own, &["--key-password", password]].concat();
        asked(&address, &with("hunter2")).await.good();
        let wrong = asked(&address, &[&with("wrong-one")[..], &["--json"]].concat()).await;
        assert_eq!(wrong.error(2)["code"], "bad_passphrase", "{own:?}");
        assert!(!wrong.printed().contains("wrong-one"), "{wrong}");
    }
    echo.finish().await;
}

/// Has openssl write a file with the password `hunter2`; false, said aloud, where there is none.
fn openssl(words: &[&str]) -> bool {
    let mut openssl = std::process::Command::new("openssl");
    match openssl.args(words).args(["-passout", "pass:hunter2"]).output() {
        Ok(output) => {
            assert!(output.status.success(), "{words:?}");
            true
        }
        Err(_) => {
            let said: &[u8] = b"no openssl: passwords of keys are NOT TESTED\n";
            std::io::Write::write_all(&mut std::io::stderr(), said).unwrap();
            assert!(std::env::var_os("CI").is_none(), "CI has openssl");
            false
        }
    }
}
