//! What callers get wrong, or ask for twice.

use std::io::Write;
use std::time::Duration;

use harness::{Answer, HttpServer, Peer, Script, told};
use opi_auth::{Authorization, Bearer, Challenge, Credential, Login, Memories, Next, Scheme};
use opi_http_connector::{
    Auth, Body, ErrorKind, RedirectPolicy, RedirectRule, RedirectStatus, Redirects, Request,
    RetryPause, RetryPolicy, Session, SessionConfig,
};
use opi_net::Deadline;

use crate::setting::{get, session, soon, try_get};

#[tokio::test]
async fn headers_without_end_are_an_error_and_no_panic() {
    let mut request = Request::get("http://h.test/").unwrap();
    let mut config = SessionConfig::new();
    for at in 0..1000 {
        request = request.append_header(&format!("X-{at}"), "v").unwrap();
        config = config.header(&format!("Y-{at}"), "v").unwrap();
    }
    // One that is there already is replaced.
    let request = request.header("x-0", "w").unwrap();
    let config = config.header("y-0", "w").unwrap();
    for refused in [
        request.clone().header("X-more", "v").unwrap_err(),
        request.clone().append_header("X-0", "v").unwrap_err(),
        request.clone().secret_header("X-more", &"v".into()).unwrap_err(),
        config.clone().header("X-more", "v").unwrap_err(),
    ] {
        assert_eq!(refused.kind(), ErrorKind::BadHeader);
        assert!(refused.to_string().contains("1000"), "{refused}");
    }
    let prepared = Session::new(config).prepare(&request).unwrap();
    assert!(prepared.headers.len() > 2000);
}

#[tokio::test]
async fn cookies_set_by_hand_in_several_lines_are_all_sent() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok().cookie("jar=1"));
    server.answer(Answer::ok());
    let session = session();
    get(&session, &server.url("/")).await;
    let request = Request::get(&server.url("/")).unwrap();
    let request = request.append_header("Cookie", "a=1").unwrap();
    let request = request.append_header("Cookie", "b=2").unwrap();
    session.send(request, &soon()).await.unwrap();
    assert_eq!(server.finish().await[1].header("cookie"), Some("a=1; b=2; jar=1"));
}

#[test]
fn what_is_left_out_is_left_out_of_logins_too() {
    let session = |auth: Auth| Session::new(SessionConfig::new().auth(auth));
    let request = || Request::get("http://h.test/").unwrap();
    for auth in [Login::basic("u", "p").into(), Auth::from(Bearer::new("t").unwrap())] {
        let session = session(auth);
        let names = |request: Request| session.prepare(&request).unwrap().headers;
        assert!(names(request()).contains_key("authorization"));
        let without = request().without_header("Authorization").unwrap();
        assert!(!names(without.clone()).contains_key("authorization"));
        // What the request itself wants comes later, or means more.
        assert!(names(without.clone().auth(Login::basic("a", "b"))).contains_key("authorization"));
        let by_hand = names(without.header("Authorization", "x").unwrap());
        assert_eq!(by_hand["authorization"], "x");
    }
    let url = "http://h.test/".parse().unwrap();
    let jar = Session::new(SessionConfig::new());
    jar.cookies().set(&url, "jar=1", std::time::SystemTime::now()).unwrap();
    let again = request().without_header("Cookie").unwrap();
    assert!(!jar.prepare(&again).unwrap().headers.contains_key("cookie"));
    let again = again.header("Cookie", "a=1").unwrap();
    assert_eq!(jar.prepare(&again).unwrap().headers["cookie"], "a=1; jar=1");
}

#[tokio::test]
async fn a_late_refusal_of_the_expectation_sends_no_half_request() {
    let refusal = "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n";
    let first = Script::new().expect_until("\r\n\r\n").expect("once").send(refusal).expect_gone();
    let peer = Peer::start(first).await;
    let request = Request::post(&format!("http://{}/", peer.address())).unwrap();
    let request = request.body(Body::reader(&b"once"[..], Some(4)));
    let request = request.expect_continue(Duration::from_millis(10));
    let session = Session::new(SessionConfig::new().max_idle(0));
    assert_eq!(session.send(request, &soon()).await.unwrap().status(), 417);
    assert_eq!(peer.finish().await.len(), 1);
}

#[tokio::test]
async fn an_answer_of_too_many_codings_tells_how_it_came() {
    let server = HttpServer::start().await;
    server.answer(Answer::redirect(302, "/next"));
    server.answer(Answer::ok().header("Content-Encoding", "gzip, gzip, gzip, gzip, gzip, gzip"));
    let error = try_get(&session(), &server.url("/")).await.unwrap_err();
    assert_eq!(error.code(), "http_body_coding", "{}", told(&error));
    assert_eq!((error.history().len(), error.facts().unwrap().id), (1, 1));
    server.finish().await;
}

#[tokio::test]
async fn what_is_followed_by_a_get_has_no_body() {
    let rule = |rule| RedirectPolicy::new().rule(RedirectStatus::Found302, rule);
    for (method, status, policy, expected) in [
        ("GET", 303, RedirectPolicy::new(), ("GET", "")),
        ("GET", 302, rule(RedirectRule::Get), ("GET", "")),
        ("GET", 302, RedirectPolicy::new(), ("GET", "body")),
        ("HEAD", 303, RedirectPolicy::new(), ("HEAD", "")),
        ("PUT", 302, rule(RedirectRule::Get), ("GET", "")),
        ("PUT", 302, rule(RedirectRule::Keep), ("PUT", "body")),
    ] {
        let server = HttpServer::start().await;
        server.answer(Answer::redirect(status, "/next"));
        server.answer(Answer::ok());
        let request = Request::new(method, &server.url("/")).unwrap().text("body");
        session().send(request.redirects(policy), &soon()).await.unwrap();
        let sent = server.finish().await.remove(1);
        assert_eq!((&*sent.method, &*sent.text()), expected, "{method} {status}");
        assert_eq!(sent.header("content-type").is_some(), expected.1 == "body", "{method}");
    }
}

