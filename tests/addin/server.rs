//! What a `TCPServer` of the add-in can be told and asked.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use harness::Ca;
use harness::addin::{Host, Object, Value};
use serde_json::{Value as Json, json};

use crate::setting::{becomes, bytes, connected, fails, in_both_hosts, ok, options};

const LONG: Value = Value::Int(20_000);

/// A server with these options, and its answer to Start.
fn start(host: &Host, given: Json) -> (Object, Json) {
    let server = host.create("TCPServer");
    let answer = ok(&server, "Start", &["127.0.0.1:0".into(), options(given)]);
    (server, answer)
}

fn dial(answer: &Json) -> TcpStream {
    let socket = TcpStream::connect(answer["address"].as_str().unwrap()).unwrap();
    socket.set_read_timeout(Some(harness::WATCHDOG)).unwrap();
    socket
}

/// The number of the connection that comes next.
fn next(server: &Object) -> Value {
    let told = ok(server, "NextConnection", &[LONG]);
    assert_eq!(told["reason"], "connection");
    Value::text(told["connection"].as_str().unwrap())
}

#[test]
fn several_addresses_are_listened_on() {
    in_both_hosts(|host| {
        let (server, answer) = start(host, json!({ "addresses": ["127.0.0.1:0", "[::1]:0"] }));
        let addresses = answer["addresses"].as_array().unwrap();
        assert_eq!((addresses.len(), &addresses[0]), (3, &answer["address"]));
        for address in addresses {
            let client = connected(host, address.as_str().unwrap());
            let told = ok(&server, "NextConnection", &[LONG]);
            assert_eq!(told["local"], *address);
            drop(client);
        }
    });
}

#[test]
fn every_option_of_a_server_is_taken_and_every_wrong_one_is_named() {
    in_both_hosts(|host| {
        let (server, _) = start(
            host,
            json!({
                "addresses": "127.0.0.1:0", "ipv6": "dual", "backlog": 5, "max_connections": 7.0,
                "when_full": "pause", "max_per_address": 3, "allow": ["127.0.0.0/8", "::1"],
                "proxy_protocol": ["10.0.0.1"], "proxy_protocol_untrusted": "plain",
                "max_unread": 10_000, "max_unread_total": 16_773_120, "max_unsent": 10_000,
                "linger": 0, "idle_timeout": 60_000, "handshake_timeout": 1000,
                "message_timeout": 1000, "write_timeout": 1000, "keepalive": 30_000,
                "codec": "lines", "log": {},
            }),
        );
        ok(&server, "Stop", &[]);
        for (given, names) in [
            (json!({ "addresses": ["localhost:1"] }), "addresses (Адреса)"),
            (json!({ "addresses": 5 }), "addresses (Адреса)"),
            (json!({ "ipv6": "yes" }), "ipv6 (IPv6)"),
            (json!({ "backlog": 65_536 }), "backlog (ОчередьПодключений)"),
            (json!({ "max_connections": 0 }), "max_connections (МаксимумСоединений)"),
            (json!({ "max_connections": -1 }), "max_connections (МаксимумСоединений)"),
            (json!({ "max_connections": 1.5 }), "max_connections (МаксимумСоединений)"),
            (json!({ "max_connections": "5" }), "max_connections (МаксимумСоединений)"),
            (json!({ "when_full": "wait" }), "when_full (КогдаМестНет)"),
            (json!({ "max_per_address": 0 }), "max_per_address (МаксимумСАдреса)"),
            (json!({ "allow": ["10.0.0.0/33"] }), "allow (Разрешены)"),
            (json!({ "proxy_protocol": ["proxy"] }), "proxy_protocol (ПротоколPROXY)"),
            (json!({ "proxy_protocol_untrusted": "plain" }), "proxy_protocol_untrusted ("),
            (json!({ "max_unread": 0 }), "max_unread (МаксимумНепрочитанного)"),
            (json!({ "max_unread_total": -1 }), "max_unread_total (МаксимумНепрочитанногоВсего)"),
            (json!({ "max_unsent": 0 }), "max_unsent (МаксимумНеотправленного)"),
            (json!({ "linger": -1 }), "linger (ОжиданиеОтвета)"),
            (json!({ "idle_timeout": 300.5 }), "idle_timeout (ТаймаутМолчания)"),
            (json!({ "handshake_timeout": "1" }), "handshake_timeout (ТаймаутРукопожатия)"),
            (json!({ "message_timeout": 86_400_001 }), "message_timeout (ТаймаутСообщения)"),
            (json!({ "write_timeout": true }), "write_timeout (ТаймаутОтправки)"),
            (json!({ "keepalive": [] }), "keepalive (ПроверкаСвязи)"),
            (json!({ "alpn": "x" }), "certificate (Сертификат)"),
            (json!({ "clients": "required" }), "clients (СертификатыКлиентов)"),
            (json!({ "log": { "memory": 100_001 } }), "memory (ВПамяти) in option log (Журнал)"),
            (json!({ "log": { "level": "all" } }), "level (Уровень) in option log (Журнал)"),
            (json!({ "log": { "keep": 3 } }), "file (Файл) in option log (Журнал)"),
            (json!({ "log": { "file": "/x", "max_size": 1 } }), "max_size (МаксимальныйРазмер)"),
            (json!({ "log": { "memory": 0 } }), "memory (ВПамяти) in option log (Журнал)"),
            (json!({ "log": { "fiel": "/x" } }), "option log (Журнал) has the unknown key"),
            (json!({ "log": true }), "option log (Журнал) must be a JSON object"),
        ] {
            let error =
                fails(&server, "Start", &["127.0.0.1:0".into(), options(given.clone())], "option");
            assert!(error["message"].as_str().unwrap().contains(names), "{given}: {error}");
        }
        ok(&server, "Start", &["127.0.0.1:0".into()]);
    });
}

