//! Messages by a codec: whole, in any pieces, and never a broken one.

use std::time::Duration;

use harness::{Gate, Peer, Script};
use opi_framing::{Codec, ErrorKind as Framing, Idle};
use opi_tcp_client::{ErrorKind, Reason};

use crate::setting::{connect, short, soon};

#[tokio::test]
async fn messages_come_whole_however_their_bytes_arrive() {
    let codec = Codec::preset("modbus-tcp").unwrap();
    let mut wire = Vec::new();
    let sent: Vec<Vec<u8>> = (0..3).map(|unit| vec![0, unit, 0, 0, 0, 3, 1, 2, unit]).collect();
    sent.iter().for_each(|message| codec.encode(message, &mut wire).unwrap());
    for size in 1..=wire.len() {
        let peer = Peer::start(Script::new().send_pieces(wire.clone(), size).close()).await;
        let mut connection = connect(peer.address()).await;
        let mut decoder = codec.decoder();
        for expected in &sent {
            let received = connection.message(&mut decoder, &soon()).await.unwrap();
            assert_eq!((&received.data[..], received.reason), (&expected[..], Reason::Message));
        }
        let end = connection.message(&mut decoder, &soon()).await.unwrap();
        assert_eq!((end.data.len(), end.reason), (0, Reason::Closed));
        peer.finish().await;
    }
}

#[tokio::test]
async fn a_timeout_leaves_the_beginning_of_a_message() {
    let gate = Gate::new("the time-out was seen");
    let peer = Peer::start(Script::new().send("half ").wait(&gate).send("done\n").close()).await;
    let mut connection = connect(peer.address()).await;
    let mut decoder = Codec::preset("lines").unwrap().decoder();
    let early = connection.message(&mut decoder, &short()).await.unwrap();
    assert_eq!((early.data.len(), early.reason), (0, Reason::Timeout));
    gate.open();
    let whole = connection.message(&mut decoder, &soon()).await.unwrap();
    assert_eq!(&whole.data[..], b"half done");
    peer.finish().await;
}

#[tokio::test]
async fn an_end_inside_a_message_is_an_error_and_the_bytes_stay() {
    let peer = Peer::start(Script::new().send("no line end").close()).await;
    let mut connection = connect(peer.address()).await;
    let mut decoder = Codec::preset("lines").unwrap().decoder();
    let error = connection.message(&mut decoder, &soon()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Framing(Framing::Truncated));
    assert_eq!(&connection.take_buffered()[..], b"no line end");
    peer.finish().await;
}

#[tokio::test]
async fn bytes_that_are_no_message_are_an_error() {
    let peer = Peer::start(Script::new().send("GET / HTTP/1.1\r\n").hold()).await;
    let mut connection = connect(peer.address()).await;
    let mut decoder = Codec::preset("mllp").unwrap().decoder();
    let error = connection.message(&mut decoder, &soon()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Framing(_)), "{error:?}");
    assert!(error.code().starts_with("framing_"), "{error:?}");
    drop(connection);
    peer.finish().await;
}

#[tokio::test]
async fn a_silence_ends_a_message_of_an_idle_codec() {
    let gate = Gate::new("the first message was received");
    let peer = Peer::start(Script::new().send("first").wait(&gate).send("second").close()).await;
    let mut connection = connect(peer.address()).await;
    let codec = Codec::new(Idle::new(Duration::from_millis(40))).unwrap();
    let mut decoder = codec.decoder();
    let first = connection.message(&mut decoder, &soon()).await.unwrap();
    assert_eq!((&first.data[..], first.reason), (&b"first"[..], Reason::Message));
    gate.open();
    let second = connection.message(&mut decoder, &soon()).await.unwrap();
    assert_eq!(&second.data[..], b"second");
    peer.finish().await;
}
