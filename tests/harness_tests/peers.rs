//! Scripted peers and echo servers do to a client what was written.

use std::{io::ErrorKind, time::Duration};

use harness::{
    Background, Ca, Connection, EchoServer, Gate, HungPort, Listen, Meter, Peer, Plan,
    RefusingPort, Script, watch,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time,
};

use crate::client::{connect, exact, read_all, shake_hands, talk};

async fn check(script: Script, sent: &str, answer: &str) {
    let peer = Peer::start(script).await;
    assert_eq!(talk(peer.address(), sent).await, answer.as_bytes());
    assert_eq!(peer.finish().await, [sent.as_bytes()]);
}

#[tokio::test]
async fn a_peer_plays_its_steps_in_order() {
    let greeting = Script::new().send("hello ").expect("a").send("b");
    for script in [
        greeting.clone(),
        greeting.clone().close(),
        greeting.clone().cut(),
        Script::new().send_pieces("hello b", 1).expect_until("a"),
        Script::new().send_pieces("hello b", 3).read(1),
    ] {
        check(script, "a", "hello b").await;
    }
    check(Script::new(), "", "").await;
    check(Script::new().expect_until("\r\n\r\n").expect("x").send("y"), "k: v\r\n\r\nx", "y").await;
}

#[tokio::test]
async fn what_was_sent_survives_a_close_with_unread_input() {
    let sent = Gate::new("everything is sent");
    let script = Script::new().read(1).wait(&sent).send("answer").close();
    let peer = Peer::start(script).await;
    let mut client = connect(peer.address()).await;
    // More than the peer reads at once, and less than the system's buffers hold.
    client.write_all(&[b'x'; 40_000]).await.expect("the system buffers it");
    sent.open();
    assert_eq!(read_all(&mut client).await, b"answer");
    peer.finish().await;
    let error = client.take_error().expect("the socket tells");
    assert!(error.is_none(), "the close came as a reset: {error:?}");
}

#[tokio::test]
async fn a_half_closed_peer_still_reads() {
    let peer =
        Peer::start(Script::new().send("end").half_close().expect("more").expect_close()).await;
    let mut client = connect(peer.address()).await;
    assert_eq!(read_all(&mut client).await, b"end");
    client.write_all(b"more").await.expect("the peer reads");
    drop(client);
    peer.finish().await;
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    let peer = Peer::start(Script::new().expect("x").reset()).await;
    let mut client = connect(peer.address()).await;
    client.write_all(b"x").await.expect("the peer reads");
    let failed = client.read(&mut [0]).await.expect_err("the connection is reset");
    assert_eq!(failed.kind(), ErrorKind::ConnectionReset);
    peer.finish().await;
}

#[tokio::test]
async fn gates_order_a_test_and_its_peer() {
    let (arrived, go) = (Gate::new("the request is there"), Gate::new("the test lets go"));
    let peer = Peer::start(Script::new().expect("x").open(&arrived).wait(&go).send("y")).await;
    let mut client = connect(peer.address()).await;
    client.write_all(b"x").await.expect("the peer reads");
    arrived.wait().await;
    assert_eq!(
        client.try_read(&mut [0]).expect_err("nothing was sent").kind(),
        ErrorKind::WouldBlock
    );
    go.open();
    assert_eq!(read_all(&mut client).await, b"y");
    peer.finish().await;
}

#[tokio::test]
async fn a_metered_peer_reads_what_it_is_granted() {
    let meter = Meter::new();
    let listen = Listen::plain().receive_buffer(4096);
    let peer = Peer::start_on(listen, Script::new().read_metered(&meter)).await;
    let mut client = connect(peer.address()).await;
    let size = 16 * 1024 * 1024;
    let payload = vec![7; size];
    let mut writing = Box::pin(client.write_all(&payload));
    let blocked = time::timeout(Duration::from_millis(100), &mut writing).await;
    blocked.expect_err("nothing was granted, so the buffers are full");
    assert_eq!(peer.received(), [b""]);
    meter.grant(size + 1);
    watch("the write", writing).await.expect("the peer reads");
    client.shutdown().await.expect("the peer is there");
    read_all(&mut client).await;
    assert_eq!(peer.finish().await[0].len(), size);
}

#[tokio::test]
async fn endless_peers_end_with_their_client_or_their_test() {
    for script in [
        Script::new().send_endlessly("x"),
        Script::new().drip("x", Duration::from_millis(1)),
        Script::new().send("xx").hold(),
    ] {
        let peer = Peer::start(Plan::Every(script)).await;
        let mut gone = connect(peer.address()).await;
        assert_eq!(exact(&mut gone, 2).await, b"xx");
        drop(gone);
        let mut staying = connect(peer.address()).await;
        assert_eq!(exact(&mut staying, 2).await, b"xx");
        assert_eq!(peer.connections(), 2);
        peer.finish().await;
    }
}