#[test]
fn times_of_0_are_long_and_the_room_for_one_message_is_asked_for() {
    in_both_hosts(|host| {
        let times = json!({ "idle_timeout": 0, "handshake_timeout": 0, "message_timeout": 0,
            "codec": "lines", "proxy_protocol": ["127.0.0.1"] });
        let (server, answer) = start(host, times);
        let mut client = dial(&answer);
        client.write_all(b"PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\npart").unwrap();
        next(&server);
        client.write_all(b"ial\n").unwrap();
        let told = ok(&server, "NextMessage", &[LONG]);
        assert_eq!(told["reason"], "message");
        ok(&server, "Stop", &[]);
        let few = options(json!({ "codec": "lines", "max_unread_total": 16_773_119 }));
        let error = fails(&server, "Start", &["127.0.0.1:0".into(), few], "server_bad_config");
        assert!(error["message"].as_str().unwrap().contains("max_unread_total"), "{error}");
    });
}

#[test]
fn strangers_and_too_many_are_refused_and_counted() {
    in_both_hosts(|host| {
        let (server, answer) = start(host, json!({ "allow": "10.0.0.0/8" }));
        assert_eq!(dial(&answer).read(&mut [0]).unwrap(), 0, "a stranger");
        ok(&server, "Stop", &[]);
        let (server, answer) = start(host, json!({ "max_connections": 1 }));
        let mut first = dial(&answer);
        let id = next(&server);
        assert_eq!(dial(&answer).read(&mut [0]).unwrap(), 0, "one too many");
        let counts = ok(&server, "Statistics", &[]);
        assert_eq!((&counts["accepted"], &counts["refused"]), (&json!(1), &json!(1)));
        ok(&server, "Send", &["still here".into(), id]);
        first.read_exact(&mut [0; 10]).unwrap();
    });
}

#[test]
fn when_full_evict_closes_the_quiet_one_and_its_end_is_told() {
    in_both_hosts(|host| {
        let (server, answer) = start(host, json!({ "max_connections": 1, "when_full": "evict" }));
        let mut first = dial(&answer);
        let id = next(&server);
        let _second = dial(&answer);
        assert_eq!(first.read(&mut [0]).unwrap(), 0);
        let end = ok(&server, "NextEnd", &[LONG]);
        assert_eq!((&end["reason"], &end["end"]["code"]), (&json!("ended"), &json!("evicted")));
        assert_eq!(Value::text(end["connection"].as_str().unwrap()), id);
        assert_eq!(ok(&server, "NextEnd", &[Value::Int(1)])["reason"], "timeout");
    });
}

#[test]
fn the_proxy_protocol_tells_the_real_peer() {
    in_both_hosts(|host| {
        let (server, answer) = start(host, json!({ "proxy_protocol": ["127.0.0.1"] }));
        let mut proxy = dial(&answer);
        proxy.write_all(b"PROXY TCP4 192.0.2.7 192.0.2.1 4242 80\r\nhello").unwrap();
        let message = ok(&server, "NextMessage", &[LONG]);
        assert_eq!(message["peer"], "192.0.2.7:4242");
        let id = Value::text(message["connection"].as_str().unwrap());
        let facts = ok(&server, "ConnectionFacts", &[id]);
        assert_eq!(facts["via"], proxy.local_addr().unwrap().to_string());
    });
}

