//! Who feeds the clients: sources of bytes and a sink for them.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};

use opi_benches::Role;

/// Sends `size` bytes to whoever connects, `piece` at a time, and closes.
pub(super) fn source(size: usize, piece: usize) {
    serve(|socket| send(socket, size, piece, b""));
}

/// The same with a marker at the end.
pub(super) fn marked(size: usize, piece: usize, marker: usize) {
    let marker = crate::marker::marker(marker);
    serve(|socket| send(socket, size, piece, &marker));
}

/// Reads all that comes, and closes then.
pub(super) fn sink() {
    let mut buffer = vec![0; 256 * 1024];
    serve(|mut socket| while let Ok(1..) = socket.read(&mut buffer) {});
}

fn send(mut socket: &TcpStream, size: usize, piece: usize, end: &[u8]) {
    let data = vec![b'x'; piece];
    for _ in 0..size / piece {
        if socket.write_all(&data).is_err() {
            return;
        }
    }
    // A receiver that has enough may have gone.
    let _gone = socket.write_all(end).and_then(|()| socket.shutdown(Shutdown::Write)).is_err();
}

/// One connection after another.
fn serve(mut one: impl FnMut(&TcpStream)) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    Role::ready(listener.local_addr().unwrap());
    for socket in listener.incoming() {
        let socket = socket.unwrap();
        socket.set_nodelay(true).unwrap();
        one(&socket);
    }
}
