//! Row 19: receiving a lot, one way.

use std::io::Read;
use std::net::SocketAddr;

use opi_benches::{Child, Contest, Metric, Report};
use opi_net::blocking::Runtime;
use opi_tcp_client::{Config, Connection, Reason, Until};
use tokio::io::AsyncReadExt;

use crate::{LIMIT, limit};

pub(crate) fn run(report: &mut Report) {
    if !report.wants("receive") {
        return;
    }
    let size = report.size(1 << 30);
    let source = Child::start(&format!("source {size} {}", 256 * 1024));
    let address = source.address();
    let mut contest = Contest::new("receive", "us a MiB")
        .entrant("tokio", size >> 20, || tokio(address))
        .entrant("std", size >> 20, || std(address));
    for piece in [64, 1024] {
        let (calls, one) = names(piece);
        contest = contest
            .entrant(calls, size >> 20, move || opi_calls(address, piece * 1024))
            .entrant(one, size >> 20, move || opi_one(address, piece * 1024))
            .target("19", Metric::Cpu, calls, &["tokio"], 1.05)
            .target("19", Metric::Cpu, one, &["tokio"], 1.05);
    }
    report.add(&contest.run(report.rounds(6)));
}

fn names(piece: usize) -> (&'static str, &'static str) {
    match piece {
        64 => ("opi, calls of 64 KiB", "opi async, 64 KiB"),
        _ => ("opi, calls of 1 MiB", "opi async, 1 MiB"),
    }
}

fn tokio(address: SocketAddr) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
        let (mut buffer, mut total) = (vec![0; BUFFER], 0);
        while let count @ 1.. = socket.read(&mut buffer).await.unwrap() {
            total += count;
        }
        total
    })
}

fn std(address: SocketAddr) -> usize {
    let mut socket = std::net::TcpStream::connect(address).unwrap();
    let (mut buffer, mut total) = (vec![0; BUFFER], 0);
    while let count @ 1.. = socket.read(&mut buffer).unwrap() {
        total += count;
    }
    total
}

/// As the add-in does it: each piece is a call that blocks.
fn opi_calls(address: SocketAddr, piece: usize) -> usize {
    let runtime = Runtime::new().unwrap();
    let config = Config::new(address.into());
    let opening = async { Connection::open(&config, &limit()).await };
    let mut connection = runtime.run(LIMIT, opening).unwrap().unwrap();
    let mut total = 0;
    loop {
        let deadline = limit();
        let receiving = connection.receive(Until::size(piece), &deadline);
        let received = runtime.run(LIMIT, receiving).unwrap().unwrap();
        total += received.data.len();
        if received.reason == Reason::Closed {
            return total;
        }
    }
}

/// All pieces in one future.
fn opi_one(address: SocketAddr, piece: usize) -> usize {
    let runtime = Runtime::new().unwrap();
    let receiving = async {
        let deadline = limit();
        let config = Config::new(address.into());
        let mut connection = Connection::open(&config, &deadline).await.unwrap();
        let mut total = 0;
        loop {
            let received = connection.receive(Until::size(piece), &deadline).await.unwrap();
            total += received.data.len();
            if received.reason == Reason::Closed {
                return total;
            }
        }
    };
    runtime.run(LIMIT, receiving).unwrap()
}

const BUFFER: usize = 64 * 1024;
