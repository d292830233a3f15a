//! A switch thrown by another thread ends whatever waits.

use std::thread;
use std::time::{Duration, Instant};

use harness::{
    Ca, HungPort, Manners, Misdeed, Peer, Plan, Proxy, ProxyStep, Script, Socks5, watch,
};
use opi_framing::Codec;
use opi_net::{Cancel, Deadline, ErrorKind as NetKind};
use opi_tcp_client::{Config, Connection, Error, ErrorKind, Until, request};

use crate::setting::{connect, line, soon, target, trusting};

/// Runs `waiting` under a deadline of a minute, and cancels it from another thread once it waits.
async fn check<T: std::fmt::Debug>(
    what: &str,
    waiting: impl AsyncFnOnce(&Deadline) -> Result<T, Error>,
) {
    let cancel = Cancel::new();
    let deadline = Deadline::after(Duration::from_secs(60)).or_cancelled(&cancel);
    let mut running = Box::pin(waiting(&deadline));
    let polled = tokio::time::timeout(Duration::from_millis(30), &mut running).await;
    assert!(polled.is_err(), "{what} does not wait: {polled:?}");
    let thrown = thread::spawn(move || {
        cancel.cancel();
        Instant::now()
    });
    let outcome = watch(what, running).await;
    let ended = Instant::now();
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Net(NetKind::Cancelled), "{what}");
    let took = ended.saturating_duration_since(thrown.join().unwrap());
    // The promise is 100 ms; the guard is wide, because the machine may be busy.
    assert!(took < Duration::from_secs(5), "{what} took {took:?}");
}

#[tokio::test]
async fn every_wait_of_a_connection() {
    let peer = Peer::silent().await;
    let mut connection = connect(peer.address()).await;
    check("receive", async |deadline| connection.receive(line(), deadline).await).await;
    check("drain", async |deadline| connection.drain(9, deadline).await).await;
    let mut decoder = Codec::preset("lines").unwrap().decoder();
    check("message", async |deadline| connection.message(&mut decoder, deadline).await).await;
    check("request", async |deadline| connection.request(b"?", line(), deadline).await).await;
    let much = vec![0; 64 * 1024 * 1024];
    check("send", async |deadline| connection.send(&much, deadline).await).await;
    let mut connection = connect(peer.address()).await;
    let then = Default::default();
    check("exchange", async |deadline| connection.exchange(&much, then, line(), deadline).await)
        .await;
    let connection = connect(peer.address()).await;
    check("close_drained", async |deadline| connection.close_drained(9, deadline).await).await;
    peer.finish().await;
}

#[tokio::test]
async fn every_wait_of_the_halves() {
    let peer = Peer::silent().await;
    let (mut reader, mut writer) = connect(peer.address()).await.into_split();
    check("receive", async |deadline| reader.receive(Until::closed(), deadline).await).await;
    let mut decoder = Codec::preset("lines").unwrap().decoder();
    check("message", async |deadline| reader.message(&mut decoder, deadline).await).await;
    let much = vec![0; 64 * 1024 * 1024];
    check("send", async |deadline| writer.send(&much, deadline).await).await;
    drop((reader, writer));
    peer.finish().await;
}

#[tokio::test]
async fn every_phase_of_opening() {
    let hung = HungPort::start().await;
    let config = Config::new(hung.address().into());
    check("connect", async |deadline| Connection::open(&config, deadline).await).await;

    let manners = Manners::new().misdeed(ProxyStep::Request, Misdeed::Stall);
    let proxy = Proxy::start(Socks5::new().manners(manners)).await;
    let route = format!("socks5://{}", proxy.address()).parse().unwrap();
    let through = Config::new("db.test:1".parse().unwrap()).route(route);
    check("proxy", async |deadline| Connection::open(&through, deadline).await).await;
    proxy.finish().await;

    let silent = Peer::silent().await;
    let name = target("localhost", silent.address());
    let tls = trusting(&Ca::new());
    let encrypted = Config::new(name.clone()).tls(tls.clone());
    check("tls", async |deadline| Connection::open(&encrypted, deadline).await).await;
    let connection = connect(silent.address()).await;
    check("upgrade", async |deadline| connection.upgrade(&tls, &name, deadline).await).await;
    let plain = Config::new(silent.address().into());
    let then = Default::default();
    check("one call", async |deadline| request(&plain, b"?", then, line(), deadline).await).await;
    silent.finish().await;
}

#[tokio::test]
async fn a_call_after_a_cancelled_one_works() {
    let peer = Peer::start(Plan::Every(Script::new().read(1).send("kept\n").hold())).await;
    let mut connection = connect(peer.address()).await;
    check("receive", async |deadline| connection.receive(line(), deadline).await).await;
    connection.send(b"?", &soon()).await.unwrap();
    assert_eq!(connection.receive(line(), &soon()).await.unwrap().data, "kept\n");
    drop(connection);
    peer.finish().await;
}
