//! `opi tcp forward`: bytes both ways, an end as an end, a cut as a cut, one failure for one
//! connection.

use std::net::SocketAddr;

use harness::{
    Ca, EchoServer, Gate, HttpProxy, Listen, Peer, Plan, Proxy, RefusingPort, Script, Socks5, watch,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::command::opi;
use crate::server::{event, start};

/// Sends `data`, finishes, and brings everything that comes back.
async fn through(address: SocketAddr, data: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut client = watch("a connection", TcpStream::connect(address)).await?;
    let (mut reader, mut writer) = client.split();
    let mut answer = Vec::new();
    let sending = async {
        writer.write_all(data).await?;
        writer.shutdown().await
    };
    let both = async { tokio::try_join!(sending, reader.read_to_end(&mut answer)) };
    watch("the answer", both).await?;
    Ok(answer)
}

fn long() -> Vec<u8> {
    (0..=255).cycle().take(3_000_000).collect()
}

/// A forwarder with `options` to `target` carries a long echo and tells how much.
async fn carries(target: &str, options: &[&str]) {
    let line = [&["forward", "127.0.0.1:0", target], options].concat();
    let (mut forwarder, address) = start(&line).await;
    assert!(through(address, &long()).await.unwrap() == long(), "{options:?}");
    let accepted = event(&mut forwarder, "accepted").await;
    assert_eq!(accepted["connection"], 1);
    let closed = event(&mut forwarder, "closed").await;
    assert_eq!(closed["error"], serde_json::Value::Null);
    assert_eq!((&closed["up"], &closed["down"]), (&3_000_000.into(), &3_000_000.into()));
}

#[tokio::test]
async fn plain_to_plain_and_to_tls() {
    let echo = EchoServer::start().await;
    carries(&echo.address().to_string(), &[]).await;
    echo.finish().await;
    let (ca, folder) = (Ca::new(), tempfile::tempdir().unwrap());
    let echo = EchoServer::start_on(Listen::tls(ca.issue(&["localhost"]).server_config())).await;
    let target = format!("localhost:{}", echo.address().port());
    carries(&target, &["--tls", "--ca", ca.write_to(&folder).to_str().unwrap()]).await;
    assert_eq!(echo.server_names(), [Some("localhost".to_owned())]);
    echo.finish().await;
}

#[tokio::test]
async fn through_a_chain_of_proxies_with_tls_at_the_end() {
    let (ca, folder) = (Ca::new(), tempfile::tempdir().unwrap());
    let echo = EchoServer::start_on(Listen::tls(ca.issue(&["db.test"]).server_config())).await;
    let socks = Proxy::start(Socks5::new().password("ann", "hunter2")).await;
    let http = Proxy::start(HttpProxy::new()).await;
    http.map("db.test:5432", echo.address());
    let first = format!("socks5://ann:hunter2@{}", socks.address());
    let second = format!("http://{}", http.address());
    let file = ca.write_to(&folder);
    let options = ["--proxy", &first, "--proxy", &second, "--tls", "--ca", file.to_str().unwrap()];
    carries("db.test:5432", &options).await;
    assert_eq!(http.finish().await[0].target, "db.test:5432");
    socks.finish().await;
    echo.finish().await;
}

#[tokio::test]
async fn a_hundred_connections_at_once() {
    let echo = EchoServer::start().await;
    let line = ["forward", "127.0.0.1:0", &echo.address().to_string()];
    let (_forwarder, address) = start(&line).await;
    let mut clients = Vec::new();
    for number in 0..100_u32 {
        let mut client = watch("a connection", TcpStream::connect(address)).await.unwrap();
        client.write_all(&number.to_be_bytes()).await.unwrap();
        clients.push(client);
    }
    // All are open; each gets its own bytes, and then its own end.
    for (number, client) in (0..100_u32).zip(&mut clients) {
        assert_eq!(watch("an echo", client.read_u32()).await.unwrap(), number);
        client.shutdown().await.unwrap();
        assert_eq!(watch("the end", client.read(&mut [0])).await.unwrap(), 0);
    }
    echo.finish().await;
}

#[tokio::test]
async fn one_more_than_allowed_waits() {
    let echo = EchoServer::start().await;
    let line = ["forward", "127.0.0.1:0", &echo.address().to_string(), "--max-connections", "1"];
    let (mut forwarder, address) = start(&line).await;
    let mut first = TcpStream::connect(address).await.unwrap();
    first.write_all(b"1").await.unwrap();
    assert_eq!(watch("an echo", first.read_u8()).await.unwrap(), b'1');
    event(&mut forwarder, "accepted").await;
    let watching = async {
        drop(first);
        // The second is accepted after the first has ended, not before.
        assert_eq!(event(&mut forwarder, "closed").await["connection"], 1);
        assert_eq!(event(&mut forwarder, "accepted").await["connection"], 2);
    };
    let (second, ()) = tokio::join!(through(address, b"2"), watching);
    assert_eq!(second.unwrap(), b"2");
    echo.finish().await;
}

#[tokio::test]
async fn a_half_close_goes_through_and_the_answer_comes_back() {
    let script = Script::new().expect("question").expect_close().send("answer").close();
    let peer = Peer::start(script).await;
    let (_forwarder, address) =
        start(&["forward", "127.0.0.1:0", &peer.address().to_string()]).await;
    assert_eq!(through(address, b"question").await.unwrap(), b"answer");
    peer.finish().await;
    // The other way: the target ends first and still reads.
    let script = Script::new().send("greeting").half_close().expect("late").expect_close();
    let peer = Peer::start(script).await;
    let (_forwarder, address) =
        start(&["forward", "127.0.0.1:0", &peer.address().to_string()]).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    let mut greeting = String::new();
    watch("the greeting", client.read_to_string(&mut greeting)).await.unwrap();
    assert_eq!(greeting, "greeting");
    client.write_all(b"late").await.unwrap();
    drop(client);
    peer.finish().await;
}

#[tokio::test]
async fn a_reset_is_passed_on_as_a_reset() {
    let script = Script::new().expect("x").send("part").reset();
    let peer = Peer::start(script).await;
    let (mut forwarder, address) =
        start(&["forward", "127.0.0.1:0", &peer.address().to_string()]).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"x").await.unwrap();
    let mut came = Vec::new();
    let end = watch("the end", client.read_to_end(&mut came)).await.unwrap_err();
    assert_eq!(end.kind(), std::io::ErrorKind::ConnectionReset);
    event(&mut forwarder, "accepted").await;
    let closed = event(&mut forwarder, "closed").await;
    assert_eq!(closed["error"]["code"], "closed", "{closed}");
    peer.finish().await;
}

