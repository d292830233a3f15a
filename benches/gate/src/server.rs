//! Answers every request with 200 bytes of JSON.

use std::io::{Read, Write};
use std::net::TcpListener;

use opi_benches::Role;

/// One connection after another.
pub(crate) fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    Role::ready(listener.local_addr().unwrap());
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n{:200}",
        r#"{"id":1234567,"name":"an item"}"#
    );
    for socket in listener.incoming() {
        let mut socket = socket.unwrap();
        socket.set_nodelay(true).unwrap();
        let mut buffer = [0; 4096];
        // A request of these clients comes in one piece.
        while let Ok(1..) = socket.read(&mut buffer) {
            if socket.write_all(answer.as_bytes()).is_err() {
                break;
            }
        }
    }
}
