//! What went wrong in the add-ins of OPI_TCP at the border to 1C, each as a test that it does not.

use std::time::Instant;

use harness::addin::{Host, Object, Value};
use harness::{Background, EchoServer, Gate, Listen, Meter, Peer, Proxy, Script, Socks5};
use serde_json::{Value as Json, json};

use crate::setting::{bytes, connected, fails, in_both_hosts, ok, options, started};

/// A fault that names the parameter.
#[track_caller]
fn named(object: &Object, method: &str, given: &[Value], name: &str) {
    let error = fails(object, method, given, "argument");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(name), "{method}: {message}");
    assert_eq!(object.last_error().unwrap()["code"], "argument");
}

#[test]
fn a_timeout_that_is_no_whole_number_is_a_fault_and_never_a_default() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = connected(host, &address);
        for wrong in [
            Value::Number(300.5),
            Value::Number(-1.0),
            Value::Int(-1),
            Value::Number(f64::NAN),
            Value::Number(1e300),
            Value::Int(86_400_001),
            "300".into(),
            Value::Bool(true),
        ] {
            named(
                &client,
                "Receive",
                &["".into(), Value::Int(0), wrong.clone()],
                "Timeout (Таймаут)",
            );
            named(&client, "Send", &["x".into(), wrong.clone()], "Timeout (Таймаут)");
            named(&server, "NextMessage", std::slice::from_ref(&wrong), "Timeout (Таймаут)");
            named(&server, "Stop", &[wrong], "Drain (ДатьУйти)");
        }
        // Whole numbers of 1C come as fractions of zero.
        let given = ["".into(), Value::Int(0), Value::Number(20.0)];
        assert_eq!(ok(&client, "Receive", &given)["reason"], "timeout");
    });
}

#[test]
fn a_wrong_size_is_a_fault_and_zero_is_no_end_of_the_connection() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = connected(host, &address);
        for wrong in [Value::Int(-1), Value::Number(0.5), "8".into(), Value::bytes(*b"8")] {
            named(&client, "Receive", &["".into(), wrong.clone()], "MaxSize (МаксимальныйРазмер)");
            named(&server, "NextMessage", &[Value::Int(5), wrong], "MaxSize (МаксимальныйРазмер)");
        }
        let zero = [Value::Int(20), Value::Int(0)];
        assert_eq!(ok(&server, "NextMessage", &zero)["reason"], "timeout");
        ok(&client, "Send", &["still open".into()]);
        let message = ok(&server, "NextMessage", &[Value::Int(20_000), Value::Int(0)]);
        assert_eq!(bytes(&server, &message), b"still open");
    });
}

#[test]
fn a_wrong_port_is_a_fault_and_never_another_port() {
    in_both_hosts(|host| {
        let server = host.create("TCPServer");
        for wrong in ["127.0.0.1:70000", "127.0.0.1:-1", "127.0.0.1:http", "70000"] {
            named(&server, "Start", &[wrong.into()], "Address (Адрес)");
        }
        for wrong in [Value::Int(9876), Value::Number(9876.0), Value::Bool(true)] {
            named(&server, "Start", &[wrong], "Address (Адрес)");
        }
        let client = host.create("TCPClient");
        for wrong in ["h.test:70000", "h.test:0", "h.test:http", "h.test"] {
            let error = fails(&client, "Connect", &[wrong.into()], "bad_address");
            assert!(error["message"].as_str().unwrap().contains("Address (Адрес)"), "{error}");
        }
        // Port 0 is the system's choice, and is told.
        let answer = ok(&server, "Start", &["127.0.0.1:0".into()]);
        assert_ne!(answer["port"], 0);
    });
}

#[test]
fn a_wrong_address_of_a_server_never_shows_its_password() {
    in_both_hosts(|host| {
        let server = host.create("TCPServer");
        let given = options(json!({ "addresses": ["u:hunter2@h:1"] }));
        for given in [vec!["u:hunter2@h:1".into()], vec!["127.0.0.1:0".into(), given]] {
            let answer = server.call_json("Start", &given);
            assert_eq!(answer["result"], false);
            assert!(!answer.to_string().contains("hunter2"), "{answer}");
        }
    });
}

#[test]
fn text_is_sent_whole_and_wrong_data_is_a_fault() {
    in_both_hosts(|host| {
        let echo = Background::start(EchoServer::start);
        let client = connected(host, &echo.address().to_string());
        assert_eq!(ok(&client, "Send", &["Привет\n".into()])["sent"], 13);
        let answer = ok(&client, "Receive", &["\n".into()]);
        assert_eq!(bytes(&client, &answer), "Привет\n".as_bytes());
        for wrong in [
            Value::Int(5),
            Value::Number(0.5),
            Value::Bool(true),
            Value::Date([2026, 1, 2, 3, 4, 5]),
        ] {
            named(&client, "Send", &[wrong], "Data (Данные)");
        }
        fails(&client, "Send", &[Value::Undefined], "argument_count");
    });
}