#[tokio::test]
async fn a_reset_of_the_client_reaches_the_target() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = listener.local_addr().unwrap().to_string();
    let (_forwarder, address) = start(&["forward", "127.0.0.1:0", &target]).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"half").await.unwrap();
    let (mut far, _) = watch("the other side", listener.accept()).await.unwrap();
    watch("the first half", far.read_exact(&mut [0; 4])).await.unwrap();
    client.set_zero_linger().unwrap();
    drop(client);
    let end = watch("the end", far.read_u8()).await.unwrap_err();
    assert_eq!(end.kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_cut_under_tls_is_no_end() {
    let (ca, folder) = (Ca::new(), tempfile::tempdir().unwrap());
    let listen = Listen::tls(ca.issue(&["localhost"]).server_config());
    let peer = Peer::start_on(listen, Script::new().expect("x").send("half").cut()).await;
    let target = format!("localhost:{}", peer.address().port());
    let file = ca.write_to(&folder);
    let options = ["--tls", "--ca", file.to_str().unwrap()];
    let line = [&["forward", "127.0.0.1:0", &target], &options[..]].concat();
    let (mut forwarder, address) = start(&line).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"x").await.unwrap();
    let end = watch("the end", client.read_to_end(&mut Vec::new())).await.unwrap_err();
    assert_eq!(end.kind(), std::io::ErrorKind::ConnectionReset);
    event(&mut forwarder, "accepted").await;
    assert_eq!(event(&mut forwarder, "closed").await["error"]["code"], "truncated");
    peer.finish().await;
}

