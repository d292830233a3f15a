//! The classes `TCPClient` and `TCPServer` together, in both hosts.

use harness::addin::{Host, Profile, Value};
use harness::{Background, Ca, EchoServer, Gate, Listen, Peer, Proxy, Script, Socks5};
use serde_json::json;

use crate::setting::{bytes, connected, fails, in_both_hosts, ok, options, started};

#[test]
fn lines_are_read_one_by_one_and_the_surplus_is_kept() {
    in_both_hosts(|host| {
        let peer = Background::start(|| Peer::start(Script::new().send("one\ntwo\nrest").close()));
        let client = connected(host, &peer.address().to_string());
        for (given, reason, data) in [
            (["\n".into(), Value::Int(0)], "marker", "one\n"),
            ([Value::bytes(*b"\n"), Value::Number(0.0)], "marker", "two\n"),
            (["".into(), Value::Int(2)], "size", "re"),
            (["\n".into(), Value::Int(0)], "closed", "st"),
        ] {
            let answer = ok(&client, "Получить", &given);
            assert_eq!(answer["reason"], reason, "{answer}");
            assert_eq!(answer["size"], data.len(), "{answer}");
            assert_eq!(bytes(&client, &answer), data.as_bytes());
        }
        peer.finish(|peer| peer.finish());
    });
}

#[test]
fn a_timeout_is_a_reason_and_not_a_fault() {
    in_both_hosts(|host| {
        let (_server, address) = started(host);
        let client = connected(host, &address);
        let answer = ok(&client, "Receive", &["\n".into(), Value::Int(0), Value::Int(20)]);
        assert_eq!((&answer["reason"], &answer["size"]), (&json!("timeout"), &json!(0)));
        assert!(client.last_error().is_none());
    });
}

#[test]
fn bytes_before_a_break_can_be_taken_and_the_fault_stays() {
    in_both_hosts(|host| {
        let gate = Gate::new("the first line was received");
        let script = Script::new().send("a\nhalf").wait(&gate).reset();
        let peer = Background::start(|| Peer::start(script));
        let client = connected(host, &peer.address().to_string());
        ok(&client, "Receive", &["\n".into(), Value::Int(0), Value::Int(20_000)]);
        gate.open();
        let given = ["\n".into(), Value::Int(0), Value::Int(20_000)];
        let fault = fails(&client, "Receive", &given, "closed");
        assert_eq!(bytes(&client, &fault), b"half");
        assert_eq!(client.last_error().unwrap()["code"], "closed");
        ok(&client, "Close", &[]);
        assert_eq!(client.last_error(), None);
        peer.finish(Peer::finish);
    });
}

#[test]
fn the_echo_server_of_the_seed() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        assert_eq!(server.get("Адрес"), Ok(Value::text(&address)));
        let client = connected(host, &address);
        ok(&client, "Отправить", &["Привет\n".into()]);
        let message = ok(&server, "СледующееСообщение", &[]);
        let connection = Value::text(message["connection"].as_str().unwrap());
        let data = bytes(&server, &message);
        assert_eq!(data, "Привет\n".as_bytes());
        let sent = ok(&server, "Отправить", &[Value::bytes(data), connection.clone()]);
        assert_eq!(sent["sent"], "Привет\n".len());
        let answer = ok(&client, "Получить", &["\n".into()]);
        assert_eq!(bytes(&client, &answer), "Привет\n".as_bytes());

        let list = ok(&server, "СписокСоединений", &[]);
        assert_eq!(list["connections"][0]["connection"], message["connection"]);
        ok(&server, "ЗавершитьОтправку", std::slice::from_ref(&connection));
        assert_eq!(ok(&client, "Получить", &[])["reason"], "closed");
        ok(&client, "Отправить", &["more".into()]);
        let more = ok(&server, "ПолучитьСообщение", std::slice::from_ref(&connection));
        assert_eq!(bytes(&server, &more), b"more");
        ok(&server, "ЗакрытьСоединение", std::slice::from_ref(&connection));
        fails(&server, "Отправить", &["x".into(), connection], "server_unknown_connection");
        ok(&server, "Остановить", &[]);
        fails(&server, "СписокСоединений", &[], "not_open");
        ok(&server, "Запустить", &[address.as_str().into()]);
    });
}

#[test]
fn a_client_that_has_finished_sending_is_still_answered() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = connected(host, &address);
        ok(&client, "Send", &["question".into()]);
        ok(&client, "FinishSending", &[]);
        let message = ok(&server, "NextMessage", &[Value::Int(20_000)]);
        assert_eq!(bytes(&server, &message), b"question");
        // The end comes with the last bytes or after them; asked alone, the connection tells it.
        let connection = Value::text(message["connection"].as_str().unwrap());
        let end = ok(&server, "GetMessage", &[connection.clone(), Value::Int(20_000)]);
        assert_eq!((&end["reason"], &end["open"]), (&json!("closed"), &json!(false)));
        ok(&server, "Send", &["answer".into(), connection.clone()]);
        ok(&server, "FinishSending", &[connection]);
        let answer = ok(&client, "Receive", &[]);
        assert_eq!(
            (&answer["reason"], bytes(&client, &answer)),
            (&json!("closed"), b"answer".to_vec())
        );
    });
}

