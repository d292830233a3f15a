//! One request, one answer: never an answer that belongs to another request.

use harness::{EchoServer, Gate, Peer, RefusingPort, Script};
use opi_framing::Codec;
use opi_net::ErrorKind as NetKind;
use opi_tcp_client::{
    AfterSend, ClientErrorKind, Config, Connection, Error, ErrorKind, Reason, Until, request,
};

use crate::setting::{connect, line, short, soon};

#[tokio::test]
async fn one_call_opens_sends_receives_and_closes() {
    let peer = Peer::start(Script::new().expect("ask\n").send("answer\nmore").expect_close()).await;
    let config = Config::new(peer.address().into());
    let received = request(&config, b"ask\n", AfterSend::KeepOpen, line(), &soon()).await.unwrap();
    assert_eq!((&received.data[..], received.reason), (&b"answer\n"[..], Reason::Marker));
    peer.finish().await;
}

#[tokio::test]
async fn one_call_may_say_that_the_question_is_whole() {
    let peer = Peer::start(Script::new().expect("ask").expect_close().send("answer").close()).await;
    let config = Config::new(peer.address().into());
    let asked = request(&config, b"ask", AfterSend::Finish, Until::closed(), &soon()).await;
    let received = asked.unwrap();
    assert_eq!((&received.data[..], received.reason), (&b"answer"[..], Reason::Closed));
    peer.finish().await;
}

#[tokio::test]
async fn one_call_returns_what_had_come_when_its_time_is_over() {
    let peer = Peer::start(Script::new().read(1).send("half an ans").hold()).await;
    let config = Config::new(peer.address().into());
    let asked = request(&config, b"?", AfterSend::KeepOpen, line(), &short()).await.unwrap();
    assert_eq!((&asked.data[..], asked.reason), (&b"half an ans"[..], Reason::Timeout));
    peer.finish().await;
}

#[tokio::test]
async fn what_had_come_before_one_call_failed_is_told() {
    let gate = Gate::new("never opened: the peer resets after its bytes were read");
    let peer = Peer::start(Script::new().read(1).send("half").expect("ok").reset()).await;
    let mut connection = connect(peer.address()).await;
    connection.send(b"?", &soon()).await.unwrap();
    assert_eq!(connection.receive(Until::size(2), &soon()).await.unwrap().data, "ha");
    connection.send(b"ok", &soon()).await.unwrap();
    let error = connection.receive(line(), &soon()).await.unwrap_err();
    assert_eq!(error.code(), "closed");
    assert!(error.received().is_empty(), "the bytes are still the connection's");
    peer.finish().await;
    drop(gate);
    let refusing = RefusingPort::new();
    let config = Config::new(refusing.address().into());
    let error = request(&config, b"?", AfterSend::KeepOpen, line(), &soon()).await.unwrap_err();
    assert_eq!(error.code(), "connect_refused");
}

#[tokio::test]
async fn an_exchange_of_much_data_both_ways_does_not_wait_for_itself() {
    let echo = EchoServer::start().await;
    let mut connection = connect(echo.address()).await;
    let data = vec![5; 32 * 1024 * 1024];
    let until = Until::size(data.len());
    let received = connection.exchange(&data, AfterSend::KeepOpen, until, &soon()).await.unwrap();
    assert!(received.data == data);
    drop(connection);
    echo.finish().await;
}

#[tokio::test]
async fn a_late_answer_is_never_the_next_requests() {
    let gate = Gate::new("the first request timed out");
    let script = Script::new().expect("one\n").wait(&gate).send("1\n");
    let peer = Peer::start(script.hold()).await;
    let mut connection = connect(peer.address()).await;
    let error = connection.request(b"one\n", line(), &short()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Net(NetKind::Timeout));
    gate.open();
    let error = connection.request(b"two\n", line(), &soon()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Client(ClientErrorKind::OutOfStep));
    drop(connection);
    let received = peer.finish().await;
    assert_eq!(received, [b"one\n"], "nothing is sent out of step");
}

#[tokio::test]
async fn what_comes_unasked_puts_requests_out_of_step() {
    let peer = Peer::start(Script::new().expect("one\n").send("1\n1 again\n").hold()).await;
    let mut connection = connect(peer.address()).await;
    assert_eq!(connection.request(b"one\n", line(), &soon()).await.unwrap().data, "1\n");
    let error = connection.request(b"two\n", line(), &soon()).await.unwrap_err();
    assert_eq!(error.code(), "client_out_of_step");
    assert_eq!(error.to_string(), "8 bytes came that no request had asked for");
    assert_eq!(connection.take_buffered(), "1 again\n");
    drop(connection);
    peer.finish().await;
}

