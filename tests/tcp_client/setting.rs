//! What every test here needs: a deadline, a connection, a line, trust in a CA.

use std::net::SocketAddr;
use std::time::Duration;

use harness::Ca;
use opi_net::tls::{Certificates, Tls, Trust};
use opi_net::{Deadline, Target};
use opi_tcp_client::{Config, Connection, Until};

/// A deadline that no healthy test reaches.
pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

/// A deadline that is meant to pass.
pub(crate) fn short() -> Deadline {
    Deadline::after(Duration::from_millis(60))
}

pub(crate) fn line() -> Until {
    Until::marker("\n").unwrap()
}

pub(crate) async fn connect(address: SocketAddr) -> Connection {
    Connection::open(&Config::new(address.into()), &soon()).await.unwrap()
}

pub(crate) fn target(host: &str, address: SocketAddr) -> Target {
    Target::new(host, address.port()).unwrap()
}

pub(crate) fn trusting(ca: &Ca) -> Tls {
    Tls::new(Trust::Only(Certificates::from_pem(ca.pem().as_bytes()).unwrap()))
}