#[test]
fn tls_and_proxies_carry_the_same_bytes() {
    let ca = Ca::new();
    let tls = ca.issue(&["localhost"]).server_config();
    let echo = Background::start(|| EchoServer::start_on(Listen::tls(tls)));
    let proxy = Background::start(|| Proxy::start(Socks5::new().password("user", "pass word")));
    let address = format!("localhost:{}", echo.address().port());
    let route = format!("socks5://user:pass%20word@{}", proxy.address());
    in_both_hosts(|host| {
        for given in [
            json!({ "tls": true, "ca": ca.pem() }),
            json!({ "TLS": true, "ЦС": ca.pem(), "ТолькоЦС": true }),
            json!({ "tls": true, "dangerous_accept_any_certificate": true }),
            json!({ "tls": true, "ca": ca.pem(), "proxy": route, "timeout": 20_000 }),
        ] {
            let client = host.create("TCPClient");
            let facts = ok(&client, "Connect", &[address.as_str().into(), options(given)]);
            assert_eq!(facts["tls"]["version"], "TLSv1_3");
            ok(&client, "Send", &["ping\n".into()]);
            let answer = ok(&client, "Receive", &["\n".into()]);
            assert_eq!(bytes(&client, &answer), b"ping\n");
            ok(&client, "Close", &[]);
            assert_eq!(client.get("Connected"), Ok(Value::Bool(false)));
        }
    });
    assert_eq!(proxy.requests()[0].asked(), format!("name {address}"));
    assert!(echo.server_names().iter().all(|name| name.as_deref() == Some("localhost")));
}

#[test]
fn a_certificate_for_another_name_or_issuer_is_refused() {
    let ca = Ca::new();
    let tls = ca.issue(&["other.test"]).server_config();
    let echo = Background::start(|| EchoServer::start_on(Listen::tls(tls)));
    let address = Value::text(format!("localhost:{}", echo.address().port()));
    let host = Host::load(Profile::Enterprise);
    let client = host.create("TCPClient");
    let name = json!({ "tls": true, "ca": ca.pem() });
    let given = [address.clone(), options(name)];
    fails(&client, "Connect", &given, "tls_certificate_name");
    let given = [address, options(json!({ "tls": true }))];
    let error = fails(&client, "Connect", &given, "tls_certificate_untrusted");
    assert_eq!((&error["phase"], &error["retryable"]), (&json!("tls"), &json!(false)));
}

#[test]
fn large_blobs_come_whole() {
    in_both_hosts(|host| {
        let echo = Background::start(EchoServer::start);
        let client = connected(host, &echo.address().to_string());
        let data: Vec<u8> = (0..=u8::MAX).cycle().take(3 * 1024 * 1024).collect();
        std::thread::scope(|scope| {
            let sending = scope
                .spawn(|| ok(&client, "Send", &[Value::bytes(data.clone()), Value::Int(20_000)]));
            let size = Value::Int(i32::try_from(data.len()).unwrap());
            let answer = ok(&client, "Receive", &["".into(), size, Value::Int(20_000)]);
            assert_eq!(bytes(&client, &answer), data);
            assert_eq!(sending.join().unwrap()["sent"], data.len());
        });
        echo.finish(|echo| echo.finish());
    });
}

#[test]
fn messages_are_framed_by_the_codec_of_the_connection() {
    in_both_hosts(|host| {
        // One answer in two pieces, then one and a half: Modbus TCP counts what follows the length.
        let script = Script::new()
            .expect(b"\x00\x01\x00\x00\x00\x02\x01\x03".as_slice())
            .send(b"\x00\x01\x00\x00\x00".as_slice())
            .send(b"\x03\x01\x03\x00\x00\x02\x00\x00\x00\x02\x01\x04\x00\x03".as_slice())
            .close();
        let peer = Background::start(|| Peer::start(script));
        let client = host.create("TCPClient");
        let given = options(json!({ "Кодек": "modbus-tcp" }));
        ok(&client, "Connect", &[Value::text(peer.address().to_string()), given]);
        let request = Value::bytes(*b"\x00\x01\x00\x00\x00\x02\x01\x03");
        assert_eq!(ok(&client, "ОтправитьСообщение", &[request])["sent"], 8);
        for (number, code) in [(1_u8, 3_u8), (2, 4)] {
            let answer = ok(&client, "ПолучитьСообщение", &[]);
            assert_eq!(answer["reason"], "message");
            let data = bytes(&client, &answer);
            assert_eq!((data[1], data[7]), (number, code), "{data:?}");
        }
        let cut = fails(&client, "ReceiveMessage", &[], "framing_truncated");
        assert_eq!(bytes(&client, &cut), b"\x00\x03");
        peer.finish(Peer::finish);
    });
}