#[tokio::test]
async fn each_connection_meets_its_own_script() {
    let peer = Peer::start(vec![Script::new().send("1"), Script::new().send("2")]).await;
    assert_eq!(talk(peer.address(), "").await, b"1");
    assert_eq!(talk(peer.address(), "").await, b"2");
    peer.finish().await;

    let peer = Peer::start(Plan::Every(Script::new().send("same"))).await;
    assert_eq!(talk(peer.address(), "").await, b"same");
    assert_eq!(talk(peer.address(), "").await, b"same");
    peer.finish().await;
}

#[tokio::test]
async fn a_function_can_play_a_connection() {
    let plan = Plan::custom(async |mut connection: Connection| {
        let number = connection.index().to_string();
        connection.write_all(number.as_bytes()).await.expect("the client reads");
    });
    let peer = Peer::start(plan).await;
    assert_eq!(talk(peer.address(), "").await, b"0");
    assert_eq!(talk(peer.address(), "").await, b"1");
    peer.finish().await;
}

#[tokio::test]
async fn scripts_play_under_tls_and_on_v6() {
    let ca = Ca::new();
    let listen = Listen::tls(ca.issue(&["db.test", "::1"]).server_config()).v6();
    let script = Script::new().expect("a").send_pieces("bc", 1);
    let scripts = vec![script.clone().close(), script.cut(), Script::new().expect_close()];
    let peer = Peer::start_on(listen, scripts).await;
    assert!(peer.address().is_ipv6());
    let client = async |name| {
        shake_hands(ca.client_config(), name, connect(peer.address()).await).await.expect("trust")
    };

    let mut closed = client("db.test").await;
    closed.write_all(b"a").await.expect("the peer reads");
    assert_eq!(read_all(&mut closed).await, b"bc");

    let mut cut = client("::1").await;
    cut.write_all(b"a").await.expect("the peer reads");
    assert_eq!(exact(&mut cut, 2).await, b"bc");
    let truncated = cut.read(&mut [0]).await.expect_err("there was no close_notify");
    assert_eq!(truncated.kind(), ErrorKind::UnexpectedEof);

    client("db.test").await.shutdown().await.expect("the peer is there");
    peer.finish().await;
}

#[tokio::test]
async fn dead_ports_refuse_or_hang() {
    let refusing = RefusingPort::new();
    let refused = TcpStream::connect(refusing.address()).await.expect_err("nobody listens");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);

    let hung = HungPort::start().await;
    let connecting = TcpStream::connect(hung.address());
    time::timeout(Duration::from_millis(200), connecting).await.expect_err("it hangs");

    let silent = Peer::silent().await;
    let handshake =
        shake_hands(Ca::new().client_config(), "x.test", connect(silent.address()).await);
    time::timeout(Duration::from_millis(50), handshake).await.expect_err("nobody answers");
    silent.finish().await;
}

#[tokio::test]
async fn an_echo_server_answers_to_the_last_byte() {
    let echo = EchoServer::start_on(Listen::plain().v6()).await;
    let mut client = connect(echo.address()).await;
    let payload: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let (mut read, mut write) = client.split();
    let sending = async {
        write.write_all(&payload).await.expect("the server reads");
        write.shutdown().await.expect("the server is there");
    };
    let (answer, ()) = tokio::join!(read_all(&mut read), sending);
    assert_eq!(answer, payload);

    let mut open = connect(echo.address()).await;
    open.write_all(b"x").await.expect("the server reads");
    assert_eq!(exact(&mut open, 1).await, b"x");
    assert_eq!(echo.connections(), 2);
    echo.finish().await;
    assert_eq!(read_all(&mut open).await, b"");
}

#[tokio::test]
async fn a_dropped_server_ends_its_connections() {
    let echo = EchoServer::start().await;
    let mut client = connect(echo.address()).await;
    client.write_all(b"x").await.expect("the server reads");
    assert_eq!(exact(&mut client, 1).await, b"x");
    drop(echo);
    let ended = watch("the end", client.read(&mut [0])).await;
    assert!(matches!(ended, Ok(0) | Err(_)), "{ended:?}");
}

#[test]
fn blocking_clients_are_served_in_the_background() {
    let asked = Gate::new("the request is there");
    let script = Script::new().expect("a").open(&asked).send("b").close();
    let peer = Background::start(|| Peer::start(script));
    let mut client = std::net::TcpStream::connect(peer.address()).expect("the peer listens");
    std::io::Write::write_all(&mut client, b"a").expect("the peer reads");
    peer.block_on(asked.wait());
    let answer = std::io::read_to_string(client).expect("the peer answers");
    assert_eq!(answer, "b");
    assert_eq!(peer.finish(Peer::finish), [b"a"]);
}