/// Always wants to be asked again.
#[derive(Debug)]
struct Stubborn;

impl Scheme for Stubborn {
    fn authorize(
        &self,
        _asked: &opi_auth::Asked<'_>,
        _memories: &mut Memories<'_>,
        _around: &opi_auth::Surroundings,
    ) -> Result<Vec<Credential>, opi_auth::Error> {
        Ok(vec![Credential::new("X-Ticket", Authorization::from_text("old")?)?])
    }

    fn challenged(&self, _challenges: &[Challenge], _memories: &mut Memories<'_>) -> Next {
        Next::AskAgain
    }
}

#[tokio::test]
async fn a_scheme_that_never_gives_up_is_stopped() {
    let server = HttpServer::start_handling(harness::Listen::plain(), |_: &harness::Request| {
        Answer::status(401).header("WWW-Authenticate", "Ticket x")
    })
    .await;
    let scheme = Auth::scheme(std::sync::Arc::new(Stubborn));
    let request = Request::get(&server.url("/")).unwrap().auth(scheme);
    let response = session().send(request, &soon()).await.unwrap();
    assert_eq!((response.status().as_u16(), response.history().len()), (401, 16));
}

#[tokio::test]
async fn a_file_that_changes_before_it_is_sent_is_no_other_body() {
    let path = tempfile::NamedTempFile::new().unwrap();
    path.as_file().write_all(b"0123456789").unwrap();
    let body = Body::file(path.path()).unwrap();
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    path.as_file().write_all(b"grown").unwrap();
    let request = || Request::post(&server.url("/")).unwrap().body(body.clone());
    session().send(request(), &soon()).await.unwrap();
    path.as_file().set_len(4).unwrap();
    let error = session().send(request(), &soon()).await.unwrap_err();
    assert_eq!(error.code(), "http_body_read", "{}", told(&error));
    drop(path);
    let error = session().send(request(), &soon()).await.unwrap_err();
    assert_eq!(error.code(), "http_body_read", "{}", told(&error));
    let sent = server.finish().await;
    assert_eq!(sent[0].body, b"0123456789");
    assert_eq!(sent.len(), 1);
}

#[tokio::test]
async fn the_time_for_tries_begins_with_the_first() {
    let server = HttpServer::start().await;
    server.answer(Answer::status(503));
    server.answer(Answer::ok());
    let policy = RetryPolicy::new().pause(RetryPause::Exact { first: Duration::ZERO });
    let within = Duration::from_secs(1);
    let deadline = soon();
    // The deadline is older than the call.
    while deadline.elapsed() <= within {
        tokio::task::yield_now().await;
    }
    let request = Request::get(&server.url("/")).unwrap().retries(policy.within(within));
    assert_eq!(session().send(request, &deadline).await.unwrap().status(), 200);
    server.finish().await;
}

#[tokio::test]
async fn a_wait_that_no_number_holds_is_a_long_one() {
    let server = HttpServer::start().await;
    server.answer(Answer::status(503).header("Retry-After", "99999999999999999999999"));
    let request = Request::get(&server.url("/")).unwrap().retries(RetryPolicy::new());
    let deadline = Deadline::after(Duration::from_secs(30));
    // It would outlast the deadline, so it is not begun.
    assert_eq!(session().send(request, &deadline).await.unwrap().status(), 503);
    server.finish().await;
}

#[test]
fn a_request_names_its_host_once() {
    let request = || Request::get("http://h.test/").unwrap().header("Host", "a.test").unwrap();
    let error = request().append_header("host", "b.test").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadHeader);
    let prepared = session().prepare(&request().header("Host", "b.test").unwrap()).unwrap();
    assert_eq!(prepared.headers["host"], "b.test");
}

#[test]
fn values_at_their_ends_are_no_panic() {
    let most = Duration::MAX;
    let policy = RetryPolicy::new().retries(u32::MAX).within(most).longest_retry_after(most);
    let pause = RetryPause::FullJitter { first: most, most };
    let timeouts = opi_http_connector::Timeouts::new().connect(most).first_byte(most).send(most);
    let timeouts = timeouts.idle(most).resolve(most).proxy(most).tls(most);
    let pool = opi_http_connector::PoolConfig::new().idle_limit(most).max_age(most);
    let config = SessionConfig::new().retries(policy.pause(pause)).timeouts(timeouts);
    let config = config.pool(pool).max_body(usize::MAX);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = HttpServer::start().await;
        server.answer(Answer::status(503).body("x"));
        server.answer(Answer::ok().body("x"));
        let session = Session::new(config);
        let request = || Request::post(&server.url("/")).unwrap().body("x").expect_continue(most);
        let deadline = Deadline::after(Duration::from_millis(200));
        let _late = session.send(request(), &deadline).await;
        let request = Request::get(&server.url("/")).unwrap().redirects(Redirects::Return);
        let response = session.send(request, &Deadline::after(most)).await.unwrap();
        assert!(response.status().as_u16() >= 200);
    });
}
