//! Kept connections: reused, never trusted blindly, no request sent twice that must not be.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use harness::{Answer, HttpServer, Peer, Script, told};
use opi_http_connector::{Request, Session, SessionConfig};
use tokio::runtime::Builder;

use crate::setting::{get, session, soon, try_get};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[tokio::test]
async fn a_connection_serves_again() {
    let server = HttpServer::start().await;
    let session = session();
    for (answer, reused) in
        [(Answer::ok().text("1"), false), (Answer::ok().text("2").chunked(1), true)]
    {
        server.answer(answer);
        assert_eq!(get(&session, &server.url("/")).await.facts().reused, reused);
    }
    server.answer(Answer::ok());
    assert!(get(&session, &server.url("/")).await.facts().reused);
    assert_eq!(server.connections(), 1);
    server.finish().await;
}

#[tokio::test]
async fn nothing_is_kept_when_nothing_may_be() {
    let server = HttpServer::start().await;
    let session = Session::new(SessionConfig::new().max_idle(0));
    for _ in 0..2 {
        server.answer(Answer::ok());
        assert!(!get(&session, &server.url("/")).await.facts().reused);
    }
    assert_eq!(server.connections(), 2);
    server.finish().await;
}

#[tokio::test]
async fn a_connection_the_server_closes_is_not_used_again() {
    let server = HttpServer::start().await;
    let session = session();
    for _ in 0..2 {
        server.answer(Answer::ok().close());
        assert!(!get(&session, &server.url("/")).await.facts().reused);
    }
    server.finish().await;
}

/// A peer whose first connection answers once and goes away when the next request has come.
async fn fickle() -> Peer {
    let head = || Script::new().expect_until("\r\n\r\n");
    let first = head().send(OK).expect_until("\r\n\r\n").cut();
    Peer::start(vec![first, head().send(OK).close()]).await
}

#[tokio::test]
async fn a_get_on_a_connection_that_dies_is_sent_again() {
    let peer = fickle().await;
    let session = session();
    let url = format!("http://{}/", peer.address());
    get(&session, &url).await;
    assert_eq!(get(&session, &url).await.status(), 200);
    assert_eq!(peer.finish().await.len(), 2);
}

#[tokio::test]
async fn a_post_on_a_connection_that_dies_is_sent_once() {
    let head = || Script::new().expect_until("\r\n\r\n");
    let peer = Peer::start(vec![head().send(OK).expect_until("\r\n\r\n").cut()]).await;
    let session = session();
    let url = format!("http://{}/", peer.address());
    get(&session, &url).await;
    let error = session.send(Request::post(&url).unwrap(), &soon()).await.unwrap_err();
    assert_eq!(error.code(), "closed", "{}", told(&error));
    assert_eq!(peer.finish().await.len(), 1);
}

#[tokio::test]
async fn a_post_after_a_silent_close_goes_over_a_fresh_connection() {
    let head = || Script::new().expect_until("\r\n\r\n");
    let peer = Peer::start(vec![head().send(OK).close(), head().send(OK).close()]).await;
    let session = session();
    let url = format!("http://{}/", peer.address());
    get(&session, &url).await;
    // The close lies in the socket; it is noticed before the request goes out.
    let response = session.send(Request::post(&url).unwrap(), &soon()).await.unwrap();
    assert_eq!((response.status().as_u16(), response.facts().reused), (200, false));
    peer.finish().await;
}

#[tokio::test]
async fn surplus_bytes_do_not_answer_the_next_request() {
    let head = || Script::new().expect_until("\r\n\r\n");
    let glued = format!("{OK}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
    let peer = Peer::start(vec![head().send(glued).expect_gone(), head().send(OK).close()]).await;
    let session = session();
    let url = format!("http://{}/", peer.address());
    assert_eq!(get(&session, &url).await.text().unwrap(), "ok");
    let second = try_get(&session, &url).await.unwrap();
    assert_eq!(second.text().unwrap(), "ok");
    peer.finish().await;
}

#[tokio::test]
async fn requests_may_run_side_by_side() {
    let server = HttpServer::start().await;
    let session = session();
    for _ in 0..4 {
        server.answer(Answer::ok().text("side"));
    }
    let url = server.url("/");
    let ask = || get(&session, &url);
    let (a, b, c, d) = tokio::join!(ask(), ask(), ask(), ask());
    assert!([a, b, c, d].iter().all(|it| it.text().unwrap() == "side"));
    server.finish().await;
}

#[tokio::test]
async fn a_put_of_a_reader_on_a_connection_that_dies_is_sent_once() {
    let head = || Script::new().expect_until("\r\n\r\n");
    let peer = Peer::start(vec![head().send(OK).expect_until("\r\n\r\nonce").close()]).await;
    let (session, url) = (session(), format!("http://{}/", peer.address()));
    get(&session, &url).await;
    let body = opi_http_connector::Body::reader(&b"once"[..], Some(4));
    let request = Request::new("PUT", &url).unwrap().body(body);
    let error = session.send(request, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "closed", "{}", told(&error));
    assert_eq!(peer.finish().await.len(), 1);
}

#[tokio::test]
async fn a_connection_is_not_kept_for_the_rest_of_a_long_redirect() {
    for (length, reused) in [(64 * 1024, true), (64 * 1024 + 1, false)] {
        let server = HttpServer::start().await;
        server.answer(Answer::redirect(302, "/next").body(vec![b'x'; length]));
        server.answer(Answer::ok());
        let response = get(&session(), &server.url("/")).await;
        assert_eq!(response.facts().reused, reused, "{length}");
        server.finish().await;
    }
}

/// Accepts a connection on a thread, and answers its request.
fn answering(listener: &TcpListener, body: &'static str) -> JoinHandle<TcpStream> {
    let listener = listener.try_clone().unwrap();
    thread::spawn(move || answer(&listener, body))
}

fn answer(listener: &TcpListener, body: &str) -> TcpStream {
    let (mut socket, _) = listener.accept().unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    write!(socket, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    socket
}

/// A program may run its runtime inside its calls only. What the server does to an idle connection
/// in between is seen all the same, although no reactor has told of it.
#[test]
fn what_happens_between_two_calls_is_seen_by_the_second() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    for leftover in ["", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let session = session();
        let post = || {
            let request = Request::post(&url).unwrap();
            let answer = runtime.block_on(async { session.send(request, &soon()).await.unwrap() });
            answer.text().unwrap().to_string()
        };
        let server = answering(&listener, "first");
        assert_eq!(post(), "first");
        let begun = Instant::now();
        let mut socket = server.join().unwrap();
        socket.write_all(leftover.as_bytes()).unwrap();
        let open = (!leftover.is_empty()).then_some(socket);
        // Who asks again within a millisecond asks at once.
        while begun.elapsed() < Duration::from_millis(2) {
            thread::yield_now();
        }
        let server = answering(&listener, "second");
        assert_eq!(post(), "second");
        drop((server.join().unwrap(), open));
    }
}
