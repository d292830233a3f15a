//! Answers of HTTP servers through the whole client: none is a panic, every cut gives the same,
//! and what is left over answers no other request.
#![no_main]

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener as StdListener};
use std::pin::pin;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use opi_http_connector::{Redirects, Request, Session, SessionConfig};
use opi_net::{Deadline, Dialer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

const METHODS: [&str; 4] = ["GET", "HEAD", "POST", "OPTIONS"];

// The method, the size of the pieces, and what the server says before it closes.
fuzz_target!(|input: &[u8]| {
    let [method, pieces, reply @ ..] = input else { return };
    let method = METHODS[usize::from(*method) % METHODS.len()];
    let whole = ask(method, reply, usize::MAX);
    let cut = ask(method, reply, usize::from(*pieces).max(1));
    assert_eq!(whole, cut, "{method}");
});

/// The status and the body, or nothing when the answer is refused; the same session then asks an
/// honest server.
fn ask(method: &str, reply: &[u8], pieces: usize) -> Option<(u16, Vec<u8>)> {
    thread_local! {
        static PLACE: (Runtime, UnixListener, Dialer) = place();
    }
    PLACE.with(|(runtime, listener, dialer)| {
        runtime.block_on(async {
            let said = Notify::new();
            let serving = async {
                say(listener, reply, pieces, &said).await;
                say(listener, HONEST, usize::MAX, &said).await;
            };
            let asking = async {
                let config = SessionConfig::new().dialer(dialer.clone()).max_body(256 * 1024);
                let session = Session::new(config.redirects(Redirects::Return));
                let first = send(&session, method).await;
                // What comes later than the next request cannot be told from its answer.
                said.notified().await;
                let second = send(&session, "GET").await;
                assert_eq!(second, Some((200, b"honest".to_vec())), "leftovers answered");
                first
            };
            opi_net::drive(pin!(serving), asking).await.0
        })
    })
}

const HONEST: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhonest";

/// A runtime, and a socket that has no file.
fn place() -> (Runtime, UnixListener, Dialer) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let name = format!("opi-fuzz-{}", std::process::id());
    let address = SocketAddr::from_abstract_name(&name).expect("a name");
    let listener = StdListener::bind_addr(&address).expect("a socket");
    listener.set_nonblocking(true).expect("a socket that does not block");
    let listener = runtime.block_on(async { UnixListener::from_std(listener) });
    let dialer = Dialer::new().unix_socket(format!("\0{name}"));
    (runtime, listener.expect("a listener"), dialer)
}

async fn send(session: &Session, method: &str) -> Option<(u16, Vec<u8>)> {
    let request = Request::new(method, "http://h.test/").expect("a request");
    let deadline = Deadline::after(Duration::from_secs(20));
    match session.send(request, &deadline).await {
        Ok(answer) => Some((answer.status().as_u16(), answer.body().to_vec())),
        Err(error) => {
            assert_ne!(error.code(), "timeout", "{error}");
            None
        }
    }
}

/// Answers the next connection's request with `reply`, closes, tells that all is `said`, and waits
/// until the client closes.
async fn say(listener: &UnixListener, reply: &[u8], pieces: usize, said: &Notify) {
    let (mut socket, _) = listener.accept().await.expect("a connection");
    let closed = answer(&mut socket, reply, pieces).await;
    said.notify_one();
    if closed.is_some() {
        drop(socket.read_to_end(&mut Vec::new()).await);
    }
}

async fn answer(socket: &mut UnixStream, reply: &[u8], pieces: usize) -> Option<()> {
    head(socket).await?;
    for piece in reply.chunks(pieces) {
        socket.write_all(piece).await.ok()?;
        // The client reads each piece by itself.
        tokio::task::yield_now().await;
    }
    socket.shutdown().await.ok()
}

async fn head(socket: &mut UnixStream) -> Option<()> {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        read.push(socket.read_u8().await.ok()?);
    }
    Some(())
}
