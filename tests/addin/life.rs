//! Beginnings and ends: objects, the library, the process.

use std::fs;
use std::sync::Arc;

use harness::addin::{Host, Profile, Value, build};
use harness::{Background, Ca, EchoServer, HttpServer, Identity, Listen, Proxy, Socks5, httpbin};
use rustls::ServerConfig;

use crate::flows::{self, Servers};
use crate::process::{alone, assert_passed, is_alone, under_valgrind};
use crate::setting::{PROFILES, connected, in_both_hosts, ok, started};

#[test]
fn a_thousand_objects_leave_nothing() {
    in_both_hosts(|host| {
        for _ in 0..1_000 {
            for class in host.classes() {
                let object = host.create(&class);
                assert!(matches!(object.get("Version"), Ok(Value::Text(_))));
            }
        }
        for base in 0..4 {
            host.create("TCPClient").delete_through(base);
        }
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_thousand_connections_leave_no_file_and_no_thread() {
    alone("life::a_thousand_connections_leave_no_file_and_no_thread", || {
        let host = Host::load(Profile::OneScript);
        // The first server opens what the process keeps for all later ones.
        drop(started(&host));
        let before = (open_files(), threads());
        {
            let (server, address) = started(&host);
            for _ in 0..1_000 {
                let client = connected(&host, &address);
                ok(&client, "Send", &["x".into()]);
                ok(&client, "Close", &[]);
                let message = ok(&server, "NextMessage", &[Value::Int(20_000)]);
                let connection = Value::text(message["connection"].as_str().unwrap());
                ok(&server, "CloseConnection", &[connection]);
            }
        }
        assert_eq!(host.live_blocks(), 0);
        assert_eq!(settled(before, || (open_files(), threads())), before);
    });
}

#[test]
#[cfg(target_os = "linux")]
fn clients_have_no_threads_and_servers_share_two() {
    alone("life::clients_have_no_threads_and_servers_share_two", || {
        let host = Host::load(Profile::Enterprise);
        let alone = threads();
        let servers: Vec<_> = (0..5).map(|_| started(&host)).collect();
        assert_eq!(threads(), alone + 2);
        let clients: Vec<_> =
            servers.iter().map(|(_, address)| connected(&host, address)).collect();
        assert_eq!(threads(), alone + 2);
        drop(servers);
        assert_eq!(settled(alone, threads), alone);
        drop(clients);
    });
}

#[test]
#[cfg(target_os = "linux")]
fn the_library_is_unloaded_and_loaded_a_hundred_times() {
    alone("life::the_library_is_unloaded_and_loaded_a_hundred_times", || {
        let path = build().to_owned();
        let loaded = || fs::read_to_string("/proc/self/maps").unwrap().contains("opi_1c_ffi");
        for round in 0..100 {
            let host = Host::load_from(&path, PROFILES[round % 2]);
            assert!(loaded());
            // In a thread of its own, which has gone when it is joined: the C library keeps a
            // library while a thread has values of it to destroy.
            std::thread::scope(|scope| {
                let calls = scope.spawn(|| {
                    let (server, address) = started(&host);
                    let client = connected(&host, &address);
                    ok(&client, "Send", &["x".into()]);
                    ok(&server, "NextMessage", &[]);
                });
                calls.join().unwrap();
            });
            drop(host);
            assert!(!settled(false, loaded), "round {round}");
        }
    });
}

#[test]
fn the_process_ends_while_calls_wait_and_servers_run() {
    alone("life::the_process_ends_while_calls_wait_and_servers_run", || {
        let host = Host::load(Profile::OneScript);
        let (server, address) = started(&host);
        let client = connected(&host, &address);
        let server = Box::leak(Box::new(server));
        let client = Box::leak(Box::new(client));
        std::thread::spawn(|| server.call("NextMessage", &[Value::Int(0)]));
        std::thread::spawn(|| client.call("Receive", &[Value::Undefined]));
    });
}

#[test]
#[cfg(target_os = "linux")]
fn in_onescript_nothing_is_asked_that_it_does_not_have() {
    alone("life::in_onescript_nothing_is_asked_that_it_does_not_have", || {
        let host = Host::load(Profile::OneScript);
        let client = host.create("TCPClient");
        let Ok(Value::Text(text)) = client.get("Среда") else { panic!() };
        let environment: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(environment["capabilities"], serde_json::Value::Null);
        assert_eq!(environment["os"], "linux");
    });
}

#[test]
fn the_flows_are_clean_under_valgrind() {
    let name = "life::the_flows_are_clean_under_valgrind";
    if is_alone(name) {
        assert!(fs::read_to_string("/proc/self/maps").unwrap().contains("vgpreload_memcheck"));
        let servers = Servers::from_variables();
        PROFILES.into_iter().for_each(|profile| flows::all(&Host::load(profile), &servers));
        return;
    }
    let ca = Ca::new();
    let tls = without_aes(&ca.issue(&["localhost"]));
    let echo = Background::start(|| EchoServer::start_on(Listen::tls(tls)));
    let proxy = Background::start(|| Proxy::start(Socks5::new()));
    let http = Background::start(|| HttpServer::start_handling(Listen::plain(), httpbin));
    let servers = Servers {
        tls: format!("localhost:{}", echo.address().port()),
        ca: ca.pem(),
        proxy: format!("socks5://{}", proxy.address()),
        http: format!("http://{}", http.address()),
    };
    if let Some(output) = under_valgrind(name, &servers.to_variables()) {
        assert_passed(name, &output);
    }
}

#[test]
fn valgrind_sees_a_leak() {
    let name = "life::valgrind_sees_a_leak";
    if is_alone(name) {
        let _lost = Box::leak(Box::new([0_u64; 100])).len();
        return;
    }
    if let Some(output) = under_valgrind(name, &[]) {
        assert_eq!(output.status.code(), Some(99), "a leak is not seen");
    }
}

/// A server that speaks ChaCha20 only: memcheck cannot follow ring's assembly for AES, which reads
/// a table that is filled in part, and takes every encrypted byte for one that was never written.
fn without_aes(identity: &Identity) -> Arc<ServerConfig> {
    let mut provider = rustls::crypto::ring::default_provider();
    provider.cipher_suites.retain(|suite| format!("{suite:?}").contains("CHACHA20"));
    let builder = ServerConfig::builder_with_provider(Arc::new(provider));
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    Arc::new(builder.with_single_cert(identity.chain().to_vec(), identity.key()).unwrap())
}

/// What `value` gives once it is what is `expected`, or after a while: threads and files of a
/// process go a moment after whoever waited for them is told.
#[cfg(target_os = "linux")]
fn settled<T: Copy + PartialEq>(expected: T, value: impl Fn() -> T) -> T {
    let begun = std::time::Instant::now();
    loop {
        let now = value();
        if now == expected || begun.elapsed() > harness::WATCHDOG {
            return now;
        }
        std::thread::yield_now();
    }
}

#[cfg(target_os = "linux")]
fn threads() -> usize {
    fs::read_dir("/proc/self/task").unwrap().count()
}

#[cfg(target_os = "linux")]
fn open_files() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}
