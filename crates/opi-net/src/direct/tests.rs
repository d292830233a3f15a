//! Callers that block: what they wait for comes, whatever it is and whoever brings it.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests may end, and one is about a task of anyone's"
)]

use std::future::poll_fn;
use std::io::{ErrorKind as Io, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::mpsc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::look as at_once;
use crate::blocking::{Runtime, block_on};
use crate::{Cancel, Deadline, ErrorKind, Phase, Stream, connect};

/// A guard against a hang, never reached.
const GUARD: Duration = Duration::from_secs(60);

/// Serves one connection by `serve` on a thread of its own.
fn peer(serve: impl FnOnce(std::net::TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || serve(listener.accept().unwrap().0));
    address
}

fn echo(mut socket: std::net::TcpStream) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = socket.read(&mut buffer) {
        socket.write_all(&buffer[..count]).unwrap();
    }
}

/// Takes everything and answers nothing until the client goes.
fn silent(mut socket: std::net::TcpStream) {
    let mut buffer = [0; 4096];
    while let Ok(1..) = socket.read(&mut buffer) {}
}

async fn open(address: SocketAddr) -> Stream {
    let stream = connect(&address.into(), &Deadline::after(GUARD)).await.unwrap();
    assert!(stream.is_direct());
    stream
}

#[test]
fn bytes_go_there_and_back() {
    let address = peer(echo);
    let sum = block_on(GUARD, async {
        let (mut stream, mut sum) = (open(address).await, 0);
        for number in 0..1_000_u32 {
            stream.write_u32(number).await.unwrap();
            sum += stream.read_u32().await.unwrap();
        }
        sum
    });
    assert_eq!(sum.unwrap(), (0..1_000).sum());
}

#[test]
fn a_stream_lives_from_call_to_call_and_from_thread_to_thread() {
    let (runtime, address) = (Runtime::new().unwrap(), peer(echo));
    let mut stream = runtime.run(GUARD, open(address)).unwrap();
    for number in 0..20 {
        let trip = async {
            stream.write_u8(number).await.unwrap();
            stream.read_u8().await.unwrap()
        };
        let runtime = &runtime;
        let back = thread::scope(|scope| scope.spawn(move || runtime.run(GUARD, trip)).join());
        assert_eq!(back.unwrap().unwrap(), number);
    }
}

#[test]
fn two_threads_at_once_do_not_hold_each_other() {
    let runtime = Runtime::new().unwrap();
    let (first, second) = (peer(silent), peer(echo));
    let cancel = Cancel::new();
    thread::scope(|scope| {
        let (waiting, deadline) = (&runtime, Deadline::after(GUARD).or_cancelled(&cancel));
        let (begun, has_begun) = mpsc::channel();
        let waiter = scope.spawn(move || {
            waiting.run(GUARD, async {
                let mut stream = open(first).await;
                begun.send(()).unwrap();
                deadline.run(Phase::Idle, stream.read_u8()).await.unwrap_err().kind()
            })
        });
        has_begun.recv().unwrap();
        // Timers and look-ups of this one are the reactor's, which the other drives at times.
        let trips = runtime.run(GUARD, async {
            let mut stream = open(second).await;
            for number in 0..100 {
                stream.write_u8(number).await.unwrap();
                assert_eq!(stream.read_u8().await.unwrap(), number);
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        });
        trips.unwrap();
        cancel.cancel();
        assert_eq!(waiter.join().unwrap().unwrap(), ErrorKind::Cancelled);
    });
}

#[test]
fn a_limit_ends_a_read_that_nobody_answers() {
    // Shorter than a slice, and longer.
    for limit in [0, 3, 120].map(Duration::from_millis) {
        let (runtime, address) = (Runtime::new().unwrap(), peer(silent));
        let mut stream = runtime.run(GUARD, open(address)).unwrap();
        let error = runtime.run(GUARD, async {
            let deadline = Deadline::after(limit);
            deadline.run(Phase::FirstByte, stream.read_u8()).await.unwrap_err()
        });
        let error = error.unwrap();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Some(Phase::FirstByte)));
        assert!(error.elapsed().unwrap() >= limit);
        let error = runtime.run(limit, stream.read_u8()).unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Some(Phase::Total)));
    }
}

