//! Headers and bodies: whose header is sent, and what a redirect carries on.

use harness::{Answer, HttpServer};
use opi_http_connector::{Request, Session, SessionConfig};

use crate::setting::{session, soon};

/// The headers of a session beat those of a request, and both were sent when the letters differed.
#[tokio::test]
async fn b01_the_requests_header_beats_the_sessions_whatever_its_letters() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    let config = SessionConfig::new().header("X-Who", "session").unwrap();
    let config = config.header("ACCEPT", "text/session").unwrap();
    let request = Request::get(&server.url("/")).unwrap().header("x-wHO", "request").unwrap();
    let request = request.header("accept", "text/request").unwrap();
    let request = request.header("Accept-encoding", "identity").unwrap();
    let request = request.header("connection", "close").unwrap().keep_header_case();
    Session::new(config).send(request, &soon()).await.unwrap();
    let sent = &server.finish().await[0];
    for (name, expected) in [
        ("x-who", "request"),
        ("accept", "text/request"),
        ("accept-encoding", "identity"),
        ("connection", "close"),
    ] {
        assert_eq!(sent.headers.values(name).collect::<Vec<_>>(), [expected], "{name}");
    }
}

/// 307 and 308 sent the body with no header at all.
#[tokio::test]
async fn b05_a_redirect_that_keeps_the_body_keeps_the_headers() {
    for status in [307, 308] {
        let server = HttpServer::start().await;
        server.answer(Answer::redirect(status, "/there").cookie("jar=1"));
        server.answer(Answer::ok());
        let request = Request::new("PUT", &server.url("/")).unwrap().header("X-Own", "1").unwrap();
        let request = request.authorize(&opi_auth::bearer("t0ken").unwrap());
        let request = request.json(&serde_json::json!({"k": "v"})).unwrap();
        session().send(request, &soon()).await.unwrap();
        let sent = &server.finish().await[1];
        assert_eq!(
            (&*sent.method, &*sent.target, &*sent.text()),
            ("PUT", "/there", r#"{"k":"v"}"#)
        );
        for (name, expected) in [
            ("content-type", "application/json; charset=utf-8"),
            ("content-length", "9"),
            ("x-own", "1"),
            ("authorization", "Bearer t0ken"),
            ("cookie", "jar=1"),
        ] {
            assert_eq!(sent.header(name), Some(expected), "{status} {name}");
        }
    }
}

/// 301 kept POST and lost its body: servers answered 400.
#[tokio::test]
async fn b17_a_post_that_loses_its_body_is_no_post() {
    let server = HttpServer::start().await;
    server.answer(Answer::redirect(301, "/there"));
    server.answer(Answer::ok());
    let request = Request::post(&server.url("/")).unwrap().form([("k", "v")]);
    session().send(request, &soon()).await.unwrap();
    let sent = &server.finish().await[1];
    assert_eq!((sent.method.as_str(), sent.body.len()), ("GET", 0));
    assert_eq!((sent.header("content-type"), sent.header("content-length")), (None, None));
}

/// Data of no known kind was called a form.
#[tokio::test]
async fn b26_bytes_are_not_called_a_form() {
    let server = HttpServer::start().await;
    for _ in 0..3 {
        server.answer(Answer::ok());
    }
    let post = || Request::post(&server.url("/")).unwrap();
    let own = post().body(&b"\0\xFF"[..]).header("Content-Type", "image/x").unwrap();
    for request in [post().body(&b"\0\xFF"[..]), own, post().form([("k", "v")])] {
        session().send(request, &soon()).await.unwrap();
    }
    let sent = server.finish().await;
    let types: Vec<_> = sent.iter().map(|it| it.header("content-type")).collect();
    assert_eq!(types[..2], [None, Some("image/x")]);
    assert!(types[2].unwrap().starts_with("application/x-www-form-urlencoded"), "{types:?}");
}
