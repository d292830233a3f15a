//! Bodies: whole or an error, decoded, within their limit.

use std::io::Write;

use flate2::{Compression, GzBuilder};
use harness::{Answer, HttpServer, Listen, Peer, Script, told};
use opi_http_connector::{Request, Session, SessionConfig};
use serde_json::json;

use crate::setting::{bin, get, session, soon, try_get};

#[tokio::test]
async fn a_body_arrives_however_it_is_framed() {
    for answer in [
        Answer::ok().text("whole"),
        Answer::ok().text("whole").chunked(2),
        Answer::ok().text("whole").until_close(),
        Answer::ok().text("whole").gzip(),
        Answer::ok().text("whole").gzip().chunked(1),
        Answer::ok().text("whole").pieces(1),
    ] {
        let server = HttpServer::start().await;
        server.answer(answer);
        let response = get(&session(), &server.url("/")).await;
        assert_eq!(response.text().unwrap(), "whole");
        server.finish().await;
    }
}

#[tokio::test]
async fn gzip_is_asked_for_and_decoded() {
    let server = bin().await;
    let response = get(&session(), &server.url("/gzip")).await;
    assert_eq!(response.json().unwrap()["gzipped"], json!(true));
    assert_eq!(server.finish().await[0].header("accept-encoding"), Some("gzip, deflate, br, zstd"));
}

#[tokio::test]
async fn a_truncated_body_is_never_success() {
    let whole = || Answer::ok().body(vec![b'x'; 1000]);
    for (answer, code) in [
        (whole().cut_after(500), "truncated"),
        (whole().chunked(100).cut_after(500), "truncated"),
        (whole().reset_after(500), "closed"),
    ] {
        let server = HttpServer::start().await;
        server.answer(answer);
        let error = try_get(&session(), &server.url("/")).await.unwrap_err();
        assert_eq!(error.code(), code, "{}", told(&error));
        server.finish().await;
    }
}

#[tokio::test]
async fn broken_gzip_is_an_error() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok().header("Content-Encoding", "gzip").text("this is no gzip"));
    let error = try_get(&session(), &server.url("/")).await.unwrap_err();
    assert_eq!(error.code(), "http_body_coding", "{}", told(&error));
    server.finish().await;
}

#[tokio::test]
async fn the_limit_holds_for_sent_and_for_decoded_bytes() {
    let limited = Session::new(SessionConfig::new().max_body(1000));
    for (answer, fits) in [
        (Answer::ok().body(vec![0; 1000]), true),
        (Answer::ok().body(vec![0; 1001]).chunked(100), false),
        (Answer::ok().body(vec![0; 1000]).gzip(), true),
        (Answer::ok().body(vec![0; 1001]).gzip(), false),
    ] {
        let server = HttpServer::start().await;
        server.answer(answer);
        let outcome = try_get(&limited, &server.url("/")).await;
        assert_eq!(
            outcome.map(|it| it.body().len()).map_err(|it| it.code()),
            if fits { Ok(1000) } else { Err("http_body_too_long") }
        );
        server.finish().await;
    }
}

#[tokio::test]
async fn the_limit_of_a_request_holds_before_that_of_its_session() {
    let server = HttpServer::start_handling(Listen::plain(), |_| Answer::ok().body(vec![0; 1000]));
    let server = server.await;
    for (session, asked, fits) in
        [(None, 999, false), (None, 1000, true), (Some(999), 1000, true), (Some(1000), 999, false)]
    {
        let plain = SessionConfig::new();
        let config = match session {
            Some(limit) => plain.max_body(limit),
            None => plain,
        };
        let request = Request::get(&server.url("/")).unwrap().max_body(asked);
        let outcome = Session::new(config).send(request, &soon()).await;
        assert_eq!(
            outcome.map(|it| it.body().len()).map_err(|it| it.code()),
            if fits { Ok(1000) } else { Err("http_body_too_long") },
            "session {session:?}, request {asked}"
        );
    }
    server.finish().await;
}

/// What lies between two codings is held to the limit too, although nobody sees it.
#[tokio::test]
async fn the_limit_holds_between_two_codings() {
    let inner = GzBuilder::new().filename(vec![b'n'; 2000]);
    let mut inner = inner.write(Vec::new(), Compression::best());
    inner.write_all(b"small").unwrap();
    let mut outer = GzBuilder::new().write(Vec::new(), Compression::best());
    outer.write_all(&inner.finish().unwrap()).unwrap();
    let body = outer.finish().unwrap();
    assert!(body.len() < 200);
    let answer = move |_: &_| Answer::ok().header("Content-Encoding", "gzip, gzip").body(&body[..]);
    let server = HttpServer::start_handling(Listen::plain(), answer).await;
    for (limit, expected) in [(1000, Err("http_body_too_long")), (3000, Ok("small".to_owned()))] {
        let request = Request::get(&server.url("/")).unwrap().max_body(limit);
        let outcome = session().send(request, &soon()).await;
        let outcome = outcome.map(|it| it.text().unwrap().to_string()).map_err(|it| it.code());
        assert_eq!(outcome, expected, "{limit}");
    }
    server.finish().await;
}

#[tokio::test]
async fn answers_without_a_body_have_none() {
    let server = HttpServer::start().await;
    server.answer(Answer::status(204));
    server.answer(Answer::status(304).header("Content-Encoding", "gzip"));
    assert!(get(&session(), &server.url("/")).await.body().is_empty());
    assert!(get(&session(), &server.url("/")).await.body().is_empty());
    server.finish().await;
    let announced = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Encoding: gzip\r\n\r\n";
    let peer = Script::new().expect_until("\r\n\r\n").send(announced).expect_gone();
    let peer = Peer::start(peer).await;
    let head = Request::new("HEAD", &format!("http://{}/", peer.address())).unwrap();
    let response = session().send(head, &soon()).await.unwrap();
    assert!(response.body().is_empty());
    peer.finish().await;
}

#[tokio::test]
async fn what_is_no_json_shows_status_type_and_beginning() {
    let server = HttpServer::start().await;
    let page = "<html>broken</html>";
    server.answer(Answer::status(500).header("Content-Type", "text/html").body(page));
    let response = get(&session(), &server.url("/api")).await;
    let error = response.json().unwrap_err();
    assert_eq!(error.code(), "http_not_json");
    let text = error.to_string();
    for part in ["/api", "500", "text/html", "<html>broken"] {
        assert!(text.contains(part), "{text}");
    }
    server.finish().await;
}

#[tokio::test]
async fn what_is_no_text_names_the_byte() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok().body(b"ab\xff".to_vec()));
    let response = get(&session(), &server.url("/")).await;
    let error = response.text().unwrap_err();
    assert_eq!(error.code(), "http_not_text");
    assert!(error.to_string().contains("byte 2"), "{error}");
    server.finish().await;
}
