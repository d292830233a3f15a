//! Many connections and one consumer that takes each message by a call that blocks, and answers.

use std::io::{ErrorKind, Read, Write};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use bytes::Bytes;
use opi_benches::Role;
use opi_tcp_server::{Config, Server};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::two_threads;
use crate::limit;

/// As the add-in does it: two calls a message, each drives the shared runtime.
pub(super) fn opi() {
    let runtime = two_threads();
    let config = Config::new("127.0.0.1:0".parse().unwrap()).max_connections(CONNECTIONS);
    let server = runtime.block_on(async { Server::start(config) }).unwrap();
    Role::ready(server.address());
    loop {
        let next = async { server.next(PIECE, &limit()).await };
        let Some(message) = runtime.block_on(next).unwrap() else { continue };
        let (id, data) = (message.connection, message.data);
        // A client that has gone is no fault of the server.
        let sending = async { server.send(id, &data, &limit()).await };
        let _gone = runtime.block_on(sending).is_err();
    }
}

/// Tasks and a channel of tokio.
pub(super) fn tokio() {
    let runtime = two_threads();
    let (sender, mut messages) = mpsc::channel::<(Arc<TcpStream>, Bytes)>(1024);
    runtime.spawn(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Role::ready(listener.local_addr().unwrap());
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            socket.set_nodelay(true).unwrap();
            tokio::spawn(bring(Arc::new(socket), sender.clone()));
        }
    });
    while let Some((socket, data)) = messages.blocking_recv() {
        runtime.block_on(answer(&socket, &data));
    }
}

async fn bring(socket: Arc<TcpStream>, sender: mpsc::Sender<(Arc<TcpStream>, Bytes)>) {
    let mut buffer = vec![0; BUFFER];
    while socket.readable().await.is_ok() {
        match socket.try_read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => {
                let data = Bytes::copy_from_slice(&buffer[..count]);
                sender.send((Arc::clone(&socket), data)).await.unwrap();
            }
            Err(cause) if cause.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

async fn answer(socket: &TcpStream, mut data: &[u8]) {
    while !data.is_empty() {
        match socket.try_write(data) {
            Ok(count) => data = &data[count..],
            Err(cause) if cause.kind() == ErrorKind::WouldBlock => {
                socket.writable().await.unwrap();
            }
            Err(_) => return,
        }
    }
}

/// Threads and a channel of std.
pub(super) fn std() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    Role::ready(listener.local_addr().unwrap());
    let (sender, messages) = sync_channel::<(Arc<std::net::TcpStream>, Vec<u8>)>(1024);
    thread::spawn(move || {
        for socket in listener.incoming() {
            let socket = Arc::new(socket.unwrap());
            socket.set_nodelay(true).unwrap();
            let sender = sender.clone();
            let bring = move || {
                let mut buffer = vec![0; BUFFER];
                while let Ok(count @ 1..) = (&*socket).read(&mut buffer) {
                    sender.send((Arc::clone(&socket), buffer[..count].to_vec())).unwrap();
                }
            };
            thread::Builder::new().stack_size(64 * 1024).spawn(bring).unwrap();
        }
    });
    for (socket, data) in messages {
        let _gone = (&*socket).write_all(&data).is_err();
    }
}

const BUFFER: usize = 4096;
const CONNECTIONS: usize = 15_000;
const PIECE: usize = 64 * 1024;
