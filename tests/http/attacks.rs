//! A session under attack: futures dropped at every turn, many threads, callers that panic.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::Poll;
use std::time::Duration;

use harness::{Answer, HttpServer, Listen, told};
use opi_http_connector::{
    Body, PoolConfig, PoolStats, Request, RetryPause, RetryPolicy, Session, SessionConfig,
};
use opi_net::{Deadline, Phase};
use tokio::io::ReadBuf;

use crate::setting::{get, session, soon};

/// A session with one connection at a time to each host.
fn narrow() -> SessionConfig {
    let one = std::num::NonZeroUsize::MIN;
    SessionConfig::new().pool(PoolConfig::new().max_open_per_host(one).max_open(one))
}

/// Polls `future` at most `polls` times; nothing when it has not ended then.
async fn polled<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    let (mut future, mut left) = (pin!(future), polls);
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(ended) => Poll::Ready(Some(ended)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Nothing is in use: what was opened and not closed is idle, and nobody waits.
#[track_caller]
fn at_rest(stats: PoolStats) {
    let living = usize::try_from(stats.opened - stats.closed.total()).unwrap();
    assert_eq!((stats.open, stats.idle, stats.waiting), (living, living, 0), "{stats:?}");
}

/// Redirects, failures that are tried again, and bodies that need several reads.
async fn busy() -> HttpServer {
    let count = AtomicUsize::new(0);
    HttpServer::start_handling(Listen::plain(), move |request: &harness::Request| {
        let turn = count.fetch_add(1, Relaxed);
        match request.path() {
            "/start" => Answer::redirect(307, "/next").body(vec![b'r'; 3000]),
            _ if turn.is_multiple_of(3) => Answer::status(503).text("later"),
            _ => Answer::ok().body(vec![b'x'; 100_000]).chunked(7000),
        }
    })
    .await
}

fn at_once() -> RetryPolicy {
    RetryPolicy::new().retries(9).pause(RetryPause::Exact { first: Duration::from_millis(1) })
}

#[tokio::test]
async fn a_call_dropped_at_any_turn_gives_its_place_back() {
    let server = busy().await;
    let session = Session::new(narrow().retries(at_once()));
    let request = || Request::new("PUT", &server.url("/start")).unwrap().body(vec![b'u'; 50_000]);
    let mut ended = 0;
    for polls in 0..200 {
        let deadline = soon();
        let outcome = polled(session.send(request(), &deadline), polls).await;
        at_rest(session.pool());
        if let Some(outcome) = outcome {
            assert_eq!(outcome.unwrap().body().len(), 100_000);
            ended += 1;
            if ended == 3 {
                break;
            }
        }
    }
    assert_eq!(ended, 3);
    assert_eq!(session.send(request(), &soon()).await.unwrap().status(), 200);
}

#[tokio::test]
async fn one_that_leaves_the_queue_leaves_no_hole() {
    let server = HttpServer::start_handling(Listen::plain(), |_: &harness::Request| {
        Answer::ok().body(vec![b'x'; 200_000])
    })
    .await;
    let session = Session::new(narrow());
    let request = || Request::get(&server.url("/")).unwrap();
    let deadline = soon();
    let first = session.open(request(), &deadline).await.unwrap();
    let mut gone = pin!(session.send(request(), &deadline));
    let mut stays = pin!(session.send(request(), &deadline));
    assert!(polled(gone.as_mut(), 1).await.is_none());
    assert!(polled(stays.as_mut(), 1).await.is_none());
    assert_eq!(session.pool().waiting, 2);
    // The connection is given to the one that waited first, which never asks for it.
    first.collect().await.unwrap();
    gone.set(session.send(request(), &deadline));
    assert_eq!(stays.await.unwrap().body().len(), 200_000);
    assert_eq!(gone.await.unwrap().body().len(), 200_000);
    at_rest(session.pool());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threads_that_drop_at_random_leave_a_sound_pool() {
    let server = Arc::new(busy().await);
    let pool = PoolConfig::new().max_open_per_host(std::num::NonZeroUsize::new(3).unwrap());
    let session = Session::new(SessionConfig::new().pool(pool.max_idle(2)).retries(at_once()));
    let mut tasks = tokio::task::JoinSet::new();
    for seed in 0..24_usize {
        let (session, server) = (session.clone(), server.clone());
        tasks.spawn(async move {
            for turn in 0..12 {
                let deadline = soon();
                let request = Request::new("PUT", &server.url("/start")).unwrap().body("body");
                let polls = (seed * 31 + turn * 17) % 23;
                if let Some(outcome) = polled(session.send(request, &deadline), polls).await {
                    outcome.unwrap();
                }
                tokio::task::yield_now().await;
            }
        });
    }
    while let Some(outcome) = tasks.join_next().await {
        outcome.unwrap();
    }
    at_rest(session.pool());
    assert!(session.pool().idle <= 2, "{:?}", session.pool());
    assert_eq!(get(&session, &server.url("/")).await.status(), 200);
}

#[tokio::test]
async fn an_answer_outlives_its_session() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok().body(vec![b'x'; 300_000]).chunked(1000));
    let session = session();
    let request = Request::get(&server.url("/")).unwrap();
    let mut incoming = session.open(request, &soon()).await.unwrap();
    assert!(incoming.chunk().await.unwrap().is_some());
    drop(session);
    assert!(incoming.collect().await.unwrap().body().len() < 300_000);
    server.finish().await;
}

