//! The checks of OPI_TCP's own suite, by their numbers there, made of the calls that the module of
//! the same name makes. What is glue in the module alone, the suite `bsl` checks.

use std::net::SocketAddr;

use harness::addin::{Host, Object, Value};
use harness::{Background, Ca, EchoServer, Listen, Peer, Proxy, Socks5};
use serde_json::{Value as Json, json};

use crate::setting::{becomes, bytes, connected, fails, in_both_hosts, ok, options, started};

const LONG: Value = Value::Int(20_000);
const ALL: Value = Value::Int(0);

/// Echo servers, plain and under TLS, and a proxy that asks for a password.
struct Place {
    plain: Background<EchoServer>,
    tls: Background<EchoServer>,
    proxy: Background<Proxy<Socks5>>,
}

impl Place {
    fn new() -> Self {
        let config = Ca::new().issue(&["localhost"]).server_config();
        Self {
            plain: Background::start(EchoServer::start),
            tls: Background::start(|| EchoServer::start_on(Listen::tls(config))),
            proxy: Background::start(|| Proxy::start(Socks5::new().password("user", "pass"))),
        }
    }

    /// What GetTlsSettings(True) and GetProxySettings become.
    fn settings(&self) -> Json {
        let proxy = format!("socks5://user:pass@{}", self.proxy.address());
        json!({ "tls": true, "dangerous_accept_any_certificate": true, "proxy": proxy })
    }

    fn plain(&self, host: &Host) -> Object {
        connected(host, &self.plain.address().to_string())
    }

    fn secured(&self, host: &Host) -> Object {
        let client = host.create("TCPClient");
        ok(&client, "Connect", &[text(self.tls.address()), options(self.settings())]);
        client
    }
}

fn text(address: SocketAddr) -> Value {
    Value::text(address.to_string())
}

fn read(client: &Object, marker: &str, timeout: i32) -> Vec<u8> {
    let answer = ok(client, "Receive", &[marker.into(), ALL, Value::Int(timeout)]);
    bytes(client, &answer)
}

fn in_a_place(check: impl Fn(&Host, &Place)) {
    let place = Place::new();
    in_both_hosts(|host| check(host, &place));
}

/// The number of the connection of the next message, and its bytes.
fn heard(server: &Object) -> (Value, Vec<u8>) {
    let message = ok(server, "NextMessage", &[LONG, Value::Int(8192)]);
    (Value::text(message["connection"].as_str().unwrap()), bytes(server, &message))
}

/// What GetConnectionList shows: the open ones, and the ended ones with bytes that nobody took.
fn shown(server: &Object) -> usize {
    let list = ok(server, "ListConnections", &[]);
    let list = list["connections"].as_array().unwrap();
    list.iter().filter(|it| it["end"].is_null() || it["unread"] != 0).count()
}

#[test]
fn check_01_create_connection_plain_and_by_socks5_with_tls() {
    in_a_place(|host, place| {
        for client in [place.plain(host), place.secured(host)] {
            assert_eq!(client.class(), "TCPClient");
            assert_eq!(client.get("Connected"), Ok(Value::Bool(true)));
        }
    });
}

#[test]
fn check_02_close_connection_is_true_also_twice() {
    in_a_place(|host, place| {
        let client = place.plain(host);
        ok(&client, "Close", &[]);
        ok(&client, "Close", &[]);
        ok(&host.create("TCPClient"), "Close", &[]);
    });
}

#[test]
fn check_03_read_binary_data_with_and_without_a_marker() {
    in_a_place(|host, place| {
        for client in [place.plain(host), place.secured(host)] {
            ok(&client, "Send", &["Hello server!\n".into()]);
            assert_eq!(read(&client, "\n", 20_000), b"Hello server!\n");
            ok(&client, "Send", &["Hello server!\n".into()]);
            ok(&client, "FinishSending", &[]);
            assert_eq!(read(&client, "", 50_000), b"Hello server!\n");
        }
    });
}

#[test]
fn check_04_send_binary_data() {
    in_a_place(|host, place| {
        for client in [place.plain(host), place.secured(host)] {
            ok(&client, "Send", &[Value::bytes(*b"Hello server!\n"), Value::Int(5000)]);
            assert_eq!(read(&client, "\n", 20_000), b"Hello server!\n");
        }
    });
}

#[test]
fn check_05_read_line() {
    in_a_place(|host, place| {
        for client in [place.plain(host), place.secured(host)] {
            ok(&client, "Send", &["Привет, сервер!\n".into()]);
            let given = ["UTF-8".into(), "\n".into(), ALL, LONG];
            assert_eq!(ok(&client, "ReceiveText", &given)["text"], "Привет, сервер!\n");
        }
    });
}