#[test]
fn facts_tags_and_broadcasts() {
    in_both_hosts(|host| {
        let (server, answer) = start(host, json!({}));
        let mut clients: Vec<_> = (0..3).map(|_| dial(&answer)).collect();
        let ids: Vec<_> = clients.iter().map(|_| next(&server)).collect();
        for id in &ids[..2] {
            ok(&server, "Пометить", &[id.clone(), "весы".into()]);
            ok(&server, "Tag", &[id.clone(), "scales".into()]);
        }
        ok(&server, "Untag", &[ids[0].clone(), "scales".into()]);
        let listed = |tag: &str| {
            let list = ok(&server, "ListConnections", &[tag.into()]);
            list["connections"].as_array().unwrap().len()
        };
        assert_eq!((listed(""), listed("весы"), listed("scales"), listed("no")), (3, 2, 1, 0));
        assert_eq!(ok(&server, "Broadcast", &["one".into(), "весы".into()])["queued"], 2);
        let all = ok(&server, "Разослать", &["all".into()]);
        assert_eq!((&all["queued"], &all["failed"]), (&json!(3), &json!([])));
        ok(&server, "Queue", &["!".into(), ids[2].clone()]);
        // A connection that is accepted later than another may be told earlier.
        let mut heard: Vec<_> = clients
            .iter_mut()
            .map(|client| {
                let mut heard = vec![0; 4];
                client.read_exact(&mut heard).unwrap();
                String::from_utf8(heard).unwrap()
            })
            .collect();
        heard.sort();
        assert_eq!(heard, ["all!", "onea", "onea"]);
        let facts = ok(&server, "ConnectionFacts", &[ids[1].clone()]);
        assert_eq!(facts["tags"], json!(["scales", "весы"]));
        assert_eq!((&facts["sent"], &facts["received"]), (&json!(6), &json!(0)));
        assert_eq!(
            (&facts["end"], &facts["tls"], &facts["via"]),
            (&Json::Null, &Json::Null, &Json::Null)
        );
        assert!(facts["since"].as_str().unwrap().ends_with('Z'), "{facts}");
        fails(&server, "Tag", &[ids[0].clone(), "".into()], "server_bad_option");
        fails(&server, "Tag", &[Value::text("99999"), "x".into()], "server_unknown_connection");
    });
}

#[test]
fn a_queue_that_is_full_is_told_and_the_others_get_their_bytes() {
    in_both_hosts(|host| {
        let (server, answer) = start(host, json!({ "max_unsent": 10 }));
        let _slow = dial(&answer);
        let id = next(&server);
        fails(&server, "Queue", &[Value::bytes([0; 11]), id], "server_queue_full");
        let failed = ok(&server, "Broadcast", &[Value::bytes([0; 11])]);
        assert_eq!(
            (&failed["queued"], &failed["failed"][0]["code"]),
            (&json!(0), &json!("server_queue_full"))
        );
    });
}

#[test]
fn messages_of_a_codec_come_and_go_whole() {
    in_both_hosts(|host| {
        let (server, answer) = start(host, json!({ "codec": { "kind": "length", "width": 2 } }));
        let mut client = dial(&answer);
        client.write_all(b"\0\x03one\0\x03two\0\x05thr").unwrap();
        let first = ok(&server, "NextMessage", &[LONG]);
        assert_eq!(
            (bytes(&server, &first), &first["reason"]),
            (b"one".to_vec(), &json!("message"))
        );
        let many = ok(&server, "СледующиеСообщения", &[Value::Int(100), LONG]);
        assert_eq!(many["messages"].as_array().unwrap().len(), 1);
        assert_eq!(bytes(&server, &many["messages"][0]), b"two");
        let id = Value::text(first["connection"].as_str().unwrap());
        ok(&server, "SendMessage", &["answer".into(), id.clone()]);
        ok(&server, "Queue", &["more".into(), id.clone()]);
        let mut heard = [0; 14];
        client.read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"\0\x06answer\0\x04more");
        client.shutdown(Shutdown::Write).unwrap();
        let lost = ok(&server, "NextMessage", &[LONG]);
        assert_eq!(
            (&lost["reason"], &lost["end"]["code"]),
            (&json!("closed"), &json!("framing_truncated"))
        );
        for count in [0, 257] {
            fails(&server, "NextMessages", &[Value::Int(count)], "argument");
        }
        fails(&server, "Receive", &[id], "server_bad_option");
    });
}

