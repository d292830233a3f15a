//! Redirects over the wire: methods, credentials, limits.

use std::num::NonZeroUsize;

use harness::{Answer, HttpServer};
use opi_http_connector::{Redirects, Request, Session, SessionConfig};

use crate::setting::{bin, get, session, soon, try_get};

#[tokio::test]
async fn redirects_are_followed_and_remembered() {
    let server = bin().await;
    let response = get(&session(), &server.url("/redirect/3")).await;
    assert_eq!((response.status().as_u16(), response.url().path()), (200, "/get"));
    let statuses: Vec<_> =
        response.history().iter().map(|hop| hop.status.unwrap().as_u16()).collect();
    assert_eq!(statuses, [302, 302, 302]);
    assert_eq!(response.history()[0].url.path(), "/redirect/3");
    server.finish().await;
}

#[tokio::test]
async fn the_limit_is_exact() {
    let server = bin().await;
    let config = SessionConfig::new().redirects(Redirects::Follow(NonZeroUsize::new(3).unwrap()));
    let session = Session::new(config);
    assert_eq!(get(&session, &server.url("/redirect/3")).await.status(), 200);
    let error = try_get(&session, &server.url("/redirect/4")).await.unwrap_err();
    assert_eq!(error.code(), "http_too_many_redirects");
    assert!(error.to_string().contains("more than 3 redirects"), "{error}");
    server.finish().await;
}

#[tokio::test]
async fn a_redirect_can_be_returned() {
    let server = bin().await;
    let session = Session::new(SessionConfig::new().redirects(Redirects::Return));
    let response = get(&session, &server.url("/redirect/1")).await;
    assert_eq!((response.status().as_u16(), response.history().len()), (302, 0));
    server.finish().await;
}

#[tokio::test]
async fn a_request_may_choose_for_itself() {
    let server = bin().await;
    let session = session();
    let request = || Request::get(&server.url("/redirect/1")).unwrap();
    let returned = session.send(request().redirects(Redirects::Return), &soon()).await.unwrap();
    assert_eq!(returned.status(), 302);
    assert_eq!(session.send(request(), &soon()).await.unwrap().status(), 200);
    let returning = Session::new(SessionConfig::new().redirects(Redirects::Return));
    let one = Redirects::Follow(NonZeroUsize::MIN);
    assert_eq!(returning.send(request().redirects(one), &soon()).await.unwrap().status(), 200);
    server.finish().await;
}

#[tokio::test]
async fn a_post_becomes_a_get_or_stays_as_the_status_says() {
    for (status, method, body) in [
        (301, "GET", ""),
        (302, "GET", ""),
        (303, "GET", ""),
        (307, "POST", "k=v"),
        (308, "POST", "k=v"),
    ] {
        let server = HttpServer::start().await;
        server.answer(Answer::redirect(status, "/there"));
        server.answer(Answer::ok());
        let request = Request::post(&server.url("/")).unwrap().form([("k", "v")]);
        session().send(request, &soon()).await.unwrap();
        let requests = server.finish().await;
        let sent = &requests[1];
        assert_eq!((sent.method.as_str(), sent.text().as_str()), (method, body), "{status}");
        assert_eq!(sent.header("content-type").is_some(), !body.is_empty(), "{status}");
    }
}

#[tokio::test]
async fn another_origin_sees_no_credential() {
    let (first, second) = (HttpServer::start().await, HttpServer::start().await);
    first.answer(Answer::redirect(307, &second.url("/stolen")).cookie("jar=hunter2"));
    second.answer(Answer::redirect(307, &first.url("/back")));
    first.answer(Answer::ok());
    let request = Request::get(&first.url("/")).unwrap();
    let request = request.authorize(&opi_auth::basic("user", "hunter2").unwrap());
    let request = request.header("X-Kept", "1").unwrap();
    let request = request.secret_header("X-Api-Key", &"hunter2".into()).unwrap();
    session().send(request, &soon()).await.unwrap();
    let stolen = &second.finish().await[0];
    assert_eq!((stolen.header("authorization"), stolen.header("x-kept")), (None, Some("1")));
    assert_eq!(stolen.header("x-api-key"), None);
    // Cookies belong to the host, whatever the port (RFC 6265 section 8.5).
    assert_eq!(stolen.cookies(), [("jar".to_owned(), "hunter2".to_owned())]);
    let back = &first.finish().await[1];
    assert_eq!(back.header("authorization"), None, "what was dropped is not restored");
}

#[tokio::test]
async fn the_sessions_credentials_stay_with_the_first_origin_too() {
    let (first, second) = (HttpServer::start().await, HttpServer::start().await);
    first.answer(Answer::redirect(302, &second.url("/")));
    second.answer(Answer::ok());
    let config = SessionConfig::new().header("Authorization", "Bearer hunter2").unwrap();
    let config = config.header("cookie", "sid=hunter2").unwrap().header("X-Kept", "1").unwrap();
    assert!(!format!("{config:?}").contains("hunter2"), "{config:?}");
    get(&Session::new(config), &first.url("/")).await;
    assert!(first.finish().await[0].header("authorization").is_some());
    let sent = &second.finish().await[0];
    assert_eq!((sent.header("authorization"), sent.header("cookie")), (None, None));
    assert_eq!(sent.header("x-kept"), Some("1"));
}

#[tokio::test]
async fn a_location_without_a_target_is_an_error() {
    let server = HttpServer::start().await;
    server.answer(Answer::redirect(302, "file:///etc/passwd"));
    let error = try_get(&session(), &server.url("/")).await.unwrap_err();
    assert_eq!(error.code(), "http_bad_redirect");
    server.finish().await;
}
