//! Options that change nothing visible in the ordinary run: each is honoured.

use std::time::Duration;

use harness::{Ca, EchoServer, HungPort, Listen, watch_for};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::command::{Opi, opi};
use crate::server::start;

#[tokio::test]
async fn the_time_for_opening_is_one_of_its_own() {
    let port = HungPort::start().await;
    let address = port.address().to_string();
    for command in ["request", "send"] {
        let line = ["tcp", command, &address, "--connect-timeout", "0.2"];
        let outcome = Opi::new(&line).stdin("x").run().await;
        assert!(outcome.failed(14).contains("within 200 ms"), "{outcome}");
    }
}

#[tokio::test]
async fn the_local_address_is_used() {
    let echo = EchoServer::start().await;
    let address = echo.address().to_string();
    let line = ["tcp", "request", &address, "x\n", "--json", "--local-address"];
    let other = opi(&[&line[..], &["::1"]].concat()).await;
    assert_eq!(other.error(2)["code"], "local_address");
    // The whole network 127.0.0.0/8 is this machine here.
    #[cfg(target_os = "linux")]
    {
        let near = opi(&[&line[..], &["127.0.0.2"]].concat()).await.result();
        assert!(near["local"].as_str().unwrap().starts_with("127.0.0.2:"), "{near}");
    }
    echo.finish().await;
}

#[tokio::test]
async fn a_pin_narrows_what_an_issuer_vouches_for() {
    let (ca, folder) = (Ca::new(), tempfile::tempdir().unwrap());
    let server = Listen::tls(ca.issue(&["localhost"]).server_config());
    let echo = EchoServer::start_on(server).await;
    let address = format!("localhost:{}", echo.address().port());
    let file = ca.write_to(&folder);
    let pin = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    let line = ["tcp", "request", &address, "x\n", "--tls", "--ca", file.to_str().unwrap()];
    assert_eq!(opi(&line).await.good(), b"x\n");
    let outcome = opi(&[&line[..], &["--pin", pin, "--json"]].concat()).await;
    assert_eq!(outcome.error(12)["code"], "tls_certificate_pin", "{outcome}");
    echo.finish().await;
}

#[tokio::test]
async fn every_issuer_that_is_given_counts() {
    let (first, second) = (Ca::new(), Ca::new());
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let server = Listen::tls(second.issue(&["localhost"]).server_config());
    let echo = EchoServer::start_on(server).await;
    let address = format!("localhost:{}", echo.address().port());
    let files = [first.write_to(&folders[0]), second.write_to(&folders[1])];
    let [first, second] = files.each_ref().map(|file| file.to_str().unwrap());
    let line = ["tcp", "request", &address, "x\n", "--tls", "--ca", first, "--ca", second];
    assert_eq!(opi(&line).await.good(), b"x\n");
    echo.finish().await;
}

#[tokio::test]
async fn a_server_gives_a_handshake_no_more_than_its_time() {
    let (ca, folder) = (Ca::new(), tempfile::tempdir().unwrap());
    let files = ca.issue(&["localhost"]).write_to(&folder, "server");
    let (cert, key) = (files.chain.to_str().unwrap(), files.key.to_str().unwrap());
    let line = ["serve", "--cert", cert, "--key", key, "--handshake-timeout", "0.1"];
    let (_server, address) = start(&line).await;
    let mut silent = TcpStream::connect(address).await.unwrap();
    // The default is longer than this guard.
    let end = watch_for(Duration::from_secs(8), "the end", silent.read(&mut [0])).await;
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
}

#[tokio::test]
async fn the_protocols_offered_are_sent() {
    let (ca, folder) = (Ca::new(), tempfile::tempdir().unwrap());
    let mut server = rustls::ServerConfig::clone(&ca.issue(&["localhost"]).server_config());
    server.alpn_protocols = vec![b"two".to_vec()];
    let echo = EchoServer::start_on(Listen::tls(server.into())).await;
    let address = format!("localhost:{}", echo.address().port());
    let file = ca.write_to(&folder);
    let line = ["tcp", "request", &address, "x\n", "--tls", "--ca", file.to_str().unwrap()];
    let outcome = opi(&[&line[..], &["--alpn", "one, two", "--json"]].concat()).await;
    assert_eq!(outcome.result()["tls"]["alpn"], "two");
    echo.finish().await;
}
