//! Rows 21 to 23: reading 64 MiB until a marker.

use std::future::poll_fn;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::pin::Pin;

use bytes::BytesMut;
use futures_core::Stream;
use memchr::{memchr, memmem};
use opi_benches::{Child, Contest, Metric, Report};
use opi_net::blocking::Runtime;
use opi_tcp_client::{Config, Connection, Reason, Until};
use tokio::io::{AsyncBufReadExt, AsyncReadExt};
use tokio_util::codec::{AnyDelimiterCodec, Framed};

use crate::{LIMIT, limit};

pub(crate) fn run(report: &mut Report) {
    let rows = [("21", 1, 1024), ("22", 16, 1024), ("23", 1, 65_536), ("23", 16, 65_536)];
    for (row, marker, piece) in rows {
        let name = format!("marker_64mib_{marker}byte_{piece}");
        if report.wants(&name) {
            contest(report, row, &name, marker, piece);
        }
    }
}

fn contest(report: &mut Report, row: &str, name: &str, marker: usize, piece: usize) {
    let source = Child::start(&format!("marked {SIZE} {piece} {marker}"));
    let address = source.address();
    let bytes = self::marker(marker);
    let mut contest = Contest::new(name, "us a MiB")
        .entrant("tokio and memchr", MIB, || tokio(address, &bytes))
        .entrant("opi", MIB, || opi(address, &bytes))
        .target(row, Metric::Cpu, "opi", &["tokio and memchr"], 1.0);
    if marker == 1 {
        contest = contest
            .entrant("tokio read_until", MIB, || tokio_read_until(address))
            .entrant("tokio-util Framed", MIB, || framed(address))
            .entrant("std read_until", MIB, || std_read_until(address));
    }
    report.add(&contest.run(report.rounds(9)));
}

/// A marker of `size` bytes, whose last one is nowhere else.
pub(crate) fn marker(size: usize) -> Vec<u8> {
    ["-".repeat(size - 1), "\n".to_owned()].concat().into()
}

fn tokio(address: SocketAddr, marker: &[u8]) {
    let finder = memmem::Finder::new(marker);
    let found = with_tokio(address, async |mut socket| {
        let (mut buffer, mut searched) = (BytesMut::new(), 0_usize);
        loop {
            buffer.reserve(BUFFER);
            assert_ne!(socket.read_buf(&mut buffer).await.unwrap(), 0);
            let fresh = &buffer[searched..];
            let found = match marker {
                [one] => memchr(*one, fresh),
                _ => finder.find(fresh),
            };
            if let Some(at) = found {
                return buffer.split_to(searched + at + marker.len()).freeze().len();
            }
            searched = buffer.len().saturating_sub(marker.len() - 1);
        }
    });
    assert_eq!(found, SIZE + marker.len());
}

fn tokio_read_until(address: SocketAddr) {
    let found = with_tokio(address, async |socket| {
        let mut data = Vec::new();
        let mut reader = tokio::io::BufReader::with_capacity(BUFFER, socket);
        reader.read_until(b'\n', &mut data).await.unwrap();
        data.len()
    });
    assert_eq!(found, SIZE + 1);
}

fn framed(address: SocketAddr) {
    let found = with_tokio(address, async |socket| {
        let codec = AnyDelimiterCodec::new(b"\n".to_vec(), Vec::new());
        let mut framed = Framed::with_capacity(socket, codec, BUFFER);
        let next = poll_fn(|context| Pin::new(&mut framed).poll_next(context));
        next.await.unwrap().unwrap().len()
    });
    assert_eq!(found, SIZE);
}

fn std_read_until(address: SocketAddr) {
    let socket = std::net::TcpStream::connect(address).unwrap();
    let mut data = Vec::new();
    BufReader::with_capacity(BUFFER, socket).read_until(b'\n', &mut data).unwrap();
    assert_eq!(data.len(), SIZE + 1);
}

/// As the add-in does it: one call that blocks.
fn opi(address: SocketAddr, marker: &[u8]) {
    let runtime = Runtime::new().unwrap();
    let receiving = async {
        let deadline = limit();
        let config = Config::new(address.into());
        let mut connection = Connection::open(&config, &deadline).await.unwrap();
        let until = Until::marker(marker).unwrap().at_most(2 * SIZE);
        connection.receive(until, &deadline).await.unwrap()
    };
    let received = runtime.run(LIMIT, receiving).unwrap();
    assert_eq!((received.data.len(), received.reason), (SIZE + marker.len(), Reason::Marker));
}

fn with_tokio<T>(address: SocketAddr, work: impl AsyncFnOnce(tokio::net::TcpStream) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { work(tokio::net::TcpStream::connect(address).await.unwrap()).await })
}

const BUFFER: usize = 64 * 1024;
const MIB: usize = 64;
const SIZE: usize = MIB << 20;
