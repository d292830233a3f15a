//! A connection that is made anew: what was under way is told, and nothing is sent twice unasked.

use std::num::NonZeroU32;
use std::time::Duration;

use harness::{Gate, Peer, RefusingPort, Script, told, watch};
use opi_framing::Codec;
use opi_net::{Cancel, Deadline, ErrorKind as NetKind, Phase};
use opi_tcp_client::{
    Backoff, Config, Error, ErrorKind, Persistent, Reason, Repeat, State, Tries, Until,
};

use crate::setting::{connect, line, short, soon};

fn quick() -> Backoff {
    Backoff::new().first(Duration::from_millis(5)).longest(Duration::from_millis(20))
}

fn to(peer: &Peer) -> Persistent {
    Persistent::new(Config::new(peer.address().into())).backoff(quick())
}

fn at_most(tries: u32) -> Backoff {
    quick().tries(Tries::AtMost(NonZeroU32::new(tries).unwrap()))
}

#[tokio::test]
async fn the_first_call_connects_and_later_ones_use_the_connection() {
    let peer = Peer::start(
        Script::new().expect("one\n").send("1\n").expect("two\n").send("2\n").expect_close(),
    )
    .await;
    let mut device = to(&peer);
    assert_eq!((device.state(), peer.connections()), (State::Idle, 0));
    for (question, answer) in [("one\n", "1\n"), ("two\n", "2\n")] {
        let asked = device.request(question.as_bytes(), line(), Repeat::Never, &soon()).await;
        assert_eq!(asked.unwrap().data, answer);
        assert_eq!(device.state(), State::Connected);
    }
    assert_eq!(device.connection().unwrap().stats().sent.messages, 2);
    device.close(&soon()).await.unwrap();
    assert_eq!(device.state(), State::Idle);
    peer.finish().await;
}

#[tokio::test]
async fn a_request_that_went_is_not_sent_again_unasked() {
    let scripts = vec![
        Script::new().expect("pay 10\n").send("pa").reset(),
        Script::new().expect("other\n").send("ok\n").expect_gone(),
    ];
    let peer = Peer::start(scripts).await;
    let mut device = to(&peer);
    let error = device.request(b"pay 10\n", line(), Repeat::Never, &soon()).await.unwrap_err();
    assert_eq!((error.code(), error.sent()), ("closed", 7));
    assert!(matches!(device.state(), State::Waiting { attempt: 2, code: "closed", .. }));
    let asked = device.request(b"other\n", line(), Repeat::Never, &soon()).await;
    assert_eq!(asked.unwrap().data, "ok\n");
    drop(device);
    peer.finish().await;
}

#[tokio::test]
async fn an_idempotent_request_is_sent_again() {
    let scripts = vec![
        Script::new().expect("weight?\n").reset(),
        Script::new().expect("weight?\n").send("1").close(),
        Script::new().expect("weight?\n").send("12 kg\n").expect_gone(),
    ];
    let peer = Peer::start(scripts).await;
    let mut device = to(&peer);
    let asked = device.request(b"weight?\n", line(), Repeat::Idempotent, &soon()).await;
    assert_eq!(asked.unwrap().data, "12 kg\n");
    drop(device);
    peer.finish().await;
}

#[tokio::test]
async fn a_request_of_which_nothing_went_goes_over_a_new_connection() {
    let gate = Gate::new("the first connection was closed");
    let scripts = vec![
        Script::new().expect("one\n").send("1\n").half_close().open(&gate),
        Script::new().expect("two\n").send("2\n").expect_gone(),
    ];
    let peer = Peer::start(scripts).await;
    let mut device = to(&peer);
    device.request(b"one\n", line(), Repeat::Never, &soon()).await.unwrap();
    gate.wait().await;
    let asked = device.request(b"two\n", line(), Repeat::Never, &soon()).await;
    assert_eq!(asked.unwrap().data, "2\n");
    drop(device);
    assert_eq!(peer.finish().await, [&b"one\n"[..], b"two\n"]);
}