#[test]
fn a_limit_ends_what_is_never_out_of_work() {
    let (runtime, address) = (Runtime::new().unwrap(), peer(silent));
    let mut stream = runtime.run(GUARD, open(address)).unwrap();
    let endless = async {
        loop {
            stream.write_all(b"more and more").await.unwrap();
        }
    };
    let error = runtime.run(Duration::from_millis(20), endless).map(|(): ()| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[test]
fn a_switch_ends_a_read_from_another_thread() {
    let (runtime, address) = (Runtime::new().unwrap(), peer(silent));
    let mut stream = runtime.run(GUARD, open(address)).unwrap();
    for _ in 0..5 {
        let cancel = Cancel::new();
        let deadline = Deadline::after(GUARD).or_cancelled(&cancel);
        let thrown = thread::spawn(move || cancel.cancel());
        let ended = runtime.run(GUARD, deadline.run(Phase::Idle, stream.read_u8())).unwrap();
        assert_eq!(ended.unwrap_err().kind(), ErrorKind::Cancelled);
        thrown.join().unwrap();
        let cancel = Cancel::new();
        cancel.cancel();
        assert!(runtime.run(GUARD, cancel.unless(stream.read_u8())).unwrap().is_none());
    }
}

#[test]
fn an_end_is_an_end_and_a_half_closed_stream_still_reads() {
    let address = peer(|mut socket| {
        let mut all = String::new();
        socket.read_to_string(&mut all).unwrap();
        socket.write_all(all.to_uppercase().as_bytes()).unwrap();
    });
    let answer = block_on(GUARD, async {
        let (mut stream, mut answer) = (open(address).await, String::new());
        stream.write_all(b"half").await.unwrap();
        stream.shutdown().await.unwrap();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    });
    assert_eq!(answer.unwrap(), "HALF");
}

#[test]
fn a_reset_is_an_error_and_no_end() {
    let address = peer(|mut socket| {
        // A reset before that would be one of the connect.
        socket.read_exact(&mut [0]).unwrap();
        socket2::SockRef::from(&socket).set_linger(Some(Duration::ZERO)).unwrap();
    });
    let outcome = block_on(GUARD, async {
        let mut stream = open(address).await;
        stream.write_u8(1).await.unwrap();
        stream.read_u8().await
    });
    assert_eq!(outcome.unwrap().unwrap_err().kind(), Io::ConnectionReset);
}

#[test]
fn what_neither_side_can_take_at_once_flows_both_ways() {
    const SIZE: usize = 8 << 20;
    let outcome = block_on(GUARD, async {
        let stream = open(peer(echo)).await;
        let (mut reading, mut writing) = tokio::io::split(stream);
        let write = async {
            writing.write_all(&vec![7; SIZE]).await.unwrap();
            writing.shutdown().await.unwrap();
        };
        let read = async {
            let mut all = Vec::new();
            reading.read_to_end(&mut all).await.unwrap();
            all.len()
        };
        tokio::join!(write, read).1
    });
    assert_eq!(outcome.unwrap(), SIZE);
}

/// Two streams, a timer, a channel from another thread and a task: each is heard.
#[test]
fn whatever_comes_first_is_heard() {
    let (runtime, first, second) = (Runtime::new().unwrap(), peer(echo), peer(silent));
    let told = runtime.run(GUARD, async {
        let (mut one, mut other) = (open(first).await, open(second).await);
        let (sender, mut channel) = tokio::sync::mpsc::channel(1);
        let (ask, asked) = mpsc::channel();
        let teller = thread::spawn(move || {
            while asked.recv().is_ok() {
                sender.blocking_send("channel").unwrap();
            }
        });
        let mut told = Vec::new();
        for what in ["stream", "timer", "channel", "task", "stream"] {
            let pause = if what == "timer" { Duration::from_millis(1) } else { GUARD };
            let task = async {
                let work = async { tokio::task::yield_now().await };
                if what == "task" {
                    tokio::spawn(work).await.unwrap()
                } else {
                    std::future::pending().await
                }
            };
            match what {
                "stream" => one.write_u8(1).await.unwrap(),
                "channel" => ask.send(()).unwrap(),
                _ => {}
            }
            told.push(tokio::select! {
                read = one.read_u8() => read.map(|_| "stream").unwrap(),
                _ = other.read_u8() => "nobody",
                () = tokio::time::sleep(pause) => "timer",
                heard = channel.recv() => heard.unwrap(),
                () = task => "task",
            });
        }
        drop(ask);
        teller.join().unwrap();
        told
    });
    assert_eq!(told.unwrap(), ["stream", "timer", "channel", "task", "stream"]);
}

#[test]
fn a_read_dropped_in_its_midst_loses_nothing() {
    let (runtime, address) = (Runtime::new().unwrap(), peer(echo));
    let mut stream = runtime.run(GUARD, open(address)).unwrap();
    for number in 0..10 {
        let limit = Deadline::after(Duration::from_millis(1));
        let dropped = runtime.run(GUARD, limit.run(Phase::Idle, stream.read_u8())).unwrap();
        assert_eq!(dropped.unwrap_err().kind(), ErrorKind::Timeout);
        let trip = async {
            stream.write_u8(number).await.unwrap();
            stream.read_u8().await.unwrap()
        };
        assert_eq!(runtime.run(GUARD, trip).unwrap(), number);
    }
    drop(stream);
}

#[test]
fn a_look_sees_what_is_there_and_does_not_wait() {
    let (ends, told) = mpsc::channel::<()>();
    let address = peer(move |socket| {
        told.recv().unwrap_err();
        drop(socket);
    });
    let (runtime, mut buffer) = (Runtime::new().unwrap(), [0; 1]);
    let mut stream = runtime.run(GUARD, open(address)).unwrap();
    let mut look = || {
        let mut reading = pin!(stream.read(&mut buffer));
        let look = poll_fn(|context| {
            Poll::Ready(at_once(context, |context| reading.as_mut().poll(context)).is_pending())
        });
        runtime.run(GUARD, look).unwrap()
    };
    assert!(look());
    drop(ends);
    while look() {
        thread::yield_now();
    }
}

#[test]
fn a_stream_of_a_caller_that_blocks_serves_any_other_runtime() {
    let address = peer(echo);
    let mut stream = block_on(GUARD, open(address)).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let trips = runtime.spawn(async move {
        for number in 0..10 {
            stream.write_u8(number).await.unwrap();
            assert_eq!(stream.read_u8().await.unwrap(), number);
        }
    });
    runtime.block_on(trips).unwrap();
}

/// What is armed on one thread is not taken from another.
#[test]
fn halves_of_a_stream_wait_on_runtimes_of_their_own() {
    let (go, ready) = mpsc::channel();
    let address = peer(move |mut socket| {
        ready.recv().unwrap();
        let mut all = vec![0; MUCH];
        socket.read_exact(&mut all).unwrap();
        socket.write_all(b"!").unwrap();
    });
    let stream = block_on(GUARD, open(address)).unwrap();
    let (mut reading, mut writing) = tokio::io::split(stream);
    let (armed, is_armed) = mpsc::channel();
    thread::scope(|scope| {
        // Polled to note, to wait in the system, and to arm.
        let reader = scope.spawn(move || armed_at(3, &armed, reading.read_u8()).unwrap());
        is_armed.recv().unwrap();
        armed_at(2, &go, writing.write_all(&[0; MUCH])).unwrap();
        assert_eq!(reader.join().unwrap(), b'!');
    });
}

/// Runs `future` on a runtime of its own, and tells `armed` when it was polled so often.
fn armed_at<F: Future>(turn: u32, armed: &mpsc::Sender<()>, future: F) -> F::Output {
    let (mut future, mut polls) = (pin!(future), 0);
    let run = poll_fn(|context| {
        let polled = future.as_mut().poll(context);
        polls += 1;
        if polls == turn {
            armed.send(()).unwrap();
        }
        polled
    });
    block_on(GUARD, run).unwrap()
}

/// More than the sockets of both ends hold.
const MUCH: usize = 16 << 20;
