//! A server that costs little: a thread for each connection, a fixed parser.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use opi_benches::Role;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::answers::{Answers, Then};

pub(super) fn plain() {
    serve(|socket| socket);
}

pub(super) fn tls(certificate: &str, key: &str) {
    let chain = vec![CertificateDer::from_pem_file(certificate).unwrap()];
    let key = PrivateKeyDer::from_pem_file(key).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key);
    let config = Arc::new(config.unwrap());
    serve(move |socket| StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), socket));
}

fn serve<S: Read + Write>(wrap: impl Fn(TcpStream) -> S + Clone + Send + 'static) {
    let answers = Arc::new(Answers::new());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    Role::ready(listener.local_addr().unwrap());
    for socket in listener.incoming() {
        let socket = socket.unwrap();
        socket.set_nodelay(true).unwrap();
        let (wrap, answers) = (wrap.clone(), answers.clone());
        thread::spawn(move || Talk::new(wrap(socket)).run(&answers));
    }
}

/// One connection.
struct Talk<S> {
    socket: S,
    buffer: Vec<u8>,
    filled: usize,
}

impl<S: Read + Write> Talk<S> {
    fn new(socket: S) -> Self {
        Self { socket, buffer: vec![0; 256 * 1024], filled: 0 }
    }

    /// Ends when the client goes.
    fn run(mut self, answers: &Answers) {
        while let Some((head, length)) = self.head() {
            let Some(received) = self.body(&head, length) else { return };
            match answers.answer(&head, received, &mut self.socket) {
                Ok(Then::Go) => {}
                Ok(Then::Close) | Err(_) => break,
            }
        }
        let _gone = self.socket.flush().is_err();
    }

    /// The head of a request, and its length.
    fn head(&mut self) -> Option<(String, usize)> {
        loop {
            let got = &self.buffer[..self.filled];
            if let Some(end) = got.windows(4).position(|it| it == b"\r\n\r\n") {
                return Some((String::from_utf8_lossy(&got[..end + 4]).into_owned(), end + 4));
            }
            self.more()?;
        }
    }

    /// Reads the body away; its length.
    fn body(&mut self, head: &str, start: usize) -> Option<usize> {
        let lower = head.to_ascii_lowercase();
        if lower.contains("expect: 100-continue") {
            self.socket.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
        }
        if lower.contains("transfer-encoding: chunked") {
            return self.chunked(start);
        }
        let length = lower.split("content-length: ").nth(1).and_then(|it| it.lines().next());
        let length: usize = length.map_or(0, |it| it.trim().parse().unwrap());
        let mut left = length.saturating_sub(self.filled - start);
        let over = (self.filled - start).saturating_sub(length);
        self.buffer.copy_within(self.filled - over..self.filled, 0);
        self.filled = over;
        while left > 0 {
            self.filled = 0;
            left = left.saturating_sub(self.more()?);
            self.filled = 0;
        }
        Some(length)
    }

    /// The end is looked for, not each chunk: enough for bodies that do not contain it.
    fn chunked(&mut self, start: usize) -> Option<usize> {
        let mut total = self.filled - start;
        self.buffer.copy_within(start..self.filled, 0);
        self.filled = total;
        while !self.buffer[..self.filled].ends_with(b"0\r\n\r\n") {
            let kept = self.filled.min(8);
            self.buffer.copy_within(self.filled - kept..self.filled, 0);
            self.filled = kept;
            total += self.more()?;
        }
        self.filled = 0;
        Some(total)
    }

    fn more(&mut self) -> Option<usize> {
        let count = self.socket.read(&mut self.buffer[self.filled..]).ok().filter(|it| *it > 0)?;
        self.filled += count;
        Some(count)
    }
}