#[test]
fn one_connection_is_read_by_marker_and_by_size() {
    in_both_hosts(|host| {
        let (server, answer) = start(host, json!({}));
        let mut client = dial(&answer);
        let id = next(&server);
        client.write_all(b"line\n12345rest").unwrap();
        for (given, reason, data) in [
            ([id.clone(), "\n".into(), Value::Int(0), LONG], "marker", "line\n"),
            ([id.clone(), "".into(), Value::Int(5), LONG], "size", "12345"),
            ([id.clone(), "\n".into(), Value::Int(2), LONG], "size", "re"),
        ] {
            let answer = ok(&server, "Receive", &given);
            assert_eq!((&answer["reason"], bytes(&server, &answer)), (&json!(reason), data.into()));
        }
        let none = ok(&server, "Receive", &[id.clone(), "\n".into(), Value::Int(0), Value::Int(5)]);
        assert_eq!(none["reason"], "timeout");
        client.shutdown(Shutdown::Write).unwrap();
        let rest = ok(&server, "Receive", &[id, "\n".into(), Value::Int(0), LONG]);
        assert_eq!((&rest["reason"], bytes(&server, &rest)), (&json!("closed"), b"st".to_vec()));
    });
}

#[test]
fn finish_receiving_keeps_what_came_and_the_answer_goes() {
    in_both_hosts(|host| {
        let (server, answer) = start(host, json!({}));
        let mut client = dial(&answer);
        client.write_all(b"before").unwrap();
        let id = next(&server);
        let facts = || ok(&server, "ConnectionFacts", std::slice::from_ref(&id));
        becomes("the bytes have come", || facts()["unread"] == 6);
        ok(&server, "ЗавершитьПолучение", std::slice::from_ref(&id));
        client.write_all(b"after").unwrap();
        assert_eq!((&facts()["can_read"], &facts()["end"]), (&json!(false), &Json::Null));
        let message = ok(&server, "GetMessage", &[id.clone(), LONG]);
        assert_eq!(bytes(&server, &message), b"before");
        ok(&server, "Send", &["answer".into(), id.clone()]);
        client.read_exact(&mut [0; 6]).unwrap();
        assert_eq!(ok(&server, "GetMessage", &[id, Value::Int(5)])["size"], 0);
    });
}

#[test]
fn without_linger_a_peer_that_has_finished_cannot_be_answered() {
    in_both_hosts(|host| {
        let (server, answer) = start(host, json!({ "linger": 0 }));
        let mut client = dial(&answer);
        client.write_all(b"question").unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        let message = ok(&server, "NextMessage", &[LONG]);
        assert_eq!(bytes(&server, &message), b"question");
        let end = ok(&server, "NextEnd", &[LONG]);
        assert_eq!(
            (&end["connection"], &end["end"]["code"]),
            (&message["connection"], &json!("closed"))
        );
        let id = Value::text(message["connection"].as_str().unwrap());
        fails(&server, "Send", &["late".into(), id], "server_unknown_connection");
        assert_eq!(client.read(&mut [0]).unwrap(), 0);
    });
}

#[test]
fn a_stop_gives_what_is_queued_time_to_leave() {
    in_both_hosts(|host| {
        let (server, answer) = start(host, json!({ "max_unsent": 8_000_000 }));
        let mut client = dial(&answer);
        let id = next(&server);
        ok(&server, "Queue", &[Value::bytes(vec![7; 8_000_000]), id]);
        std::thread::scope(|scope| {
            let stopping = scope.spawn(|| ok(&server, "Stop", &[LONG]));
            let mut heard = Vec::new();
            client.read_to_end(&mut heard).unwrap();
            assert_eq!(heard.len(), 8_000_000);
            stopping.join().unwrap();
        });
        fails(&server, "NextMessage", &[], "not_open");
        ok(&server, "Start", &[answer["address"].as_str().unwrap().into()]);
    });
}

