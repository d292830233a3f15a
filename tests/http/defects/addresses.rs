//! Addresses: schemes, fragments, relative locations, parameters.

use harness::{Answer, Ca, HttpServer, Listen, Peer, Script, httpbin};
use opi_http_connector::{Redirects, Request, Session, SessionConfig};
use serde_json::json;

use crate::setting::{bin, get, session, soon, trusting};

/// `HTTPS://h` was asked in the clear at port 80, and `ftp://h` was a host called "ftp".
#[tokio::test]
async fn b04_the_letters_of_a_scheme_do_not_switch_tls_off() {
    let ca = Ca::new();
    let listen = Listen::tls(ca.issue(&["localhost"]).server_config());
    let server = HttpServer::start_handling(listen, httpbin).await;
    let session = Session::new(SessionConfig::new().tls(trusting(&ca)));
    for scheme in ["HTTPS://", "hTTpS://"] {
        let url = server.url_as("localhost", "/get").replace("https://", scheme);
        assert!(get(&session, &url).await.facts().tls.is_some(), "{url}");
    }
    assert!(server.finish().await.iter().all(|request| request.secure));
    let request = Request::get("HTTPS://h.test/").unwrap();
    assert_eq!(request.url().port_or_known_default(), Some(443));
    for url in ["ftp://h.test/p", "file:///etc/passwd", "ws://h.test/", "://h.test/", "h.test/p"] {
        assert_eq!(Request::get(url).unwrap_err().code(), "http_bad_url", "{url}");
    }
}

/// The fragment was part of the request's target and of the answer's URL.
#[tokio::test]
async fn b11_a_fragment_stays_at_home() {
    let server = HttpServer::start().await;
    server.answer(Answer::redirect(302, "/b?y=2#server"));
    server.answer(Answer::ok());
    let response = get(&session(), &server.url("/a?x=1#own")).await;
    assert_eq!(response.url().as_str(), server.url("/b?y=2"));
    let sent = server.finish().await;
    let targets: Vec<_> = sent.iter().map(|request| request.target.as_str()).collect();
    assert_eq!(targets, ["/a?x=1", "/b?y=2"]);
    assert!(sent.iter().all(|it| !String::from_utf8_lossy(&it.raw_head).contains('#')));
}

/// HEAD was redirected whether one wanted it or not: here it stays HEAD, and the caller may refuse.
#[tokio::test]
async fn b12_a_head_stays_a_head_and_may_keep_its_redirect() {
    let statuses = [301, 302, 303, 307, 308];
    for status in statuses {
        let server = HttpServer::start().await;
        server.answer(Answer::redirect(status, "/there"));
        server.answer(Answer::ok());
        let head = Request::new("HEAD", &server.url("/")).unwrap();
        assert_eq!(session().send(head, &soon()).await.unwrap().status(), 200);
        let sent = server.finish().await;
        assert_eq!((sent.len(), &*sent[1].method), (2, "HEAD"), "{status}");

        let server = HttpServer::start().await;
        server.answer(Answer::redirect(status, "/there"));
        let head = Request::new("HEAD", &server.url("/")).unwrap().redirects(Redirects::Return);
        let response = session().send(head, &soon()).await.unwrap();
        assert_eq!((response.status().as_u16(), response.headers()["location"].len()), (status, 6));
        assert_eq!(server.finish().await.len(), 1);
    }
}

/// A relative `Location` with `://` in its query was absolute, and all of it was decoded.
#[tokio::test]
async fn b15_a_location_is_resolved_and_not_decoded() {
    for (location, target) in [
        ("/login?next=http%3A%2F%2Fx", "/login?next=http%3A%2F%2Fx"),
        ("/login?next=http://x/", "/login?next=http://x/"),
        ("next?u=http://x/", "/a/next?u=http://x/"),
        ("?a=1%26b%3D2%2F", "/a/b?a=1%26b%3D2%2F"),
        ("/%2F/x%3Fy", "/%2F/x%3Fy"),
        ("../c/./d", "/c/d"),
    ] {
        let server = HttpServer::start().await;
        server.answer(Answer::redirect(302, location));
        server.answer(Answer::ok());
        get(&session(), &server.url("/a/b?q=1")).await;
        assert_eq!(server.finish().await[1].target, target, "{location}");
    }
}

/// Names went as they were written, and what was encoded was split once more.
#[tokio::test]
async fn b19_names_and_values_of_parameters_arrive_as_they_were_given() {
    let given = [
        ("a b", "1"),
        ("a&b", "2"),
        ("a=b", "3"),
        ("a#b", "4"),
        ("имя", "значение"),
        ("t[]", "42"),
        ("plus", "1+2"),
        ("percent", "%3D%26"),
        ("a%26b", "5"),
    ];
    let server = bin().await;
    let request = Request::get(&server.url("/get?x=%26&y=%3D")).unwrap();
    let request = given.iter().fold(request, |request, (name, value)| request.query(name, value));
    let response = session().send(request, &soon()).await.unwrap();
    let mut expected = json!({"x": "&", "y": "="});
    for (name, value) in given {
        expected[name] = json!(value);
    }
    assert_eq!(response.json().unwrap()["args"], expected);
    assert!(server.finish().await[0].target.starts_with("/get?x=%26&y=%3D&a%20b=1&a%26b=2"));
}

/// The password ended at its first `:`, was not decoded, and stayed in the answer's URL.
#[tokio::test]
async fn b20_a_login_in_a_url_is_read_whole_and_shown_to_nobody() {
    for (login, user, password) in [
        ("us:a:b:c", "us", "a:b:c"),
        ("us%40er:p%2Fw%3A", "us@er", "p/w:"),
        ("us@home:pw", "us@home", "pw"),
        ("us:p@w", "us", "p@w"),
    ] {
        let server = HttpServer::start().await;
        server.answer(Answer::status(404).text("no"));
        let url = server.url("/x?y=1").replace("http://", &format!("http://{login}@"));
        let response = get(&session(), &url).await;
        assert_eq!(response.url().as_str(), server.url("/x?y=1"));
        let sent = server.finish().await;
        let expected = opi_auth::basic(user, password).unwrap();
        assert_eq!(sent[0].header("authorization"), Some(expected.expose()), "{login}");
    }
    let peer = Peer::start(Script::new().expect_until("\r\n\r\n").send("no http\r\n\r\n")).await;
    let url = format!("http://user:hunter2@{}/", peer.address());
    let error = session().send(Request::get(&url).unwrap(), &soon()).await.unwrap_err();
    let told = format!("{} {error:?}", harness::told(&error));
    assert!(!told.contains("hunter2"), "{told}");
}
