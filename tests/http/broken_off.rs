//! Answers that break off behind their head, and pauses between tries that end.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use harness::{Answer, HttpServer, Listen, LogCapture, Request as Seen, told};
use opi_http_connector::{
    Body, Error, Hop, Reason, Request, Response, RetryMethods, RetryPause, RetryPolicy,
};
use opi_net::{Cancel, Deadline, Phase};

use crate::setting::{session, soon};

fn at_once(retries: u32) -> RetryPolicy {
    RetryPolicy::new().retries(retries).pause(RetryPause::Exact { first: Duration::ZERO })
}

/// The whole answer, and one that is broken off so many times before it.
async fn breaking(times: usize, broken: Answer) -> HttpServer {
    let asked = AtomicUsize::new(0);
    let handler = move |_: &Seen| match asked.fetch_add(1, Relaxed) < times {
        true => broken.clone(),
        false => Answer::ok().body(vec![b'x'; 1000]),
    };
    HttpServer::start_handling(Listen::plain(), handler).await
}

fn half() -> Answer {
    Answer::ok().body(vec![b'x'; 1000]).cut_after(500)
}

async fn send(request: Request) -> Result<Response, Error> {
    session().send(request, &soon()).await
}

fn outcomes(history: &[Hop]) -> Vec<(Option<u16>, Option<&'static str>, Reason)> {
    let outcome = |hop: &Hop| (hop.status.map(|it| it.as_u16()), hop.error, hop.reason);
    history.iter().map(outcome).collect()
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_asked_for_again() {
    let chunked = Answer::ok().body(vec![b'x'; 1000]).chunked(100).cut_after(500);
    let reset = Answer::ok().body(vec![b'x'; 1000]).reset_after(500);
    for (broken, code) in [(half(), "truncated"), (chunked, "truncated"), (reset, "closed")] {
        let server = breaking(2, broken).await;
        for method in ["GET", "PUT"] {
            let request = Request::new(method, &server.url("/?q")).unwrap().retries(at_once(2));
            let response = send(request.body(Body::from("body"))).await.unwrap();
            assert_eq!((response.status().as_u16(), response.body().len()), (200, 1000));
            let before = outcomes(response.history());
            let cut = (Some(200), Some(code), Reason::Retry);
            // What comes after the first is whole at once.
            assert_eq!(before, if method == "GET" { vec![cut; 2] } else { Vec::new() });
        }
        assert!(server.finish().await.iter().all(|it| it.text() == "body"));
    }
}

#[tokio::test]
async fn tries_end_with_the_error_that_tells_them() {
    let server = breaking(9, half()).await;
    let error = send(Request::get(&server.url("/")).unwrap().retries(at_once(1))).await;
    let error = error.unwrap_err();
    assert_eq!(error.code(), "truncated", "{}", told(&error));
    assert_eq!(outcomes(error.history()), [(Some(200), Some("truncated"), Reason::Retry)]);
    assert_eq!(server.finish().await.len(), 2);
}

#[tokio::test]
async fn only_what_may_be_repeated_is() {
    let check = async |request: fn(Request) -> Request, method: &str, tries: usize| {
        let server = breaking(9, half()).await;
        let wanted = request(Request::new(method, &server.url("/")).unwrap().retries(at_once(1)));
        assert_eq!(send(wanted).await.unwrap_err().code(), "truncated", "{method}");
        assert_eq!(server.finish().await.len(), tries, "{method}");
    };
    check(|it| it, "GET", 2).await;
    check(|it| it, "POST", 1).await;
    check(|it| it.retries(RetryPolicy::never()), "GET", 1).await;
    check(|it| it.retries(at_once(1).methods(RetryMethods::All)), "POST", 2).await;
    let once = |it: Request| it.body(Body::reader(std::io::Cursor::new(b"once"), Some(4)));
    check(once, "PUT", 1).await;
}

#[tokio::test]
async fn what_the_caller_has_seen_is_not_begun_anew() {
    let server = breaking(1, half()).await;
    let request = Request::get(&server.url("/")).unwrap().retries(at_once(3));
    let mut incoming = session().open(request, &soon()).await.unwrap();
    let error = loop {
        match incoming.chunk().await {
            Ok(piece) => assert!(piece.is_some()),
            Err(error) => break error,
        }
    };
    assert_eq!((error.code(), error.history().len()), ("truncated", 0));
    assert_eq!(server.finish().await.len(), 1);
}

#[tokio::test]
async fn a_body_that_is_refused_for_itself_is_not_asked_for_again() {
    let server = breaking(9, Answer::ok().body(vec![b'x'; 1000])).await;
    let request = Request::get(&server.url("/")).unwrap().max_body(10).retries(at_once(3));
    assert_eq!(send(request).await.unwrap_err().code(), "http_body_too_long");
    assert_eq!(server.finish().await.len(), 1);
}

#[tokio::test]
async fn behind_a_redirect_the_last_request_is_repeated() {
    let asked = AtomicUsize::new(0);
    let handler = move |request: &Seen| match (request.path(), asked.fetch_add(1, Relaxed)) {
        ("/", _) => Answer::redirect(307, "/next"),
        (_, 1) => half(),
        _ => Answer::ok().text("whole"),
    };
    let server = HttpServer::start_handling(Listen::plain(), handler).await;
    let request = Request::get(&server.url("/")).unwrap().retries(at_once(1));
    let response = send(request).await.unwrap();
    assert_eq!(response.text().unwrap(), "whole");
    let reasons: Vec<_> = response.history().iter().map(|hop| hop.reason).collect();
    assert_eq!(reasons, [Reason::Redirect, Reason::Retry]);
    let targets: Vec<_> = server.finish().await.into_iter().map(|it| it.target).collect();
    assert_eq!(targets, ["/", "/next", "/next"]);
}

/// Cancels a request in the pause behind its first try.
async fn cancelled_in_the_pause(answer: Answer) -> (Error, String) {
    let server = HttpServer::start().await;
    server.answer(answer);
    let (cancel, log) = (Cancel::new(), LogCapture::new());
    let deadline = Deadline::after(Duration::from_secs(100)).or_cancelled(&cancel);
    let minute = RetryPause::Exact { first: Duration::from_secs(60) };
    let request = Request::get(&server.url("/")).unwrap();
    let session = session();
    let request = request.retries(at_once(1).pause(minute));
    // The span is made where the log hears it.
    let mut sending = pin!(async { session.send(request, &deadline).await });
    let cancelling = poll_fn(|context| {
        let polled = sending.as_mut().poll(context);
        if log.text().contains("the request is tried again") {
            cancel.cancel();
        }
        polled
    });
    let error = log.around(cancelling).await.unwrap_err();
    (error, log.text())
}

#[tokio::test]
async fn a_pause_that_ends_is_the_end_of_the_whole() {
    for answer in [Answer::status(503), half()] {
        let (error, log) = cancelled_in_the_pause(answer).await;
        assert_eq!((error.code(), error.phase()), ("cancelled", Some(Phase::Total)));
        assert_eq!(error.history().len(), 1, "{}", told(&error));
        assert!(log.contains("error.type=cancelled"), "{log}");
    }
}