#[test]
fn a_codec_is_a_name_or_an_object_and_a_wrong_one_is_told() {
    in_both_hosts(|host| {
        let (_server, address) = started(host);
        let client = host.create("TCPClient");
        for (codec, says) in [
            (json!("no-such"), "no-such"),
            (json!({ "kind": "length", "wdth": 2 }), "wdth"),
            (json!(5), "codec"),
        ] {
            let given = [address.as_str().into(), options(json!({ "codec": codec }))];
            let answer = client.call_json("Connect", &given);
            let message = answer["error"]["message"].as_str().unwrap();
            assert!(message.contains("codec (Кодек)") && message.contains(says), "{answer}");
        }
        let codec = json!({ "kind": "length", "width": 2 });
        ok(&client, "Connect", &[address.as_str().into(), options(json!({ "codec": codec }))]);
        let wait = ok(&client, "ReceiveMessage", &[Value::Int(20)]);
        assert_eq!((&wait["reason"], &wait["size"]), (&json!("timeout"), &json!(0)));
        ok(&client, "Close", &[]);
        ok(&client, "Connect", &[address.as_str().into()]);
        fails(&client, "ReceiveMessage", &[Value::Int(20)], "option");
        fails(&client, "SendMessage", &["x".into()], "option");
    });
}

#[test]
fn sockets_are_opened_as_the_options_say() {
    in_both_hosts(|host| {
        let (_server, address) = started(host);
        let port = address.rsplit_once(':').unwrap().1;
        let client = host.create("TCPClient");
        for given in [
            json!({ "resolve": { "db.invalid": ["127.0.0.1"] } }),
            json!({ "ПодключатьсяК": { format!("db.invalid:{port}"): address } }),
            json!({ "resolve": { "db.invalid": "127.0.0.1" }, "local_address": "127.0.0.9",
                    "keepalive": 0, "ip": "4" }),
        ] {
            let target = Value::text(format!("db.invalid:{port}"));
            ok(&client, "Connect", &[target, options(given)]);
            ok(&client, "Close", &[]);
        }
        for (given, says) in [
            (json!({ "resolve": { "db.invalid": "here" } }), "expected an IP address"),
            (json!({ "connect_to": { "db.invalid": "a:1" } }), "the port is missing"),
            (json!({ "ip": "5" }), "got \"5\""),
            (json!({ "local_address": "me" }), "got \"me\""),
        ] {
            let answer = client.call_json("Connect", &[address.as_str().into(), options(given)]);
            assert!(answer["error"]["message"].as_str().unwrap().contains(says), "{answer}");
        }
    });
}

#[test]
fn tls_is_what_the_options_say() {
    let ca = Ca::new();
    let tls = ca.issue(&["inner.test"]).server_config();
    let echo = Background::start(|| EchoServer::start_on(Listen::tls(tls)));
    let address = Value::text(format!("localhost:{}", echo.address().port()));
    in_both_hosts(|host| {
        let client = host.create("TCPClient");
        let with = |more: serde_json::Value| {
            let mut given = json!({ "tls": true, "ca": ca.pem(), "only_ca": true });
            given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            [address.clone(), options(given)]
        };
        for given in [
            json!({ "server_name": "inner.test", "tls_min": "1.3" }),
            json!({ "dangerous_accept_any_name": true, "tls_max": "1.2" }),
        ] {
            let answer = ok(&client, "Connect", &with(given.clone()));
            let version = if given.get("tls_min").is_some() { "TLSv1_3" } else { "TLSv1_2" };
            assert_eq!(answer["tls"]["version"], version);
            ok(&client, "Close", &[]);
        }
        let pin = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        for (given, code) in [
            (json!({}), "tls_certificate_name"),
            (json!({ "server_name": "inner.test", "pins": pin }), "tls_certificate_pin"),
            (json!({ "tls_min": "1.3", "tls_max": "1.2" }), "option"),
            (json!({ "tls_min": "1.1" }), "option"),
            (json!({ "client_key_password": "x" }), "option"),
            (json!({ "client_certificate": "x", "client_key_file": "y" }), "option"),
            (json!({ "pins": "sha1//x" }), "bad_certificate"),
            (json!({ "client_pkcs12_file": "/nowhere.p12" }), "bad_certificate"),
        ] {
            let answer = client.call_json("Connect", &with(given));
            assert_eq!(answer["error"]["code"], code, "{answer}");
        }
    });
}