#[tokio::test]
async fn a_late_answer_dies_with_its_connection() {
    let gate = Gate::new("the first request timed out");
    let scripts = vec![
        Script::new().expect("one\n").wait(&gate).send("1\n").expect_gone(),
        Script::new().expect("two\n").send("2\n").expect_gone(),
    ];
    let peer = Peer::start(scripts).await;
    let mut device = to(&peer);
    let late = device.request(b"one\n", line(), Repeat::Idempotent, &short()).await;
    assert_eq!(late.unwrap_err().code(), "timeout");
    gate.open();
    let asked = device.request(b"two\n", line(), Repeat::Never, &soon()).await;
    assert_eq!(asked.unwrap().data, "2\n");
    drop(device);
    peer.finish().await;
}

#[tokio::test]
async fn what_came_before_the_break_is_told() {
    let gate = Gate::new("the beginning was seen");
    let peer = Peer::start(Script::new().send("begi").wait(&gate).reset()).await;
    let mut device = to(&peer);
    let early = device.receive(Until::size(2), &soon()).await.unwrap();
    assert_eq!((&early.data[..], early.reason), (&b"be"[..], Reason::Size));
    gate.open();
    let error = device.receive(line(), &soon()).await.unwrap_err();
    assert_eq!((error.code(), &error.received()[..]), ("closed", &b"gi"[..]));
    peer.finish().await;
}

#[tokio::test]
async fn messages_of_a_codec_come_over_every_connection() {
    let codec = Codec::preset("lines").unwrap();
    let scripts = vec![
        Script::new().send("one\n").close(),
        Script::new().send("two\n").expect("ask").send("three\n").expect_gone(),
    ];
    let peer = Peer::start(scripts).await;
    let mut device = to(&peer);
    assert_eq!(device.message(&codec, &soon()).await.unwrap().data, "one");
    assert_eq!(device.message(&codec, &soon()).await.unwrap().reason, Reason::Closed);
    assert_eq!(device.message(&codec, &soon()).await.unwrap().data, "two");
    let asked = device.request_message(b"ask", &codec, Repeat::Never, &soon()).await;
    assert_eq!(asked.unwrap().data, "three");
    drop(device);
    peer.finish().await;
}

#[tokio::test]
async fn a_message_that_is_cut_or_wrong_costs_the_connection_and_is_told_once() {
    let codec = Codec::preset("lines").unwrap().at_most(10).unwrap();
    let scripts = vec![
        Script::new().send("one\nha").close(),
        Script::new().send("much too long").expect_gone(),
        Script::new().expect("ask").send("three\n").expect_gone(),
    ];
    let peer = Peer::start(scripts).await;
    let mut device = to(&peer);
    assert_eq!(device.message(&codec, &soon()).await.unwrap().data, "one");
    let cut = device.message(&codec, &soon()).await.unwrap_err();
    assert_eq!((cut.code(), &cut.received()[..]), ("framing_truncated", &b"ha"[..]));
    assert!(matches!(device.state(), State::Waiting { code: "framing_truncated", .. }));
    let wrong = device.message(&codec, &soon()).await.unwrap_err();
    assert_eq!(wrong.code(), "framing_too_long");
    let asked = device.request_message(b"ask", &codec, Repeat::Never, &soon()).await;
    assert_eq!(asked.unwrap().data, "three");
    drop(device);
    peer.finish().await;
}

#[tokio::test]
async fn an_answer_that_was_cut_may_be_asked_for_again_and_a_wrong_one_not() {
    let codec = Codec::preset("lines").unwrap().at_most(10).unwrap();
    let scripts = vec![
        Script::new().expect("ask").send("ha").close(),
        Script::new().expect("ask").send("much too long").expect_gone(),
    ];
    let peer = Peer::start(scripts).await;
    let mut device = to(&peer);
    let asked = device.request_message(b"ask", &codec, Repeat::Idempotent, &soon()).await;
    assert_eq!(asked.unwrap_err().code(), "framing_too_long");
    peer.finish().await;
}

