//! Two sockets that know each other, and a handshake over them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use opi_net::tls::{Certificates, Identity, ServerTls, Tls};
use opi_net::{Deadline, Error, Stream, Target};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector, client, server};

/// A deadline that no healthy test reaches.
pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

pub(crate) fn identity(of: &harness::Identity) -> Identity {
    Identity::from_pem(of.chain_pem().as_bytes(), of.key_pem().as_bytes()).unwrap()
}

pub(crate) fn issuers(pem: &str) -> Certificates {
    Certificates::from_pem(pem.as_bytes()).unwrap()
}

pub(crate) async fn sockets() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let opening = TcpStream::connect(listener.local_addr().unwrap());
    let (near, far) = tokio::join!(opening, listener.accept());
    (near.unwrap(), far.unwrap().0)
}

/// What both sides of a handshake come to: rustls as the client of our server.
pub(crate) async fn meet(
    server: &ServerTls,
    client: Arc<ClientConfig>,
) -> (Result<Stream, Error>, io::Result<client::TlsStream<TcpStream>>) {
    let (near, far) = sockets().await;
    let name = ServerName::try_from("localhost").unwrap();
    let calling = TlsConnector::from(client).connect(name, near);
    let deadline = soon();
    tokio::join!(server.accept(far.into(), &deadline), calling)
}

/// The same with our client, which calls `host`, and rustls as the server.
pub(crate) async fn call(
    client: &Tls,
    host: &str,
    server: Arc<ServerConfig>,
) -> (Result<Stream, Error>, io::Result<server::TlsStream<TcpStream>>) {
    let (near, far) = sockets().await;
    let (target, deadline) = (Target::new(host, 443).unwrap(), soon());
    let accepting = TlsAcceptor::from(server).accept(far);
    tokio::join!(client.handshake(near.into(), &target, &deadline), accepting)
}