#[test]
fn text_is_never_taken_for_a_path_a_url_or_base64() {
    in_both_hosts(|host| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.txt");
        std::fs::write(&path, "hunter2").unwrap();
        let (server, address) = started(host);
        let client = connected(host, &address);
        let url = format!("http://{address}/");
        for text in [path.to_str().unwrap(), url.as_str(), "aHVudGVyMg==", "a\\nb"] {
            ok(&client, "Send", &[text.into()]);
            let message = ok(&server, "NextMessage", &[Value::Int(20_000)]);
            assert_eq!(bytes(&server, &message), text.as_bytes());
            let id = Value::text(message["connection"].as_str().unwrap());
            ok(&server, "Send", &[text.into(), id]);
            let size = Value::Int(i32::try_from(text.len()).unwrap());
            let answer = ok(&client, "Receive", &["".into(), size]);
            assert_eq!(bytes(&client, &answer), text.as_bytes());
        }
    });
}

#[test]
fn the_last_error_is_that_of_the_last_call_only() {
    in_both_hosts(|host| {
        let nobody = harness::RefusingPort::new();
        let echo = Background::start(EchoServer::start);
        let client = host.create("TCPClient");
        fails(&client, "Connect", &[Value::text(nobody.address().to_string())], "connect_refused");
        let given = [Value::text(echo.address().to_string())];
        ok(&client, "Connect", &given);
        assert_eq!(client.last_error(), None, "nothing sticks");
        fails(&client, "Connect", &given, "already_open");
        assert_eq!(client.last_error().unwrap()["code"], "already_open");
        ok(&client, "Receive", &["\n".into(), Value::Int(0), Value::Int(5)]);
        assert_eq!(client.last_error(), None);
    });
}

#[test]
fn close_and_cancel_end_a_wait_of_another_thread_at_once() {
    in_both_hosts(|host| {
        for (method, code) in [("Close", "not_open"), ("Cancel", "cancelled")] {
            let gate = Gate::new("the question has come");
            let script = Script::new().expect("?").open(&gate).hold();
            let peer = Background::start(|| Peer::start(script));
            let client = connected(host, &peer.address().to_string());
            // Bounded, so that a wait that is not ended fails the test and does not hang it.
            let asked = ["?".into(), Value::text(peer.address().to_string())];
            let waits: [(&str, Vec<Value>); 1] =
                [("Receive", vec!["\n".into(), Value::Int(0), Value::Int(20_000)])];
            ok(&client, "Send", &asked[..1]);
            peer.block_on(gate.wait());
            for (waiting, given) in &waits {
                std::thread::scope(|scope| {
                    let call = scope.spawn(|| client.call_json(waiting, given));
                    let begun = Instant::now();
                    // It cannot be seen from outside that the call has begun to wait.
                    while !call.is_finished() {
                        ok(&client, method, &[]);
                        assert!(begun.elapsed() < harness::WATCHDOG, "{method} ends nothing");
                        std::thread::yield_now();
                    }
                    let answer = call.join().unwrap();
                    assert_eq!(answer["error"]["code"], code, "{method}: {answer}");
                });
            }
        }
    });
}

#[test]
fn other_calls_of_an_object_do_not_wait_for_one_that_waits() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = connected(host, &address);
        std::thread::scope(|scope| {
            let receive = ["\n".into(), Value::Int(0), Value::Int(20_000)];
            let waiting = scope.spawn(move || (ok(&client, "Receive", &receive), client));
            let next = scope.spawn(|| ok(&server, "NextMessage", &[Value::Int(20_000)]));
            let told = ok(&server, "NextConnection", &[Value::Int(20_000)]);
            let id = Value::text(told["connection"].as_str().unwrap());
            for method in ["ListConnections", "Statistics"] {
                ok(&server, method, &[]);
            }
            ok(&server, "Send", &["line\n".into(), id]);
            let (answer, client) = waiting.join().unwrap();
            assert_eq!(answer["reason"], "marker");
            ok(&client, "Send", &["x".into()]);
            assert_eq!(next.join().unwrap()["size"], 1);
        });
    });
}