#[tokio::test]
async fn a_connection_the_peer_has_closed_sends_no_request() {
    let gate = Gate::new("the peer has closed");
    let peer =
        Peer::start(Script::new().expect("one\n").send("1\n").half_close().open(&gate)).await;
    let mut connection = connect(peer.address()).await;
    assert_eq!(connection.request(b"one\n", line(), &soon()).await.unwrap().data, "1\n");
    gate.wait().await;
    let error = connection.request(b"two\n", line(), &soon()).await.unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Net(NetKind::Closed), 0));
    drop(connection);
    assert_eq!(peer.finish().await, [b"one\n"]);
}

#[tokio::test]
async fn answers_are_matched_by_what_is_in_them() {
    let gate = Gate::new("the first request timed out");
    let script = Script::new().expect("1 one\n").send("1 la").wait(&gate).send("te\n");
    let script = script.expect("2 two\n").send("noise\n2 right\n").hold();
    let peer = Peer::start(script).await;
    let mut connection = connect(peer.address()).await;
    let same_number = |request: &[u8], answer: &[u8]| request[0] == answer[0];
    let ask = connection.request_matching(b"1 one\n", line(), same_number, &short()).await;
    assert_eq!(ask.unwrap_err().code(), "timeout");
    gate.open();
    let answer = connection.request_matching(b"2 two\n", line(), same_number, &soon()).await;
    assert_eq!(answer.unwrap().data, "2 right\n");
    drop(connection);
    peer.finish().await;
}

#[tokio::test]
async fn messages_of_a_codec_are_answers_too() {
    let codec = Codec::preset("modbus-tcp").unwrap();
    let mut wire = Vec::new();
    codec.encode(&[0, 7, 0, 0, 0, 3, 1, 2, 3], &mut wire).unwrap();
    let peer = Peer::start(Script::new().expect("ask").send(wire).close()).await;
    let mut connection = connect(peer.address()).await;
    let mut decoder = codec.decoder();
    let answer = connection.request(b"ask", &mut decoder, &soon()).await.unwrap();
    assert_eq!(
        (&answer.data[..], answer.reason),
        (&[0, 7, 0, 0, 0, 3, 1, 2, 3][..], Reason::Message)
    );
    peer.finish().await;
}

#[tokio::test]
async fn a_peer_that_closes_early_gave_no_answer() {
    let peer = Peer::start(Script::new().expect("ask").send("half").close()).await;
    let mut connection = connect(peer.address()).await;
    let error = connection.request(b"ask", line(), &soon()).await.unwrap_err();
    assert_eq!(error.code(), "truncated");
    assert_eq!(connection.take_buffered(), "half");
    peer.finish().await;
}

#[tokio::test]
async fn a_dropped_request_puts_the_connection_out_of_step() {
    let peer = Peer::start(Script::new().expect("one\n").hold()).await;
    let mut connection = connect(peer.address()).await;
    {
        let deadline = soon();
        let mut asking = Box::pin(connection.request(b"one\n", line(), &deadline));
        // Polled until it has been sent, then dropped.
        let polled = tokio::time::timeout(std::time::Duration::from_millis(60), &mut asking);
        assert!(polled.await.is_err());
    }
    let error = connection.request(b"two\n", line(), &soon()).await.unwrap_err();
    assert_eq!(error.code(), "client_out_of_step");
    drop(connection);
    peer.finish().await;
}

#[tokio::test]
async fn an_answer_that_came_is_told_although_the_sending_failed() {
    let peer = Peer::start(Script::new().read(4).send("enough\n").hold()).await;
    let config = Config::new(peer.address().into());
    let data = vec![7; 64 * 1024 * 1024];
    let deadline = opi_net::Deadline::after(std::time::Duration::from_millis(300));
    let asked: Result<_, Error> =
        request(&config, &data, AfterSend::KeepOpen, line(), &deadline).await;
    let error = asked.unwrap_err();
    assert_eq!((error.code(), &error.received()[..]), ("timeout", &b"enough\n"[..]));
    assert!(error.sent() > 0 && error.sent() < data.len());
    peer.finish().await;
}

/// The future of a request crosses threads.
#[test]
fn requests_cross_threads() {
    fn crosses<T: Send>(_: T) {}
    let config = Config::new("127.0.0.1:1".parse().unwrap());
    let deadline = soon();
    crosses(request(&config, b"", AfterSend::KeepOpen, Until::closed(), &deadline));
    let asking = async |connection: &mut Connection| {
        drop(connection.request(b"", Until::closed(), &deadline).await);
    };
    let _unused = asking;
}
