//! Reading and writing: one reason for each end, no byte lost.

use std::time::Duration;

use harness::{EchoServer, Gate, HungPort, Meter, Peer, RefusingPort, Script, watch};
use opi_net::{Cancel, Deadline, ErrorKind as NetKind, Phase};
use opi_tcp_client::{Config, Connection, ErrorKind, Reason, Until};

use crate::setting::{connect, line, refused, short, soon};

#[tokio::test]
async fn two_lines_in_one_segment_are_two_reads() {
    let peer = Peer::start(Script::new().send("one\ntwo\nthree").hold()).await;
    let mut connection = connect(peer.address()).await;
    for expected in ["one\n", "two\n"] {
        let received = connection.receive(line(), &soon()).await.unwrap();
        assert_eq!((&received.data[..], received.reason), (expected.as_bytes(), Reason::Marker));
    }
    let rest = connection.receive(line(), &short()).await.unwrap();
    assert_eq!((&rest.data[..], rest.reason), (&b"three"[..], Reason::Timeout));
    drop(connection);
    peer.finish().await;
}

#[tokio::test]
async fn a_marker_is_found_however_the_bytes_arrive() {
    for size in 1..=7 {
        let peer = Peer::start(Script::new().send_pieces("ab--\rcd--\r\nef", size).close()).await;
        let mut connection = connect(peer.address()).await;
        let until = Until::marker("--\r\n").unwrap();
        let received = connection.receive(until, &soon()).await.unwrap();
        assert_eq!((&received.data[..], received.reason), (&b"ab--\rcd--\r\n"[..], Reason::Marker));
        let rest = connection.receive(Until::closed(), &soon()).await.unwrap();
        assert_eq!((&rest.data[..], rest.reason), (&b"ef"[..], Reason::Closed));
        peer.finish().await;
    }
}

#[tokio::test]
async fn sizes_are_exact_and_the_surplus_stays() {
    let peer = Peer::start(Script::new().send(vec![b'x'; 1536]).close()).await;
    let mut connection = connect(peer.address()).await;
    for (size, reason, expected) in
        [(1000, Reason::Size, 1000), (536, Reason::Size, 536), (1, Reason::Closed, 0)]
    {
        let received = connection.receive(Until::size(size), &soon()).await.unwrap();
        assert_eq!((received.data.len(), received.reason), (expected, reason));
    }
    peer.finish().await;
}

#[tokio::test]
async fn a_limit_ends_a_read_that_found_no_marker() {
    let peer = Peer::start(Script::new().send("0123456789\n").close()).await;
    let mut connection = connect(peer.address()).await;
    let received = connection.receive(line().at_most(4), &soon()).await.unwrap();
    assert_eq!((&received.data[..], received.reason), (&b"0123"[..], Reason::Size));
    let received = connection.receive(line(), &soon()).await.unwrap();
    assert_eq!((&received.data[..], received.reason), (&b"456789\n"[..], Reason::Marker));
    peer.finish().await;
}

#[tokio::test]
async fn a_dropped_read_loses_nothing() {
    let gate = Gate::new("the first read was dropped");
    let peer = Peer::start(Script::new().send("first ").wait(&gate).send("half\n").close()).await;
    let mut connection = connect(peer.address()).await;
    let cancel = Cancel::new();
    let deadline = soon().or_cancelled(&cancel);
    let mut begun = Box::pin(connection.receive(line(), &deadline));
    // Polled until the first half lies in the buffer, then dropped.
    let pending = tokio::time::timeout(Duration::from_millis(60), &mut begun).await;
    assert!(pending.is_err());
    drop(begun);
    gate.open();
    let received = connection.receive(line(), &soon()).await.unwrap();
    assert_eq!(&received.data[..], b"first half\n");
    peer.finish().await;
}

#[tokio::test]
async fn a_cancelled_read_keeps_its_bytes() {
    let peer = Peer::start(Script::new().send("kept").hold()).await;
    let mut connection = connect(peer.address()).await;
    let cancel = Cancel::new();
    let deadline = soon().or_cancelled(&cancel);
    let read = connection.receive(line(), &deadline);
    let (outcome, ()) = tokio::join!(read, async { cancel.cancel() });
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Net(NetKind::Cancelled));
    let received = connection.receive(Until::size(4), &soon()).await.unwrap();
    assert_eq!(&received.data[..], b"kept");
    drop(connection);
    peer.finish().await;
}

