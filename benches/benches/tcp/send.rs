//! Row 20: sending a lot, one way.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr};

use opi_benches::{Child, Contest, Metric, Report};
use opi_net::blocking::Runtime;
use opi_tcp_client::{Config, Connection, Until};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{LIMIT, limit};

pub(crate) fn run(report: &mut Report) {
    if !report.wants("send") {
        return;
    }
    let size = report.size(1 << 30);
    let sink = Child::start("sink");
    let address = sink.address();
    let contest = Contest::new("send", "us a MiB")
        .entrant("std", size >> 20, || std(address, size))
        .entrant("tokio", size >> 20, || tokio(address, size))
        .entrant(CALLS, size >> 20, || opi_calls(address, size))
        .entrant(ONE, size >> 20, || opi_one(address, size))
        .target("20", Metric::Cpu, CALLS, &["std"], 1.05)
        .target("20", Metric::Cpu, ONE, &["std"], 1.05);
    report.add(&contest.run(report.rounds(6)));
}

fn std(address: SocketAddr, size: usize) {
    let mut socket = std::net::TcpStream::connect(address).unwrap();
    let data = vec![b'x'; PIECE];
    for _ in 0..size / PIECE {
        socket.write_all(&data).unwrap();
    }
    socket.shutdown(Shutdown::Write).unwrap();
    assert_eq!(socket.read(&mut [0]).unwrap(), 0);
}

fn tokio(address: SocketAddr, size: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
        let data = vec![b'x'; PIECE];
        for _ in 0..size / PIECE {
            socket.write_all(&data).await.unwrap();
        }
        socket.shutdown().await.unwrap();
        assert_eq!(socket.read(&mut [0]).await.unwrap(), 0);
    });
}

/// As the add-in does it: each piece is a call that blocks.
fn opi_calls(address: SocketAddr, size: usize) {
    let runtime = Runtime::new().unwrap();
    let config = Config::new(address.into());
    let opening = async { Connection::open(&config, &limit()).await };
    let mut connection = runtime.run(LIMIT, opening).unwrap().unwrap();
    let data = vec![b'x'; PIECE];
    for _ in 0..size / PIECE {
        let deadline = limit();
        runtime.run(LIMIT, connection.send(&data, &deadline)).unwrap().unwrap();
    }
    runtime.run(LIMIT, finish(connection)).unwrap();
}

/// All pieces in one future.
fn opi_one(address: SocketAddr, size: usize) {
    let runtime = Runtime::new().unwrap();
    let sending = async {
        let deadline = limit();
        let config = Config::new(address.into());
        let mut connection = Connection::open(&config, &deadline).await.unwrap();
        let data = vec![b'x'; PIECE];
        for _ in 0..size / PIECE {
            connection.send(&data, &deadline).await.unwrap();
        }
        finish(connection).await;
    };
    runtime.run(LIMIT, sending).unwrap();
}

async fn finish(mut connection: Connection) {
    let deadline = limit();
    connection.finish_sending(&deadline).await.unwrap();
    let end = connection.receive(Until::closed(), &deadline).await.unwrap();
    assert!(end.data.is_empty());
}

const CALLS: &str = "opi, calls of 64 KiB";
const ONE: &str = "opi async, 64 KiB";
const PIECE: usize = 64 * 1024;
