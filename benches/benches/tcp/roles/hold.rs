//! Clients that keep many connections open and idle.

use std::net::SocketAddr;
use std::time::Duration;

use opi_benches::Role;
use opi_net::Deadline;
use opi_net::tls::{Tls, Trust};
use opi_tcp_client::{Config, Connection, Until};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::one_thread;

/// Opens `count` connections to an echo server, one message on each, and keeps them.
pub(super) fn hold(who: &str, address: SocketAddr, count: usize) {
    one_thread().block_on(async {
        match who {
            "opi" => {
                let config = Config::new(address.into());
                wait(opi(&config, count).await, address).await;
            }
            "opi-tls" => {
                let config = Config::new(address.into()).tls(Tls::new(Trust::DangerousAnyone));
                wait(opi(&config, count).await, address).await;
            }
            _ => wait(tokio(address, count).await, address).await,
        }
    });
}

/// Keeps `held` until the process ends.
async fn wait<T>(held: Vec<T>, address: SocketAddr) {
    Role::ready(address);
    std::future::pending::<()>().await;
    drop(held);
}

async fn opi(config: &Config, count: usize) -> Vec<Connection> {
    let mut held = Vec::with_capacity(count);
    for _ in 0..count {
        let deadline = Deadline::after(LIMIT);
        let mut connection = Connection::open(config, &deadline).await.unwrap();
        connection.send(&[7; 64], &deadline).await.unwrap();
        connection.receive(Until::size(64), &deadline).await.unwrap();
        held.push(connection);
    }
    held
}

async fn tokio(address: SocketAddr, count: usize) -> Vec<TcpStream> {
    let mut held = Vec::with_capacity(count);
    for _ in 0..count {
        let mut socket = TcpStream::connect(address).await.unwrap();
        socket.write_all(&[7; 64]).await.unwrap();
        socket.read_exact(&mut [0; 64]).await.unwrap();
        held.push(socket);
    }
    held
}

const LIMIT: Duration = Duration::from_secs(60);
