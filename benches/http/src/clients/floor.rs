//! The floor: a socket that blocks, a request of fixed bytes, and a parser that looks for two things.

use std::io::{Read, Write};
use std::net::TcpStream;

use memchr::memmem::find;

use super::Gets;
use crate::site::Setup;

pub(super) fn gets(setup: &Setup) -> Gets {
    let (path, authority) = (setup.path(), setup.authority().to_owned());
    let request = format!("GET {path} HTTP/1.1\r\nHost: {authority}\r\n\r\n").into_bytes();
    let (mut kept, mut buffer) = (None, vec![0; 16 * 1024]);
    Box::new(move |count| {
        for _ in 0..count {
            let mut socket = kept.take().unwrap_or_else(|| open(&authority));
            socket.write_all(&request).unwrap();
            let stays = answer(&mut socket, &mut buffer);
            kept = stays.then_some(socket);
        }
    })
}

fn open(authority: &str) -> TcpStream {
    let socket = TcpStream::connect(authority).unwrap();
    socket.set_nodelay(true).unwrap();
    socket
}

/// Reads an answer; whether another may follow.
fn answer(socket: &mut TcpStream, buffer: &mut [u8]) -> bool {
    let mut filled = 0;
    loop {
        let count = socket.read(&mut buffer[filled..]).unwrap();
        assert!(count > 0);
        filled += count;
        let Some(end) = find(&buffer[..filled], b"\r\n\r\n") else { continue };
        let head = &buffer[..end];
        let length = find(head, LENGTH).unwrap() + LENGTH.len();
        let digits = head[length..].iter().take_while(|it| it.is_ascii_digit());
        let length = digits.fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
        if filled >= end + 4 + length {
            return find(head, b"Connection: close").is_none();
        }
    }
}

const LENGTH: &[u8] = b"Content-Length: ";