#[tokio::test]
async fn a_caller_that_panics_harms_its_own_call_alone() {
    let server = HttpServer::start_handling(Listen::plain(), |_: &harness::Request| {
        Answer::ok().body(vec![b'x'; 1000])
    })
    .await;
    let session = Session::new(narrow());
    for up in [true, false] {
        let request = Request::post(&server.url("/")).unwrap().body("body").progress(move |it| {
            assert!((it.direction == opi_http_connector::Direction::Up) != up, "the caller's own");
        });
        let deadline = soon();
        let mut call = pin!(session.send(request, &deadline));
        let caught = poll_fn(|context| {
            let polled = AssertUnwindSafe(|| call.as_mut().poll(context));
            match std::panic::catch_unwind(polled) {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(_)) => Poll::Ready(false),
                Err(_) => Poll::Ready(true),
            }
        });
        assert!(caught.await);
    }
    assert_eq!(get(&session, &server.url("/")).await.status(), 200);
}

/// Gives bytes without end and never waits.
struct Endless;

impl tokio::io::AsyncRead for Endless {
    fn poll_read(
        self: std::pin::Pin<&mut Self>,
        _context: &mut std::task::Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let room = buffer.remaining();
        buffer.put_slice(&vec![b'x'; room]);
        Poll::Ready(Ok(()))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadline_holds_against_a_body_that_never_ends() {
    let script = harness::Script::new().read_to_close();
    let peer = harness::Peer::start(script).await;
    let url = format!("http://{}/", peer.address());
    let request = Request::post(&url).unwrap().body(Body::reader(Endless, None));
    let deadline = Deadline::after(Duration::from_millis(200));
    let error = session().send(request, &deadline).await.unwrap_err();
    let named = (error.code(), error.phase());
    assert_eq!(named, ("timeout", Some(Phase::Send)), "{}", told(&error));
    peer.finish().await;
}

#[tokio::test]
async fn a_pause_between_tries_can_be_cancelled_and_gives_its_place_back() {
    let server = HttpServer::start().await;
    server.answer(Answer::status(503).header("Retry-After", "30"));
    server.answer(Answer::ok());
    let session = Session::new(narrow().retries(RetryPolicy::new()));
    let cancel = opi_net::Cancel::new();
    let deadline = Deadline::after(Duration::from_secs(60)).or_cancelled(&cancel);
    let request = || Request::get(&server.url("/")).unwrap();
    let call = async { session.send(request(), &deadline).await.unwrap_err() };
    let other = async {
        // While the first pauses, its connection serves another.
        while session.pool().idle == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(session.send(request(), &soon()).await.unwrap().status(), 200);
        cancel.cancel();
    };
    let (error, ()) = tokio::join!(call, other);
    assert_eq!(error.code(), "cancelled", "{}", told(&error));
    assert_eq!(error.history().len(), 1);
    at_rest(session.pool());
    server.finish().await;
}
