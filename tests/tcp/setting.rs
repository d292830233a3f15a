//! What every test here needs: a deadline, a connection, a line.

use std::net::SocketAddr;
use std::time::Duration;

use opi_net::{Deadline, Target};
use opi_tcp_client::{Config, Connection, Error, Until};

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

/// Opens what `config` says, which must fail.
pub(crate) async fn refused(config: Config) -> Error {
    Connection::open(&config, &soon()).await.unwrap_err()
}

pub(crate) fn target(host: &str, address: SocketAddr) -> Target {
    Target::new(host, address.port()).unwrap()
}
