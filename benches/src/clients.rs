//! Many clients on one thread: each sends a message, waits for its echo, and sends the next.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

/// Connected clients.
#[derive(Debug)]
pub struct Clients {
    poll: Poll,
    clients: Vec<Client>,
    size: usize,
}

#[derive(Debug)]
struct Client {
    socket: TcpStream,
    sent: Instant,
    got: usize,
}

impl Clients {
    /// Connects `count` clients whose messages are of `size` bytes, and lets each exchange one.
    ///
    /// They come in parts that fit the list of those not accepted yet, which is short with std.
    #[must_use]
    pub fn connect(address: SocketAddr, count: usize, size: usize) -> Self {
        let mut all = Self { poll: Poll::new().unwrap(), clients: Vec::new(), size };
        while all.clients.len() < count {
            let first = all.clients.len();
            for number in first..count.min(first + PART) {
                all.clients.push(Client::connect(address, &all.poll, number));
            }
            drop(all.exchange_by(first, all.clients.len() - first));
        }
        all
    }

    /// Lets the clients exchange `messages` in all; returns the time of each there and back.
    pub fn exchange(&mut self, messages: usize) -> Vec<Duration> {
        self.exchange_by(0, messages)
    }

    fn exchange_by(&mut self, first: usize, messages: usize) -> Vec<Duration> {
        let message = vec![b'x'; self.size];
        let mut left = messages;
        for client in self.clients.iter_mut().skip(first).take(messages) {
            client.send(&message);
            left -= 1;
        }
        let (mut times, mut events) = (Vec::with_capacity(messages), Events::with_capacity(1024));
        while times.len() < messages {
            self.poll.poll(&mut events, Some(PATIENCE)).unwrap();
            assert!(!events.is_empty(), "no answer: {} of {messages} came", times.len());
            for event in &events {
                let client = &mut self.clients[event.token().0];
                let Some(time) = client.receive(self.size) else { continue };
                times.push(time);
                if left > 0 {
                    left -= 1;
                    client.send(&message);
                }
            }
        }
        times
    }
}

impl Client {
    fn connect(address: SocketAddr, poll: &Poll, number: usize) -> Self {
        let socket = std::net::TcpStream::connect(address).unwrap();
        socket.set_nodelay(true).unwrap();
        socket.set_nonblocking(true).unwrap();
        let mut socket = TcpStream::from_std(socket);
        poll.registry().register(&mut socket, Token(number), Interest::READABLE).unwrap();
        Self { socket, sent: Instant::now(), got: 0 }
    }

    fn send(&mut self, message: &[u8]) {
        (self.sent, self.got) = (Instant::now(), 0);
        // One message at a time is under way, so there is room for it.
        self.socket.write_all(message).unwrap();
    }

    /// The time of the message, once all of it has come back.
    fn receive(&mut self, size: usize) -> Option<Duration> {
        let mut buffer = [0; 4096];
        while self.got < size {
            let read = self.socket.read(&mut buffer);
            if read.as_ref().is_err_and(|cause| cause.kind() == ErrorKind::WouldBlock) {
                return None;
            }
            let count = read.unwrap();
            assert_ne!(count, 0, "the server closed a connection");
            self.got += count;
            if self.got >= size {
                return Some(self.sent.elapsed());
            }
        }
        None
    }
}

const PART: usize = 100;

/// How long no answer at all may come.
const PATIENCE: Duration = Duration::from_secs(20);