#[tokio::test]
async fn an_answer_survives_a_peer_that_wants_no_more_of_the_question() {
    let answer = vec![b'a'; 200_000];
    let gone = Gate::new("the client has read the first part");
    let script = Script::new().read(1000).send(answer).half_close().wait(&gone).close();
    let peer = Peer::start(script).await;
    let (mut forwarder, address) =
        start(&["forward", "127.0.0.1:0", &peer.address().to_string()]).await;
    // What the client has not read waits in the forwarder's socket.
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut client = socket.connect(address).await.unwrap();
    client.write_all(&[b'q'; 10_000]).await.unwrap();
    let mut first = vec![0; 150_000];
    watch("the first part", client.read_exact(&mut first)).await.unwrap();
    gone.open();
    peer.finish().await;
    event(&mut forwarder, "accepted").await;
    // The peer resets what it is sent now; the client goes on talking, and then reads the rest.
    for _ in 0..10 {
        client.write_all(&[b'q'; 10_000]).await.unwrap();
    }
    let mut rest = Vec::new();
    watch("the rest", client.read_to_end(&mut rest)).await.unwrap();
    assert_eq!(rest.len(), 50_000);
    drop(client);
    assert_eq!(event(&mut forwarder, "closed").await["error"]["code"], "closed");
}

#[tokio::test]
async fn one_failure_ends_no_other() {
    let echo = EchoServer::start().await;
    let line = ["forward", "127.0.0.1:0", &echo.address().to_string()];
    let (mut forwarder, address) = start(&line).await;
    let mut kept = TcpStream::connect(address).await.unwrap();
    kept.write_all(b"a").await.unwrap();
    assert_eq!(watch("an echo", kept.read_u8()).await.unwrap(), b'a');
    event(&mut forwarder, "accepted").await;
    let broken = TcpStream::connect(address).await.unwrap();
    event(&mut forwarder, "accepted").await;
    broken.set_zero_linger().unwrap();
    drop(broken);
    assert_eq!(event(&mut forwarder, "closed").await["connection"], 2);
    kept.write_all(b"b").await.unwrap();
    assert_eq!(watch("an echo", kept.read_u8()).await.unwrap(), b'b');
    echo.finish().await;
}

#[tokio::test]
async fn a_target_that_is_not_there_cuts_the_client() {
    let port = RefusingPort::new();
    let target = port.address().to_string();
    let (mut forwarder, address) = start(&["forward", "127.0.0.1:0", &target]).await;
    for number in 1..=2 {
        let end = through(address, b"").await.unwrap_err();
        assert_eq!(end.kind(), std::io::ErrorKind::ConnectionReset);
        event(&mut forwarder, "accepted").await;
        let closed = event(&mut forwarder, "closed").await;
        assert_eq!((&closed["connection"], &closed["error"]["exit"]), (&number.into(), &11.into()));
    }
}

#[tokio::test]
async fn nothing_for_too_long_is_a_cut() {
    let peer = Peer::start(Plan::Every(Script::new().expect_gone())).await;
    let target = peer.address().to_string();
    let line = ["forward", "127.0.0.1:0", &target, "--idle-timeout", "0.2"];
    let (mut forwarder, address) = start(&line).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    let end = watch("the end", client.read_u8()).await.unwrap_err();
    assert_eq!(end.kind(), std::io::ErrorKind::ConnectionReset);
    event(&mut forwarder, "accepted").await;
    assert_eq!(event(&mut forwarder, "closed").await["error"]["code"], "timeout");
    peer.finish().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_stop_lets_connections_end_and_cuts_what_is_left() {
    let echo = EchoServer::start().await;
    let target = echo.address().to_string();
    let (mut forwarder, address) =
        start(&["forward", "127.0.0.1:0", &target, "--drain", "20"]).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"a").await.unwrap();
    assert_eq!(watch("an echo", client.read_u8()).await.unwrap(), b'a');
    event(&mut forwarder, "accepted").await;
    forwarder.signal("TERM").await;
    // It still carries; nobody else is let in.
    while TcpStream::connect(address).await.is_ok() {}
    client.write_all(b"b").await.unwrap();
    assert_eq!(watch("an echo", client.read_u8()).await.unwrap(), b'b');
    client.shutdown().await.unwrap();
    assert_eq!(watch("the end", client.read(&mut [0])).await.unwrap(), 0);
    assert_eq!(forwarder.end().await.code, 0);

    let (forwarder, address) = start(&["forward", "127.0.0.1:0", &target, "--drain", "0.1"]).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"a").await.unwrap();
    assert_eq!(watch("an echo", client.read_u8()).await.unwrap(), b'a');
    forwarder.signal("INT").await;
    let end = watch("the end", client.read_u8()).await.unwrap_err();
    assert_eq!(end.kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(forwarder.end().await.code, 0);
    echo.finish().await;
}