#[test]
fn check_06_send_line() {
    in_a_place(|host, place| {
        let client = place.plain(host);
        ok(&client, "SendText", &["Привет\n".into(), "windows-1251".into()]);
        assert_eq!(read(&client, "\n", 20_000), b"\xCF\xF0\xE8\xE2\xE5\xF2\n");
    });
}

#[test]
fn check_07_process_request_plain_and_by_socks5_with_tls() {
    in_a_place(|host, place| {
        let client = host.create("TCPClient");
        for (address, given) in
            [(place.plain.address(), json!({})), (place.tls.address(), place.settings())]
        {
            let asked = [
                "Echo this!\n".into(),
                text(address),
                "\n".into(),
                ALL,
                Value::Int(5000),
                options(given),
            ];
            let answer = ok(&client, "Request", &asked);
            assert_eq!(
                (&answer["reason"], bytes(&client, &answer)),
                (&json!("marker"), b"Echo this!\n".to_vec())
            );
        }
        assert_eq!(client.get("Connected"), Ok(Value::Bool(false)));
    });
}

#[test]
fn check_08_what_tls_settings_become_is_taken() {
    in_a_place(|host, place| {
        let client = host.create("TCPClient");
        let address = [text(place.tls.address()), options(json!({ "tls": true }))];
        fails(&client, "Connect", &address, "tls_certificate_untrusted");
        let trust = json!({ "tls": true, "dangerous_accept_any_certificate": true });
        ok(&client, "Connect", &[text(place.tls.address()), options(trust)]);
    });
}

#[test]
fn check_09_there_is_no_last_error_after_a_good_send() {
    in_a_place(|host, place| {
        let client = host.create("TCPClient");
        fails(&client, "Send", &["x".into()], "not_open");
        assert!(client.last_error().is_some());
        ok(&client, "Connect", &[text(place.plain.address())]);
        ok(&client, "Send", &["x".into()]);
        assert_eq!(client.last_error(), None);
    });
}

#[test]
fn check_10_what_proxy_settings_become_is_taken_and_checked() {
    in_a_place(|host, place| {
        let client = host.create("TCPClient");
        let by = |password: &str| {
            let proxy = format!("socks5://user:{password}@{}", place.proxy.address());
            [text(place.plain.address()), options(json!({ "proxy": proxy }))]
        };
        fails(&client, "Connect", &by("wrong"), "proxy_auth");
        ok(&client, "Connect", &by("pass"));
    });
}

#[test]
fn check_11_start_server() {
    in_both_hosts(|host| {
        let server = host.create("TCPServer");
        let given = options(json!({ "max_connections": 10 }));
        let answer = ok(&server, "Start", &["0.0.0.0:0".into(), given]);
        assert_eq!(server.class(), "TCPServer");
        drop(connected(host, &format!("127.0.0.1:{}", answer["port"])));
    });
}

#[test]
fn check_12_a_stopped_server_lists_nothing_and_lets_nobody_in() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        ok(&server, "Stop", &[]);
        let error = fails(&server, "ListConnections", &[], "not_open");
        assert_eq!(error["message"], "the server is not started");
        fails(&host.create("TCPClient"), "Connect", &[address.as_str().into()], "connect_refused");
        fails(&server, "Stop", &[], "not_open");
    });
}

#[test]
fn check_13_next_connection_data_and_then_a_timeout() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = connected(host, &address);
        ok(&client, "Send", &["Hello\n".into()]);
        let message = ok(&server, "NextMessage", &[Value::Int(5000), Value::Int(8192)]);
        assert_eq!(bytes(&server, &message), b"Hello\n");
        assert!(!message["connection"].as_str().unwrap().is_empty());
        ok(&client, "Close", &[]);
        fails(&client, "Send", &["late".into()], "not_open");
        let none = ok(&server, "NextMessage", &[Value::Int(200), Value::Int(8192)]);
        assert_eq!(none["reason"], "timeout");
    });
}

#[test]
fn check_14_connection_data_by_its_number_and_none_after_the_close() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = connected(host, &address);
        becomes("the connection is listed", || shown(&server) == 1);
        let list = ok(&server, "ListConnections", &[]);
        let id = Value::text(list["connections"][0]["connection"].as_str().unwrap());
        let by_id = |wait| [id.clone(), Value::Int(wait), Value::Int(8192)];
        assert_eq!(ok(&server, "GetMessage", &by_id(20))["reason"], "timeout");
        for number in 0..6 {
            let line = format!("Message no. {number}\n");
            ok(&client, "Send", &[line.as_str().into()]);
            let message = ok(&server, "GetMessage", &by_id(20_000));
            assert_eq!(bytes(&server, &message), line.as_bytes());
        }
        ok(&client, "Close", &[]);
        let end = ok(&server, "GetMessage", &by_id(20_000));
        assert_eq!((&end["reason"], &end["size"]), (&json!("closed"), &json!(0)));
        assert_eq!(shown(&server), 0);
    });
}

