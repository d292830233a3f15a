//! 64 bytes there and back, 2,000 times, by a caller that blocks: opi against std and tokio.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints and may end")]
#![forbid(unsafe_code)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use opi_benches::Contest;
use opi_net::blocking::Runtime;
use opi_net::{Deadline, Target};
use opi_tcp_client::{Config, Connection, Until};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const COUNT: usize = 2_000;
const LIMIT: Duration = Duration::from_secs(60);

fn main() {
    let address = echo();
    let mut plain = TcpStream::connect(address).unwrap();
    plain.set_nodelay(true).unwrap();

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut socket = runtime.block_on(tokio::net::TcpStream::connect(address)).unwrap();
    socket.set_nodelay(true).unwrap();

    let own = Runtime::new().unwrap();
    let config = Config::new(Target::from(address));
    let opening = async { Connection::open(&config, &Deadline::after(LIMIT)).await };
    let mut connection = own.run(LIMIT, opening).unwrap().unwrap();

    let table = Contest::new("ping_pong_64b_x2000 (the echo's own time is in each)")
        .entrant("std", || by_std(&mut plain))
        .entrant("tokio, current thread", || runtime.block_on(by_tokio(&mut socket)))
        .entrant("opi, a call each", || by_opi(&own, &mut connection))
        .run(9);
    println!("{table}");
}

/// An echo server of std on a thread for each client.
fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            socket.set_nodelay(true).unwrap();
            std::thread::spawn(move || {
                let mut buffer = [0; 4096];
                while let Ok(count @ 1..) = socket.read(&mut buffer) {
                    socket.write_all(&buffer[..count]).unwrap();
                }
            });
        }
    });
    address
}

fn by_std(socket: &mut TcpStream) {
    let mut buffer = [0; 64];
    for _ in 0..COUNT {
        socket.write_all(&[7; 64]).unwrap();
        socket.read_exact(&mut buffer).unwrap();
    }
}

async fn by_tokio(socket: &mut tokio::net::TcpStream) {
    let mut buffer = [0; 64];
    for _ in 0..COUNT {
        socket.write_all(&[7; 64]).await.unwrap();
        socket.read_exact(&mut buffer).await.unwrap();
    }
}

/// As the add-in does it: each message is two calls that block.
fn by_opi(runtime: &Runtime, connection: &mut Connection) {
    for _ in 0..COUNT {
        let deadline = Deadline::after(LIMIT);
        runtime.run(LIMIT, connection.send(&[7; 64], &deadline)).unwrap().unwrap();
        let received = runtime.run(LIMIT, connection.receive(Until::size(64), &deadline));
        assert_eq!(received.unwrap().unwrap().data.len(), 64);
    }
}
