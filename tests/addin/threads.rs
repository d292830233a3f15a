//! One object and several threads.

use std::time::{Duration, Instant};

use harness::addin::{Object, Value};
use harness::{Background, Gate, HttpServer, Listen, Peer, Script, WATCHDOG};
use serde_json::{Value as Json, json};

use crate::setting::{bytes, connected, fails, in_both_hosts, ok, options, started};

/// Ends what waits by `end`, again and again since it cannot be seen from outside that a call has
/// begun to wait, until `waiting` is done; gives its answer and how long the last attempt took.
fn ended(waiting: impl FnOnce() -> Json + Send, end: impl Fn()) -> Json {
    std::thread::scope(|scope| {
        let waiting = scope.spawn(waiting);
        let begun = Instant::now();
        while !waiting.is_finished() {
            end();
            assert!(begun.elapsed() < WATCHDOG, "the call does not end");
            std::thread::yield_now();
        }
        waiting.join().unwrap()
    })
}

fn cancel(object: &Object) -> impl Fn() {
    move || {
        ok(object, "Отменить", &[]);
    }
}

#[test]
fn cancel_ends_every_waiting_call_of_its_object() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = connected(host, &address);
        let silent = Background::start(Peer::silent);
        let url = Value::text(format!("http://{}/", silent.address()));
        let session = host.create("HTTPConnector");
        let forever = Value::Int(0);
        let receive = ["\n".into(), Value::Int(0), forever.clone()];
        let request = ["".into(), "GET".into(), url, options(json!({ "timeout": 0 }))];
        let table: [(&Object, &str, &[Value]); 3] = [
            (&client, "Receive", &receive),
            (&server, "NextMessage", &[forever]),
            (&session, "Request", &request),
        ];
        for (object, method, given) in table {
            let answer = ended(|| object.call_json(method, given), cancel(object));
            assert_eq!(answer["error"]["code"], "cancelled", "{method}: {answer}");
        }
        // Nothing is left over for later calls.
        ok(&client, "Send", &["x\n".into()]);
        assert_eq!(ok(&server, "NextMessage", &[])["size"], 2);
    });
}

#[test]
fn close_and_stop_end_the_calls_that_wait_for_them() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = connected(host, &address);
        let receive = ["\n".into(), Value::Int(0), Value::Int(0)];
        let close = || drop(ok(&client, "Close", &[]));
        let answer = ended(|| client.call_json("Receive", &receive), close);
        assert_eq!(answer["error"]["code"], "not_open", "{answer}");
        let stop = || drop(server.call_json("Stop", &[]));
        let answer = ended(|| server.call_json("NextMessage", &[Value::Int(0)]), stop);
        let code = answer["error"]["code"].as_str().unwrap();
        assert!(["server_stopped", "not_open"].contains(&code), "{answer}");
    });
}

#[test]
fn done_ends_a_waiting_call_within_a_second() {
    in_both_hosts(|host| {
        let gate = Gate::new("the line has come");
        let peer =
            Background::start(|| Peer::start(Script::new().expect("go\n").open(&gate).hold()));
        let client = connected(host, &peer.address().to_string());
        ok(&client, "Send", &["go\n".into()]);
        // Bounded, so that a call that is not ended fails the test and does not hang it.
        let receive = ["\n".into(), Value::Int(0), Value::Int(20_000)];
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| client.call_json("Receive", &receive));
            peer.block_on(gate.wait());
            let begun = Instant::now();
            client.done();
            assert_eq!(waiting.join().unwrap()["error"]["code"], "object_closed");
            assert!(begun.elapsed() < Duration::from_secs(1));
        });
        fails(&client, "Receive", &[], "object_closed");
    });
}

#[test]
fn one_thread_sends_while_another_receives() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = connected(host, &address);
        std::thread::scope(|scope| {
            let receiving = scope.spawn(|| {
                let receive = ["\n".into(), Value::Int(0), Value::Int(20_000)];
                let answer = ok(&client, "Receive", &receive);
                bytes(&client, &answer)
            });
            ok(&client, "Send", &["question".into()]);
            let message = ok(&server, "NextMessage", &[Value::Int(20_000)]);
            let connection = Value::text(message["connection"].as_str().unwrap());
            ok(&server, "Send", &["answer\n".into(), connection]);
            assert_eq!(receiving.join().unwrap(), b"answer\n");
        });
    });
}

#[test]
fn sixteen_threads_share_one_object() {
    in_both_hosts(|host| {
        let server =
            Background::start(|| HttpServer::start_handling(Listen::plain(), harness::httpbin));
        let session = host.create("HTTPConnector");
        std::thread::scope(|scope| {
            for thread in 0..16 {
                let (session, server) = (&session, &server);
                scope.spawn(move || {
                    for round in 0..5 {
                        let given = json!({ "query": { "n": format!("{thread}/{round}") }, "answer": "json" });
                        let url = Value::text(server.url("/get"));
                        let answer = ok(session, "Запрос", &["".into(), "GET".into(), url, options(given)]);
                        assert_eq!(answer["json"]["args"]["n"], format!("{thread}/{round}"));
                    }
                });
            }
        });
    });
}
