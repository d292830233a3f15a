//! A request whose connection dies is sent once, or once more when that can do no harm.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use harness::told;
use opi_http_connector::{Request, Session, SessionConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::setting::{session, soon};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// When a connection dies.
#[derive(Clone, Copy, Debug)]
enum After {
    /// The request has come, and nothing of it was read.
    Nothing,
    /// One byte of it was read.
    OneByte,
    WholeRequest,
    /// One byte of the answer was sent.
    OneByteBack,
}

/// How it dies.
#[derive(Clone, Copy, Debug)]
enum By {
    Fin,
    Reset,
}

/// A server whose connections answer some requests and then die in the next.
struct Mortal {
    address: SocketAddr,
    /// The requests of which a byte was seen, those that were answered included.
    seen: Arc<AtomicUsize>,
    _task: JoinSet<()>,
}

impl Mortal {
    /// Connection by connection, how many requests it answers.
    async fn start(answers: &'static [usize], after: After, by: By) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(AtomicUsize::new(0));
        let (counter, mut task) = (seen.clone(), JoinSet::new());
        task.spawn(async move {
            let mut ended = Vec::new();
            for count in answers {
                let (mut socket, _) = listener.accept().await.unwrap();
                for _ in 0..*count {
                    read_request(&mut socket).await;
                    counter.fetch_add(1, Ordering::SeqCst);
                    socket.write_all(OK).await.unwrap();
                }
                if socket.peek(&mut [0]).await.unwrap_or(0) == 0 {
                    continue;
                }
                counter.fetch_add(1, Ordering::SeqCst);
                die(&mut socket, after).await;
                match by {
                    By::Fin => socket.shutdown().await.unwrap(),
                    By::Reset => socket.set_zero_linger().unwrap(),
                }
                if matches!(by, By::Fin) {
                    ended.push(socket);
                }
            }
            std::future::pending().await
        });
        Self { address, seen, _task: task }
    }

    fn request(&self, method: &str) -> Request {
        let body = if method == "POST" { "0123456789" } else { "" };
        Request::new(method, &format!("http://{}/", self.address)).unwrap().body(body)
    }

    fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }
}

async fn read_request(socket: &mut TcpStream) {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") && !read.ends_with(b"0123456789") {
        read.push(socket.read_u8().await.unwrap());
        if read.starts_with(b"POST") && read.ends_with(b"\r\n\r\n") {
            socket.read_exact(&mut [0; 10]).await.unwrap();
        }
    }
}

async fn die(socket: &mut TcpStream, after: After) {
    match after {
        After::Nothing => {}
        After::OneByte => assert!(socket.read_u8().await.is_ok()),
        After::WholeRequest => read_request(socket).await,
        After::OneByteBack => {
            read_request(socket).await;
            socket.write_all(b"H").await.unwrap();
        }
    }
}

/// How a request on a kept connection that dies ends: with a status or a code; and how many
/// requests the server saw, the first one included.
async fn on_a_kept_one(method: &str, after: After, by: By) -> (Result<u16, String>, usize) {
    let server = Mortal::start(&[1, 1], after, by).await;
    let session = session();
    session.send(server.request("GET"), &soon()).await.unwrap();
    let outcome = outcome(&session, server.request(method)).await;
    (outcome, server.seen())
}

async fn outcome(session: &Session, request: Request) -> Result<u16, String> {
    match session.send(request, &soon()).await {
        Ok(answer) => Ok(answer.status().as_u16()),
        Err(error) => {
            assert!(matches!(error.code(), "closed" | "reset" | "truncated"), "{}", told(&error));
            Err(error.code().to_owned())
        }
    }
}

#[tokio::test]
async fn a_post_on_a_connection_that_dies_is_never_sent_twice() {
    for after in [After::Nothing, After::OneByte, After::WholeRequest, After::OneByteBack] {
        for by in [By::Fin, By::Reset] {
            let (outcome, seen) = on_a_kept_one("POST", after, by).await;
            assert!(outcome.is_err(), "{after:?} {by:?}: {outcome:?}");
            assert_eq!(seen, 2, "{after:?} {by:?}");
        }
    }
}

#[tokio::test]
async fn a_get_on_a_kept_connection_that_dies_is_sent_again_unless_an_answer_began() {
    for by in [By::Fin, By::Reset] {
        for after in [After::Nothing, After::OneByte, After::WholeRequest] {
            assert_eq!(on_a_kept_one("GET", after, by).await, (Ok(200), 3), "{after:?} {by:?}");
        }
        let (outcome, seen) = on_a_kept_one("GET", After::OneByteBack, by).await;
        assert!(outcome.is_err(), "{by:?}: {outcome:?}");
        assert_eq!(seen, 2, "{by:?}");
    }
}

#[tokio::test]
async fn a_get_is_sent_again_once_and_never_after_a_fresh_connection() {
    for by in [By::Fin, By::Reset] {
        let server = Mortal::start(&[1, 0, 1], After::WholeRequest, by).await;
        let session = session();
        session.send(server.request("GET"), &soon()).await.unwrap();
        assert!(outcome(&session, server.request("GET")).await.is_err(), "{by:?}");
        assert_eq!(server.seen(), 3, "{by:?}");
        let server = Mortal::start(&[0, 1], After::WholeRequest, by).await;
        let session = Session::new(SessionConfig::new());
        assert!(outcome(&session, server.request("GET")).await.is_err(), "{by:?}");
        assert_eq!(server.seen(), 1, "{by:?}");
    }
}
