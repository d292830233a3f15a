//! Bodies larger than memory should hold go through it in pieces, both ways.
//!
//! `OPI_HUGE_MIB` sets their size; without it 64 MiB are moved, which is enough to see a body kept.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use opi_http_connector::{Body, Request};
use opi_net::Deadline;

use crate::setting::session;

/// Growth that is borne: buffers of sockets, of hyper and of files, and whatever the allocator keeps.
const GROWTH: u64 = 32 << 20;

fn size() -> u64 {
    let mib = std::env::var("OPI_HUGE_MIB").map_or(64, |text| text.parse().unwrap());
    mib << 20
}

/// The memory in use, and the most that ever was, in bytes.
fn memory() -> [u64; 2] {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    ["VmRSS:", "VmHWM:"].map(|name| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
    })
}

/// A server in plain code, which keeps nothing.
fn serve(play: fn(TcpStream)) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    (address, spawn(move || play(listener.accept().unwrap().0)))
}

fn send_all(mut socket: TcpStream) {
    let mut head = [0; 4096];
    assert!(socket.read(&mut head).unwrap() > 0);
    write!(socket, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", size()).unwrap();
    let piece = vec![b'x'; 1 << 18];
    for _ in 0..size() / (1 << 18) {
        socket.write_all(&piece).unwrap();
    }
}

fn take_all(mut socket: TcpStream) {
    let (mut buffer, mut taken) = (vec![0; 1 << 18], 0);
    let mut end_of_head = None;
    while end_of_head.is_none_or(|end: u64| taken < end + size()) {
        let count = socket.read(&mut buffer).unwrap();
        assert!(count > 0, "the upload ended after {taken} bytes");
        let end = buffer[..count].windows(4).position(|four| four == b"\r\n\r\n");
        end_of_head = end_of_head.or_else(|| Some(taken + end? as u64 + 4));
        taken += count as u64;
    }
    socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
}

/// The most that was in use in a step, against what was in use before it.
#[track_caller]
fn flat(what: &str, before: [u64; 2], after: [u64; 2]) {
    let most = if after[1] > before[1] { after[1] } else { after[0] };
    let growth = most.saturating_sub(before[0]);
    assert!(growth <= GROWTH, "{what}: {} KiB more than before", growth >> 10);
}

/// Alone in its process this tells the truth; among other tests it could be theirs that grows, so
/// the suite runs it in a process of its own.
#[tokio::test]
async fn bodies_go_through_in_pieces() {
    if std::env::var_os("OPI_HUGE_ALONE").is_none() {
        let this = std::env::current_exe().unwrap();
        let mut child = std::process::Command::new(this);
        child.args(["--exact", "huge::bodies_go_through_in_pieces", "--nocapture"]);
        assert!(child.env("OPI_HUGE_ALONE", "1").status().unwrap().success());
        return;
    }
    let deadline = Deadline::after(Duration::from_secs(3600));
    let file = tempfile::NamedTempFile::new().unwrap();

    let before = memory();
    let (address, server) = serve(send_all);
    let request = Request::get(&format!("http://{address}/")).unwrap();
    let mut incoming = session().open(request, &deadline).await.unwrap();
    let mut out = file.as_file();
    while let Some(piece) = incoming.chunk().await.unwrap() {
        out.write_all(&piece).unwrap();
    }
    server.join().unwrap();
    assert_eq!(file.as_file().metadata().unwrap().len(), size());
    let down = memory();
    flat("down", before, down);

    let (address, server) = serve(take_all);
    let request = Request::new("PUT", &format!("http://{address}/")).unwrap();
    let request = request.body(Body::file(file.path()).unwrap());
    assert_eq!(session().send(request, &deadline).await.unwrap().status(), 200);
    server.join().unwrap();
    let up = memory();
    flat("up", down, up);
    let told = format!("in use and highest: {before:?}, {down:?}, {up:?}");
    writeln!(std::io::stderr(), "{} MiB down and up, {told}", size() >> 20).unwrap();
}