#[test]
fn check_15_send_data_answers_the_client() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = connected(host, &address);
        ok(&client, "Send", &["Question\n".into()]);
        let (id, _) = heard(&server);
        ok(&server, "Send", &["Response from server!\n".into(), id, Value::Int(60_000)]);
        let answer = ok(&client, "ReceiveText", &["UTF-8".into(), "\n".into()]);
        assert_eq!(answer["text"], "Response from server!\n");
    });
}

#[test]
fn check_16_close_incoming_connection_and_the_second_send_fails() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = connected(host, &address);
        ok(&client, "Send", &["x".into()]);
        let (id, _) = heard(&server);
        ok(&server, "CloseConnection", &[id]);
        assert_eq!(shown(&server), 0);
        assert_eq!(ok(&client, "Receive", &["\n".into()])["reason"], "closed");
        // The first one meets the reset, which comes when it comes.
        becomes("a send fails", || client.call_json("Send", &["x".into()])["result"] == false);
        assert_eq!(client.last_error().unwrap()["code"], "closed");
    });
}

#[test]
fn check_17_after_complete_send_only_the_client_may_send() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = connected(host, &address);
        ok(&client, "Send", &["x".into()]);
        let (id, _) = heard(&server);
        ok(&server, "FinishSending", std::slice::from_ref(&id));
        ok(&client, "Send", &["one\n".into()]);
        ok(&client, "Send", &["two\n".into()]);
        // The module tells it as "Write half is closed".
        fails(&server, "Send", &["x".into(), id.clone()], "server_sending_finished");
        let lines = ["\n".into(), Value::Int(0), LONG];
        for line in ["one\n", "two\n"] {
            let given: Vec<_> = [id.clone()].into_iter().chain(lines.clone()).collect();
            let message = ok(&server, "Receive", &given);
            assert_eq!(bytes(&server, &message), line.as_bytes());
        }
    });
}

#[test]
fn check_18_finish_receiving() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = connected(host, &address);
        ok(&client, "Send", &["x".into()]);
        let (id, _) = heard(&server);
        ok(&server, "FinishReceiving", std::slice::from_ref(&id));
        assert_eq!(shown(&server), 1, "it stays, and can be answered");
        ok(&server, "Send", &["answer\n".into(), id]);
        assert_eq!(read(&client, "\n", 20_000), b"answer\n");
    });
}

#[test]
fn check_19_a_closed_connection_with_unread_data_stays_listed() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let two = [connected(host, &address), connected(host, &address)];
        becomes("both are listed", || shown(&server) == 2);
        drop(two);
        becomes("both are gone", || shown(&server) == 0);
        let (silent, talking) = (connected(host, &address), connected(host, &address));
        becomes("both are listed", || shown(&server) == 2);
        ok(&talking, "Send", &["Yo\n".into()]);
        for client in [&silent, &talking] {
            ok(client, "Close", &[]);
        }
        becomes("the one with bytes is listed alone", || shown(&server) == 1);
        assert_eq!(heard(&server).1, b"Yo\n");
        assert_eq!(shown(&server), 0);
    });
}

#[test]
fn check_20_the_class_of_an_object_tells_a_server() {
    in_both_hosts(|host| {
        assert_eq!(host.create("TCPServer").class(), "TCPServer");
        assert_ne!(host.create("TCPClient").class(), "TCPServer");
    });
}

#[test]
fn check_21_logs_of_servers_and_clients_in_memory_and_file() {
    in_both_hosts(|host| {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let log = |name: &str| {
            options(json!({ "log": { "level": "debug", "memory": 100, "file": path(name) } }))
        };
        let server = host.create("TCPServer");
        let answer = ok(&server, "Start", &["127.0.0.1:0".into(), log("server.log")]);
        let client = host.create("TCPClient");
        let address = answer["address"].as_str().unwrap();
        ok(&client, "Connect", &[address.into(), log("client.log")]);
        for (object, name) in [(&server, "server.log"), (&client, "client.log")] {
            let log = ok(object, "GetLog", &[Value::Int(100)]);
            assert!(!log["logs"].as_array().unwrap().is_empty(), "{log}");
            assert!(std::fs::metadata(path(name)).unwrap().len() > 0);
        }
    });
}