#[test]
fn a_slow_reader_stops_nobody_else() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let slow = connected(host, &address);
        let first = ok(&server, "NextConnection", &[Value::Int(20_000)]);
        let slow_id = Value::text(first["connection"].as_str().unwrap());
        std::thread::scope(|scope| {
            let large = Value::bytes(vec![7; 64 * 1024 * 1024]);
            let sending = scope
                .spawn(|| server.call_json("Send", &[large, slow_id.clone(), Value::Int(20_000)]));
            let other = connected(host, &address);
            ok(&other, "Send", &["ping".into()]);
            let message = ok(&server, "NextMessage", &[Value::Int(20_000)]);
            let id = Value::text(message["connection"].as_str().unwrap());
            ok(&server, "Send", &["pong".into(), id]);
            assert_eq!(ok(&other, "Receive", &["".into(), Value::Int(4)])["size"], 4);
            ok(&server, "ListConnections", &[]);
            ok(&server, "CloseConnection", std::slice::from_ref(&slow_id));
            assert_eq!(sending.join().unwrap()["result"], false);
        });
        drop(slow);
    });
}

#[test]
fn everything_is_sent_or_the_count_is_told() {
    in_both_hosts(|host| {
        let meter = Meter::new();
        let peer = Background::start(|| Peer::start(Script::new().read_metered(&meter)));
        let client = connected(host, &peer.address().to_string());
        let data = vec![7; 64 * 1024 * 1024];
        let error = fails(&client, "Send", &[Value::bytes(data), Value::Int(200)], "timeout");
        let sent = error["sent"].as_u64().unwrap();
        assert!((1..64 * 1024 * 1024).contains(&sent), "{error}");
    });
}

#[test]
fn an_object_is_started_again_after_its_stop_and_bad_calls_do_not_kill_it() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        for round in 0..3 {
            for (method, given) in [
                ("NextMessage", vec![Value::Int(-1), Value::Int(-1)]),
                ("NextMessage", vec![Value::Int(5), Value::Int(i32::MIN)]),
                ("GetMessage", vec!["no number".into()]),
                ("Send", vec![Value::Undefined, Value::Undefined]),
                ("NextMessages", vec![Value::Int(i32::MAX)]),
                ("CloseConnection", vec![Value::Int(0)]),
                ("Tag", vec![Value::Int(1), Value::Int(1)]),
                ("Broadcast", vec![Value::Int(1)]),
                ("Receive", vec![Value::Int(1), Value::bytes(vec![0; 5000])]),
                ("GetLog", vec![Value::Int(-5)]),
            ] {
                assert_eq!(server.call_json(method, &given)["result"], false, "{method}");
            }
            let client = connected(host, &address);
            ok(&client, "Send", &["x".into()]);
            assert_eq!(ok(&server, "NextMessage", &[Value::Int(20_000)])["size"], 1, "{round}");
            ok(&server, "Stop", &[]);
            ok(&server, "Start", &[address.as_str().into()]);
        }
    });
}

#[test]
fn an_unknown_connection_is_told_at_once() {
    in_both_hosts(|host| {
        let (server, _) = started(host);
        // 24 hours would be waited if it were not.
        let given = [Value::text("99999"), Value::Int(0)];
        fails(&server, "GetMessage", &given, "server_unknown_connection");
    });
}

#[test]
fn a_name_goes_to_the_proxy_and_into_tls_as_it_was_written() {
    let ca = harness::Ca::new();
    let config = ca.issue(&["localhost"]).server_config();
    let echo = Background::start(|| EchoServer::start_on(Listen::tls(config)));
    let proxy = Background::start(|| Proxy::start(Socks5::new()));
    in_both_hosts(|host| {
        let client = host.create("TCPClient");
        let address = format!("localhost:{}", echo.address().port());
        let proxy = format!("socks5://{}", proxy.address());
        let given = json!({ "tls": true, "ca": ca.pem(), "proxy": proxy });
        ok(&client, "Connect", &[Value::text(address), options(given)]);
    });
    assert!(proxy.requests().iter().all(|it| it.asked().starts_with("name localhost:")));
    assert!(echo.server_names().iter().all(|name| name.as_deref() == Some("localhost")));
}

#[test]
fn the_bytes_after_a_size_are_not_lost() {
    in_both_hosts(|host| {
        let script = Script::new().send(vec![b'x'; 1536]).close();
        let peer = Background::start(|| Peer::start(script));
        let client = connected(host, &peer.address().to_string());
        for (size, got) in [(1000, 1000), (536, 536), (5, 0)] {
            assert_eq!(ok(&client, "Receive", &["".into(), Value::Int(size)])["size"], got);
        }
    });
}

#[test]
fn a_wrong_number_of_arguments_is_a_fault() {
    in_both_hosts(|host: &Host| {
        for (class, method) in
            [("TCPClient", "Receive"), ("TCPServer", "NextMessage"), ("TCPClient", "Drain")]
        {
            let object = host.create(class);
            let error: Json = fails(&object, method, &vec![Value::Int(1); 8], "argument_count");
            assert!(error["message"].as_str().unwrap().contains(method), "{error}");
        }
    });
}
