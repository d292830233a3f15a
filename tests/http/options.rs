//! What one request may want: an expected status, progress, the letters of its headers, a span.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use harness::{Answer, HttpServer, LogCapture, Peer, Script, told};
use opi_http_connector::{Body, Direction, Error, Progress, Request, SessionConfig};
use opi_net::{Deadline, Secret};

use crate::setting::{session, soon, try_get};

async fn expecting(status: u16, body: usize) -> Result<u16, Error> {
    let server = HttpServer::start().await;
    server.answer(Answer::status(status).body(vec![b'x'; body]));
    let request = Request::get(&server.url("/?token=hunter2")).unwrap().expect_success();
    let outcome = session().send(request, &soon()).await;
    server.finish().await;
    outcome.map(|response| response.status().as_u16())
}

#[tokio::test]
async fn a_status_that_was_not_expected_is_an_error_with_its_answer() {
    assert_eq!(expecting(200, 5).await.unwrap(), 200);
    assert_eq!(expecting(299, 5).await.unwrap(), 299);
    for (status, body, kept) in [(300, 0, 0), (404, 5, 5), (500, 64 * 1024 + 1, 64 * 1024)] {
        let error = expecting(status, body).await.unwrap_err();
        assert_eq!(error.code(), "http_status", "{}", told(&error));
        let answer = error.answer().unwrap();
        assert_eq!((answer.status().as_u16(), answer.body().len()), (status, kept));
        assert!(error.to_string().contains(&status.to_string()), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}

#[tokio::test]
async fn what_is_expected_has_two_ends() {
    let server = HttpServer::start().await;
    for (status, fits) in [(303, false), (304, true), (404, true), (405, false)] {
        server.answer(Answer::status(status));
        let request = Request::get(&server.url("/")).unwrap().expect_status(304..=404);
        let outcome = session().send(request, &soon()).await;
        assert_eq!(outcome.is_ok(), fits, "{status}");
    }
    server.finish().await;
}

#[tokio::test]
async fn an_error_whose_body_is_cut_still_tells_the_status() {
    let server = HttpServer::start().await;
    server.answer(Answer::status(503).body(vec![b'x'; 1000]).cut_after(10));
    let request = Request::get(&server.url("/")).unwrap().expect_status(200..=200);
    let error = session().send(request, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "http_status", "{}", told(&error));
    server.finish().await;
}

#[tokio::test]
async fn progress_is_told_both_ways() {
    let server = HttpServer::start().await;
    let body = vec![b'x'; 600_000];
    for (up, down, total) in [
        (Body::from(body.clone()), Answer::ok().body(body.clone()), Some(600_000)),
        (
            Body::reader(std::io::Cursor::new(body.clone()), None),
            Answer::ok().body(body.clone()).chunked(5000),
            None,
        ),
    ] {
        server.answer(down);
        let told: Arc<Mutex<Vec<Progress>>> = Arc::default();
        let teller = Arc::clone(&told);
        let request = Request::post(&server.url("/")).unwrap().body(up);
        let request = request.progress(move |progress| teller.lock().unwrap().push(progress));
        session().send(request, &soon()).await.unwrap();
        let told = told.lock().unwrap();
        for direction in [Direction::Up, Direction::Down] {
            let mut steps = told.iter().filter(|it| it.direction == direction);
            let last = steps.next_back().unwrap();
            assert_eq!((last.bytes, last.total), (600_000, total), "{direction:?}");
            assert!(steps.all(|it| it.bytes < 600_000 && it.total == total), "{direction:?}");
        }
        assert!(told.iter().filter(|it| it.direction == Direction::Up).count() >= 3);
    }
    server.finish().await;
}

#[tokio::test]
async fn header_names_keep_their_letters_when_asked() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let head = || Script::new().expect_until("\r\n\r\n").send(answer);
    let peer = Peer::start(head().expect_until("\r\n\r\nbody").send(answer).close()).await;
    let url = format!("http://{}/", peer.address());
    let session = session();
    let request = || {
        let request = Request::post(&url).unwrap().header("SOAPAction", "a").unwrap();
        let request = request.append_header("x-lower", "b").unwrap();
        request.secret_header("X-KEY", &Secret::new("c")).unwrap()
    };
    session.send(request().keep_header_case(), &soon()).await.unwrap();
    session.send(request().body("body"), &soon()).await.unwrap();
    let sent = String::from_utf8(peer.finish().await.remove(0)).unwrap();
    let (first, second) = sent.split_once("\r\n\r\n").unwrap();
    for line in ["\r\nSOAPAction: a", "\r\nx-lower: b", "\r\nX-KEY: c", "\r\nHost: "] {
        assert!(first.contains(line), "{first}");
    }
    for line in ["\r\nSoapaction: a", "\r\nX-Lower: b", "\r\nX-Key: c"] {
        assert!(second.contains(line), "{second}");
    }
}

/// What no string that reaches the wire may carry there.
const ENDS: [&str; 4] = ["\r", "\n", "\r\n", "\0"];
/// What may go as UTF-8 or encoded, and is no end of a line.
const LETTERS: [&str; 2] = ["\u{2028}", "\u{10d}\u{10a}"];

#[test]
fn no_string_of_a_caller_ends_a_line() {
    let url = "http://h.test/";
    let get = || Request::get(url).unwrap();
    for end in ENDS {
        let bad = format!("a{end}X-Evil: 1");
        for refused in [
            Request::new(&bad, url).err(),
            get().header(&bad, "v").err(),
            get().header("X-A", &bad).err(),
            get().append_header(&bad, "v").err(),
            get().append_header("X-A", &bad).err(),
            get().secret_header("X-A", &Secret::new(bad.clone())).err(),
            SessionConfig::new().header(&bad, "v").err(),
            SessionConfig::new().header("X-A", &bad).err(),
        ] {
            let code = refused.expect(&bad).code();
            assert!(["http_bad_header", "http_bad_method"].contains(&code), "{code}");
        }
        assert!(opi_auth::bearer(&bad).is_err());
    }
    for text in ENDS.iter().chain(&LETTERS) {
        let evil = format!("a{text}X-Evil: 1");
        let request = get().query(&evil, &evil).form([(&*evil, &*evil)]);
        let prepared = session().prepare(&request).unwrap();
        assert!(prepared.url.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
        let body = prepared.body.in_memory().unwrap();
        assert!(body.iter().all(u8::is_ascii_graphic), "{body:?}");
    }
    for letters in LETTERS {
        assert_eq!(get().header(letters, "v").unwrap_err().code(), "http_bad_header");
        let prepared = session().prepare(&get().header("X-A", letters).unwrap()).unwrap();
        assert_eq!(prepared.headers["x-a"].as_bytes(), letters.as_bytes());
    }
}

#[tokio::test]
async fn a_call_has_a_span_with_the_names_of_opentelemetry() {
    let server = HttpServer::start().await;
    server.answer(Answer::redirect(302, "/2?token=hunter2"));
    server.answer(Answer::status(201));
    server.answer(Answer::never());
    let log = LogCapture::new();
    let url = server.url("/1?token=hunter2").replace("http://", "http://u:hunter2@");
    log.around(async {
        try_get(&session(), &url).await.unwrap();
        let limit = Deadline::after(Duration::from_millis(60));
        session().send(Request::get(&url).unwrap(), &limit).await.unwrap_err();
    })
    .await;
    server.finish().await;
    let text = log.text();
    for part in [
        "http.request.method",
        "server.address",
        "server.port",
        "url.full",
        "http.response.status_code",
        "http.request.resend_count",
        "error.type",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("hunter2"), "{text}");
}
