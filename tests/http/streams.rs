//! Bodies that stream: from files and readers, to a caller that takes piece by piece.

use std::io::Write;

use harness::{Answer, HttpServer, Peer, Script, told};
use opi_http_connector::{Body, Request, Session, SessionConfig};

use crate::setting::{get, session, soon};

async fn posted(body: Body) -> harness::Request {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    let request = Request::post(&server.url("/")).unwrap().body(body);
    session().send(request, &soon()).await.unwrap();
    server.finish().await.remove(0)
}

fn file(data: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(data).unwrap();
    file
}

#[tokio::test]
async fn a_file_is_sent_whole_with_its_length() {
    let data: Vec<_> = (0..700_000_u32).map(|at| at.to_le_bytes()[1]).collect();
    for data in [&data[..], b"small", b""] {
        let file = file(data);
        let sent = posted(Body::file(file.path()).unwrap()).await;
        assert!(sent.body == data, "{} of {}", sent.body.len(), data.len());
        assert_eq!(sent.header("content-length"), Some(&*data.len().to_string()));
    }
}

#[tokio::test]
async fn pieces_follow_each_other() {
    let file = file(b" from a file,");
    let body = Body::from("from memory,").then(Body::file(file.path()).unwrap());
    let body = body.then(Body::reader(&b" from a reader"[..], Some(14))).then("!".into());
    assert_eq!((body.length(), body.is_replayable()), (Some(40), false));
    let sent = posted(body).await;
    assert_eq!(sent.body, b"from memory, from a file, from a reader!");
    assert_eq!(sent.header("content-length"), Some("40"));
}

#[tokio::test]
async fn a_reader_without_a_length_goes_in_chunks() {
    let sent = posted(Body::reader(&b"of unknown length"[..], None)).await;
    assert_eq!(sent.header("transfer-encoding"), Some("chunked"));
    assert_eq!((sent.header("content-length"), &*sent.body), (None, &b"of unknown length"[..]));
}

#[tokio::test]
async fn a_reader_gives_no_more_than_its_length() {
    let sent = posted(Body::reader(&b"0123456789"[..], Some(4))).await;
    assert_eq!(sent.body, b"0123");
}

#[tokio::test]
async fn a_body_that_ends_too_soon_breaks_the_request_off() {
    let peer = Peer::start(Script::new().expect_gone()).await;
    let url = format!("http://{}/", peer.address());
    let body = Body::reader(&b"short"[..], Some(10));
    let request = Request::post(&url).unwrap().body(body);
    let error = session().send(request, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "http_body_read", "{}", told(&error));
    assert!(error.to_string().contains("shorter than announced"), "{error}");
    peer.finish().await;
}

#[tokio::test]
async fn a_reader_is_sent_once() {
    let server = HttpServer::start().await;
    server.answer(Answer::redirect(307, "/2"));
    let body = Body::reader(&b"once"[..], Some(4));
    let request = Request::post(&server.url("/")).unwrap().body(body);
    let error = session().send(request, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "http_body_read", "{}", told(&error));
    assert_eq!(server.finish().await[0].body, b"once");
}

#[test]
fn what_is_no_file_is_refused() {
    for path in ["/nonexistent/file", "/"] {
        let error = Body::file(path).unwrap_err();
        assert_eq!(error.code(), "http_body_read");
        assert!(error.to_string().contains(path), "{error}");
    }
}

#[tokio::test]
async fn a_body_is_taken_piece_by_piece_and_the_connection_serves_again() {
    let server = HttpServer::start().await;
    let session = session();
    server.answer(Answer::ok().body(vec![b'x'; 300_000]).chunked(1000));
    let request = Request::get(&server.url("/")).unwrap();
    let mut incoming = session.open(request, &soon()).await.unwrap();
    assert_eq!(incoming.status(), 200);
    let mut all = 0;
    while let Some(piece) = incoming.chunk().await.unwrap() {
        all += piece.len();
    }
    assert_eq!((all, incoming.chunk().await.unwrap()), (300_000, None));
    assert!(incoming.facts().received > 300_000, "{:?}", incoming.facts());
    server.answer(Answer::ok());
    assert!(get(&session, &server.url("/")).await.facts().reused);
    server.finish().await;
}

#[tokio::test]
async fn a_body_dropped_half_way_closes_its_connection() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345";
    let peer = Peer::start(Script::new().expect_until("\r\n\r\n").send(answer).expect_gone());
    let peer = peer.await;
    let url = format!("http://{}/", peer.address());
    let session = session();
    let mut incoming = session.open(Request::get(&url).unwrap(), &soon()).await.unwrap();
    assert_eq!(incoming.chunk().await.unwrap().unwrap(), "12345");
    drop(incoming);
    peer.finish().await;
}

#[tokio::test]
async fn an_error_tells_how_far_the_request_got() {
    let server = HttpServer::start().await;
    server.answer(Answer::redirect(302, "/cut"));
    server.answer(Answer::ok().body(vec![b'x'; 1000]).cut_after(500));
    let request = Request::get(&server.url("/")).unwrap();
    let error = session().send(request, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "truncated", "{}", told(&error));
    let facts = error.facts().unwrap();
    assert!(facts.reused && facts.received > 500 && facts.id == 1, "{facts:?}");
    let [hop] = error.history() else { panic!("{:?}", error.history()) };
    assert_eq!((hop.url.path(), hop.status.unwrap().as_u16()), ("/", 302));
    server.finish().await;
}

#[test]
fn what_would_be_sent_can_be_seen() {
    let session = Session::new(SessionConfig::new().header("X-A", "1").unwrap());
    let request = Request::post("http://u:hunter2@h.test:81/a b").unwrap().text("ж");
    let prepared = session.prepare(&request).unwrap();
    let headers: Vec<_> = prepared.headers.keys().map(|name| name.as_str()).collect();
    let expected = [
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
        "content-type",
        "x-a",
        "authorization",
        "content-length",
    ];
    assert_eq!(headers, expected);
    assert_eq!(prepared.url.as_str(), "http://h.test:81/a%20b");
    assert_eq!(prepared.headers["content-length"], *"2");
    assert_eq!(prepared.body.in_memory().unwrap(), "ж");
    assert!(!format!("{prepared:?}").contains("dTpodW50ZXIy"));
}
