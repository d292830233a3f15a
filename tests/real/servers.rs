//! Where the real servers are, by what `cargo xtask servers up` wrote down.

use std::path::PathBuf;
use std::time::Duration;

use opi_net::tls::{Certificates, Identity, Tls, Trust};
use opi_net::{Deadline, Target};
use serde_json::Value;

/// A deadline that no healthy test reaches.
pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(30))
}

/// The port of an endpoint. A server that is skipped fails the tests that need it.
#[track_caller]
pub(crate) fn port(endpoint: &str) -> u16 {
    let port = state()["endpoints"][endpoint]["port"].as_u64();
    let port = port.and_then(|port| u16::try_from(port).ok());
    assert!(port.is_some(), "the server {endpoint} is not up: {}", state()["skipped"]);
    port.unwrap()
}

#[track_caller]
pub(crate) fn target(host: &str, endpoint: &str) -> Target {
    Target::new(host, port(endpoint)).unwrap()
}

/// A program that tests start. One that is skipped fails the tests that need it.
#[track_caller]
pub(crate) fn client(program: &str) -> &str {
    let skipped = &state()["skipped"][program];
    assert!(skipped.is_null(), "{program} cannot be started: {skipped}");
    program
}

/// The URL of `path` at an endpoint, by the name `localhost`.
#[track_caller]
pub(crate) fn url(scheme: &str, endpoint: &str, path: &str) -> String {
    format!("{scheme}://localhost:{}{path}", port(endpoint))
}

pub(crate) fn tls() -> Tls {
    Tls::new(Trust::Only(Certificates::from_pem(&file("tls/ca.pem")).unwrap()))
}

pub(crate) fn identity() -> Identity {
    Identity::from_pem(&file("tls/client.pem"), &file("tls/client.key")).unwrap()
}

/// The identity that the servers show.
pub(crate) fn server_identity() -> Identity {
    Identity::from_pem(&file("tls/server.pem"), &file("tls/server.key")).unwrap()
}

/// The path of a certificate or key, for programs.
pub(crate) fn path(name: &str) -> String {
    folder().join("tls").join(name).display().to_string()
}

/// A rendered file.
pub(crate) fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn state() -> Value {
    serde_json::from_slice(&file("servers.json")).unwrap()
}

/// Relative to the repository, as the documentation gives it; tests run in `tests/`.
fn folder() -> PathBuf {
    let given = std::env::var_os("OPI_SERVERS");
    assert!(given.is_some(), "OPI_SERVERS is not set: run `cargo xtask test`");
    let given = PathBuf::from(given.unwrap());
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    root.join(given)
}
