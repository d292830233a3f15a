//! The logs of connections and servers, and that no thread of theirs outlives the library.

use harness::addin::{Host, Profile, Value, build};
use harness::{Background, EchoServer, RefusingPort};
use serde_json::{Value as Json, json};

use crate::process::alone;
use crate::setting::{fails, in_both_hosts, ok, options};

fn texts(log: &Json) -> String {
    let lines: Vec<_> =
        log["logs"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    lines.join("\n")
}

#[test]
fn a_client_logs_what_happens_and_never_the_bytes() {
    in_both_hosts(|host| {
        let echo = Background::start(EchoServer::start);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("client.log");
        let log = json!({ "Файл": file.to_str().unwrap(), "level": "debug", "memory": 3 });
        let client = host.create("TCPClient");
        fails(&client, "GetLog", &[], "option");
        let given = options(json!({ "Журнал": log }));
        ok(&client, "Connect", &[Value::text(echo.address().to_string()), given]);
        ok(&client, "Send", &["hunter2\n".into()]);
        ok(&client, "Receive", &["\n".into()]);
        ok(&client, "Close", &[]);
        let log = ok(&client, "ПолучитьЛог", &[Value::Int(0)]);
        assert_eq!((&log["returned"], &log["dropped"]), (&json!(3), &json!(0)));
        assert!(log["total"].as_u64().unwrap() > 3);
        assert!(texts(&log).contains("received 8 bytes: marker"), "{log}");
        assert_eq!(ok(&client, "GetLog", &[Value::Int(1)])["returned"], 1);
        let file = std::fs::read_to_string(file).unwrap();
        assert!(
            file.contains("connecting to 127.0.0.1") && file.contains("sent 8 bytes"),
            "{file}"
        );
        assert!(!file.contains("hunter2") && !log.to_string().contains("hunter2"));
        echo.finish(|echo| echo.finish());
    });
}

#[test]
fn a_connection_that_fails_has_a_log_too() {
    in_both_hosts(|host| {
        let nobody = RefusingPort::new();
        let client = host.create("TCPClient");
        let given = [Value::text(nobody.address().to_string()), options(json!({ "log": {} }))];
        fails(&client, "Connect", &given, "connect_refused");
        let log = ok(&client, "GetLog", &[]);
        assert!(texts(&log).contains("failed to connect"), "{log}");
    });
}

#[test]
fn a_log_file_that_cannot_be_written_is_told_at_once() {
    in_both_hosts(|host| {
        let server = host.create("TCPServer");
        let given = options(json!({ "log": { "file": "/no/such/folder/x.log" } }));
        let error = fails(&server, "Start", &["127.0.0.1:0".into(), given], "journal_file");
        assert!(error["message"].as_str().unwrap().starts_with("option log (Журнал): "), "{error}");
        assert_eq!(server.get("Address"), Ok(Value::text("")));
    });
}

#[test]
fn the_log_of_a_server_outlives_its_stop() {
    in_both_hosts(|host| {
        let server = host.create("TCPServer");
        let given = options(json!({ "log": { "level": "info" } }));
        let answer = ok(&server, "Start", &["127.0.0.1:0".into(), given]);
        ok(&server, "Stop", &[]);
        let log = texts(&ok(&server, "GetLog", &[]));
        let address = answer["address"].as_str().unwrap();
        assert!(
            log.contains(&format!("listening on {address}")) && log.contains("stopped"),
            "{log}"
        );
        ok(&server, "Start", &["127.0.0.1:0".into()]);
        fails(&server, "GetLog", &[], "option");
    });
}

/// A thread that writes a log file runs code of the library.
#[test]
#[cfg(target_os = "linux")]
fn the_library_is_unloaded_after_its_log_files_are_closed() {
    alone("logs::the_library_is_unloaded_after_its_log_files_are_closed", || {
        let folder = tempfile::tempdir().unwrap();
        let loaded = || std::fs::read_to_string("/proc/self/maps").unwrap().contains("opi_1c_ffi");
        for round in 0..20 {
            let host = Host::load_from(build(), Profile::OneScript);
            std::thread::scope(|scope| {
                let calls = scope.spawn(|| {
                    let server = host.create("TCPServer");
                    let file = folder.path().join("server.log");
                    let log = json!({ "log": { "file": file.to_str().unwrap() } });
                    ok(&server, "Start", &["127.0.0.1:0".into(), options(log)]);
                });
                calls.join().unwrap();
            });
            drop(host);
            let begun = std::time::Instant::now();
            while loaded() && begun.elapsed() < harness::WATCHDOG {
                std::thread::yield_now();
            }
            assert!(!loaded(), "round {round}");
        }
        let lines = std::fs::read_to_string(folder.path().join("server.log")).unwrap();
        assert_eq!(lines.matches("stopped").count(), 20);
    });
}
