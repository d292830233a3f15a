//! Row 30: 64 bytes there and back by a caller that blocks.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use opi_benches::{Child, Contest, Metric, Report, Sample};
use opi_net::blocking::Runtime;
use opi_tcp_client::{Config, Connection, Until};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{LIMIT, limit};

pub(crate) fn run(report: &mut Report) {
    if !report.wants("ping_pong") {
        return;
    }
    let echo = Child::start("echo std");
    let (mut std, mut tokio) = (Std::new(echo.address()), Tokio::new(echo.address()));
    let mut addin = AddIn::new(echo.address());
    let (mut calls, mut one) = (Opi::new(echo.address()), Opi::new(echo.address()));
    let contest = Contest::new("ping_pong", "us a round trip")
        .measured("std", || measure(|| std.trip()))
        .measured("tokio, a call each", || measure(|| tokio.trip()))
        .measured("opi, as the add-in", || measure(|| addin.trip()))
        .measured("opi, two calls each", || measure(|| calls.trip_by_two_calls()))
        .measured("opi, a call each", || measure(|| one.trip_by_one_call()))
        .target("30", Metric::P50, "opi, as the add-in", &["std"], 1.3)
        .target("30", Metric::P50, "opi, two calls each", &["std"], 1.3)
        .target("30", Metric::P50, "opi, a call each", &["std"], 1.3);
    report.add(&contest.run(report.rounds(15)));
}

fn measure(mut trip: impl FnMut()) -> Sample {
    let mut times = Vec::with_capacity(TRIPS);
    let started = ProcessTime::now();
    for _ in 0..TRIPS {
        let begun = Instant::now();
        trip();
        times.push(begun.elapsed());
    }
    let spent: Duration = started.elapsed();
    Sample::cpu(spent, TRIPS).with_times(times)
}

struct Std(TcpStream);

impl Std {
    fn new(address: SocketAddr) -> Self {
        let socket = TcpStream::connect(address).unwrap();
        socket.set_nodelay(true).unwrap();
        Self(socket)
    }

    fn trip(&mut self) {
        self.0.write_all(&[7; 64]).unwrap();
        self.0.read_exact(&mut [0; 64]).unwrap();
    }
}

struct Tokio(tokio::runtime::Runtime, tokio::net::TcpStream);

impl Tokio {
    fn new(address: SocketAddr) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let socket = runtime.block_on(tokio::net::TcpStream::connect(address)).unwrap();
        socket.set_nodelay(true).unwrap();
        Self(runtime, socket)
    }

    fn trip(&mut self) {
        self.0.block_on(async {
            self.1.write_all(&[7; 64]).await.unwrap();
            self.1.read_exact(&mut [0; 64]).await.unwrap();
        });
    }
}

/// Two calls each, which have one limit and no runtime around them that has another.
struct AddIn(tokio::runtime::Runtime, Connection);

impl AddIn {
    fn new(address: SocketAddr) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let config = Config::new(address.into());
        let opening = async { Connection::open(&config, &limit()).await };
        let connection = runtime.block_on(opening).unwrap();
        Self(runtime, connection)
    }

    fn trip(&mut self) {
        let Self(runtime, connection) = self;
        runtime.block_on(connection.send(&[7; 64], &limit())).unwrap();
        let received = runtime.block_on(connection.receive(Until::size(64), &limit())).unwrap();
        assert_eq!(received.data.len(), 64);
    }
}

/// By the helper for callers that block.
struct Opi(Runtime, Connection);

impl Opi {
    fn new(address: SocketAddr) -> Self {
        let runtime = Runtime::new().unwrap();
        let config = Config::new(address.into());
        let opening = async { Connection::open(&config, &limit()).await };
        let connection = runtime.run(LIMIT, opening).unwrap().unwrap();
        Self(runtime, connection)
    }

    fn trip_by_two_calls(&mut self) {
        let Self(runtime, connection) = self;
        let deadline = limit();
        runtime.run(LIMIT, connection.send(&[7; 64], &deadline)).unwrap().unwrap();
        let receiving = connection.receive(Until::size(64), &deadline);
        assert_eq!(runtime.run(LIMIT, receiving).unwrap().unwrap().data.len(), 64);
    }

    fn trip_by_one_call(&mut self) {
        let Self(runtime, connection) = self;
        let trip = async {
            let deadline = limit();
            connection.send(&[7; 64], &deadline).await.unwrap();
            connection.receive(Until::size(64), &deadline).await.unwrap()
        };
        assert_eq!(runtime.run(LIMIT, trip).unwrap().data.len(), 64);
    }
}

const TRIPS: usize = 3_000;
