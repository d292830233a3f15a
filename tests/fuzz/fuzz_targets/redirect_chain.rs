//! A chain of redirects over servers that may be anyone: no secret leaves its origin.
#![no_main]

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use libfuzzer_sys::fuzz_target;
use opi_http_connector::{Request, Session, SessionConfig};
use opi_net::Deadline;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What stands in every credential of the first request, and nowhere else.
const SECRET: &str = "canary7";

// Statuses and Locations, with line ends between them: `302 http://b.test/x`.
fuzz_target!(|input: &[u8]| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("there is room for a runtime").block_on(follow(input));
});

async fn follow(input: &[u8]) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has ports");
    let address = listener.local_addr().expect("it is bound");
    // All hosts are reached through one proxy, which sees what each of them would.
    let route = format!("http://{address}").parse().expect("this is a route");
    let session = Session::new(SessionConfig::new().route(route));
    let request = Request::post("http://user:canary7@a.test:80/start").and_then(|it| {
        let it = it.header("Cookie", "k=canary7")?.header("X-Kept", "1")?;
        it.secret_header("X-Api-Key", &SECRET.into())
    });
    let request = request.expect("it can be sent").text("body");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let deadline = Deadline::after(std::time::Duration::from_secs(5));
    let answers = input.split(|byte| *byte == b'\n').map(answer).collect::<Vec<_>>();
    tokio::select! {
        _ = session.send(request, &deadline) => {}
        () = serve(&listener, &answers, &seen) => {}
    }
    check(&seen.lock().expect("nobody panicked"));
}

fn answer(line: &[u8]) -> Vec<u8> {
    let (status, location) = line.split_at_checked(4).unwrap_or((b"200 ", b""));
    let status = std::str::from_utf8(status).ok().and_then(|it| it.trim().parse::<u16>().ok());
    let status = status.filter(|it| (300..400).contains(it)).unwrap_or(200);
    let head = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nLocation: ");
    let location = location.iter().filter(|byte| !matches!(byte, b'\r' | 0));
    [head.into_bytes(), location.copied().collect(), b"\r\n\r\n".to_vec()].concat()
}

/// Answers the requests in turn, whatever connection they come by; the last one with 200. What is
/// no request ends its connection.
async fn serve(listener: &TcpListener, answers: &[Vec<u8>], seen: &Mutex<Vec<String>>) {
    let mut open = Vec::<Pin<Box<dyn Future<Output = ()> + '_>>>::new();
    poll_fn(|context| {
        while let Poll::Ready(Ok((socket, _))) = listener.poll_accept(context) {
            open.push(Box::pin(converse(socket, answers, seen)));
        }
        open.retain_mut(|it| it.as_mut().poll(context).is_pending());
        Poll::Pending
    })
    .await
}

async fn converse(mut socket: TcpStream, answers: &[Vec<u8>], seen: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = socket.read(&mut buffer).await {
        head.extend_from_slice(&buffer[..count]);
        if !head[0].is_ascii_uppercase() {
            // The beginning of a TLS handshake.
            return;
        }
        let text = String::from_utf8_lossy(&head).into_owned();
        let Some((first, body)) = text.split_once("\r\n\r\n") else { continue };
        let wanted = if first.to_ascii_lowercase().contains("content-length: 4") { 4 } else { 0 };
        if body.len() < wanted {
            continue;
        }
        head.clear();
        let number = note(seen, text);
        let last = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        let answer = answers.get(number).map_or(&last[..], Vec::as_slice);
        if socket.write_all(answer).await.is_err() {
            return;
        }
    }
}

/// How many requests came before this one.
fn note(seen: &Mutex<Vec<String>>, request: String) -> usize {
    let mut seen = seen.lock().expect("nobody panicked");
    seen.push(request);
    seen.len() - 1
}

/// Once a request has left the first origin, no later one tells the secret, wherever it goes.
fn check(seen: &[String]) {
    let mut left = false;
    for request in seen {
        let target = request.split(' ').nth(1).unwrap_or_default();
        left |= !target.starts_with("http://a.test/");
        let tells = request.contains(SECRET) || request.contains("Y2FuYXJ5N");
        assert!(!(left && tells), "{request}");
    }
}