#[tokio::test]
async fn a_break_stays_a_break() {
    let peer = Peer::start(Script::new().send("half").expect("x").reset()).await;
    let mut connection = connect(peer.address()).await;
    connection.send(b"x", &soon()).await.unwrap();
    for _ in 0..2 {
        let error = connection.receive(line(), &soon()).await.unwrap_err();
        assert_eq!(error.code(), "closed");
    }
    peer.finish().await;
}

#[tokio::test]
async fn the_greeting_is_said_after_each_connect() {
    let greeted = || Script::new().send("who?\n").expect("me\n").send("hi\n");
    let scripts = vec![
        greeted().expect("a\n").reset(),
        Script::new().send("busy\n").close(),
        greeted().expect("b\n").send("B\n").expect_gone(),
    ];
    let peer = Peer::start(scripts).await;
    let mut device = to(&peer).on_connect(|connection, deadline| {
        Box::pin(async move {
            connection.receive(line(), deadline).await?;
            connection.request(b"me\n", line(), deadline).await.map(drop)
        })
    });
    let error = device.request(b"a\n", line(), Repeat::Never, &soon()).await.unwrap_err();
    assert_eq!((error.code(), error.sent()), ("closed", 2));
    let asked = device.request(b"b\n", line(), Repeat::Never, &soon()).await;
    assert_eq!(asked.unwrap().data, "B\n");
    drop(device);
    peer.finish().await;
}

#[tokio::test]
async fn a_refused_greeting_is_not_repeated() {
    let peer = Peer::start(Script::new().expect_gone()).await;
    let mut device = to(&peer)
        .on_connect(|_, _| Box::pin(async { Err(Error::greeting_refused("wrong password")) }));
    let error = device.send(b"data", &soon()).await.unwrap_err();
    assert_eq!((error.code(), &*error.to_string()), ("client_greeting_refused", "wrong password"));
    assert_eq!(device.state(), State::GivenUp { code: "client_greeting_refused" });
    peer.finish().await;
}

#[tokio::test]
async fn so_many_tries_and_no_more() {
    let refusing = RefusingPort::new();
    let config = Config::new(refusing.address().into());
    let mut device = Persistent::new(config).backoff(at_most(3));
    let error = device.send(b"data", &soon()).await.unwrap_err();
    assert_eq!(error.code(), "connect_refused");
    assert_eq!(device.state(), State::GivenUp { code: "connect_refused" });
    assert_eq!(device.send(b"data", &soon()).await.unwrap_err().code(), "connect_refused");
}

/// The state of a connection that broke twice, each time after so many sends and nothing else.
async fn after_two_breaks(sends: usize) -> State {
    let script = || Script::new().expect("log\n".repeat(sends)).close();
    let peer = Peer::start(vec![script(), script()]).await;
    let mut device = to(&peer).backoff(at_most(2).first(Duration::ZERO));
    for _ in 0..2 {
        for _ in 0..sends {
            device.send(b"log\n", &soon()).await.unwrap();
        }
        let end = device.receive(line(), &soon()).await.unwrap();
        assert_eq!(end.reason, Reason::Closed);
    }
    peer.finish().await;
    device.state()
}

#[tokio::test]
async fn a_connection_that_only_sends_counts_its_failures_anew() {
    let waiting = after_two_breaks(2).await;
    assert!(matches!(waiting, State::Waiting { attempt: 2, code: "closed", .. }), "{waiting}");
    // A peer that hangs up may have taken one send all the same.
    assert_eq!(after_two_breaks(1).await, State::GivenUp { code: "closed" });
}

