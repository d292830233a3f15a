//! The server against plain sockets: fair, bounded, and no peer slows another.

use std::time::Duration;

use opi_net::{Cancel, Deadline};
use opi_tcp_server::{Config, ErrorKind, Message, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use harness::watch;

use crate::setting::{short, soon};

fn loopback() -> Config {
    Config::new("127.0.0.1:0".parse().unwrap())
}

async fn dial(server: &Server) -> TcpStream {
    TcpStream::connect(server.address()).await.unwrap()
}

async fn next(server: &Server) -> Message {
    server.next(8192, &soon()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_message_is_answered_on_its_connection() {
    let server = Server::start(loopback()).unwrap();
    let (mut one, mut two) = (dial(&server).await, dial(&server).await);
    one.write_all(b"one").await.unwrap();
    let first = next(&server).await;
    two.write_all(b"two").await.unwrap();
    let second = next(&server).await;
    assert_eq!((&first.data[..], &second.data[..]), (&b"one"[..], &b"two"[..]));
    assert_eq!((first.peer, first.open), (one.local_addr().unwrap(), true));
    server.send(second.connection, b"for two", &soon()).await.unwrap();
    server.send(first.connection, b"for one", &soon()).await.unwrap();
    for (client, expected) in [(&mut one, b"for one"), (&mut two, b"for two")] {
        let mut answer = [0; 7];
        client.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, expected);
    }
    server.stop().await;
}

#[tokio::test]
async fn each_connection_is_told_once_also_one_that_says_nothing() {
    let server = Server::start(loopback()).unwrap();
    let (one, mut two) = (dial(&server).await, dial(&server).await);
    let limit = soon();
    let (first, second) = tokio::join!(server.accept(&limit), server.accept(&limit));
    let told = [first, second].map(|it| it.unwrap().unwrap().peer);
    assert_eq!(told, [&one, &two].map(|it| it.local_addr().unwrap()));
    two.write_all(b"bytes").await.unwrap();
    assert_eq!(next(&server).await.peer, two.local_addr().unwrap());
    assert_eq!(server.accept(&short()).await.unwrap(), None);
    server.stop().await;
    assert_eq!(server.accept(&soon()).await.unwrap_err().kind(), ErrorKind::Stopped);
}

#[tokio::test]
async fn the_size_limit_is_exact_and_the_rest_comes_next() {
    let server = Server::start(loopback()).unwrap();
    let mut client = dial(&server).await;
    client.write_all(b"0123456789").await.unwrap();
    let mut all = Vec::new();
    while all.len() < 10 {
        let message = server.next(4, &soon()).await.unwrap().unwrap();
        assert!(message.data.len() <= 4);
        all.extend_from_slice(&message.data);
    }
    assert_eq!(all, b"0123456789");
    server.stop().await;
}

#[tokio::test]
async fn connections_take_turns() {
    let server = Server::start(loopback()).unwrap();
    let (mut busy, mut quiet) = (dial(&server).await, dial(&server).await);
    busy.write_all(&[b'b'; 4096]).await.unwrap();
    let first = server.next(16, &soon()).await.unwrap().unwrap();
    quiet.write_all(b"q").await.unwrap();
    watch("the quiet one is heard", async {
        loop {
            let message = server.next(16, &soon()).await.unwrap().unwrap();
            if message.connection != first.connection {
                return;
            }
        }
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn a_half_closed_client_gets_its_answer() {
    let server = Server::start(loopback()).unwrap();
    let mut client = dial(&server).await;
    client.write_all(b"question").await.unwrap();
    client.shutdown().await.unwrap();
    let message = next(&server).await;
    assert_eq!(&message.data[..], b"question");
    let id = message.connection;
    let end = server.next_of(id, 10, &soon()).await.unwrap().unwrap();
    assert_eq!((end.data.len(), end.open), (0, false));
    server.send(id, b"answer", &soon()).await.unwrap();
    server.finish_sending(id).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert_eq!(answer, "answer");
    server.stop().await;
}

#[tokio::test]
async fn a_closed_connection_stays_listed_until_it_is_read() {
    let server = Server::start(loopback().linger(Duration::ZERO)).unwrap();
    let mut client = dial(&server).await;
    client.write_all(b"last words").await.unwrap();
    drop(client);
    watch("the end is seen", async {
        while server.connections().first().is_none_or(|it| it.can_read || it.unread == 0) {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let listed = server.connections();
    assert_eq!((listed.len(), listed[0].unread, listed[0].can_read), (1, 10, false));
    let message = next(&server).await;
    assert_eq!((&message.data[..], message.open), (&b"last words"[..], false));
    watch("it is gone", async {
        while !server.connections().is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn one_connection_can_be_asked_alone() {
    let server = Server::start(loopback()).unwrap();
    let (mut one, mut two) = (dial(&server).await, dial(&server).await);
    one.write_all(b"1").await.unwrap();
    let first = next(&server).await.connection;
    two.write_all(b"2").await.unwrap();
    assert!(server.next_of(first, 10, &short()).await.unwrap().is_none());
    one.write_all(b"again").await.unwrap();
    let message = server.next_of(first, 10, &soon()).await.unwrap().unwrap();
    assert_eq!(&message.data[..], b"again");
    assert_eq!(&next(&server).await.data[..], b"2");
    server.stop().await;
}

#[tokio::test]
async fn an_unknown_connection_is_named_at_once() {
    let server = Server::start(loopback()).unwrap();
    let id = "77".parse().unwrap();
    let error = server.next_of(id, 10, &soon()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string()),
        (ErrorKind::UnknownConnection, "there is no connection 77".to_owned(),)
    );
    assert!(server.send(id, b"x", &soon()).await.is_err());
    assert!(server.close(id).is_err());
    server.stop().await;
}

#[tokio::test]
async fn a_client_too_many_is_refused_and_the_others_stay() {
    let server = Server::start(loopback().max_connections(1)).unwrap();
    let mut first = dial(&server).await;
    first.write_all(b"1").await.unwrap();
    let id = next(&server).await.connection;
    let mut second = dial(&server).await;
    let mut nothing = Vec::new();
    // Either an end or a reset, never bytes.
    let _end = watch("the refusal", second.read_to_end(&mut nothing)).await;
    assert!(nothing.is_empty());
    server.send(id, b"still here", &soon()).await.unwrap();
    let mut answer = [0; 10];
    first.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"still here");
    server.stop().await;
}

#[tokio::test]
async fn peers_that_have_gone_keep_no_place_from_new_ones() {
    let server = Server::start(loopback().max_connections(2)).unwrap();
    for _ in 0..10 {
        let mut client = dial(&server).await;
        client.write_all(b"ping").await.unwrap();
        let message = next(&server).await;
        server.send(message.connection, b"pong", &soon()).await.unwrap();
        let mut answer = [0; 4];
        client.read_exact(&mut answer).await.unwrap();
        drop(client);
        let end = server.next_of(message.connection, 1, &soon()).await.unwrap().unwrap();
        assert!(!end.open);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_peer_that_does_not_read_stops_nobody_else() {
    let server = Server::start(loopback()).unwrap();
    let mut deaf = dial(&server).await;
    deaf.write_all(b"d").await.unwrap();
    let deaf_id = next(&server).await.connection;
    let flood = vec![0; 64 * 1024 * 1024];
    let limit = soon();
    let stuck = server.send(deaf_id, &flood, &limit);
    let others = async {
        for _ in 0..20 {
            let mut client = dial(&server).await;
            client.write_all(b"ping").await.unwrap();
            let message = next(&server).await;
            server.send(message.connection, b"pong", &soon()).await.unwrap();
            let mut answer = [0; 4];
            client.read_exact(&mut answer).await.unwrap();
            assert_eq!(&answer, b"pong");
        }
        assert!(!server.connections().is_empty());
    };
    tokio::select! {
        biased;
        outcome = stuck => panic!("nobody reads: {outcome:?}"),
        () = others => {}
    }
    server.stop().await;
}

#[tokio::test]
async fn a_peer_that_floods_is_held_back() {
    let server = Server::start(loopback().max_unread(1000)).unwrap();
    let mut client = dial(&server).await;
    let flood = vec![b'f'; 32 * 1024 * 1024];
    assert!(
        tokio::time::timeout(Duration::from_millis(200), client.write_all(&flood)).await.is_err()
    );
    assert_eq!(server.connections()[0].unread, 1000);
    server.stop().await;
}

#[tokio::test]
async fn a_wait_ends_by_time_by_cancel_and_by_stop() {
    let server = Server::start(loopback()).unwrap();
    assert!(server.next(10, &short()).await.unwrap().is_none());
    let cancel = Cancel::new();
    let deadline = soon().or_cancelled(&cancel);
    let (outcome, ()) = tokio::join!(server.next(10, &deadline), async { cancel.cancel() });
    assert_eq!(outcome.unwrap_err().code(), "cancelled");
    let limit = soon();
    let (outcome, ()) = tokio::join!(server.next(10, &limit), server.stop());
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Stopped);
    assert_eq!(server.next(10, &soon()).await.unwrap_err().kind(), ErrorKind::Stopped);
}

#[tokio::test]
async fn a_stopped_server_leaves_its_port() {
    let server = Server::start(loopback()).unwrap();
    let address = server.address();
    let mut client = dial(&server).await;
    server.stop().await;
    let mut rest = Vec::new();
    let _end = watch("the end", client.read_to_end(&mut rest)).await;
    drop(client);
    let again = Server::start(Config::new(address)).unwrap();
    assert_eq!(again.address(), address);
    let taken = Server::start(Config::new(address)).unwrap_err();
    assert_eq!(taken.code(), "server_bind");
    assert!(taken.to_string().contains(&address.to_string()), "{taken}");
    again.stop().await;
}

#[test]
fn a_server_outside_a_runtime_is_refused() {
    let error = Server::start(loopback()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoRuntime);
}

#[tokio::test]
async fn a_send_that_cannot_end_says_how_much_went() {
    let server = Server::start(loopback()).unwrap();
    let mut deaf = dial(&server).await;
    deaf.write_all(b"d").await.unwrap();
    let id = next(&server).await.connection;
    let limit = Deadline::after(Duration::from_millis(60));
    let error = server.send(id, &vec![0; 64 * 1024 * 1024], &limit).await.unwrap_err();
    assert_eq!(error.code(), "timeout");
    assert!(error.sent() > 0);
    server.stop().await;
}