#[tokio::test]
async fn a_reset_is_an_error_and_what_came_before_can_be_taken() {
    let gate = Gate::new("the first bytes were read");
    let peer = Peer::start(Script::new().send("a\nrest").wait(&gate).reset()).await;
    let mut connection = connect(peer.address()).await;
    assert_eq!(&connection.receive(line(), &soon()).await.unwrap().data[..], b"a\n");
    gate.open();
    let error = connection.receive(line(), &soon()).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Net(NetKind::Closed), "closed"));
    let again = connection.receive(line(), &soon()).await.unwrap_err();
    assert_eq!(again.kind(), error.kind(), "a break is no end, however often one asks");
    assert_eq!(&connection.take_buffered()[..], b"rest");
    peer.finish().await;
}

#[tokio::test]
async fn half_close_lets_the_answer_come() {
    let script = Script::new().expect("question").expect_close().send("answer").close();
    let peer = Peer::start(script).await;
    let mut connection = connect(peer.address()).await;
    connection.send(b"question", &soon()).await.unwrap();
    connection.finish_sending(&soon()).await.unwrap();
    let received = connection.receive(Until::closed(), &soon()).await.unwrap();
    assert_eq!((&received.data[..], received.reason), (&b"answer"[..], Reason::Closed));
    peer.finish().await;
}

#[tokio::test]
async fn a_send_sends_all_to_a_slow_reader() {
    const SIZE: usize = 8 * 1024 * 1024;
    let meter = Meter::new();
    let peer = Peer::start(Script::new().read_metered(&meter).close()).await;
    let mut connection = connect(peer.address()).await;
    let data = vec![7; SIZE];
    let deadline = soon();
    let sending = async {
        connection.send(&data, &deadline).await.unwrap();
        connection.close(&deadline).await.unwrap();
    };
    let draining = async {
        for _ in 0..SIZE / 4096 + 1 {
            meter.grant(4096);
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(sending, draining);
    let received = peer.finish().await;
    assert_eq!(received[0].len(), SIZE);
}

#[tokio::test]
async fn a_send_that_cannot_end_says_how_much_went() {
    let peer = Peer::silent().await;
    let mut connection = connect(peer.address()).await;
    let data = vec![7; 64 * 1024 * 1024];
    let error = connection.send(&data, &short()).await.unwrap_err();
    assert_eq!((error.code(), error.phase()), ("timeout", Some(Phase::Send)));
    assert!(error.sent() > 0 && error.sent() < data.len(), "{}", error.sent());
    drop(connection);
    peer.finish().await;
}

#[tokio::test]
async fn the_two_halves_work_at_the_same_time() {
    let echo = EchoServer::start().await;
    let (mut reader, mut writer) = connect(echo.address()).await.into_split();
    let (deadline, data) = (soon(), vec![9; 1024 * 1024]);
    let reading = reader.receive(Until::size(data.len()), &deadline);
    let (received, sent) = tokio::join!(reading, writer.send(&data, &deadline));
    sent.unwrap();
    assert!(received.unwrap().data == data);
    drop((reader, writer));
    echo.finish().await;
}

#[tokio::test]
async fn a_refused_connection_and_a_silent_one_name_phase_and_target() {
    let free = RefusingPort::new();
    let error = refused(Config::new(free.address().into())).await;
    assert_eq!((error.code(), error.phase()), ("connect_refused", Some(Phase::Connect)));
    assert!(error.to_string().contains(&free.address().to_string()), "{error}");

    let hung = HungPort::start().await;
    let opening = watch("the limit of the connect", async {
        Connection::open(&Config::new(hung.address().into()), &short()).await
    });
    let error = opening.await.unwrap_err();
    assert_eq!((error.code(), error.phase()), ("timeout", Some(Phase::Connect)));
}

#[tokio::test]
async fn a_dead_first_address_does_not_stop_a_name() {
    // On loopback machines localhost has ::1 and 127.0.0.1; only one of them listens here.
    let echo = EchoServer::start().await;
    let target = crate::setting::target("localhost", echo.address());
    let mut connection = Connection::open(&Config::new(target), &soon()).await.unwrap();
    connection.send(b"hi", &soon()).await.unwrap();
    assert_eq!(&connection.receive(Until::size(2), &soon()).await.unwrap().data[..], b"hi");
    drop(connection);
    echo.finish().await;
}

#[tokio::test]
async fn a_deadline_that_has_passed_ends_at_once() {
    let peer = Peer::silent().await;
    let mut connection = connect(peer.address()).await;
    let received = connection.receive(line(), &Deadline::after(Duration::ZERO)).await.unwrap();
    assert_eq!((received.data.len(), received.reason), (0, Reason::Timeout));
    drop(connection);
    peer.finish().await;
}
