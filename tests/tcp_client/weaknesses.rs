//! The weaknesses of the add-in that this client replaces, each refused by a test of its name.
//!
//! Those of its interface to 1C (a text sent as nothing, a fractional time-out that is none) are
//! tests of the add-in's suite.

use std::time::Duration;

use harness::{
    Ca, EchoServer, Gate, HttpProxy, HungPort, Listen, Manners, Meter, Peer, Plan, Proxy, Script,
    Socks5, watch,
};
use opi_net::tls::{Tls, Trust};
use opi_net::{Deadline, Dialer, Phase, Target};
use opi_tcp_client::{AfterSend, Config, Connection, Outcome, Reason, Until, request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::setting::{connect, line, short, soon, target, trusting};

/// 64 MiB in pieces of 1 KiB: the original needed 423 CPU seconds for a quarter of it.
#[tokio::test]
async fn quadratic_search_for_a_marker() {
    const PIECE: usize = 1024;
    const COUNT: usize = 64 * 1024;
    let peer = Peer::start(Plan::custom(async |mut incoming: harness::Connection| {
        for _ in 1..COUNT {
            incoming.write_all(&[b'-'; PIECE]).await.unwrap();
        }
        incoming.write_all(b"----END!").await.unwrap();
        incoming.read_to_end(&mut Vec::new()).await.unwrap();
    }))
    .await;
    let mut connection = connect(peer.address()).await;
    let until = Until::marker("--END!").unwrap();
    let received = watch("64 MiB to a marker", connection.receive(until, &soon())).await.unwrap();
    assert_eq!((received.data.len(), received.reason), ((COUNT - 1) * PIECE + 8, Reason::Marker));
    connection.close(&soon()).await.unwrap();
    peer.finish().await;
}

#[tokio::test]
async fn bytes_after_a_marker_thrown_away() {
    let peer = Peer::start(Script::new().send("one\ntwo\nthree\n").close()).await;
    let mut connection = connect(peer.address()).await;
    for expected in ["one\n", "two\n", "three\n"] {
        assert_eq!(connection.receive(line(), &soon()).await.unwrap().data, expected);
    }
    peer.finish().await;
}

#[tokio::test]
async fn bytes_after_a_size_thrown_away_or_returned_beyond_it() {
    let peer = Peer::start(Script::new().send(vec![b'x'; 4096]).close()).await;
    let mut connection = connect(peer.address()).await;
    let mut sizes = Vec::new();
    for size in [10, 1000, 536, 2550, 1] {
        sizes.push(connection.receive(Until::size(size), &soon()).await.unwrap().data.len());
    }
    assert_eq!(sizes, [10, 1000, 536, 2550, 0]);
    peer.finish().await;
}

#[tokio::test]
async fn a_marker_found_only_at_the_end_of_a_read() {
    let peer = Peer::start(Script::new().send("A\nB").hold()).await;
    let mut connection = connect(peer.address()).await;
    let received = connection.receive(line(), &soon()).await.unwrap();
    assert_eq!((&received.data[..], received.reason), (&b"A\n"[..], Reason::Marker));
    drop(connection);
    peer.finish().await;
}

#[tokio::test]
async fn timeout_end_and_reset_told_alike() {
    let gate = Gate::new("the time-out was seen");
    let ended = |script: Script| script.send("part").wait(&gate);
    let scripts = vec![ended(Script::new()).close(), ended(Script::new()).reset()];
    let peer = Peer::start(scripts).await;
    let mut one = connect(peer.address()).await;
    let mut other = connect(peer.address()).await;
    for connection in [&mut one, &mut other] {
        let received = connection.receive(Until::size(4), &soon()).await.unwrap();
        assert_eq!(received.reason, Reason::Size);
        assert_eq!(connection.receive(line(), &short()).await.unwrap().reason, Reason::Timeout);
    }
    gate.open();
    assert_eq!(one.receive(line(), &soon()).await.unwrap().reason, Reason::Closed);
    assert_eq!(other.receive(line(), &soon()).await.unwrap_err().code(), "closed");
    peer.finish().await;
}

/// The original's limit began anew with every write, so that a slow reader kept it for ever.
#[tokio::test]
async fn a_time_limit_of_a_send_that_begins_anew_with_each_write() {
    let meter = Meter::new();
    let peer = Peer::start(Script::new().read_metered(&meter)).await;
    let mut connection = connect(peer.address()).await;
    let data = vec![7; 256 * 1024 * 1024];
    let deadline = short();
    let sending = connection.send(&data, &deadline);
    let trickling = async {
        loop {
            meter.grant(1024);
            tokio::task::yield_now().await;
        }
    };
    let error = tokio::select! {
        sent = watch("the limit of the send", sending) => sent.unwrap_err(),
        () = trickling => unreachable!(),
    };
    assert_eq!((error.code(), error.phase()), ("timeout", Some(Phase::Send)));
    assert!(error.sent() < data.len());
    drop(connection);
    peer.finish().await;
}

#[tokio::test]
async fn a_part_sent_and_success_told() {
    let gate = Gate::new("the sender has filled every buffer");
    let peer = Peer::start(Script::new().wait(&gate).read_to_close().close()).await;
    let mut connection = connect(peer.address()).await;
    let data = vec![7; 64 * 1024 * 1024];
    let deadline = soon();
    let mut sending = Box::pin(connection.send(&data, &deadline));
    let early = tokio::time::timeout(Duration::from_millis(60), &mut sending).await;
    assert!(early.is_err(), "the peer has not read, so not all can have gone");
    gate.open();
    sending.await.unwrap();
    connection.close_drained(0, &soon()).await.unwrap();
    assert_eq!(peer.finish().await[0].len(), data.len());
}

/// One write of the original's TLS took 16 KiB, and the rest was never sent.
#[tokio::test]
async fn everything_after_16_kib_lost_under_tls() {
    let ca = Ca::new();
    let echo = EchoServer::start_on(Listen::tls(ca.issue(&["localhost"]).server_config())).await;
    let config = Config::new(target("localhost", echo.address())).tls(trusting(&ca));
    let data: Vec<u8> = (0..100_000_u32).map(|at| at as u8).collect();
    let until = Until::size(data.len());
    let received = request(&config, &data, AfterSend::KeepOpen, until, &soon()).await.unwrap();
    assert!(received.data == data);
    echo.finish().await;
}

#[tokio::test]
async fn no_time_limit_for_connecting() {
    let hung = HungPort::start().await;
    let config = Config::new(hung.address().into());
    let error = watch("the limit", Connection::open(&config, &short())).await.unwrap_err();
    assert_eq!((error.code(), error.phase()), ("timeout", Some(Phase::Connect)));
}

#[tokio::test]
async fn no_time_limit_for_a_handshake() {
    let silent = Peer::silent().await;
    let tls = Tls::new(Trust::DangerousAnyone);
    let config = Config::new(target("localhost", silent.address())).tls(tls);
    let error = watch("the limit", Connection::open(&config, &short())).await.unwrap_err();
    assert_eq!((error.code(), error.phase()), ("timeout", Some(Phase::Tls)));
    silent.finish().await;
}

#[tokio::test]
async fn a_certificate_checked_against_an_address_and_no_name_sent() {
    let ca = Ca::new();
    let echo = EchoServer::start_on(Listen::tls(ca.issue(&["localhost"]).server_config())).await;
    let config = Config::new(target("localhost", echo.address())).tls(trusting(&ca));
    let received = request(&config, b"hi", AfterSend::KeepOpen, Until::size(2), &soon()).await;
    assert_eq!(received.unwrap().data, "hi");
    assert_eq!(echo.server_names(), [Some("localhost".to_owned())]);
    echo.finish().await;
}

#[tokio::test]
async fn a_truncated_tls_stream_taken_for_its_end() {
    let ca = Ca::new();
    let listen = Listen::tls(ca.issue(&["localhost"]).server_config());
    let peer = Peer::start_on(listen, Script::new().send("half").cut()).await;
    let config = Config::new(target("localhost", peer.address())).tls(trusting(&ca));
    let then = AfterSend::KeepOpen;
    let error = request(&config, b"", then, Until::closed(), &soon()).await.unwrap_err();
    assert_eq!((error.code(), &error.received()[..]), ("truncated", &b"half"[..]));
    peer.finish().await;
}

#[tokio::test]
async fn an_old_error_told_after_later_successes() {
    let gate = Gate::new("the time-out was seen");
    let peer =
        Peer::start(Script::new().expect("a").wait(&gate).send("1\n").expect("b").hold()).await;
    let mut connection = connect(peer.address()).await;
    connection.request(b"a", line(), &short()).await.unwrap_err();
    assert!(matches!(connection.stats().outcome, Some(Outcome::Failed { code: "timeout", .. })));
    gate.open();
    connection.receive(line(), &soon()).await.unwrap();
    connection.send(b"b", &soon()).await.unwrap();
    assert_eq!(connection.stats().outcome, Some(Outcome::Done));
    drop(connection);
    peer.finish().await;
}

/// After the peer's end the original was still "connected", and its first send a success.
#[tokio::test]
async fn an_ended_connection_told_as_open() {
    let peer = Peer::start(Script::new().send("bye\n").close()).await;
    let mut connection = connect(peer.address()).await;
    assert_eq!(connection.receive(line(), &soon()).await.unwrap().data, "bye\n");
    let asked = watch("the end", async {
        loop {
            // The end may be on its way yet: what has not come cannot be known.
            match connection.request(b"", line(), &soon()).await {
                Err(error) => break error,
                Ok(received) => assert!(received.data.is_empty()),
            }
        }
    });
    let error = asked.await;
    assert!(["closed", "truncated"].contains(&error.code()), "{error}");
    peer.finish().await;
}

/// Two small sends and a read: Nagle and delayed acknowledgements cost the original 40 ms a time,
/// which would be 20 s here; the deadline ends the test long before.
#[tokio::test]
async fn small_sends_held_back_by_nagle() {
    let peer = Peer::start(Plan::custom(async |mut incoming: harness::Connection| {
        while incoming.read_exact(&mut [0; 2]).await.is_ok() {
            incoming.write_all(b"!").await.unwrap();
        }
    }))
    .await;
    let proxy = Proxy::start(Socks5::new()).await;
    proxy.map("db.test:1", peer.address());
    let route = format!("socks5://{}", proxy.address()).parse().unwrap();
    for config in
        [Config::new(peer.address().into()), Config::new("db.test:1".parse().unwrap()).route(route)]
    {
        let deadline = Deadline::after(Duration::from_secs(10));
        let mut connection = Connection::open(&config, &deadline).await.unwrap();
        for _ in 0..500 {
            connection.send(b"1", &deadline).await.unwrap();
            connection.send(b"2", &deadline).await.unwrap();
            let received = connection.receive(Until::size(1), &deadline).await.unwrap();
            assert_eq!(received.reason, Reason::Size);
        }
        connection.close(&deadline).await.unwrap();
    }
    proxy.finish().await;
    peer.finish().await;
}

#[tokio::test]
async fn only_the_first_address_of_a_name_tried() {
    let echo = EchoServer::start().await;
    let dialer = Dialer::new();
    let dead = ["127.0.0.2".parse().unwrap(), echo.address().ip()];
    let dialer = dialer.resolve("db.test", dead).unwrap();
    let config = Config::new(target("db.test", echo.address())).dialer(dialer);
    let received = request(&config, b"hi", AfterSend::KeepOpen, Until::size(2), &soon()).await;
    assert_eq!(received.unwrap().data, "hi");
    echo.finish().await;
}

#[test]
fn a_port_out_of_range_cut_to_another() {
    for text in
        ["db.test:70000", "db.test:65536", "db.test:-1", "db.test:0x50", "db.test:", "db.test"]
    {
        assert!(text.parse::<Target>().is_err(), "{text}");
        let proxy = format!("socks5://{text}");
        if text != "db.test" {
            assert!(proxy.parse::<opi_proxy::Route>().is_err(), "{proxy}");
        }
    }
    assert_eq!("db.test:8071".parse::<Target>().unwrap().port(), 8071);
}

#[tokio::test]
async fn a_banner_behind_a_proxys_answer_lost() {
    let peer = Peer::start(Script::new().send("banner\n").expect_gone()).await;
    let proxy = Proxy::start(HttpProxy::new().manners(Manners::new().glue())).await;
    proxy.map("db.test:1", peer.address());
    let route = format!("http://{}", proxy.address()).parse().unwrap();
    let config = Config::new("db.test:1".parse().unwrap()).route(route);
    let mut connection = Connection::open(&config, &soon()).await.unwrap();
    assert_eq!(connection.receive(line(), &soon()).await.unwrap().data, "banner\n");
    drop(connection);
    peer.finish().await;
    proxy.finish().await;
}

#[tokio::test]
async fn names_looked_up_here_and_not_by_the_proxy() {
    let echo = EchoServer::start().await;
    let proxy = Proxy::start(Socks5::new()).await;
    proxy.map("only.the.proxy.knows.test:7", echo.address());
    let route = format!("socks5://{}", proxy.address()).parse().unwrap();
    let config = Config::new("only.the.proxy.knows.test:7".parse().unwrap()).route(route);
    let received = request(&config, b"hi", AfterSend::KeepOpen, Until::size(2), &soon()).await;
    assert_eq!(received.unwrap().data, "hi");
    assert_eq!(proxy.finish().await[0].asked(), "name only.the.proxy.knows.test:7");
    echo.finish().await;
}

/// A call of the original could not be ended: closing from another thread waited for it.
#[tokio::test]
async fn a_waiting_call_that_nothing_can_end() {
    let peer = Peer::silent().await;
    let mut connection = connect(peer.address()).await;
    let cancel = opi_net::Cancel::new();
    let deadline = soon().or_cancelled(&cancel);
    let ending = std::thread::spawn(move || cancel.cancel());
    let error = watch("the switch", connection.receive(line(), &deadline)).await.unwrap_err();
    assert_eq!(error.code(), "cancelled");
    ending.join().unwrap();
    drop(connection);
    peer.finish().await;
}

#[tokio::test]
async fn half_a_character_replaced_at_a_time_out() {
    let gate = Gate::new("the time-out was seen");
    let peer = Peer::start(Script::new().send(b"\xd0").wait(&gate).send(b"\xaf\n").close()).await;
    let mut connection = connect(peer.address()).await;
    let form = opi_tcp_client::Text::new(opi_tcp_client::Encoding::UTF_8);
    let early = connection.receive_text(line(), &form, &short()).await.unwrap();
    assert_eq!((&*early.text, early.reason), ("", Reason::Timeout));
    gate.open();
    let whole = connection.receive_text(line(), &form, &soon()).await.unwrap();
    assert_eq!((&*whole.text, whole.replaced), ("Я\n", 0));
    peer.finish().await;
}

/// The original took texts for paths and addresses of files; bytes are bytes here.
#[tokio::test]
async fn a_text_taken_for_a_path_or_an_address() {
    for text in ["/etc/passwd", "http://127.0.0.1:1/", "a\\nb"] {
        let peer = Peer::start(Script::new().expect(text).send("ok\n").close()).await;
        let config = Config::new(peer.address().into());
        let then = AfterSend::KeepOpen;
        request(&config, text.as_bytes(), then, line(), &soon()).await.unwrap();
        peer.finish().await;
    }
}