#[test]
fn a_server_speaks_tls_and_asks_for_certificates() {
    let ca = Ca::new();
    let own = ca.issue(&["localhost"]);
    let me = ca.issue_client("ann");
    let secured = json!({
        "Сертификат": own.chain_pem(), "key": own.key_pem(), "client_ca": ca.pem(), "alpn": "opi",
        "tls_min": "1.3", "log": {},
    });
    in_both_hosts(|host| {
        let (server, answer) = start(host, secured.clone());
        let address = Value::text(format!("localhost:{}", answer["port"]));
        let client = host.create("TCPClient");
        let trusting = |more: Json| {
            let mut given = json!({ "tls": true, "ca": ca.pem(), "only_ca": true });
            given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            [address.clone(), options(given)]
        };
        let known = json!({ "client_certificate": me.chain_pem(), "client_key": me.key_pem() });
        let shaken = ok(&client, "Connect", &trusting(known));
        assert_eq!(shaken["tls"]["certificate"]["names"], json!(["localhost"]));
        let id = next(&server);
        let facts = ok(&server, "ConnectionFacts", std::slice::from_ref(&id));
        assert_eq!(facts["tls"]["version"], "TLSv1_3");
        assert_eq!(facts["tls"]["server_name"], "localhost");
        assert!(
            facts["tls"]["certificate"]["subject"].as_str().unwrap().contains("ann"),
            "{facts}"
        );
        ok(&server, "SendMessage", &["as it is".into(), id]);
        let heard = ok(&client, "Receive", &["".into(), Value::Int(8)]);
        assert_eq!(bytes(&client, &heard), b"as it is");
        let stranger = host.create("TCPClient");
        // In TLS 1.3 the refusal comes after the client's own handshake.
        let connected = stranger.call_json("Connect", &trusting(json!({})));
        if connected["result"] == true {
            fails(
                &stranger,
                "Receive",
                &["\n".into(), Value::Int(0), LONG],
                "tls_client_certificate",
            );
        }
        let log = ok(&server, "GetLog", &[Value::Int(0)]);
        assert!(log.to_string().contains("certificate"), "{log}");
        fails(&server, "ReloadCertificate", &[], "bad_certificate");
    });
}

#[test]
fn wrong_options_of_encryption_are_named() {
    let ca = Ca::new();
    let own = ca.issue(&["localhost"]);
    in_both_hosts(|host| {
        for (given, names) in [
            (json!({ "certificate": own.chain_pem() }), "give it with key"),
            (json!({ "certificate": "x", "key": "y" }), "certificate (Сертификат)"),
            (json!({ "key_password": "x" }), "key_password (ПарольКлюча)"),
            (json!({ "certificate_file": "/no", "key_file": "/no" }), "certificate_file ("),
            (
                json!({ "certificate": own.chain_pem(), "key": own.key_pem(), "clients": "asked" }),
                "clients (СертификатыКлиентов)",
            ),
            (
                json!({ "certificate": own.chain_pem(), "key": own.key_pem(), "clients": "all" }),
                "got \"all\"",
            ),
        ] {
            let other = host.create("TCPServer");
            let answer = other.call_json("Start", &["127.0.0.1:0".into(), options(given)]);
            assert!(answer["error"]["message"].as_str().unwrap().contains(names), "{answer}");
        }
    });
}

#[test]
fn a_renewed_certificate_is_taken_while_serving() {
    let ca = Ca::new();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let write = |names: &[&str]| {
        let own = ca.issue(names);
        std::fs::write(path("own.pem"), own.chain_pem()).unwrap();
        std::fs::write(path("own.key"), own.key_pem()).unwrap();
    };
    in_both_hosts(|host| {
        write(&["old.test"]);
        let given = json!({ "certificate_file": path("own.pem"), "key_file": path("own.key") });
        let (server, answer) = start(host, given);
        let names = |name: &str| {
            let client = host.create("TCPClient");
            let target = Value::text(format!("{name}:{}", answer["port"]));
            let given = json!({
                "tls": true, "ca": ca.pem(), "resolve": { "old.test": "127.0.0.1", "new.test": "127.0.0.1" }
            });
            client.call_json("Connect", &[target, options(given)])["result"].clone()
        };
        assert_eq!((names("old.test"), names("new.test")), (json!(true), json!(false)));
        write(&["new.test"]);
        ok(&server, "ПеречитатьСертификат", &[]);
        assert_eq!((names("old.test"), names("new.test")), (json!(false), json!(true)));
        std::fs::write(path("own.key"), "broken").unwrap();
        fails(&server, "ReloadCertificate", &[], "bad_key");
        assert_eq!(names("new.test"), json!(true));
        let (plain, _) = start(host, json!({}));
        fails(&plain, "ReloadCertificate", &[], "not_open");
    });
}
