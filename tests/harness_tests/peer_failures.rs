//! A peer whose client does something else fails its test, and says why.

use std::time::Duration;

use harness::{Ca, Connection, Gate, Listen, Peer, Plan, Script, watch_for};
use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinSet};

use crate::client::{connect, read_all, shake_hands, talk};

/// Plays `script` to a client that sends `sent` and ends, and returns the failure.
async fn check(script: Script, sent: &str, failure: &str) {
    let peer = Peer::start_on(hasty(), script).await;
    let mut client = connect(peer.address()).await;
    client.write_all(sent.as_bytes()).await.expect("the peer reads");
    client.shutdown().await.expect("the peer is there");
    fails(peer, failure).await;
}

async fn fails(peer: Peer, failure: &str) {
    let mut finishing = JoinSet::new();
    finishing.spawn(peer.finish());
    let panic = finishing.join_next().await.expect("there is a task").expect_err("it fails");
    let text = panic.into_panic().downcast::<String>().expect("the panic has a text");
    assert_eq!(*text, failure);
}

fn hasty() -> Listen {
    Listen::plain().watchdog(Duration::from_millis(50))
}

#[tokio::test]
async fn a_failed_step_is_named() {
    check(
        Script::new().expect("PING"),
        "PANG",
        "peer, connection 1: step 1 (expect \"PING\"): got \"PANG\"",
    )
    .await;
    check(
        Script::new().expect("PI").expect("NG"),
        "PIN",
        "peer, connection 1: step 2 (expect \"NG\"): the client closed before \"NG\"; it had sent \"N\"",
    )
    .await;
    check(
        Script::new().expect_until("\n"),
        "x",
        "peer, connection 1: step 1 (expect until \"\\n\"): the client closed before the marker; it had sent \"x\"",
    )
    .await;
    check(
        Script::new().expect_close(),
        "x",
        "peer, connection 1: step 1 (expect the client's close): the client sent \"x\" before",
    )
    .await;
    check(
        Script::new().wait(&Gate::new("pigs fly")),
        "",
        "peer, connection 1: step 1 (wait until pigs fly): waited 50ms in vain for its end",
    )
    .await;
}

#[tokio::test]
async fn a_silent_client_is_a_failure() {
    let peer = Peer::start_on(hasty(), Script::new().expect("x")).await;
    let client = connect(peer.address()).await;
    let failure = "peer, connection 1: step 1 (expect \"x\"): waited 50ms in vain for its end";
    fails(peer, failure).await;
    drop(client);
}

#[tokio::test]
async fn missing_and_surplus_connections_are_failures() {
    let peer = Peer::start_on(hasty(), vec![Script::new(), Script::new()]).await;
    talk(peer.address(), "").await;
    fails(peer, "waited 50ms in vain for connection 2 to the peer").await;

    let peer = Peer::start(Script::new()).await;
    talk(peer.address(), "").await;
    let late = TcpStream::connect(peer.address()).await;
    fails(peer, "peer, connection 2: no script was written for it").await;
    drop(late);
}

#[tokio::test]
async fn a_handshake_ends_as_it_is_written() {
    let ca = Ca::new();
    let listen = Listen::tls(ca.issue(&["a.test"]).server_config());
    for (script, name, failure) in [
        (Script::refused_handshake(), "b.test", None),
        (
            Script::refused_handshake(),
            "a.test",
            Some("peer, connection 1: the client accepted the handshake"),
        ),
        (
            Script::new(),
            "b.test",
            Some("peer, connection 1: TLS handshake: received fatal alert: BadCertificate"),
        ),
    ] {
        let peer = Peer::start_on(listen.clone(), script).await;
        let client = shake_hands(ca.client_config(), name, connect(peer.address()).await).await;
        assert_eq!(client.is_ok(), name == "a.test");
        match failure {
            None => drop(peer.finish().await),
            Some(failure) => fails(peer, failure).await,
        }
    }
}

#[tokio::test]
async fn a_peer_that_panics_fails_its_test() {
    let peer =
        Peer::start(Plan::custom(async |_: Connection| panic!("the handler's own text"))).await;
    read_all(&mut connect(peer.address()).await).await;
    fails(peer, "peer panicked: the handler's own text").await;
}

#[tokio::test]
#[should_panic(expected = "step 1 (expect \"a\"): got \"b\"")]
async fn a_failure_reaches_the_test_that_forgets_to_finish() {
    let peer = Peer::start(Script::new().expect("a")).await;
    talk(peer.address(), "b").await;
}

#[tokio::test]
#[should_panic(expected = "waited 1ms in vain for Godot")]
async fn a_wait_says_what_it_waited_for() {
    watch_for(Duration::from_millis(1), "Godot", std::future::pending::<()>()).await;
}