#[tokio::test]
async fn once_ends_with_the_code_of_the_one_connection() {
    let echo = EchoServer::start().await;
    let target = echo.address().to_string();
    let (forwarder, address) = start(&["forward", "127.0.0.1:0", &target, "--once"]).await;
    assert_eq!(through(address, b"x").await.unwrap(), b"x");
    assert_eq!(forwarder.end().await.code, 0);
    echo.finish().await;
    let port = RefusingPort::new();
    let target = port.address().to_string();
    let (forwarder, address) = start(&["forward", "127.0.0.1:0", &target, "--once"]).await;
    through(address, b"").await.unwrap_err();
    assert_eq!(forwarder.end().await.code, 11);
}

#[tokio::test]
async fn who_is_not_let_in_is_not_the_one_connection() {
    let echo = EchoServer::start().await;
    let target = echo.address().to_string();
    let line = ["forward", "127.0.0.1:0", &target, "--once", "--allow", "192.0.2.7"];
    let (mut forwarder, address) =
        start(&[&line[..], &["--proxy-protocol", "127.0.0.1"]].concat()).await;
    let stranger = through(address, b"PROXY TCP4 192.0.2.8 127.0.0.1 5000 80\r\nx").await;
    assert_eq!(stranger.unwrap_or_default(), b"");
    event(&mut forwarder, "accepted").await;
    assert_eq!(event(&mut forwarder, "closed").await["error"]["code"], "cli_not_allowed");
    let header = b"PROXY TCP4 192.0.2.7 127.0.0.1 5000 80\r\nx";
    assert_eq!(through(address, header).await.unwrap(), b"x");
    assert_eq!(forwarder.end().await.code, 0);
    echo.finish().await;
}

#[tokio::test]
async fn any_number_of_connections_can_be_asked_for() {
    let most = usize::MAX.to_string();
    let echo = EchoServer::start().await;
    let target = echo.address().to_string();
    let line = ["forward", "127.0.0.1:0", &target, "--once", "--max-connections", &most];
    let (forwarder, address) = start(&line).await;
    assert_eq!(through(address, b"x").await.unwrap(), b"x");
    assert_eq!(forwarder.end().await.code, 0);
    echo.finish().await;
}

#[tokio::test]
async fn wrong_use() {
    for (words, told) in [
        (&["localhost:1", "h.test:1"][..], "expected IP:port"),
        (&["127.0.0.1:0", "h.test"], "the port is missing"),
        (&["127.0.0.1:0", "h.test:1", "--ca", "x"], "--ca needs --tls"),
        (&["127.0.0.1:0", "h.test:1", "--tls", "--key", "x"], "--cert"),
        (&["127.0.0.1:0"], "<TARGET>"),
    ] {
        let outcome = opi(&[&["tcp", "forward"], words].concat()).await;
        assert!(outcome.failed(2).contains(told), "{words:?}: {outcome}");
    }
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let outcome = opi(&["tcp", "forward", &address, "h.test:1"]).await;
    assert!(outcome.failed(11).contains("cannot listen on"), "{outcome}");
}