#[tokio::test]
async fn the_deadline_bounds_all_tries_and_the_last_failure_is_told() {
    let refusing = RefusingPort::new();
    let config = Config::new(refusing.address().into());
    let backoff =
        Backoff::new().first(Duration::from_secs(3600)).longest(Duration::from_secs(3600));
    let mut device = Persistent::new(config).backoff(backoff.seed(1));
    let error = watch("the deadline", device.send(b"data", &short())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Net(NetKind::Timeout));
    assert!(told(&error).contains("the connection was refused"), "{}", told(&error));
    assert!(matches!(device.state(), State::Waiting { attempt: 2, code: "connect_refused", .. }));
}

#[tokio::test]
async fn cancelling_ends_the_wait_for_the_next_try() {
    let refusing = RefusingPort::new();
    let config = Config::new(refusing.address().into());
    let backoff =
        Backoff::new().first(Duration::from_secs(3600)).longest(Duration::from_secs(3600));
    let mut device = Persistent::new(config).backoff(backoff.seed(1));
    let mut states = device.watch();
    let cancel = Cancel::new();
    let deadline = Deadline::after(Duration::from_secs(60)).or_cancelled(&cancel);
    let sending = device.send(b"data", &deadline);
    let cancelling = async {
        while !matches!(states.changed().await, Some(State::Waiting { .. })) {}
        cancel.cancel();
    };
    let (sent, ()) = watch("the switch", async { tokio::join!(sending, cancelling) }).await;
    assert_eq!(sent.unwrap_err().code(), "cancelled");
}

#[tokio::test]
async fn states_are_events_for_another_task() {
    let peer = Peer::start(Script::new().expect("x").expect_gone()).await;
    let mut device = to(&peer);
    let mut states = device.watch();
    let mut watching = tokio::task::JoinSet::new();
    watching.spawn(async move {
        let mut seen = Vec::new();
        while let Some(state) = states.changed().await {
            seen.push(state);
        }
        seen
    });
    device.send(b"x", &soon()).await.unwrap();
    tokio::task::yield_now().await;
    device.close(&soon()).await.unwrap();
    tokio::task::yield_now().await;
    drop(device);
    let seen = watch("the end of the states", watching.join_next()).await.unwrap().unwrap();
    assert!(seen.contains(&State::Connecting { attempt: 1 }) || seen.contains(&State::Connected));
    assert_eq!(seen.last(), Some(&State::Idle), "{seen:?}");
    peer.finish().await;
}

#[tokio::test]
async fn a_send_that_stuck_in_the_middle_costs_the_connection() {
    let scripts = vec![Script::new().hold(), Script::new().expect("whole").expect_gone()];
    let peer = Peer::start(scripts).await;
    let mut device = to(&peer);
    let much = vec![7; 64 * 1024 * 1024];
    let error = device.send(&much, &short()).await.unwrap_err();
    assert!(error.code() == "timeout" && error.sent() > 0 && error.sent() < much.len());
    assert!(device.connection().is_none());
    device.send(b"whole", &soon()).await.unwrap();
    drop(device);
    peer.finish().await;
}

#[tokio::test]
async fn a_send_that_was_dropped_in_the_middle_costs_the_connection() {
    let scripts = vec![Script::new().hold(), Script::new().expect("whole").expect_gone()];
    let peer = Peer::start(scripts).await;
    let mut device = to(&peer);
    let (much, deadline) = (vec![7; 64 * 1024 * 1024], soon());
    let dropped = short().run(Phase::Send, device.send(&much, &deadline)).await;
    assert_eq!(dropped.unwrap_err().code(), "timeout");
    device.send(b"whole", &soon()).await.unwrap();
    drop(device);
    peer.finish().await;
}

/// A persistent connection belongs to any task.
#[test]
fn it_crosses_threads() {
    fn crosses<T: Send>(_: T) {}
    let mut device = Persistent::new(Config::new("127.0.0.1:1".parse().unwrap()));
    let deadline = soon();
    crosses(device.request(b"", Until::closed(), Repeat::Never, &deadline));
    crosses(device);
}
