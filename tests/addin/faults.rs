//! What a program sees when something fails.

use harness::addin::{Failed, Host, Profile, Value};
use harness::{Background, HungPort, RefusingPort};
use serde_json::json;

use crate::setting::{connected, fails, in_both_hosts, ok, options, started};

#[test]
fn wrong_addresses_and_routes_are_named() {
    in_both_hosts(|host| {
        let client = host.create("TCPClient");
        let connect = |address: &str| [Value::text(address), options(json!({}))];
        for address in ["h.test", "h.test:0", "h.test:99999", "h.test:x", "http://h.test:1", ":80"]
        {
            let error = fails(&client, "Connect", &connect(address), "bad_address");
            assert!(error["message"].as_str().unwrap().contains("Address (Адрес)"), "{error}");
        }
        for proxy in ["ftp://p.test:1", "p.test:1", "http://u:hunter2@p.test"] {
            let given = ["h.test:1".into(), options(json!({ "proxy": proxy }))];
            let error = fails(&client, "Connect", &given, "bad_route");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        let server = host.create("TCPServer");
        for address in ["9000", "localhost:9000", "127.0.0.1", "256.0.0.1:1"] {
            fails(&server, "Start", &[address.into()], "argument");
        }
    });
}

#[test]
fn wrong_options_are_named() {
    in_both_hosts(|host| {
        let client = host.create("TCPClient");
        for (given, code) in [
            (json!({ "ca": "x" }), "bad_certificate"),
            (json!({ "tls": true, "only_ca": true }), "option"),
            (json!({ "tls": true, "client_key": "x" }), "option"),
            (json!({ "tls": true, "ca_file": "/no/such/file" }), "bad_certificate"),
            (json!({ "tls": true, "ca_file": "/dev/zero" }), "bad_certificate"),
            (json!({ "ca": "x", "ca_file": "x" }), "option"),
        ] {
            fails(&client, "Connect", &["h.test:1".into(), options(given)], code);
        }
        let server = host.create("TCPServer");
        let none = options(json!({ "max_connections": 0 }));
        fails(&server, "Start", &["127.0.0.1:0".into(), none], "option");
    });
}

#[test]
fn a_refused_connection_says_so_in_the_callers_language() {
    in_both_hosts(|host| {
        let nobody = RefusingPort::new();
        let address = Value::text(nobody.address().to_string());
        let client = host.create("TCPClient");
        let error = fails(&client, "Connect", std::slice::from_ref(&address), "connect_refused");
        assert_eq!((&error["phase"], &error["retryable"]), (&json!("connect"), &json!(true)));
        assert!(error["hint"].as_str().unwrap().is_ascii());
        let russian =
            fails(&client, "Подключиться", std::slice::from_ref(&address), "connect_refused");
        assert!(!russian["hint"].as_str().unwrap().is_ascii());
        assert_eq!(client.last_error().unwrap()["code"], "connect_refused");
        client.set_locale("en_US");
        let english =
            fails(&client, "Подключиться", std::slice::from_ref(&address), "connect_refused");
        assert_eq!(english["hint"], error["hint"]);
        client.set_user_language("ru");
        assert_eq!(
            fails(&client, "Connect", &[address], "connect_refused")["hint"],
            russian["hint"]
        );
    });
}

#[test]
fn a_timeout_names_the_phase_and_the_time() {
    let hung = Background::start(HungPort::start);
    let host = Host::load(Profile::OneScript);
    let client = host.create("TCPClient");
    let given = [Value::text(hung.address().to_string()), options(json!({ "timeout": 50 }))];
    let error = fails(&client, "Connect", &given, "timeout");
    assert_eq!((&error["phase"], &error["retryable"]), (&json!("connect"), &json!(true)));
    assert!((50..10_000).contains(&error["elapsed_ms"].as_u64().unwrap()), "{error}");
}

#[test]
fn the_state_of_an_object_is_no_guess() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        fails(&server, "Start", &["127.0.0.1:0".into()], "already_open");
        let client = host.create("TCPClient");
        for method in ["Receive", "FinishSending"] {
            fails(&client, method, &[], "not_open");
        }
        fails(&client, "Send", &["x".into()], "not_open");
        ok(&client, "Close", &[]);
        ok(&client, "Connect", &[address.as_str().into()]);
        fails(&client, "Connect", &[address.as_str().into()], "already_open");
        ok(&client, "Close", &[]);
        ok(&client, "Connect", &[address.as_str().into()]);
        fails(&server, "Send", &["x".into(), "99".into()], "server_unknown_connection");
        let unknown = fails(&client, "TakeBytes", &[Value::Int(99)], "unknown_handle");
        assert_eq!(unknown["phase"], "call");
        let taken = fails(&server, "Start", &["127.0.0.1:0".into()], "already_open");
        assert_eq!(taken["who"], "caller");
        let other = host.create("TCPServer");
        fails(&other, "Start", &[address.as_str().into()], "server_bind");
    });
}

#[test]
fn exceptions_are_raised_in_1c_when_asked_for() {
    let host = Host::load(Profile::Enterprise);
    let client = host.create("TCPClient");
    assert_eq!(client.get("RaiseExceptions"), Ok(Value::Bool(false)));
    client.set("ВызыватьИсключения", &Value::Bool(true)).unwrap();
    let Err(Failed::False(errors)) = client.call("Send", &["x".into()]) else { panic!() };
    assert_eq!(errors[0].source, "TCPClient");
    assert!(errors[0].text.starts_with("not_open: there is no connection. "), "{errors:?}");
    assert!(!client.run("Send", &["x".into()]), "a statement fails too");
    assert_eq!(client.last_error().unwrap()["code"], "not_open");
}

#[test]
fn statements_work_as_calls_do() {
    in_both_hosts(|host| {
        let (server, address) = started(host);
        let client = host.create("TCPClient");
        assert!(client.run("Connect", &[address.as_str().into()]));
        assert!(client.run("Отправить", &["x".into()]));
        assert_eq!(ok(&server, "NextMessage", &[])["size"], 1);
        assert!(client.run("Send", &[Value::Int(5)]), "the fault is in LastError");
        assert_eq!(client.last_error().unwrap()["code"], "argument");
        drop(connected(host, &address));
    });
}