#[test]
fn check_22_the_three_kinds_of_logging_settings_are_taken() {
    in_both_hosts(|host| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.log");
        let file = file.to_str().unwrap();
        for (given, kept) in [
            (json!({ "memory": 100, "file": file }), 2),
            (json!({ "memory": 0, "file": file }), 0),
            (json!({ "memory": 100 }), 2),
        ] {
            let server = host.create("TCPServer");
            let given = options(json!({ "log": given }));
            ok(&server, "Start", &["127.0.0.1:0".into(), given]);
            ok(&server, "Stop", &[]);
            let log = ok(&server, "GetLog", &[ALL]);
            assert_eq!((&log["returned"], &log["total"]), (&json!(kept), &json!(2)), "{log}");
        }
        assert_eq!(std::fs::read_to_string(file).unwrap().lines().count(), 4);
    });
}

#[test]
fn check_23_a_wait_without_clients_is_a_timeout() {
    in_both_hosts(|host| {
        let (server, _) = started(host);
        assert_eq!(ok(&server, "NextMessage", &[Value::Int(300)])["reason"], "timeout");
    });
}

#[test]
fn check_24_an_object_never_started_says_so() {
    in_both_hosts(|host| {
        let server = host.create("TCPServer");
        for method in ["NextMessage", "ListConnections", "Stop", "Statistics", "NextEnd"] {
            let error = fails(&server, method, &[], "not_open");
            assert_eq!(error["message"], "the server is not started");
        }
    });
}

#[test]
fn check_25_the_log_tells_of_a_message() {
    in_both_hosts(|host| {
        let server = host.create("TCPServer");
        let log = options(json!({ "log": { "level": "debug" } }));
        let answer = ok(&server, "Start", &["127.0.0.1:0".into(), log]);
        let client = connected(host, answer["address"].as_str().unwrap());
        ok(&client, "Send", &["TCP_LOG_SRV_1".into()]);
        let (id, _) = heard(&server);
        ok(&server, "Send", &["answer".into(), id.clone()]);
        let log = ok(&server, "GetLog", &[ALL])["logs"].to_string();
        let Value::Text(id) = id else { unreachable!() };
        assert!(log.contains(&format!("connection {id}")) && log.contains("sent 6 bytes"), "{log}");
        assert!(!log.contains("TCP_LOG_SRV"), "{log}");
    });
}

#[test]
fn check_26_a_silent_server_gives_no_bytes_after_the_timeout() {
    in_both_hosts(|host| {
        let silent = Background::start(Peer::silent);
        let client = connected(host, &silent.address().to_string());
        let answer = ok(&client, "Receive", &["".into(), ALL, Value::Int(300)]);
        assert_eq!((&answer["reason"], &answer["size"]), (&json!("timeout"), &json!(0)));
    });
}

#[test]
fn check_27_a_send_without_a_connection_leaves_its_error() {
    in_both_hosts(|host| {
        let client = host.create("TCPClient");
        fails(&client, "Send", &["x".into()], "not_open");
        // The module tells it as "No connection found!".
        assert_eq!(client.last_error().unwrap()["code"], "not_open");
    });
}

#[test]
fn check_28_the_log_of_a_client_begins_with_the_connection() {
    in_a_place(|host, place| {
        let client = host.create("TCPClient");
        let given = options(json!({ "log": {} }));
        ok(&client, "Connect", &[text(place.plain.address()), given]);
        let log = ok(&client, "GetLog", &[]);
        let lines: Vec<_> = log["logs"].as_array().unwrap().iter().collect();
        let address = place.plain.address().to_string();
        assert!(lines[0].as_str().unwrap().ends_with(&format!("connecting to {address}")), "{log}");
        assert!(lines[1].as_str().unwrap().contains(&format!("connected to {address}")), "{log}");
    });
}

#[test]
fn check_29_binary_collections_go_there_and_back_unchanged() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = connected(host, &address);
        let parts: Vec<Vec<u8>> =
            vec![(0..=255).collect(), vec![0; 1000], vec![], b"\r\n\0".to_vec()];
        let mut wire = Vec::new();
        for part in &parts {
            wire.extend(u32::try_from(part.len()).unwrap().to_be_bytes());
            wire.extend(part);
        }
        ok(&client, "Send", &[Value::bytes(wire.clone())]);
        let size = Value::Int(i32::try_from(wire.len()).unwrap());
        let (id, first) = heard(&server);
        let mut all = first;
        while all.len() < wire.len() {
            all.extend(heard(&server).1);
        }
        ok(&server, "Send", &[Value::bytes(all), id]);
        let back = ok(&client, "Receive", &["".into(), size, LONG]);
        assert!(bytes(&client, &back) == wire);
    });
}
